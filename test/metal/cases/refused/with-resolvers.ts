// expect HED113
// construct: Promise.withResolvers
console.log(typeof Promise.withResolvers<number>().resolve);
