// expect HED103
// construct: addition
const value = JSON.parse('1');
console.log(value + 1);
