// expect HED131
// construct: optional chaining
let n = 0;
export const size = (texts?: string[]): number | undefined => texts?.[n++]?.length;
