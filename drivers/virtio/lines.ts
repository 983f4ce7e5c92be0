'use machine';
// Interrupt lines that virtio devices use, and the processor's vector of each. Devices that share a line share its vector.

import { type bool, type FixedArray, fixedArray, type u8, type u32 } from '../../kernel/base/machine.ts';
import { interruptAllocate, interruptRoute, VECTOR_NONE } from '../../kernel/hal/interrupts.ts';

/** Lines of a machine that are in use: QEMU's microvm has 24 slots of virtio-mmio, a PC 8 lines for PCI. */
const LINE_COUNT_MAX: u32 = 64;

class Lines {
  count: u32 = 0;
  gsis: FixedArray<u32, 64> = fixedArray(64, 0);
  vectors: FixedArray<u8, 64> = fixedArray(64, 0);
  /** A vector that was taken for a line which could not be routed. */
  spare: u8 = 0;
}

const lines = new Lines();

/** Returns the vector of line `gsi`, routed and open; VECTOR_NONE when no interrupt controller has the line, or no vector is left. */
export const vectorOfLine = (gsi: u32, isActiveLow: bool): u8 => {
  for (let i: u32 = 0; i < lines.count; i++) {
    if (lines.gsis[i] === gsi) return lines.vectors[i];
  }
  if (lines.count === LINE_COUNT_MAX) return VECTOR_NONE;
  const vector: u8 = lines.spare !== VECTOR_NONE ? lines.spare : interruptAllocate();
  if (vector === VECTOR_NONE) return VECTOR_NONE;
  lines.spare = vector;
  if (!interruptRoute(gsi, vector, true, isActiveLow)) return VECTOR_NONE;
  lines.spare = VECTOR_NONE;
  lines.gsis[lines.count] = gsi;
  lines.vectors[lines.count] = vector;
  lines.count++;
  return vector;
};

/** Forgets all lines: what is known of them is of another machine. For tests, which have many in one process. */
export const forgetLines = (): void => {
  lines.count = 0;
  lines.spare = VECTOR_NONE;
};
