// expect HED002
// construct: export as namespace
export const a = 1;
export as namespace all;
