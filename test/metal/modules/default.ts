import { log } from './log.ts';

log.push('default');

export default function double(n: number): number {
  return n * 2;
}
export const beside = 'beside';
