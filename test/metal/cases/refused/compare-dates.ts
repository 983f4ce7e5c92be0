// expect HED105
console.log(new Date(5) < new Date(6));
