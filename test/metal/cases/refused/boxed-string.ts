// expect HED115
console.log(new String('x').length);
