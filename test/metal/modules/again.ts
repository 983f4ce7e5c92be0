// Exports of other modules, passed on.

export { default as twice } from './default.ts';
export type { Named } from './exports.ts';
export { constant, raise as raised } from './exports.ts';
export * from './stars.ts';
export * as whole from './stars.ts';
