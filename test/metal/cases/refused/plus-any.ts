// expect HED103
const value = JSON.parse('1');
console.log(value + 1);
