// expect HED111
console.log(new Date(0).getHours());
