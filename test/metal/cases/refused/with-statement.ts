// expect HED002
// construct: with
with (Math) console.log(PI);

export {};
