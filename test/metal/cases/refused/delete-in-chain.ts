// expect HED130
// construct: delete
export const clear = (port?: { name?: string }): boolean => delete port?.name;
