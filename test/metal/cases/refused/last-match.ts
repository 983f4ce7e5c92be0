// expect HED112
/(a)/.exec('bab');
console.log(RegExp.$1, RegExp.lastMatch);
