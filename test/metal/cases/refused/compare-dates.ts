// expect HED105
// construct: less than
console.log(new Date(5) < new Date(6));
