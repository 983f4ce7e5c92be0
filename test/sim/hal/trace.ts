// The simulated machine is not traced.

export * from '../../../kernel/hal/trace.ts';

export const trace = (): void => {};
