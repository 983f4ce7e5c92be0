// Promises and await, where Porffor's job order is not ECMAScript's (ECMA-262 §27.2, §27.7.5.3).
//
//   - await always gives way: one job for a settled promise or a plain value (awaits.ts)
//   - a promise resolved with a promise takes a job to call `then`, and a further one for its answer
//   - a rejection nobody handled ends the program, also that of an async function; the oldest is the one reported

import { awaitEdits } from './awaits.ts';
import type { Edit } from './edit.ts';
import { nameOf } from './names.ts';

// Porffor numbers its reactions: 0 fulfilled, 1 rejected, 2 finally, 3–10 combinators, 11 coroutine, 12 fetch.
const KIND_RESOLVE_WITH_PROMISE = 13;

/** Returns the edits; none for a program without promises. */
export const jobEdits = (c: string): Edit[] => [
  ...(/^jsval p\d+___Porffor_promise_resolve\(/m.test(c) ? resolveEdits(c) : []),
  ...(/^jsval p\d+___Porffor_promise_runJobs\(void\) \{$/m.test(c) ? [...rejectionEdits, lastJobsEdit(c)] : []),
  ...awaitEdits(c),
];

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
    replace: '\tif (*(u32*)(MEM + (u32)pendingRejections.val) != 0u) hedyn_reportRejections();\n',
    times: 1,
  },
  {
    mends: 'what reports them',
    find: /^jsval p\d+___Porffor_promise_runJobs\(void\) \{$/gm,
    replace: `__attribute__((cold, noinline)) static void hedyn_reportRejections(void) {
  const u32 list = (u32)pendingRejections.val;
  for (u32 at = 0; at < *(u32*)(MEM + list); at++) {
    const u32 p = (u32)porf_arr_get(list, at).val;
    const u8* const promise = MEM + p;
    if (!promise[PORF_PROMISE_HANDLED] && promise[PORF_PROMISE_STATE] == 2) hedyn_uncaught(porf_unpack(*(jsbits*)(promise + PORF_PROMISE_RESULT)));
  }
  *(u32*)(MEM + list) = 0;
}

$0`,
    times: 1,
  },
];
