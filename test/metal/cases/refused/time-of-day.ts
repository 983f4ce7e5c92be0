// expect HED125
console.log(Date.now() > 0, new Date().getTime() > 0);
