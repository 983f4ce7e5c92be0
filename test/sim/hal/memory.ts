// The memory map of the simulated machine.

import { MEMORY_RAM } from '../../../kernel/hal/memory.ts';
import { type SimMemoryRegion, theMachine } from '../machine.ts';

export * from '../../../kernel/hal/memory.ts';

const PAGE_SIZE = 4096;

export const memoryTotal = (): number =>
  theMachine()
    .memoryRegions.filter(({ type }) => type === MEMORY_RAM)
    .reduce((sum, { length }) => sum + length, 0);

export const memoryFree = (): number => theMachine().pages.free().length * PAGE_SIZE;

export const memoryTouched = (): number => theMachine().pages.indicesOf('fresh', 'returned').length * PAGE_SIZE;

export const memoryRegionCount = (): number => theMachine().memoryRegions.length;

export const memoryRegionStart = (index: number): number => region(index).start;

export const memoryRegionLength = (index: number): number => region(index).length;

export const memoryRegionType = (index: number): number => region(index).type;

const region = (index: number): SimMemoryRegion => {
  const found = theMachine().memoryRegions[index];
  if (found === undefined) throw new RangeError(`the memory map has no region ${index}`);
  return found;
};
