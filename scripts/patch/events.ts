// What a traced program notes in C: the end of steps of its start, its tasks and the work of the collector. The events are those of kernel/hal/trace.ts.

import {
  TASK_ASYNC,
  TASK_IMMEDIATE,
  TASK_INTERRUPT,
  TASK_JOB,
  TASK_TIMER,
  TRACE_COLLECT,
  TRACE_COLLECT_END,
  TRACE_STAGE,
  TRACE_TASK,
  TRACE_TASK_END,
} from '../../kernel/hal/trace.ts';
import { traceHelper } from '../machine/trace.ts';
import { hasAwaits } from './awaits.ts';
import type { Edit } from './edit.ts';
import { nameOf } from './names.ts';

/** Returns the edits, for a program that is traced. They come last: what they look for is what the others have made. */
export const eventEdits = (c: string): Edit[] => {
  const hasLoopTasks = / p\d+_endModules/.test(c);
  return [
    {
      mends: 'the head, which a trace needs its helper in',
      find: '#include <time.h>\n',
      replace: `#include <time.h>\n${traceHelper(true)}${HELPERS}`,
      times: 1,
    },
    ...stages(hasLoopTasks),
    ...COLLECTIONS,
    ...(hasAwaits(c) ? [asyncJobs(c)] : []),
    ...(hasLoopTasks ? TASKS : []),
  ];
};

const HELPERS = `#define hedyn_stage(name) hed_trace(${TRACE_STAGE}, sizeof name - 1, (uintptr_t)name, 0)
`;

const stages = (loops: boolean): Edit[] => [
  {
    mends: 'the steps of main(), for a trace',
    find: /^( {2}porf_init\(argc, argv\);\n {2}porf_data_init\(\);\n)/gm,
    replace: '  hedyn_stage("C library");\n$1  hedyn_stage("JavaScript heap");\n',
    times: 1,
  },
  {
    mends: 'the modules, for a trace',
    find: /^\t\(void\)p\d+__24(\w+?)(?:_24\d+)+\(\);\n/gm,
    replace: '$0\thedyn_stage("module $1");\n',
    times: 'some',
  },
  {
    mends: 'the end of the program, for a trace',
    find: '  p0__23main();\n',
    replace: `  p0__23main();\n  hedyn_stage("${loops ? 'event loop' : 'end'}");\n`,
    times: 1,
  },
];

const COLLECTIONS: readonly Edit[] = [
  {
    mends: 'a collection, for a trace',
    find: 'static void porf_gc_collect_impl(int minor) {\n  if (porf_heap_base == 0) return;\n',
    replace: `$0  hed_trace(${TRACE_COLLECT}, minor, 0, 0);\n`,
    times: 1,
  },
  {
    mends: 'the end of a collection, for a trace',
    find: '  porf_gc_reset_windows();\n  porf_gc_minor_mode = 0;\n',
    replace: `$0  hed_trace(${TRACE_COLLECT_END}, 0, porf_gc_live_bytes, 0);\n`,
    times: 1,
  },
];

/** Where a coroutine goes on: behind await, which is one call or, compiled for speed, none above porf_coro_suspend(). */
const asyncJobs = (c: string): Edit => ({
  mends: 'running the jobs, for a trace',
  find: /\t\tif \(job & HEDYN_COROUTINE_JOB\) (hedyn_resume\(.*\);)\n\t\telse (\(void\)p\d+___Porffor_promise_runOne\(\(i32\)job\);)\n/g,
  replace: `		if (job & HEDYN_COROUTINE_JOB) {
			const porf_coro_call* const call = (const porf_coro_call*)(uintptr_t)(job & ~HEDYN_COROUTINE_JOB);
			const u64* const frame = (const u64*)((const u64*)call->coro.sp)[HEDYN_SAVED_RBP];
			hed_trace(${TRACE_TASK}, ${TASK_ASYNC}, call->idx, frame[1] | ((const u64*)frame[0])[1] << 32);
			$1
		} else {
			const jsval handler = ${nameOf(c, '__Porffor_promise_reactionHandler')}((i32)job);
			hed_trace(${TRACE_TASK}, ${TASK_JOB}, handler.type == 6 ? *(u32*)(MEM + (u32)handler.val) : 0, 0);
			$2
		}
		hed_trace(${TRACE_TASK_END}, 0, 0, 0);
`,
  times: 1,
});

/** kernel/event/task.ts. */
const TASKS: readonly Edit[] = [
  ...Object.entries({ beginTimer: TASK_TIMER, beginImmediate: TASK_IMMEDIATE, beginListener: TASK_INTERRUPT }).map(
    ([name, kind]) => ({
      mends: `${name}(), for a trace`,
      find: new RegExp(String.raw`^(\w+ p\d+_${name}\w*\((?:volatile )?jsval (\w+)\) \{\n)`, 'gm'),
      replace: `$1\thed_trace(${TRACE_TASK}, ${kind}, *(u32*)(MEM + (u32)$2.val), 0);\n`,
      times: 1 as const,
    }),
  ),
  {
    mends: 'endModules(), for a trace',
    find: /^(\w+ p\d+_endModules\w*\(void\) \{\n)/gm,
    replace: '$1\thedyn_stage("main, up to its first await");\n',
    times: 1,
  },
  {
    mends: 'endTask(), for a trace',
    find: /^(\w+ p\d+_endTask\w*\(void\) \{\n)/gm,
    replace: `$1\thed_trace(${TRACE_TASK_END}, 0, 0, 0);\n`,
    times: 1,
  },
];
