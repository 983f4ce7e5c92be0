// Where an exception came from, in a program that awaits: by the time that nobody has handled it, the functions that it came through are gone.
//
//   throw  ──▶ the return addresses up to where the stack of the coroutine begins
//   out of a further async function  ──▶ 0, and those of that function
//
// Kept for the last few exceptions. An exception that is never thrown begins where its promise is rejected.

import { hasAwaits } from './awaits.ts';
import type { Edit } from './edit.ts';

/** Returns the edits; none for a program that never awaits, whose stack is still there when an exception ends it, and none off the metal. */
export const traceEdits = (c: string, target: 'metal' | 'native'): Edit[] =>
  target === 'metal' && hasAwaits(c) ? [...EDITS, ...printEdits(c)] : [];

/** `printTrace` of kernel/test/trace.ts, in a program that has it. */
const printEdits = (c: string): Edit[] => {
  const head = /^jsval p\d+_printTrace\w*\((?:volatile )?jsval (\w+)\) \{\n/gm;
  if (!new RegExp(head.source, 'm').test(c)) return [];
  const replace = `$0  const hedyn_trace* const trace = hedyn_traceOf($1);
  if (trace) hal_printTrace(trace->addresses, trace->length);
`;
  return [{ mends: 'printTrace()', find: head, replace, times: 1 }];
};

const TRACES = `#define HEDYN_TRACES 4
#define HEDYN_TRACE_LENGTH 24
typedef struct { jsval exception; struct porf_coro* coroutine; u32 length; u64 addresses[HEDYN_TRACE_LENGTH]; } hedyn_trace;
static hedyn_trace hedyn_traces[HEDYN_TRACES];
static u32 hedyn_traceNext = 0;
static struct porf_coro* porf_coro_cur;
extern void hal_printTrace(const u64* addresses, size_t count);
extern _Noreturn void hal_uncaughtTraced(const uint8_t* utf8, size_t length, const u64* addresses, size_t count);

static hedyn_trace* hedyn_traceOf(jsval v) {
  for (u32 i = 0; i < HEDYN_TRACES; i++) {
    if (hedyn_traces[i].length != 0 && porf_jv_eq(hedyn_traces[i].exception, v)) return &hedyn_traces[i];
  }
  return 0;
}

static void hedyn_addAddress(hedyn_trace* trace, u64 address) {
  if (trace->length < HEDYN_TRACE_LENGTH) trace->addresses[trace->length++] = address;
}

// Each frame begins with the caller's rbp and the return address. System V ABI, x86-64, §3.2.2
__attribute__((cold, noinline)) static void hedyn_traceException(jsval v) {
  hedyn_trace* trace = hedyn_traceOf(v);
  if (trace && trace->coroutine == porf_coro_cur) return;
  if (trace) {
    hedyn_addAddress(trace, 0);
  } else {
    trace = &hedyn_traces[hedyn_traceNext++ % HEDYN_TRACES];
    trace->exception = v;
    trace->length = 0;
  }
  trace->coroutine = porf_coro_cur;
  const u64* frame = __builtin_frame_address(0);
  while (frame) {
    const u64* const next = (const u64*)(uintptr_t)frame[0];
    hedyn_addAddress(trace, frame[1]);
    frame = next > frame ? next : 0;
  }
}
`;

const EDITS: Edit[] = [
  {
    mends: 'the trace of an exception that is thrown',
    find: '  porf_exception = v;\n  if (porf_try_depth > 0)',
    replace: '  porf_exception = v;\n  hedyn_traceException(v);\n  if (porf_try_depth > 0)',
    times: 1,
  },
  {
    mends: 'what keeps the traces',
    find: /(\nstatic _Noreturn void hedyn_uncaught\(jsval v\) \{\n)/g,
    replace: `\n${TRACES}$1`,
    times: 1,
  },
  {
    mends: 'the end by an exception that has a trace',
    find: /^ {2}hedyn_endUncaught\(utf8, (hedyn_utf8\(.*\))\);$/gm,
    replace: `  const size_t length = $1;
  const hedyn_trace* const trace = hedyn_traceOf(v);
  if (trace) hal_uncaughtTraced(utf8, length, trace->addresses, trace->length);
  hedyn_endUncaught(utf8, length);`,
    times: 1,
  },
  {
    mends: 'the trace of an exception that is never thrown',
    find: 'static void hedyn_noteRejection(u32 p) {\n',
    replace:
      'static void hedyn_noteRejection(u32 p) {\n  const jsval reason = porf_unpack(*(jsbits*)(MEM + p + PORF_PROMISE_RESULT));\n  if (!hedyn_traceOf(reason)) hedyn_traceException(reason);\n',
    times: 1,
  },
  {
    mends: 'the collector, which must not give the place of a traced exception to another',
    find: 'static void porf_gc_mark_global_roots(void) {\n',
    replace: `static void porf_gc_mark_global_roots(void) {
  for (u32 i = 0; i < HEDYN_TRACES; i++) porf_gc_mark_js(hedyn_traces[i].exception.val, hedyn_traces[i].exception.type);
`,
    times: 1,
  },
];
