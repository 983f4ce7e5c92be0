// expect HED167
export const f = (Set: number[]): number => Set.length;
