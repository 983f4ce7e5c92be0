// Coroutines: what async functions and generators run on. Porffor switches stacks by setjmp and longjmp, keeps the handlers of all coroutines in
// one array, at the depth where each began, and forgets those beyond 16384 when it collects garbage.
//
// In its place:
//   - a switch pushes the registers that a call preserves and changes rsp: a dozen instructions
//   - every coroutine has handlers of its own; what nothing inside catches ends it, and is thrown again in whoever resumed it
//   - a list without an end; one that has ended leaves its record, its stack and its handlers to the next
//   - generators that wait are counted, because the collector sees some bytes of each and not its stack: when there are twice as many as the last time, it runs

import type { Edit } from './edit.ts';

/** Returns the edits; none for a program without coroutines. */
export const coroutineEdits = (c: string): Edit[] => [
  ...(hasCoroutines(c) ? EDITS : []),
  ...suspensionEdits(c, 'awaitHere', 'porf_await'),
  ...suspensionEdits(c, 'yieldHere', 'porf_yield'),
];

/** Tells whether a program has async functions or generators. */
export const hasCoroutines = (c: string): boolean => c.includes('typedef struct porf_coro {');

/** The helpers of kernel/runtime/suspend.ts do in C what JavaScript has no word for outside a coroutine's own body. */
const suspensionEdits = (c: string, helper: string, suspend: string): Edit[] => {
  const head = new RegExp(`^jsval p\\d+_${helper}\\w*\\((?:volatile )?jsval (\\w+)\\) \\{\\n`, 'gm');
  if (!new RegExp(head.source, 'm').test(c)) return [];
  const find = new RegExp(`(${head.source})[\\s\\S]*?\\n\\}\\n`, 'gm');
  return [{ mends: `${helper}()`, find, replace: `$1\treturn ${suspend}($2);\n}\n`, times: 1 }];
};

/** Returns an edit that replaces all from one text to another, both included. */
const region = (mends: string, from: string, to: string, replace: string): Edit => ({
  mends,
  find: new RegExp(`${escaped(from)}[\\s\\S]*?${escaped(to)}`, 'g'),
  replace,
  times: 1,
});

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Address space, of which pages are there when they were touched: a program that awaits at its top level has all of its calls on such a stack. */
const STACK_SIZE: Edit = {
  mends: 'the stack of a coroutine',
  find: '#define PORF_CORO_STACK_SIZE (256u * 1024u)\n',
  replace: '#define PORF_CORO_STACK_SIZE (1024u * 1024u)\n',
  times: 1,
};

const RECORDS = `typedef struct porf_coro {
  char* stack_map;        // mmap reservation, with guard pages at its low end
  size_t stack_map_size;
  char* stack_lo;
  char* stack_top;
  char* sp;               // while it waits: the registers that it pushed, and above them its stack
  char* caller_sp;        // while it runs: the same of who resumed it
  jsval channel;          // what it gave way for; then what it is resumed with; at its bad end the exception
  i32 state;              // 0 idle, 1 running, 2 suspended, 3 done
  i32 throw_pending;      // it is resumed by an exception
  hedyn_tries tries;      // its handlers, while it does not run
  hedyn_tries caller_tries; // the handlers of who resumed it, while it runs
  i32 escaped;            // ended by an exception, held in channel
  struct porf_coro* parent;
  struct porf_coro* previous;
  struct porf_coro* next;
} porf_coro;

#define HEDYN_ARGUMENTS_INSIDE 4

typedef struct porf_coro_call {
  porf_coro coro;
  u32 idx;
  jsval callee;
  u32 env;
  jsval thisv;
  jsval newtv;
  i32 argc;
  jsbits* argv;
  jsbits arguments[HEDYN_ARGUMENTS_INSIDE];
  jsval promise;          // of an async function; undefined for a generator
  jsval result;
  i32 started;
  u32 box_body;
  i32 box_type;
} porf_coro_call;

static porf_coro* porf_coro_cur = 0;
static porf_coro* hedyn_coroutines = 0; // All that were made and not freed.
static u32 hedyn_generators = 0;         // Generators that have begun and not ended.
static u32 hedyn_generatorsMax = 0;
`;

// System V ABI, x86-64, §3.2.1: a call preserves rbx, rbp and r12 to r15.
const SWITCH = `__attribute__((naked, noinline))
static void hedyn_switch(char** from, char* to) {
  __asm__ volatile(
    "push %%rbp\\n push %%rbx\\n push %%r12\\n push %%r13\\n push %%r14\\n push %%r15\\n"
    "mov %%rsp, (%%rdi)\\n"
    "mov %%rsi, %%rsp\\n"
    "pop %%r15\\n pop %%r14\\n pop %%r13\\n pop %%r12\\n pop %%rbx\\n pop %%rbp\\n"
    "ret\\n" ::: "memory");
}

#define HEDYN_SAVED_RBP 5 // Among the words that it pushes.

// Field by field: the bytes between them stay 0. Copied with what was on the stack before, half of a number, they look to the collector like what it was.
static inline void hedyn_setChannel(porf_coro* c, jsval value) {
  c->channel.val = value.val;
  c->channel.type = value.type;
}

enum { HEDYN_WAITS = 0, HEDYN_DONE = 1, HEDYN_ESCAPED = 2 };

static void* hedyn_stackTop(void) { return porf_coro_cur ? porf_coro_cur->stack_top : porf_c_stack_top; }

// Runs the coroutine whose registers are at \`to\`, until it gives way or ends.
__attribute__((noinline))
static int hedyn_run(porf_coro* c, char* to) {
  c->caller_tries = hedyn_handlers;
  hedyn_handlers = c->tries;
  c->parent = porf_coro_cur;
  porf_coro_cur = c;
  c->state = 1;
  hedyn_switch(&c->caller_sp, to);
  porf_coro_cur = c->parent;
  c->tries = hedyn_handlers;
  hedyn_handlers = c->caller_tries;
  return c->state == 2 ? HEDYN_WAITS : c->escaped ? HEDYN_ESCAPED : HEDYN_DONE;
}

// The end of the coroutine that runs: back to who resumed it, for good.
__attribute__((noreturn, noinline))
static void hedyn_leave(porf_coro* c) {
  char* unused;
  c->state = 3;
  hedyn_switch(&unused, c->caller_sp);
  __builtin_unreachable();
}

static void hedyn_escape(jsval exception) {
  porf_coro* const c = porf_coro_cur;
  if (!c) return;
  c->channel = exception;
  c->escaped = 1;
  hedyn_leave(c);
}

// What runs is the main program from now on, and its stack the one that the collector looks through.
static void hedyn_forgetCoroutine(void) {
  porf_c_stack_top = hedyn_stackTop();
  porf_coro_cur = 0;
}

// The first frame of every coroutine: r12 is its record, r13 what it runs. rbp is 0, where a backtrace ends.
__attribute__((naked, noinline, used))
static void hedyn_base(void) {
  __asm__ volatile("mov %%r12, %%rdi\\n call *%%r13\\n ud2\\n" ::: "memory");
}

static int hedyn_begin(porf_coro* c, void (*run)(porf_coro_call*)) {
  porf_coro_stack_ensure(c);
  u64* const sp = (u64*)((uintptr_t)c->stack_top & ~(uintptr_t)15) - 7;
  sp[0] = sp[1] = sp[4] = sp[5] = 0; // r15, r14, rbx, rbp
  sp[2] = (u64)(uintptr_t)run;
  sp[3] = (u64)(uintptr_t)c;
  sp[6] = (u64)(uintptr_t)hedyn_base;
  return hedyn_run(c, (char*)sp);
}

__attribute__((noinline))
static jsval porf_coro_suspend(jsval out) {
  porf_coro* c = porf_coro_cur;
  if (!c) hedyn_panic("await outside an async function");
  hedyn_setChannel(c, out);
  c->state = 2;
  hedyn_switch(&c->sp, c->caller_sp);
  if (c->throw_pending) {
    c->throw_pending = 0;
    porf_throw(c->channel);
  }
  return c->channel;
}
`;

const ALLOCATION = `static porf_coro_call* porf_coro_call_alloc(void) {
  porf_coro_call* call;
  if (porf_coro_call_pool_len > 0) {
    call = porf_coro_call_pool[--porf_coro_call_pool_len];
  } else {
    call = calloc(1, sizeof(porf_coro_call));
    if (!call) hedyn_outOfMemory("the heap: failed to allocate a coroutine");
  }
  call->started = 0;
  call->box_body = 0;
  call->promise = JV_UNDEFINED;
  porf_coro* const c = &call->coro;
  c->state = c->throw_pending = c->escaped = c->tries.depth = 0;
  c->channel = JV_UNDEFINED;
  c->previous = 0;
  c->next = hedyn_coroutines;
  if (c->next) c->next->previous = c;
  hedyn_coroutines = c;
  return call;
}

static void porf_coro_call_free(porf_coro_call* call) {
  if (!call) return;
  porf_coro* const c = &call->coro;
  if (c->next) c->next->previous = c->previous;
  if (c->previous) c->previous->next = c->next;
  else hedyn_coroutines = c->next;
  if (call->argv != call->arguments) free(call->argv);
  if (porf_coro_call_pool_len < PORF_CORO_CALL_POOL_MAX) {
    porf_coro_call_pool[porf_coro_call_pool_len++] = call;
    return;
  }
  porf_coro_stack_free(c);
  free(c->tries.data);
  free(call);
}
`;

const STEPS = `static void hedyn_invoke(porf_coro_call* call) {
  call->result = porf_invoke(call->idx, call->callee, call->env, call->thisv, call->newtv, call->argc, call->argv);
  hedyn_leave(&call->coro);
}

static porf_coro_call* porf_coro_call_new(u32 idx, jsval callee, u32 env, jsval thisv, jsval newtv, i32 argc, jsbits* argv) {
  porf_coro_call* call = porf_coro_call_alloc();
  call->idx = idx;
  call->callee = callee;
  call->env = env;
  call->thisv = thisv;
  call->newtv = newtv;
  call->argc = argc;
  call->argv = argc <= HEDYN_ARGUMENTS_INSIDE ? call->arguments : malloc((size_t)argc * sizeof(jsbits));
  if (!call->argv) hedyn_outOfMemory("the heap: failed to allocate a coroutine");
  for (i32 i = 0; i < argc; i++) call->argv[i] = argv[i];
  call->result = JV_UNDEFINED;
  return call;
}

// Two pages a stack, say: as many generators as would fill what is allocated between two collections are let be.
static void hedyn_countGenerator(void) {
  if (++hedyn_generators <= hedyn_generatorsMax) return;
  if (hedyn_generatorsMax > 0) porf_gc_collect_impl(0);
  hedyn_generatorsMax = 2 * hedyn_generators;
  if (hedyn_generatorsMax < PORF_GC_NURSERY_BYTES / 8192) hedyn_generatorsMax = PORF_GC_NURSERY_BYTES / 8192;
}

// For boot/state.zig: the async functions that wait, when the machine stops.
extern void hal_panicAwaiting(u64 frame) __attribute__((weak));
__attribute__((cold, used)) void hedyn_atPanic(void) {
  for (porf_coro* c = hedyn_coroutines; c; c = c->next) {
    const int isAsync = porf_jv_type(((porf_coro_call*)c)->promise) != porf_jv_type(JV_UNDEFINED);
    if (c->state == 2 && isAsync) hal_panicAwaiting(((const u64*)c->sp)[HEDYN_SAVED_RBP]);
  }
}

// Starts the coroutine, or goes on where it waits. Returns HEDYN_WAITS, HEDYN_DONE or HEDYN_ESCAPED.
static i32 porf_coro_call_step(porf_coro_call* call, jsval value, i32 is_throw) {
  porf_coro* const c = &call->coro;
  if (!call->started) {
    call->started = 1;
    return hedyn_begin(c, hedyn_invoke);
  }
  if (c->state != 2) porf_unreachable("resume of non-suspended coroutine");
  hedyn_setChannel(c, value);
  c->throw_pending = is_throw;
  return hedyn_run(c, c->sp);
}
`;

/** A built-in that returns nothing but numbers is called as one. */
const PLAIN_NUMBERS = `static inline jsval hedyn_itself(jsval v) { return v; }
#define porf_await(v) porf_await(_Generic((v), f64: porf_box_num, default: hedyn_itself)(v))
#define porf_yield(v) porf_yield(_Generic((v), f64: porf_box_num, default: hedyn_itself)(v))
`;

const EDITS: Edit[] = [
  STACK_SIZE,
  {
    mends: 'await and yield of a plain number',
    find: /(static jsval porf_yield\(jsval v\) \{\n {2}return porf_coro_suspend\(v\);\n\}\n)/g,
    replace: `$1${PLAIN_NUMBERS}`,
    times: 1,
  },
  region('the records of coroutines', 'typedef struct porf_coro {', 'static i32 porf_coro_live_len = 0;\n', RECORDS),
  {
    mends: 'an exception that nothing in a coroutine catches',
    find: '  if (porf_try_depth > 0) _longjmp(porf_try_stack[porf_try_depth - 1], 1);\n',
    replace:
      '  if (porf_try_depth > 0) _longjmp(porf_try_stack[porf_try_depth - 1], 1);\n  hedyn_escape(v); // Returns where none runs.\n',
    times: 1,
  },
  {
    mends: 'the declaration of that',
    find: 'static size_t hedyn_putUtf8(',
    replace:
      'static void hedyn_escape(jsval exception);\nstatic void hedyn_forgetCoroutine(void);\n\nstatic size_t hedyn_putUtf8(',
    times: 1,
  },
  {
    mends: 'an exception while the text of an uncaught one is made',
    find: '  porf_try_depth = 0;\n  if (busy++)',
    replace: '  porf_try_depth = 0;\n  hedyn_forgetCoroutine(); // It must come back here.\n  if (busy++)',
    times: 1,
  },
  {
    mends: 'the handlers of a coroutine whose stack is freed, which the next one takes over',
    find: '  free(c->try_save);\n  c->try_save = 0;\n  c->try_save_cap = 0;\n}\n',
    replace: '}\n',
    times: 1,
  },
  region(
    'the list of those that wait',
    'static void porf_coro_live_add(',
    '\n}\n\nstatic void porf_coro_live_remove(',
    '',
  ),
  {
    mends: 'the rest of that list',
    find: /^porf_coro\* c\) \{\n {2}const i32 idx = c->live_idx;\n[\s\S]*?\n\}\n/gm,
    replace: '',
    times: 1,
  },
  region(
    'making and freeing a coroutine',
    'static porf_coro_call* porf_coro_call_alloc(void) {',
    '    free(call);\n  }\n}\n',
    ALLOCATION,
  ),
  region(
    'switching',
    'static void porf_coro_save_try_stack(porf_coro* c) {',
    'static int porf_coro_resume_throw(porf_coro* c, jsval err) { return porf_coro_resume_inner(c, err, 1); }\n',
    SWITCH,
  ),
  region(
    'running',
    'static void porf_coro_call_thunk(void* arg) {',
    '    porf_coro_resume(&call->coro, value);\n}\n',
    STEPS,
  ),
  {
    mends: 'the collector, which scans what a coroutine holds',
    find: /static void porf_coro_gc_scan_saved_context\(porf_coro\* c\) \{\n[\s\S]*?\n\}\n\nstatic void porf_coro_gc_scan_caller_context\(porf_coro\* c\) \{\n[\s\S]*?\n\}\n/g,
    replace: `static void porf_coro_gc_scan_tries(hedyn_tries tries) {
  if (tries.data) porf_coro_gc_scan_mem(tries.data, tries.data + tries.depth);
}
`,
    times: 1,
  },
  {
    mends: 'the collector, which sees the promise of an async function',
    find: '  porf_gc_mark_js(call->coro.channel.val, call->coro.channel.type);\n',
    replace:
      '  porf_gc_mark_js(call->coro.channel.val, call->coro.channel.type);\n  porf_gc_mark_js(call->promise.val, call->promise.type);\n',
    times: 1,
  },
  {
    mends: 'the guard below a stack: a frame that is longer would reach over it, into the stack below',
    find: /const size_t map_size = usable \+ page;([\s\S]*?)char\* lo = \(char\*\)mem \+ page;/g,
    replace:
      'const size_t guard = 16 * page;\n  const size_t map_size = usable + guard;$1char* lo = (char*)mem + guard;',
    times: 1,
  },
  {
    mends: 'the collector at a coroutine that waits',
    find: /( {2})if \(c->sp\) porf_coro_gc_scan_stack\(c, c->sp\);\n {2}porf_coro_gc_scan_saved_context\(c\);\n {2}if \(c->try_save [\s\S]*?;\n\}\n/g,
    replace: '$1porf_coro_gc_scan_stack(c, c->sp);\n$1porf_coro_gc_scan_tries(c->tries);\n}\n',
    times: 1,
  },
  {
    mends: 'the collector at a coroutine that runs',
    find: / {2}if \(c->caller_sp && c->caller_stack_top\) .*\n {2}porf_coro_gc_scan_caller_context\(c\);\n/g,
    replace: `  porf_coro_gc_scan_mem(c->caller_sp, c->parent ? c->parent->stack_top : porf_c_stack_top);
  porf_coro_gc_scan_tries(c->caller_tries);
`,
    times: 1,
  },
  {
    mends: 'the collector on the stack of a coroutine',
    find: '(const u64*)porf_c_stack_top;\n',
    replace: '(const u64*)hedyn_stackTop();\n',
    times: 1,
  },
  {
    mends: 'the declaration of where that stack ends',
    find: 'static void* porf_c_stack_top = NULL;\n',
    replace: 'static void* porf_c_stack_top = NULL;\nstatic void* hedyn_stackTop(void);\n',
    times: 1,
  },
  {
    mends: 'the handlers of whoever runs',
    find: 'static jmp_buf* porf_try_data;\nstatic i32 porf_try_cap = 0;\nstatic i32 porf_try_depth = 0;\n',
    replace: `typedef struct { jmp_buf* data; i32 depth; i32 cap; } hedyn_tries; // Together, so that a switch copies them at once.
static hedyn_tries hedyn_handlers;
#define porf_try_data hedyn_handlers.data
#define porf_try_depth hedyn_handlers.depth
#define porf_try_cap hedyn_handlers.cap
`,
    times: 1,
  },
  {
    mends: 'the collector, which finds all that wait',
    find: /for \(i32 i = 0; i < porf_coro_live_len; i\+\+\) \{\n {4}porf_coro\* c = porf_coro_live\[i\];\n {4}if \(c\) /g,
    replace: 'for (porf_coro* c = hedyn_coroutines; c; c = c->next) {\n    if (c->state == 2) ',
    times: 1,
  },
  {
    mends: 'the function of a coroutine, which has its own place on the stack and in a backtrace',
    find: /^(?=jsval p\d+_\w+\(.*\) \{\n {2}porf_coro_prologue\(\);\n)/gm,
    replace: 'PORF_NOINLINE ',
    times: 'some',
  },
  {
    mends: 'a generator that is told to return',
    find: '\t      porf_coro_live_remove(&call->coro);\n',
    replace: '\t      if (call->started) hedyn_generators--;\n',
    times: 1,
  },
  {
    mends: 'a generator that nobody has any more',
    find: '    porf_coro_call_free((porf_coro_call*)raw);\n',
    replace: `    // What is taken for a generator by mistake holds no address of one, or that of another's.
    const int isAddress = raw >> 44 != 0 && raw >> 47 == 0 && (raw & 15) == 0;
    if (!isAddress || ((porf_coro_call*)raw)->box_body != (u32)body) return;
    if (((porf_coro_call*)raw)->coro.state == 2) hedyn_generators--;
    porf_coro_call_free((porf_coro_call*)raw);
`,
    times: 1,
  },
  {
    mends: 'a generator that is resumed',
    find: / {2}const i32 try_idx = porf_try_depth\+\+;\n {2}if \(_setjmp\(porf_try_stack\[try_idx\]\) == 0\) \{\n {4}const i32 done = porf_coro_call_step\(call, value, mode == 1\);\n {4}porf_try_depth = try_idx;\n {4}return done;\n {2}\}\n\n {2}porf_try_depth = try_idx;\n {2}porf_coro_set_current_stack_top\(call->coro\.caller_stack_top\);\n {2}porf_coro_cur = call->coro\.parent;\n {2}porf_coro_live_remove\(&call->coro\);\n/g,
    replace: `  if (!call->started) hedyn_countGenerator();
  const i32 step = porf_coro_call_step(call, value, mode == 1);
  if (step == HEDYN_WAITS) return 0;
  hedyn_generators--;
  if (step == HEDYN_DONE) {
    porf_coro_stack_free(&call->coro);
    return 1;
  }
`,
    times: 1,
  },
  {
    mends: 'a generator whose parameters are computed',
    find: /\t {6}const i32 try_idx = porf_try_depth\+\+;\n\t {6}if \(_setjmp\(porf_try_stack\[try_idx\]\) == 0\) \{\n\t {8}\(void\)porf_coro_call_step\(call, JV_UNDEFINED, 0\);\n[\s\S]*?\t {6}\}\n\t {4}\}\n/g,
    replace: `\t      if (porf_coro_call_step(call, JV_UNDEFINED, 0) == HEDYN_ESCAPED) {
\t        const jsval exception = call->coro.channel;
\t        porf_coro_call_free(call);
\t        porf_throw(exception);
\t      }
\t      hedyn_countGenerator();
\t    }
`,
    times: 1,
  },
];
