'use machine';
// The kernel's command line, byte by byte: QEMU's -append. PVH start info; options.ts makes words of it.

import type { u8, u32 } from '../base/machine.ts';

/** Returns the length in bytes of the command line, at most 4096; 0 when there is none. */
export declare const commandLineLength: () => u32;

/** Returns byte `index` of the command line, which is below `commandLineLength()`. */
export declare const commandLineByte: (index: u32) => u8;
