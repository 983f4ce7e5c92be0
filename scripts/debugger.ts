// `debugger;` in both planes: one `nop`, and its address where gdb finds it.
//
// The section is not loaded, so an image has a byte more for each statement and nothing else. scripts/gdb stops at these addresses; without
// gdb nothing happens, as on Node.

/** The statement in C, without its semicolon. */
export const DEBUGGER = 'HEDYN_DEBUGGER';

/** The section of an image with debug information that holds the addresses, as 64-bit words. 0 is one of a function that was left out. */
export const DEBUGGER_SECTION = '.hedyn.debugger';

/** The definition of DEBUGGER. */
export const DEBUGGER_MACRO = `#define ${DEBUGGER} __asm__ volatile("661: nop; .pushsection ${DEBUGGER_SECTION},\\"\\",@progbits; .quad 661b; .popsection")\n`;
