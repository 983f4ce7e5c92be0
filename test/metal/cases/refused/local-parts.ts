// expect HED111
console.log(new Date(2020, 1, 1).getTime());
