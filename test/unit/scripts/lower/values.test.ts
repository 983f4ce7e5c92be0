import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT, runtimeFiles } from '../../../../scripts/build.ts';
import { compileProgram } from '../../../../scripts/front-end.ts';

const ENTRY = path.join(ROOT, 'kernel/base/example.ts');

/** Returns the lowered JavaScript of a module's statements, without helpers and line directives. */
const lowered = async (text: string): Promise<string> => {
  const overlay = new Map([[ENTRY, text]]);
  const compiled = compileProgram({ root: ROOT, entry: ENTRY, runtimeFiles: await runtimeFiles(), overlay }, true);
  expect(compiled.diagnostics).toEqual([]);
  const plain = compiled.control.replace(/Porffor\.c\s*`\s*#line[^`]*`;\s*/g, '');
  return plain.slice(plain.lastIndexOf('const example = ')).replace(/\s+/g, ' ').trim();
};

describe('values', () => {
  it('join as one template literal, by checked type', async () => {
    const js = await lowered(
      "const example = (s: string, n: number): string => s + n + 1 + 'x' + (n + 1);\nexample('a', 1);\n",
    );
    expect(js).toContain('`${s}${n}${1}x${(n + 1)}`');
  });

  it('add as before when both are numbers', async () => {
    expect(await lowered('const example = (a: number, b: number): number => a + b + 1;\nexample(1, 2);\n')).toContain(
      'a + b + 1',
    );
  });

  it('compare with null once, whatever the expression costs', async () => {
    const js = await lowered('const example = (f: () => unknown): boolean => f() == null;\nexample(() => 1);\n');
    expect(js).toContain('((f()) ?? null) === null');
  });

  it('complement by exclusive or', async () => {
    expect(await lowered('const example = (x: number): number => ~x;\nexample(1);\n')).toContain('(x ^ -1)');
  });

  it('print without the formatter of objects when all are primitives', async () => {
    const js = await lowered("const example = (n: number): void => console.log('n', n, true);\nexample(1);\n");
    expect(js).toContain('writeLine(`n ${primitiveText(n)} ${true}`)');
  });

  it('print objects after all arguments have been evaluated', async () => {
    const js = await lowered(
      'const example = (list: number[]): void => console.log(list, list.pop());\nexample([1]);\n',
    );
    expect(js).toContain('writeLine(formatted([list, list.pop()]))');
  });

  it('round by a helper, called or passed on', async () => {
    const js = await lowered(
      'const example = (list: number[]): number[] => [Math.round(2.5), ...list.map(Math.round)];\nexample([]);\n',
    );
    expect(js).toContain('roundHalfUp(2.5)');
    expect(js).toContain('list.map(roundHalfUp)');
  });

  it('keep an optional call optional', async () => {
    const js = await lowered('const example = (x?: number): string | undefined => x?.toFixed(2);\nexample();\n');
    expect(js).toMatch(
      /(present\w*) => \{ return \(\1 \?\? null\) === null \? void 0 : toFixed\(\1, 2\)[\s\S]*\)\(x\)/,
    );
  });

  it('take patterns apart in the body', async () => {
    const js = await lowered(
      'const example = ({ a }: { a: number }, b: number): number => a + b;\nexample({ a: 1 }, 2);\n',
    );
    expect(js).toMatch(/\((given\w*), b\) => \{ let \{ a(?:: \S+)? \} = \1; return/);
  });
});
