import { describe, expect, it } from 'vitest';
import { lowered, resultOf } from './lowering.ts';

/** A body, which must return the same before and after lowering. */
const EXITS: readonly (readonly [string, string])[] = [
  [
    'finally runs after return',
    `const log = []; const f = () => { try { return log.length; } finally { log.push('f'); } }; return [f(), log];`,
  ],
  [
    'finally runs after break and continue',
    `const log = []; for (let i = 0; i < 4; i++) { try { if (i === 1) continue; if (i === 3) break; log.push(i); } finally { log.push('f' + i); } } return log;`,
  ],
  ['finally overrides an exception', `const f = () => { try { throw 1; } finally { return 2; } }; return f();`],
  [
    'a return crosses two finally blocks',
    `const log = []; const f = () => { try { try { return 1; } finally { log.push('a'); } } finally { log.push('b'); } }; return [f(), log];`,
  ],
  [
    'a labelled continue crosses a try',
    `const log = []; out: for (const x of [1, 2]) { for (;;) { try { continue out; } catch { log.push('never'); } } } return log;`,
  ],
  [
    'an exception in catch is thrown on after finally',
    `const log = []; try { try { throw 1; } catch { throw 2; } finally { log.push('f'); } } catch (e) { log.push(e); } return log;`,
  ],
];

const LOOPS: readonly (readonly [string, string])[] = [
  [
    'each round of a while loop has its own constants',
    `const all = []; let i = 0; while (i < 3) { const k = i++; all.push(() => k); } return all.map((f) => f());`,
  ],
  [
    'closures of one round share its variables',
    `const all = []; for (const n of [1, 2]) { let sum = n; all.push(() => ++sum, () => sum); } all[0](); return all.map((f) => f());`,
  ],
  [
    'a loop left by return gives the value',
    `for (const x of [1, 2, 3]) { const g = () => x; if (g() === 2) return 'two'; } return 'none';`,
  ],
  [
    'labels stay on their loop',
    `const log = []; out: for (const x of [1, 2, 3]) { for (const y of [1, 2]) { const g = () => x + y; if (y === 2) continue out; if (x === 3) break out; log.push(g()); } } return log;`,
  ],
  [
    'a do loop checks its condition after continue',
    `const all = []; let i = 0; do { i++; if (i === 2) continue; all.push(() => i); } while (i < 3); return all.map((f) => f());`,
  ],
  [
    'a counter that the body moves',
    `const all = []; for (let i = 0; i < 6; i++) { all.push([1].map((q) => q)); i++; } return all.length;`,
  ],
];

const SHAPES: readonly (readonly [string, string])[] = [
  [
    'default stands before other cases',
    `const f = (n) => { const log = []; switch (n) { case 1: log.push(1); default: log.push('d'); case 2: log.push(2); break; case 3: log.push(3); } return log; }; return [f(1), f(2), f(3), f(4)];`,
  ],
  [
    'cases are compared in their order, and no further than the match',
    `const log = []; const c = (v) => { log.push(v); return v; }; switch (2) { default: log.push('d'); case c(1): break; case c(2): log.push('hit'); } return log;`,
  ],
  ['a function in a block is known before its line', `{ const r = f(); function f() { return 4; } return r; }`],
  [
    'the rest of a pattern is what is left',
    `const f = ({ a, ...rest }, [b, ...list]) => () => [a, rest, b, list]; return f({ a: 1, c: 2 }, [3, 4])();`,
  ],
];

describe.each([
  ['exits of try', EXITS],
  ['loops with closures', LOOPS],
  ['other shapes', SHAPES],
] as const)('%s', (_, bodies) => {
  it.each(bodies)('%s', (_name, body) => {
    expect(resultOf(body)).toEqual(new Function(body)());
  });
});

describe('what lowering leaves alone', () => {
  it('does not touch a try that is left only at its end', () => {
    const js = 'try {\n    run();\n}\ncatch (e) {\n    stop(e);\n}\n';
    expect(lowered(js)).toBe(js);
  });

  it('does not touch a loop without functions', () => {
    const js = 'for (let i = 0; i < 3; i++)\n    run(i);\n';
    expect(lowered(js)).toBe(js);
  });

  it('keeps no finally anywhere', () => {
    expect(lowered('const f = () => { try { return g(); } finally { h(); } };')).not.toContain('finally');
  });

  it('refuses a counter that the body moves and a closure sees', () => {
    expect(() => lowered('for (let i = 0; i < 3; i++) { later(() => i); i++; }')).toThrow('HED151');
  });
});
