// What test/metal/cases/modules/imports.ts imports.

import { log } from './log.ts';

log.push('exports');

export const constant = 5;
export let counter = 0;
export const raise = (): number => {
  counter += 1;
  return counter;
};
export function declared(n: number): string {
  return `declared ${n}`;
}
export class Exported {
  constructor(readonly text: string) {}
}
export enum Level {
  low = 1,
  high = 2,
}
export interface Named {
  readonly name: string;
}
export type Size = number;
const hidden = 'hidden';
const second = 'second';

export { hidden as shown, second };
