// expect HED112
console.log('abc'.link('page'));
