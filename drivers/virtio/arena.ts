'use machine';
// Memory for the data of requests: pages of DMA memory, taken in pieces that lie in one piece each.
//
//   ├── free ──┤ taken ├ free ┤ taken ├── free ──┤
//                                     next: where the search begins
//
// A search begins behind the piece that was taken last. As requests end in roughly the order in which they began, there is room at once; one that
// takes long keeps its own piece and is passed over.

import { type DmaOffset, type FixedArray, fixedArray, type u32 } from '../../kernel/base/machine.ts';

/** The unit of the arena: no piece straddles more pages than its length needs. */
export const ARENA_PAGE_SIZE: u32 = 4096;

/** The longest arena, in pages: 4 MiB. */
export const ARENA_PAGE_COUNT_MAX: u32 = 1024;

/** What `takePiece` returns when there is no room now. */
export const ARENA_FULL: u32 = 0xffffffff;

/** The pages. */
export class Arena {
  memory: DmaOffset = 0;
  pageCount: u32 = 0;
  usedCount: u32 = 0;
  next: u32 = 0;
  /** Of the page with which a piece begins: how many it has. 0: the page is free, or inside a piece. */
  pageCounts: FixedArray<u32, 1024> = fixedArray(1024, 0);
}

/** Makes an arena of `pageCount` pages at `memory`, with nothing taken. */
export const prepareArena = (arena: Arena, memory: DmaOffset, pageCount: u32): void => {
  arena.memory = memory;
  arena.pageCount = pageCount;
};

/** Takes `length` bytes, at least one. Returns where they are, or ARENA_FULL. */
export const takePiece = (arena: Arena, length: u32): DmaOffset => {
  const wanted: u32 = Math.ceil(length / ARENA_PAGE_SIZE);
  if (arena.usedCount === 0) arena.next = 0; // What was used just now is in the processor's cache.
  let page: u32 = arena.next;
  let found: u32 = 0; // Free pages before `page`.
  for (let seen: u32 = 0; seen < arena.pageCount + wanted; ) {
    if (page === arena.pageCount) {
      page = 0;
      found = 0;
    }
    const count: u32 = arena.pageCounts[page];
    if (count === 0) {
      page++;
      seen++;
      found++;
      if (found === wanted) return take(arena, page - wanted, wanted);
    } else {
      page += count;
      seen += count;
      found = 0;
    }
  }
  return ARENA_FULL;
};

/** Gives back what `takePiece` returned. */
export const giveBack = (arena: Arena, piece: DmaOffset): void => {
  const page: u32 = Math.floor((piece - arena.memory) / ARENA_PAGE_SIZE);
  arena.usedCount -= arena.pageCounts[page];
  arena.pageCounts[page] = 0;
};

const take = (arena: Arena, page: u32, count: u32): DmaOffset => {
  arena.pageCounts[page] = count;
  arena.usedCount += count;
  arena.next = page + count;
  return arena.memory + page * ARENA_PAGE_SIZE;
};
