// expect HED166
// construct: namespace
export function version(): number {
  return 1;
}
export namespace version {
  export const major = 1;
}
