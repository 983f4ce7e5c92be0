// Locals of functions that call setjmp. C 7.13.2.1: a local changed between setjmp and longjmp is indeterminate afterwards unless it is
// volatile; from -O1 on, a variable changed in `try` would be stale in `catch`.

const FUNCTION_HEAD = /^(?:static )?(?:inline )?(?:PORF_NOINLINE )?\w+\*? (p\d+_\w+)\((.*)\) \{$/;
const LOCAL = /^ {2}(\w+) (_?\w+) = (JV_UNDEFINED|0);$/;
const COROUTINE_PROLOGUE = '  porf_coro_prologue();';
const NESTED_LOCAL = /^\t+(?:const )?(?:jsval|[iuf]\d+|jsbits|void\*?|int) \w+( =|;|\[)/;

// Written once, before the setjmp or after the longjmp that leads to them, and never again: safe as they are.
const NESTED_LOCALS_SAFE = [
  /^\t+const i32 _try_idx = porf_try_depth\+\+;$/,
  /^\t+jsval _23catch_tmp\d+ = porf_exception;$/,
];

/** Returns `c` with the parameters and locals of every compiled function that contains a try made volatile. */
export const makeLocalsVolatile = (c: string): string => {
  const lines = c.split('\n');
  let at = 0;
  while (at < lines.length) {
    const head = FUNCTION_HEAD.exec(lines[at]!);
    if (!head) {
      at++;
      continue;
    }
    const end = lines.indexOf('}', at);
    if (end < 0) throw new Error(`Porffor's C has changed: function ${head[1]} has no end`);
    if (lines.slice(at, end).some((line) => line.includes('_setjmp('))) mendFunction(lines, at, end, head[2]!);
    at = end + 1;
  }
  return lines.join('\n');
};

const mendFunction = (lines: string[], start: number, end: number, parameters: string): void => {
  const head = lines[start]!;
  if (parameters !== '' && parameters !== 'void') {
    const mended = parameters.split(', ').map((parameter) => `volatile ${parameter}`);
    lines[start] = `${head.slice(0, head.indexOf('('))}(${mended.join(', ')}) {`;
  }
  let at = start + 1;
  for (; at < end && lines[at]!.startsWith('  '); at++) {
    if (lines[at] === COROUTINE_PROLOGUE) continue;
    if (!LOCAL.test(lines[at]!)) throw new Error(`Porffor's C has changed: unknown kind of local: ${lines[at]}`);
    lines[at] = `  volatile ${lines[at]!.trimStart()}`;
  }
  for (; at < end; at++) {
    const line = lines[at]!;
    if (NESTED_LOCAL.test(line) && !NESTED_LOCALS_SAFE.some((safe) => safe.test(line))) {
      throw new Error(`Porffor's C has changed: unknown kind of local: ${line}`);
    }
  }
};
