import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyEdits } from '../../../scripts/patch/edit.ts';
import { makeLocalsVolatile } from '../../../scripts/patch/volatile.ts';
import { patchC } from '../../../scripts/patch.ts';
import { porfPath } from '../../../scripts/toolchain.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'hedyn-patch-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Returns Porffor's C for a program. */
const compile = (js: string, options: readonly string[] = []): string => {
  const [input, output] = [path.join(folder, 'in.js'), path.join(folder, 'out.c')];
  writeFileSync(input, js);
  execFileSync(porfPath(), ['c', ...options, input, '-o', output], { stdio: 'ignore' });
  return readFileSync(output, 'utf8');
};

const ASYNC = `const f = async (n) => { let kept = n; try { kept = 5; await null; throw new Error('x'); } catch (e) { console.log(kept); } };\nf(1).then(() => console.log('end'));\n`;

describe("Porffor's C, mended", () => {
  it('has volatile locals where setjmp is called, and only there', () => {
    const c = patchC(
      compile(
        `const f = (n) => { let x = n; try { x = 2; console.log(x); } catch { return x; } return x; };\nconst g = (n) => { let y = n; console.log(y); return y; };\nconsole.log(f(1), g(2));\n`,
      ),
      { target: 'native' },
    );
    const bodyOf = (name: string): string =>
      new RegExp(`^\\w+ p\\d+_${name}\\([^;]*\\{\\n[\\s\\S]*?\\n\\}`, 'm').exec(c)?.[0] ?? '';
    expect(bodyOf('f')).toContain('volatile');
    expect(bodyOf('g')).not.toContain('volatile');
  });

  it('sends every bad end to the panic on metal', () => {
    const c = patchC(compile(ASYNC), { target: 'metal' });
    expect(c).toContain('hal_uncaught');
    expect(c).toContain('#define PORF_GC_NURSERY_BYTES hal_nurseryBytes');
    expect(c).not.toMatch(/\babort\(\)/);
    expect(c).not.toContain('porffor: out of memory');
  });

  it('keeps stderr and exit natively', () => {
    expect(patchC(compile(ASYNC), { target: 'native' })).not.toContain('hal_uncaught');
  });

  it('reads properties by a helper: what Porffor puts at each place is in that', () => {
    const js = `export const f = (o) => o.size + o.other;\nconsole.log(f({ size: 1, other: 2 }));\n`;
    const c = patchC(compile(js, ['--module']), { target: 'metal' });
    const body = /^jsval p\d+_f\([^;]*\{\n[\s\S]*?\n\}/m.exec(c.replace(/^static /gm, ''))?.[0];
    expect(body?.match(/hedyn_get\(/g)).toHaveLength(2);
    expect(body).not.toContain('hedyn_throwNoObject(');
  });

  it('mends programs without promises, without generators, and without either', () => {
    for (const js of [
      `console.log('a');\n`,
      `function* g() { yield 1; }\nconsole.log(g().next().value);\n`,
      `Promise.resolve(1).then((v) => console.log(v));\n`,
    ]) {
      expect(() => patchC(compile(js), { target: 'metal' })).not.toThrow();
    }
  });
});

describe('an edit', () => {
  const edit = { mends: 'a thing', find: 'old', replace: 'new', times: 1 } as const;

  it('replaces what it finds', () => {
    expect(applyEdits('the old text', [edit])).toBe('the new text');
  });

  it('stops the build when its text is missing, or there once more', () => {
    expect(() => applyEdits('the text', [edit])).toThrow('to mend a thing, expected 1 of its text, found 0');
    expect(() => applyEdits('old old', [edit])).toThrow('found 2');
  });
});

describe('volatile locals', () => {
  it('stops at a kind of local it does not know', () => {
    const c = 'jsval p1_f(jsval a) {\n  float x[4];\n\t_setjmp(porf_try_stack[0]);\n}\n';
    expect(() => makeLocalsVolatile(c)).toThrow('unknown kind of local');
  });
});
