// expect HED112
console.log('abc'.substr(1, 1));
