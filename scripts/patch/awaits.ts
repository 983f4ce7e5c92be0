// await. Porffor makes two reactions for each, wraps what is no promise into one, and catches exceptions by setjmp at every step.
//
//   promise ── waiter ──▶ coroutine      the first that awaits a promise stands in the promise itself; others, and then(), are reactions as before
//   jobs: reaction · coroutine · …       a coroutine that can go on stands in the queue itself, with its value in its channel
//
// Always true: the waiter came before every reaction of its promise, so it goes first. ECMA-262 §27.7.5.3.

import { hasCoroutines } from './coroutines.ts';
import type { Edit } from './edit.ts';
import { nameOf } from './names.ts';

/** Tells whether a program awaits. Every program with generators defines what await needs. */
export const hasAwaits = (c: string): boolean => hasCoroutines(c) && /porf_await\((?!jsval v\))/.test(c);

/** Returns the edits; none for a program that never awaits. */
export const awaitEdits = (c: string): Edit[] =>
  hasAwaits(c)
    ? [...QUEUE, ...PROMISES, ...settleEdits(c), ...runEdits(c), ...settlementsByJavaScript(c)]
    : hasCoroutines(c)
      ? NEVER
      : [];

/** What only an async function that awaits would run. */
const RESUMED_BY_JOB = /static void porf_promise_run_coro_reaction_coro\(u32 reaction\) \{\n[\s\S]*?\n\}\n/g;
const ASYNC_START =
  / {2}const jsval out_promise = porf_promise_pending\(\);\n\t {2}const i32 try_idx = porf_try_depth\+\+;\n[\s\S]*?\n\t {2}return out_promise;\n\t\}\n/g;

const NEVER: Edit[] = [
  {
    mends: 'a coroutine that is resumed by a job, where there is none',
    find: RESUMED_BY_JOB,
    replace: 'static void porf_promise_run_coro_reaction_coro(u32 reaction) {}\n',
    times: 1,
  },
  {
    mends: 'the start of an async function, where none awaits',
    find: ASYNC_START,
    replace: '  porf_unreachable("an async function that awaits");\n  return JV_UNDEFINED;\n}\n',
    times: 1,
  },
];

const QUEUE: Edit[] = [
  {
    mends: 'the queue of jobs',
    find: 'static u32* porf_promise_job_queue = NULL;\nstatic u32 porf_promise_job_head = 0;\nstatic u32 porf_promise_job_len = 0;\nstatic u32 porf_promise_job_cap = 0;\n',
    replace: `// A job is the offset of a reaction, or a coroutine: its address with this bit.
#define HEDYN_COROUTINE_JOB (1ull << 63)
#define HEDYN_FIRST_JOBS 64u
static u64 hedyn_firstJobs[HEDYN_FIRST_JOBS];
static u64* porf_promise_job_queue = hedyn_firstJobs;
static u32 porf_promise_job_head = 0;
static u32 porf_promise_job_len = 0;
static u32 porf_promise_job_cap = HEDYN_FIRST_JOBS;
`,
    times: 1,
  },
  {
    mends: 'adding a job and taking one',
    find: /static void porf_promise_enqueue_job\(u32 reaction\) \{\n[\s\S]*?\n\}\n\nstatic u32 porf_promise_dequeue_job\(void\) \{\n[\s\S]*?\n\}\n/g,
    replace: `__attribute__((cold, noinline)) static void hedyn_growJobs(void) {
  const u32 mask = porf_promise_job_cap - 1u;
  u64* const grown = malloc((size_t)porf_promise_job_cap * 2u * sizeof(u64));
  if (!grown) hedyn_outOfMemory("the heap: failed to allocate the queue of jobs");
  for (u32 i = 0; i < porf_promise_job_len; i++) grown[i] = porf_promise_job_queue[(porf_promise_job_head + i) & mask];
  if (porf_promise_job_queue != hedyn_firstJobs) free(porf_promise_job_queue);
  porf_promise_job_queue = grown;
  porf_promise_job_cap *= 2u;
  porf_promise_job_head = 0;
}

__attribute__((always_inline)) static inline void hedyn_enqueue(u64 job) {
  if (porf_promise_job_len == porf_promise_job_cap) hedyn_growJobs();
  porf_promise_job_queue[(porf_promise_job_head + porf_promise_job_len++) & (porf_promise_job_cap - 1u)] = job;
}

// Returns 0 when there is none.
static inline u64 hedyn_dequeue(void) {
  if (porf_promise_job_len == 0) return 0;
  const u64 job = porf_promise_job_queue[porf_promise_job_head];
  porf_promise_job_head = (porf_promise_job_head + 1u) & (porf_promise_job_cap - 1u);
  porf_promise_job_len--;
  return job;
}

static void porf_promise_enqueue_job(u32 reaction) {
  if (reaction != 0) hedyn_enqueue(reaction);
}

static u32 porf_promise_dequeue_job(void) { return (u32)hedyn_dequeue(); }
`,
    times: 1,
  },
  {
    mends: 'the collector at the queue of jobs',
    find: '    porf_gc_mark_promise_reaction(porf_promise_job_queue[(porf_promise_job_head + i) & (porf_promise_job_cap - 1u)]);\n',
    replace: `    const u64 job = porf_promise_job_queue[(porf_promise_job_head + i) & (porf_promise_job_cap - 1u)];
    if (!(job & HEDYN_COROUTINE_JOB)) porf_gc_mark_promise_reaction((u32)job); // Coroutines are found without it.
`,
    times: 1,
  },
];

const PROMISES: Edit[] = [
  {
    mends: 'the size of a promise, which its size class has room for',
    find: '#define PORF_PROMISE_SIZE 40\n',
    replace: '#define PORF_PROMISE_SIZE 48\n#define HEDYN_PROMISE_WAITER 40\n',
    times: 1,
  },
  {
    mends: 'a promise that is made',
    find: /static jsval porf_promise_pending\(void\) \{\n[\s\S]*?\n\}\n/g,
    replace: `__attribute__((always_inline)) static inline u32 hedyn_allocPromise(void) {
  struct porf_gc_window* const w = &porf_gc_active[porf_gc_cls_lut[(PORF_PROMISE_SIZE + 7u) >> 3]];
  const u32 p = w->cur;
  if (p >= w->end) return porf_alloc_slow(PORF_PROMISE_SIZE, 30);
  w->cur = p + PORF_PROMISE_SIZE; // A size class of its own.
  porf_gc_kinds[p >> 4] = 30;
  return p;
}

static jsval porf_promise_pending(void) {
  const u32 p = hedyn_allocPromise();
  u64* const words = (u64*)(MEM + p);
  words[PORF_PROMISE_RESULT / 8] = JV_UNDEFINED_BITS;
  words[PORF_PROMISE_FULFILL_HEAD / 8] = 0;
  words[PORF_PROMISE_REJECT_HEAD / 8] = 0;
  words[PORF_PROMISE_PAYLOAD / 8] = JV_UNDEFINED_BITS;
  words[PORF_PROMISE_STATE / 8] = 0;
  words[HEDYN_PROMISE_WAITER / 8] = 0;
  return porf_box((f64)p, 30);
}
`,
    times: 1,
  },
];

const settleEdits = (c: string): Edit[] => [
  {
    mends: 'settling a promise',
    find: /static void porf_promise_settle_direct\(jsval promise, jsval value, i32 state\) \{\n[\s\S]*?\n\}\n/g,
    replace: `i32 ${nameOf(c, '__Porffor_array_fastPush')}(jsval, jsval);
jsval ${nameOf(c, '__Porffor_promise_resolve')}(jsval, jsval);
static jsval pendingRejections;

__attribute__((always_inline)) static inline void hedyn_wake(porf_coro_call* call, jsval value, i32 is_throw) {
  call->coro.channel = value;
  call->coro.throw_pending = is_throw;
  hedyn_enqueue((u64)(uintptr_t)call | HEDYN_COROUTINE_JOB);
}

// Until somebody handles it, or the jobs are done.
__attribute__((cold, noinline)) static void hedyn_noteRejection(u32 p) {
  (void)${nameOf(c, '__Porffor_array_fastPush')}(pendingRejections, porf_box((f64)p, 30));
}

// Settles the promise at p, unless it has settled: state 1 fulfilled, 2 rejected.
__attribute__((noinline))
static void hedyn_settle(u32 p, jsval value, u8 state) {
  u64* const words = (u64*)(MEM + p);
  if (*(u8*)(MEM + p + PORF_PROMISE_STATE) != 0) return;
  porf_coro_call* const waiter = (porf_coro_call*)(uintptr_t)words[HEDYN_PROMISE_WAITER / 8];
  const u32 reactions = *(u32*)(MEM + p + (state == 1 ? PORF_PROMISE_FULFILL_HEAD : PORF_PROMISE_REJECT_HEAD));
  words[PORF_PROMISE_RESULT / 8] = porf_pack(value);
  words[PORF_PROMISE_FULFILL_HEAD / 8] = 0;
  words[PORF_PROMISE_REJECT_HEAD / 8] = 0;
  words[HEDYN_PROMISE_WAITER / 8] = 0;
  *(u8*)(MEM + p + PORF_PROMISE_STATE) = state;
  porf_gc_cards[p >> 9] = 1;
  if (state == 2 && !*(u8*)(MEM + p + PORF_PROMISE_HANDLED)) hedyn_noteRejection(p);
  if (waiter) hedyn_wake(waiter, value, state == 2);
  if (reactions) porf_promise_trigger_reactions(reactions, value);
}

__attribute__((always_inline)) static inline int hedyn_mayHaveThen(jsval v) { return v.type == 30 || (v.type == 7 && (u32)v.val != 0u); }

// Resolves a promise of which nobody else knows yet, or that is not resolved. ECMA-262 §27.2.1.3.2
static void hedyn_resolve(jsval promise, jsval value) {
  if (hedyn_mayHaveThen(value)) (void)${nameOf(c, '__Porffor_promise_resolve')}(value, promise);
  else hedyn_settle((u32)promise.val, value, 1);
}

static void porf_promise_settle_direct(jsval promise, jsval value, i32 state) {
  if (promise.type == 30) hedyn_settle((u32)promise.val, value, (u8)state);
}
`,
    times: 1,
  },
  {
    mends: 'a coroutine that waits for a promise',
    find: /static void porf_promise_attach_coro\(jsval awaited, porf_coro_call\* call, jsval out_promise\) \{\n[\s\S]*?\n\}\n/g,
    replace: `// What is no promise is an answer already.
static void hedyn_waitFor(porf_coro_call* call) {
  const jsval awaited = call->coro.channel;
  if (awaited.type != 30) {
    hedyn_wake(call, awaited, 0);
    return;
  }
  const u32 p = (u32)awaited.val;
  u64* const words = (u64*)(MEM + p);
  *(u8*)(MEM + p + PORF_PROMISE_HANDLED) = 1;
  const u8 settled = *(u8*)(MEM + p + PORF_PROMISE_STATE);
  if (settled) {
    hedyn_wake(call, porf_unpack(words[PORF_PROMISE_RESULT / 8]), settled == 2);
  } else if (words[HEDYN_PROMISE_WAITER / 8] == 0 && words[PORF_PROMISE_FULFILL_HEAD / 8] == 0) {
    words[HEDYN_PROMISE_WAITER / 8] = (u64)(uintptr_t)call;
  } else {
    porf_promise_append_raw_reaction(p, porf_promise_new_coro_reaction(call, call->promise, 0), 0);
    porf_promise_append_raw_reaction(p, porf_promise_new_coro_reaction(call, call->promise, 1), 1);
  }
}
`,
    times: 1,
  },
  {
    mends: 'await of what may have a then(), and of what is there already',
    find: /static jsval porf_await\(jsval v\) \{\n[\s\S]*?\n\}\n/g,
    replace: `__attribute__((noinline)) static jsval hedyn_promiseOf(jsval object) {
  const jsval promise = porf_promise_pending();
  (void)${nameOf(c, '__Porffor_promise_resolve')}(object, promise);
  return promise;
}

// Not inlined: where it is called is the line that a backtrace shows.
__attribute__((noinline)) static jsval porf_await(jsval v) {
  return porf_coro_suspend(v.type != 30 && hedyn_mayHaveThen(v) ? hedyn_promiseOf(v) : v);
}
`,
    times: 1,
  },
];

const runEdits = (c: string): Edit[] => [
  {
    mends: 'a coroutine that is resumed by a job',
    find: RESUMED_BY_JOB,
    replace: `static void hedyn_afterStep(porf_coro_call* call, i32 step) {
  if (step == HEDYN_WAITS) {
    hedyn_waitFor(call);
    return;
  }
  const jsval promise = call->promise;
  const jsval value = step == HEDYN_DONE ? call->result : call->coro.channel;
  porf_coro_call_free(call);
  if (step == HEDYN_DONE) hedyn_resolve(promise, value);
  else hedyn_settle((u32)promise.val, value, 2);
}

static void hedyn_resume(porf_coro_call* call) {
  hedyn_afterStep(call, hedyn_run(&call->coro, call->coro.sp));
}

static void porf_promise_run_coro_reaction_coro(u32 reaction) {
  porf_coro_call* call = (porf_coro_call*)(uintptr_t)*(u64*)(MEM + reaction + PORF_REACTION_HANDLER);
  call->coro.channel = porf_unpack(*(jsbits*)(MEM + reaction + PORF_REACTION_VALUE));
  call->coro.throw_pending = (i32)*(u32*)(MEM + reaction + PORF_REACTION_PAYLOAD);
  hedyn_resume(call);
}
`,
    times: 1,
  },
  {
    mends: 'the start of an async function',
    find: ASYNC_START,
    replace: `  call->promise = porf_promise_pending();
  const jsval out_promise = call->promise; // The call may be over, and another's.
  hedyn_afterStep(call, porf_coro_call_step(call, JV_UNDEFINED, 0));
  return out_promise;
}
`,
    times: 1,
  },
  {
    mends: 'running the jobs',
    find: /\twhile \(1\) \{\n\t\treaction = p\d+___Porffor_promise_dequeueReaction\(\);\n\t\tif \(reaction == 0\) \{\n\t\t\tbreak;\n\t\t\}\n\t\t\(void\)(p\d+___Porffor_promise_runOne)\(reaction\);\n\t\}\n/g,
    replace: `	for (u64 job; (job = hedyn_dequeue()) != 0;) {
		if (job & HEDYN_COROUTINE_JOB) hedyn_resume((porf_coro_call*)(uintptr_t)(job & ~HEDYN_COROUTINE_JOB));
		else (void)$1((i32)job);
	}
`,
    times: 1,
  },
  {
    mends: 'the declaration of what resumes one',
    find: /^jsval p\d+___Porffor_promise_runJobs\(void\);\n/gm,
    replace: '$0static void hedyn_resume(porf_coro_call*);\n',
    times: 1,
  },
  ...(c.includes(
    'static jsval porf_async_call_sync(u32 idx, jsval callee, u32 env, jsval thisv, jsval newtv, i32 argc, jsbits* argv) {',
  )
    ? [
        {
          mends: 'an async function that never awaits',
          find: /\t?( {4})const jsval out_promise = porf_promise_settled\(JV_UNDEFINED, 0\);\n {4}\(void\)p\d+___Porffor_promise_resolve\(result, out_promise\);\n/g,
          replace: '$1const jsval out_promise = porf_promise_pending();\n$1hedyn_resolve(out_promise, result);\n',
          times: 1,
        } as const,
      ]
    : []),
];

/** What the built-ins of promises do with one, where a waiter may stand in it. */
const settlementsByJavaScript = (c: string): Edit[] => [
  ...bodyOf(c, '__Porffor_promise_create', 'void', 'return porf_promise_pending();'),
  ...bodyOf(
    c,
    '__ecma262_FulfillPromise',
    'jsval promise, jsval value',
    'hedyn_settle((u32)promise.val, value, 1);\n\treturn JV_UNDEFINED;',
  ),
  ...bodyOf(
    c,
    '__ecma262_RejectPromise',
    'jsval promise, jsval reason',
    'hedyn_settle((u32)promise.val, reason, 2);\n\treturn JV_UNDEFINED;',
  ),
];

/** Replaces a body; what scripts/patch/errors.ts has put at its beginning stays. */
const bodyOf = (c: string, name: string, parameters: string, body: string): Edit[] => {
  const head = String.raw`^(jsval p\d+_${name}\(${parameters}\) \{\n)`;
  if (!new RegExp(head, 'm').test(c)) return [];
  const find = new RegExp(String.raw`${head}(?: {2}.*\n)*((?:\tif \(porf_isNativeError.*\n)?)[\s\S]*?\n\}\n`, 'gm');
  return [{ mends: `${name}()`, find, replace: `$1$2\t${body}\n}\n`, times: 1 }];
};
