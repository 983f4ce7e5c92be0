import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../../../scripts/patch/edit.ts';
import { pendingEdits } from '../../../../scripts/patch/pending.ts';

const runtime = [
  'jsval p1___Porffor_promise_create(void) {',
  '}',
  'jsval p2___ecma262_RejectPromise(jsval promise, jsval reason) {',
  '}',
].join('\n');

const functionAt = (head: string, file: string, place = `#line 9 "${file}"`): string =>
  `jsval ${head} {\n  jsval local = JV_UNDEFINED;\n\t\n${place}\n\treturn slowly();\n}\n`;

const patched = (c: string): string => applyEdits(c, pendingEdits(c));

describe('the functions of kernel/event/pending.ts', () => {
  it("are the run time's own, in place of what Node runs", () => {
    const c = `${runtime}\n${functionAt('p3_pendingPromise(void)', 'kernel/event/pending.ts')}${functionAt('p4_reject_242(jsval a, jsval b)', 'kernel/event/pending.ts')}`;
    expect(patched(c)).toContain(
      'jsval p3_pendingPromise(void) {\n\treturn p1___Porffor_promise_create();\n}\njsval p4_reject_242(jsval a, jsval b) {\n\treturn p2___ecma262_RejectPromise(a, b);\n}\n',
    );
    expect(patched(c)).not.toContain('slowly');
  });

  it('of a list are a look at its element', () => {
    const c = `${runtime}\njsval p5___Porffor_promise_resolve(jsval a, jsval b) {\n}\njsval p6___ecma262_FulfillPromise(jsval a, jsval b) {\n}\n${functionAt('p3_pendingAt(jsval list, jsval _index)', 'kernel/event/pending.ts')}${functionAt('p4_fulfilAt(jsval list, jsval _index, jsval value)', 'kernel/event/pending.ts')}`;
    expect(patched(c)).toContain('const u32 array = (u32)list.val, place = porf_f64_to_u32(_index.val);');
    expect(patched(c)).toContain('p6___ecma262_FulfillPromise(pending, value)');
    expect(patched(c)).not.toContain('slowly');
  });

  it("leave a program's own functions of these names alone", () => {
    const c = `${runtime}\n${functionAt('p3_reject(jsval a, jsval b)', 'apps/x/main.ts')}`;
    expect(patched(c)).toBe(c);
  });

  it('stop the build when they are there and look otherwise', () => {
    const c = `${runtime}\n${functionAt('p3_pendingPromise(void)', 'kernel/event/pending.ts', 'x = 1; // #line 9 "kernel/event/pending.ts"')}`;
    expect(() => patched(c)).toThrow('pendingPromise()');
  });
});
