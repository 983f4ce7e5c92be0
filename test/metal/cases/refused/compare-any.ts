// expect HED105
const limit = JSON.parse('9');
console.log('10' > limit);
