// expect HED100
console.log(5n + 3n);
