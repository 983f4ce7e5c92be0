// Exceptions and coroutines. Porffor keeps the handlers of all coroutines in one array, at the depth where each began: resumed from another depth,
// a coroutine overwrites its resumer's handlers, and what it throws jumps to a stale one.
//
// Mended: every coroutine has an array of its own. Its first entry catches what nothing inside caught; the exception is then thrown again
// in whoever resumed it, so none ever crosses from one stack to another.

import type { Edit } from './edit.ts';

/** Returns the edits; none for a program without coroutines. */
export const coroutineEdits = (c: string): Edit[] => [
  ...(c.includes('typedef struct porf_coro {') ? EDITS : []),
  ...suspensionEdits(c, 'awaitHere', 'porf_await'),
  ...suspensionEdits(c, 'yieldHere', 'porf_yield'),
];

/** The helpers of kernel/runtime/suspend.ts do in C what JavaScript has no word for outside a coroutine's own body. */
const suspensionEdits = (c: string, helper: string, suspend: string): Edit[] => {
  const head = new RegExp(`^jsval p\\d+_${helper}\\w*\\((?:volatile )?jsval (\\w+)\\) \\{\\n`, 'gm');
  if (!new RegExp(head.source, 'm').test(c)) return [];
  const find = new RegExp(`(${head.source})[\\s\\S]*?\\n\\}\\n`, 'gm');
  return [{ mends: `${helper}()`, find, replace: `$1\treturn ${suspend}($2);\n}\n`, times: 1 }];
};

const EDITS: Edit[] = [
  {
    mends: 'the fields of a coroutine',
    find: '  i32 try_save_cap;\n',
    replace: `  i32 try_save_cap;
  jmp_buf* caller_try;    // the handlers of who resumed it
  i32 caller_try_depth;
  i32 caller_try_cap;
  i32 escaped;            // ended by an exception, held in channel
`,
    times: 1,
  },
  {
    mends: 'leaving a coroutine',
    find: /static void porf_coro_save_try_stack\(porf_coro\* c\) \{\n[\s\S]*?\n\}\n/g,
    replace: `static void porf_coro_save_try_stack(porf_coro* c) {
  c->try_save = porf_try_data;
  c->saved_try_depth = porf_try_depth;
  c->try_save_cap = porf_try_cap;
}

static void hedyn_keepCallerTries(porf_coro* c) {
  c->caller_try = porf_try_data;
  c->caller_try_depth = porf_try_depth;
  c->caller_try_cap = porf_try_cap;
}

static void hedyn_restoreCallerTries(porf_coro* c) {
  porf_try_data = c->caller_try;
  porf_try_depth = c->caller_try_depth;
  porf_try_cap = c->caller_try_cap;
}
`,
    times: 1,
  },
  {
    mends: 'going back into a coroutine',
    find: /static void porf_coro_restore_try_stack\(porf_coro\* c\) \{\n[\s\S]*?\n\}\n/g,
    replace: `static void porf_coro_restore_try_stack(porf_coro* c) {
  hedyn_keepCallerTries(c);
  porf_try_data = c->try_save;
  porf_try_depth = c->saved_try_depth;
  porf_try_cap = c->try_save_cap;
  c->try_save = 0;
}
`,
    times: 1,
  },
  {
    mends: 'the start of a coroutine',
    find: '  c->entry_try_depth = porf_try_depth;\n  volatile i32 outer_try = porf_try_depth;\n',
    replace: `  hedyn_keepCallerTries(c);
  c->entry_try_depth = 0;
  porf_try_data = 0;
  porf_try_depth = 0;
  porf_try_cap = 0;
`,
    times: 1,
  },
  {
    mends: 'the outermost handler of a coroutine',
    find: '  fn(arg);\n  c->state = 3;\n  porf_coro_set_current_stack_top(c->caller_stack_top);\n  _longjmp(c->caller_pt, 1);\n',
    replace: `  porf_try_depth++;
  if (_setjmp(porf_try_stack[0]) == 0) {
    fn(arg);
  } else {
    c->escaped = 1;
    c->channel = porf_exception;
  }
  free(porf_try_data);
  c->state = 3;
  porf_coro_set_current_stack_top(c->caller_stack_top);
  _longjmp(c->caller_pt, 1);
`,
    times: 1,
  },
  {
    mends: 'the handlers of who started or resumed a coroutine',
    find: / {2}porf_try_depth = (?:outer|my)_try;[^\n]*\n {2}porf_coro_restore_caller\(c\);\n/g,
    replace: `  hedyn_restoreCallerTries(c);
  porf_coro_restore_caller(c);
  if (c->escaped) {
    c->escaped = 0;
    porf_throw(c->channel);
  }
`,
    times: 2,
  },
  {
    mends: 'the depth a resumer would have kept',
    find: '  volatile i32 my_try = porf_try_depth;\n',
    replace: '',
    times: 1,
  },
  {
    mends: 'the collector, which scans the handlers of who waits',
    find: '  porf_coro_gc_scan_caller_context(c);\n',
    replace: `  porf_coro_gc_scan_caller_context(c);
  if (c->caller_try) porf_coro_gc_scan_mem(c->caller_try, (const char*)c->caller_try + (size_t)c->caller_try_depth * sizeof(jmp_buf));
`,
    times: 1,
  },
];
