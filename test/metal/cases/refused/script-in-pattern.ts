// expect HED140
// construct: regular expression literal
console.log(/\p{Script=Greek}/u.test('Ω'));
