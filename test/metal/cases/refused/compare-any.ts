// expect HED105
// construct: less than
const limit = JSON.parse('9');
console.log('10' > limit);
