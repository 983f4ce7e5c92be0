/** Throws what a read of `name` before its declaration throws. */
export const cannotAccess = (name: string): never => {
  throw new ReferenceError(`Cannot access '${name}' before initialization`);
};
