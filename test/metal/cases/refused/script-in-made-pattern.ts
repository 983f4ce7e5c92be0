// expect HED140
// construct: new RegExp
console.log(new RegExp('^\\p{sc=Latin}+$', 'u').test('a'));
