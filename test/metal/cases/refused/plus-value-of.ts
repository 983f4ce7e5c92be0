// expect HED104
// construct: addition
const money = { cents: 5, valueOf: (): number => 5 };
console.log('it costs ' + money);
