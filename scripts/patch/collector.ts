// The collector looks for values in registers and on the stack, up to where main() begins. Porffor takes a variable of main() for that place;
// a compiler that puts the program into main() keeps values above it.

import type { Edit } from './edit.ts';

/** The edits, for every program. */
export const collectorEdits: readonly Edit[] = [
  {
    mends: 'the end of the stack, as the collector sees it',
    find: '  volatile int porf_stack_anchor = 0;\n  porf_c_stack_top = (void*)&porf_stack_anchor;\n',
    replace:
      '  porf_c_stack_top = __builtin_frame_address(0); // Above all that main() keeps: code has frame pointers.\n',
    times: 1,
  },
];
