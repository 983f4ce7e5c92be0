'use machine';
// Memory for the data of requests: a ring of DMA memory, taken in pieces that lie in one piece each.
//
//            first                 end                          first: the piece taken longest ago
//   ├── free ──┤ taken │ back │ taken ├── free ──┤              end: where the next one goes
//
// Pieces come back in any order; their memory is free again when all before them are back too. As requests end in roughly the order in which they
// began, that is soon, and taking and giving back are a few steps whatever there is.

import { type bool, type DmaOffset, type FixedArray, fixedArray, type u32 } from '../../kernel/base/machine.ts';

/** The unit of the ring: no piece straddles more pages than its length needs. */
export const ARENA_PAGE_SIZE: u32 = 4096;

/** The longest ring, in pages: 4 MiB. */
export const ARENA_PAGE_COUNT_MAX: u32 = 1024;

/** What `takePiece` returns when there is no room now. */
export const ARENA_FULL: u32 = 0xffffffff;

/** The ring. Positions and lengths in pages. */
export class Arena {
  memory: DmaOffset = 0;
  pageCount: u32 = 0;
  first: u32 = 0;
  end: u32 = 0;
  /** Pages from `first` to `end`. */
  usedCount: u32 = 0;
  /** Of the page with which a piece begins: how many it has, and whether it is back. */
  pageCounts: FixedArray<u32, 1024> = fixedArray(1024, 0);
  areBack: FixedArray<bool, 1024> = fixedArray(1024, false);
}

/** Makes `pageCount` pages at `memory` a ring with nothing taken. */
export const prepareArena = (arena: Arena, memory: DmaOffset, pageCount: u32): void => {
  arena.memory = memory;
  arena.pageCount = pageCount;
  arena.first = 0;
  arena.end = 0;
  arena.usedCount = 0;
};

/** Takes `length` bytes, at least one and at most the ring. Returns where they are, or ARENA_FULL. */
export const takePiece = (arena: Arena, length: u32): DmaOffset => {
  const count: u32 = Math.ceil(length / ARENA_PAGE_SIZE);
  if (arena.usedCount === 0) {
    arena.first = 0; // What was used just now is in the processor's cache.
    arena.end = 0;
  }
  if (arena.usedCount !== 0 && arena.end <= arena.first) {
    return count <= arena.first - arena.end ? take(arena, count) : ARENA_FULL;
  }
  const rest: u32 = arena.pageCount - arena.end;
  if (count <= rest) return take(arena, count);
  if (count > arena.first) return ARENA_FULL;
  if (rest !== 0) giveBack(arena, take(arena, rest)); // Too short for the piece: it is passed over.
  return take(arena, count);
};

/** Gives back what `takePiece` returned. */
export const giveBack = (arena: Arena, piece: DmaOffset): void => {
  arena.areBack[Math.floor((piece - arena.memory) / ARENA_PAGE_SIZE)] = true;
  while (arena.usedCount !== 0 && arena.areBack[arena.first]) {
    const count: u32 = arena.pageCounts[arena.first];
    arena.usedCount -= count;
    arena.first = wrapped(arena, arena.first + count);
  }
};

/** Takes the next `count` pages, which are free and do not wrap. */
const take = (arena: Arena, count: u32): DmaOffset => {
  const page: u32 = arena.end;
  arena.pageCounts[page] = count;
  arena.areBack[page] = false;
  arena.usedCount += count;
  arena.end = wrapped(arena, page + count);
  return arena.memory + page * ARENA_PAGE_SIZE;
};

const wrapped = (arena: Arena, page: u32): u32 => (page === arena.pageCount ? 0 : page);
