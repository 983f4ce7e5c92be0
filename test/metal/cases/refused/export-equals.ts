// expect HED002
// construct: export =
export = { a: 1 };
