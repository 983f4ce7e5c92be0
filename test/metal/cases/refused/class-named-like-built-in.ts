// expect HED167
// construct: class declaration
export const f = (Set: number[]): number => Set.length;
