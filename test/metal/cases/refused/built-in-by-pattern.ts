// expect HED128
// construct: object pattern
const { round } = Math;
console.log(round(-0.5));
