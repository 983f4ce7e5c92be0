// Constructs that have no case yet. It only ever shrinks.

/** Their names. */
export const MISSING: readonly string[] = [
  'Function.prototype.length',
  'console.warn',
  'console.error',
  'crypto.randomUUID',
  'globalThis',
];
