// generator.return(value) runs the finally blocks around the yield it stands at (ECMA-262 §27.5.3.4). Porffor drops the generator's stack
// instead. Mended: a signal is thrown into the generator; lowered catch clauses let it pass (scripts/lower/flow/try.ts).
// A generator that never ran has nothing to unwind: it completes at once, also on throw().

import type { Edit } from './edit.ts';

/** Returns the edits; none for a program without coroutines. */
export const generatorEdits = (c: string): Edit[] => {
  if (!c.includes('static i32 __Porffor_coroutine_resume(jsval gen, jsval value, i32 mode) {')) return [];
  const signal = /^static jsval (\w*generatorReturnSignal\w*) = /m.exec(c)?.[1];
  return [unstartedThrowEdit, runningEdit, ...(signal ? signalEdits(signal) : [])];
};

const unstartedThrowEdit: Edit = {
  mends: 'throw() on a generator that never ran',
  find: '  if (mode == 2 || call->coro.state == 3) {\n',
  replace: `  if (mode == 1 && (!call->started || call->coro.state == 3)) {
    call->coro.state = 3;
    call->result = JV_UNDEFINED;
    porf_throw(value);
  }
  if (mode == 2 || call->coro.state == 3) {
`,
  times: 1,
};

const runningEdit: Edit = {
  mends: 'a generator that is resumed while it runs',
  find: '  if (mode == 1 && (!call->started || call->coro.state == 3)) {\n',
  replace: `  if (call->started && call->coro.state != 2 && call->coro.state != 3) porf_throw_new(39, 0u); // A TypeError.
  if (mode == 1 && (!call->started || call->coro.state == 3)) {
`,
  times: 1,
};

const signalEdits = (signal: string): Edit[] => [
  {
    mends: 'the value a generator is returning with',
    find: '  jsval result;\n  i32 started;\n',
    replace: '  jsval result;\n  jsval returning;\n  i32 started;\n',
    times: 1,
  },
  {
    mends: 'the collector, which must see that value',
    find: '  porf_gc_mark_js(call->result.val, call->result.type);\n',
    replace:
      '  porf_gc_mark_js(call->result.val, call->result.type);\n  porf_gc_mark_js(call->returning.val, call->returning.type);\n',
    times: 1,
  },
  {
    mends: 'return() on a generator that stands at a yield',
    find: '  if (mode == 2 || call->coro.state == 3) {\n',
    replace: `  if (mode == 2 && call->coro.state == 2) {
    call->returning = value;
    value = ${signal};
    mode = 1;
  }
  if (mode == 2 || call->coro.state == 3) {
`,
    times: 1,
  },
  {
    mends: 'the end of a generator that was told to return',
    find: '  call->coro.state = 3;\n  porf_throw(porf_exception);\n}\n',
    replace: `  call->coro.state = 3;
  if (porf_jv_eq(porf_exception, ${signal})) {
    call->result = call->returning;
    return 1;
  }
  porf_throw(porf_exception);
}
`,
    times: 1,
  },
];
