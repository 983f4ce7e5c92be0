// The end of a program whose main module awaits what nothing can settle any more. Node says so and leaves with 13; so does this, with a status
// of its own and the line that waits.

import type { Edit } from './edit.ts';

/** Returns the edits; none for a program whose main module never waits. */
export const mainModuleEdits = (c: string, target: 'metal' | 'native'): Edit[] => {
  const promise = /^static jsval (mainModule\w*) = /m.exec(c)?.[1];
  const main = /\(void\)p\d+_startMain\w*\(_\w+\);/.exec(c);
  if (promise === undefined || main === null) return [];
  return [
    {
      mends: 'a main module that still waits at the end',
      find: '\nint main(int argc, char** argv) {\n',
      replace: `\n${target === 'metal' ? METAL : NATIVE}${checkOf(promise, mainIndexOf(c))}\nint main(int argc, char** argv) {\n`,
      times: 1,
    },
    {
      mends: 'the end of a program that waits',
      find: /( {2}p0__23main\(\);\n(?: {2}\(void\).*\n)*)( {2}return 0;\n)/g,
      replace: '$1  hedyn_checkMain();\n$2',
      times: 1,
    },
  ];
};

/** The part of the main module that waits is the last of its functions (scripts/top-level.ts). */
const mainIndexOf = (c: string): number =>
  Math.max(...[...c.matchAll(/^jsval p(\d+)__24main_24\d+\(/gm)].map(([, index]) => Number(index)));

const checkOf = (promise: string, index: number): string => `static void hedyn_checkMain(void) {
  if (porf_jv_type(${promise}) != 30 || *(u8*)(MEM + (u32)${promise}.val + PORF_PROMISE_STATE) != 0) return;
  for (const porf_coro* c = hedyn_coroutines; c; c = c->next) {
    if (((const porf_coro_call*)c)->idx == ${index}u) hedyn_unsettled(((const uint64_t*)c->sp)[HEDYN_SAVED_RBP]);
  }
}
`;

const METAL = `extern _Noreturn void hal_unsettledAwait(uint64_t frame);
static _Noreturn void hedyn_unsettled(uint64_t frame) { hal_unsettledAwait(frame); }
`;

const NATIVE = `static _Noreturn void hedyn_unsettled(uint64_t frame) {
  fflush(stdout);
  fprintf(stderr, "unsettled top-level await\\n");
  exit(13);
}
`;
