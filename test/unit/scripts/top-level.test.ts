import { expect, it } from 'vitest';
import { firstLine } from '../../../scripts/top-level.ts';

it('a program begins with the first statement that does something', () => {
  const text = `// A program.
import { a } from './a.ts';

interface Shape { size: number }
class Point {}
const double = (value: number) => value * 2;
const limit = 5;
const list = [double(limit)];
console.log(list, a);
`;
  expect(firstLine(text)).toBe(8);
});

it('a program that does nothing begins with its first line', () => {
  expect(firstLine('export {};\n')).toBe(1);
});
