// expect HED112
// construct: element access
export const baseOf = (object: Record<string, unknown>): unknown => object['__proto__'];
