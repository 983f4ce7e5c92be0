// Promises and await, where Porffor's job order is not ECMAScript's (ECMA-262 §27.2, §27.7.5.3).
//
//   - await always gives way: one job for a settled promise or a plain value, a pending promise waits as before
//   - a promise resolved with a promise takes a job to call `then`, and a further one for its answer
//   - a rejection nobody handled ends the program, also that of an async function; the oldest is the one reported

import type { Edit } from './edit.ts';

// Porffor numbers its reactions: 0 fulfilled, 1 rejected, 2 finally, 3–10 combinators, 11 coroutine, 12 fetch.
const KIND_RESOLVE_WITH_PROMISE = 13;

/** Returns the edits; none for a program without promises. */
export const jobEdits = (c: string): Edit[] => [
  ...(/^jsval p\d+___Porffor_promise_resolve\(/m.test(c) ? resolveEdits(c) : []),
  ...(/^jsval p\d+___Porffor_promise_runJobs\(void\) \{$/m.test(c) ? [...rejectionEdits, lastJobsEdit(c)] : []),
  ...(/porf_await\((?!jsval v\))/.test(c) ? awaitEdits(c) : []), // Defined in every program with generators.
];

/** Returns the C name of a function of Porffor's run time. Throws when it is not there. */
export const nameOf = (c: string, suffix: string): string => {
  const name = new RegExp(`^\\w+ (p\\d+_${suffix})\\(`, 'm').exec(c)?.[1];
  if (!name) throw new Error(`Porffor's C has changed: no function ${suffix}`);
  return name;
};

const resolveEdits = (c: string): Edit[] => [
  {
    mends: 'a promise resolved with null, which is no object to ask for then()',
    find: '\tif (porf_jv_type(value) == 7) {\n\t\tthenHash = ',
    replace: '\tif (porf_jv_type(value) == 7 && (u32)value.val != 0u) {\n\t\tthenHash = ',
    times: 1,
  },
  {
    mends: 'a promise resolved with a promise',
    find: /\t\tfulfillReaction = (p\d+___Porffor_promise_newReaction)\(.*, promise, 0\);\n\t\trejectReaction = .*\n\t\t\(void\)p\d+___Porffor_then\(value, fulfillReaction, rejectReaction\);\n/g,
    replace: `\t\tfulfillReaction = $1(value, promise, ${KIND_RESOLVE_WITH_PROMISE});\n\t\t(void)${nameOf(c, '__Porffor_promise_enqueueReaction')}(fulfillReaction, JV_UNDEFINED);\n`,
    times: 1,
  },
  ...(/^jsval p\d+___Porffor_promise_runOne\(/m.test(c) ? [runOneEdit(c)] : []),
];

const runOneEdit = (c: string): Edit => {
  const create = nameOf(c, '__Porffor_promise_newReaction');
  return {
    mends: 'the job of a promise resolved with a promise',
    find: '\tif (kind == 12) {\n',
    replace: `\tif (kind == ${KIND_RESOLVE_WITH_PROMISE}) {
\t\tconst jsval outer = ${nameOf(c, '__Porffor_promise_reactionPromise')}(reaction);
\t\tconst i32 fulfilled = ${create}(JV_UNDEFINED, outer, 0);
\t\tconst i32 rejected = ${create}(JV_UNDEFINED, outer, 1);
\t\t(void)${nameOf(c, '__Porffor_then')}(${nameOf(c, '__Porffor_promise_reactionHandler')}(reaction), fulfilled, rejected);
\t\treturn JV_UNDEFINED;
\t}
\tif (kind == 12) {
`,
    times: 1,
  };
};

/** Porffor runs the jobs at the end of main() only when the program names Promise. */
const lastJobsEdit = (c: string): Edit => ({
  mends: 'the end of a program',
  find: '  p0__23main();\n  return 0;\n',
  replace: `  p0__23main();\n  (void)${nameOf(c, '__Porffor_promise_runJobs')}();\n  return 0;\n`,
  times: 1,
});

const rejectionEdits: Edit[] = [
  {
    mends: 'the choice among several unhandled rejections',
    find: /\twhile \(\(f64\)\(\*\(u32\*\)\(MEM \+ \(u32\)pendingRejections\.val\)\) > 0\.0\) \{\n\t\tp = p\d+___Array_prototype_pop\(pendingRejections\);\n\t\tif \(!!porf_falsy\((p\d+_\w+)\(p\)\) & !!\((p\d+_\w+)\(p\) == 2\)\) \{\n\t\t\tporf_throw\((p\d+_\w+)\(p\)\);\n\t\t\}\n\t\}\n/g,
    replace: `\tfor (u32 at = 0; at < *(u32*)(MEM + (u32)pendingRejections.val); at++) {
\t\tp = porf_arr_get((u32)pendingRejections.val, at);
\t\tif (porf_falsy($1(p)) && $2(p) == 2) hedyn_uncaught($3(p));
\t}
\t*(u32*)(MEM + (u32)pendingRejections.val) = 0;
`,
    times: 1,
  },
];

const awaitEdits = (c: string): Edit[] => [
  {
    mends: 'a program that awaits, and has nobody to run its jobs',
    find: /^jsval p\d+___Porffor_promise_runJobs\(void\) \{$/gm,
    replace: '$0',
    times: 1,
  },
  {
    mends: 'await of what is already there',
    find: /static jsval porf_await\(jsval v\) \{\n[\s\S]*?\n\}\n/g,
    replace: `jsval ${nameOf(c, '__Porffor_promise_resolve')}(jsval, jsval);
static jsval porf_await(jsval v) {
  if (!porf_coro_cur) hedyn_panic("await outside an async function");
  if (porf_jv_type(v) != 30) {
    const jsval promise = porf_promise_pending();
    (void)${nameOf(c, '__Porffor_promise_resolve')}(v, promise);
    v = promise;
  }
  return porf_coro_suspend(v);
}
`,
    times: 1,
  },
  {
    mends: 'a coroutine that waits for a settled promise',
    find: '  *(u8*)(MEM + p + PORF_PROMISE_HANDLED) = 1;\n  porf_promise_append_raw_reaction(',
    replace: `  const u8 settled = *(u8*)(MEM + p + PORF_PROMISE_STATE);
  *(u8*)(MEM + p + PORF_PROMISE_HANDLED) = 1;
  if (settled) {
    const jsval value = porf_unpack(*(jsbits*)(MEM + p + PORF_PROMISE_RESULT));
    porf_promise_trigger_reactions(porf_promise_new_coro_reaction(call, out_promise, settled == 2), value);
    return;
  }
  porf_promise_append_raw_reaction(`,
    times: 1,
  },
  {
    mends: 'an async function that rejects unhandled',
    find: '  *(u8*)(MEM + p + PORF_PROMISE_STATE) = (u8)state;\n  porf_gc_barrier(p, 30);\n  porf_promise_trigger_reactions(reactions, value);\n',
    replace: `  *(u8*)(MEM + p + PORF_PROMISE_STATE) = (u8)state;
  porf_gc_barrier(p, 30);
  if (state == 2 && !*(u8*)(MEM + p + PORF_PROMISE_HANDLED)) (void)${nameOf(c, '__Porffor_array_fastPush')}(pendingRejections, promise);
  porf_promise_trigger_reactions(reactions, value);
`,
    times: 1,
  },
  {
    mends: 'the declarations that await needs',
    find: 'static void porf_promise_settle_direct(',
    replace: `i32 ${nameOf(c, '__Porffor_array_fastPush')}(jsval, jsval);\nstatic jsval pendingRejections;\nstatic void porf_promise_settle_direct(`,
    times: 1,
  },
];
