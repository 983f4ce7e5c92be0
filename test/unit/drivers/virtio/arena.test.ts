import { describe, expect, it } from 'vitest';
import {
  ARENA_FULL,
  ARENA_PAGE_SIZE,
  Arena,
  giveBack,
  prepareArena,
  takePiece,
} from '../../../../drivers/virtio/arena.ts';
import { Random } from '../../../native/random.ts';

const MEMORY = 0x40000;
const PAGES = 64;

const arena = (): Arena => {
  const made = new Arena();
  prepareArena(made, MEMORY, PAGES);
  return made;
};

/** Returns the length of the longest run of free pages. */
const longestFree = (owners: readonly number[]): number =>
  Math.max(
    ...owners
      .map((owner) => (owner === 0 ? ' ' : 'x'))
      .join('')
      .split('x')
      .map(({ length }) => length),
  );

describe('the memory for the data of requests', () => {
  it('is given out up to its end, and all of it again when it is back', () => {
    const ring = arena();
    for (let round = 0; round < 3; round++) {
      const pieces = Array.from({ length: PAGES }, () => takePiece(ring, ARENA_PAGE_SIZE));
      expect(pieces).toEqual(Array.from({ length: PAGES }, (_, i) => MEMORY + i * ARENA_PAGE_SIZE));
      expect(takePiece(ring, 1)).toBe(ARENA_FULL);
      for (const piece of pieces) giveBack(ring, piece);
    }
    expect(takePiece(ring, PAGES * ARENA_PAGE_SIZE)).toBe(MEMORY);
  });

  it('is taken in one piece: not around the end, and not around what is taken', () => {
    const ring = arena();
    const [first, second, third] = [20, 24, 20].map((pages) => takePiece(ring, pages * ARENA_PAGE_SIZE));
    giveBack(ring, first!);
    giveBack(ring, third!);
    expect(takePiece(ring, 21 * ARENA_PAGE_SIZE)).toBe(ARENA_FULL);
    expect(takePiece(ring, 20 * ARENA_PAGE_SIZE)).toBe(first);
    expect(takePiece(ring, 20 * ARENA_PAGE_SIZE)).toBe(third);
    giveBack(ring, second!);
    expect(takePiece(ring, 24 * ARENA_PAGE_SIZE)).toBe(second);
  });

  it('that is not given back for long is passed over', () => {
    const ring = arena();
    takePiece(ring, ARENA_PAGE_SIZE);
    for (let i = 0; i < 10 * PAGES; i++) {
      const piece = takePiece(ring, 2 * ARENA_PAGE_SIZE);
      expect(piece).not.toBe(ARENA_FULL);
      giveBack(ring, piece);
    }
  });

  it('is never given to two at a time, and never forgotten', () => {
    const random = new Random(7);
    const ring = arena();
    const taken = new Map<number, number>();
    const owners = new Array<number>(PAGES).fill(0);
    let served = 0;
    for (let step = 1; step < 20_000; step++) {
      const pages = 1 + random.below(random.below(8) === 0 ? 32 : 4);
      const isTaking = random.below(2) === 0;
      const piece = isTaking ? takePiece(ring, pages * ARENA_PAGE_SIZE - random.below(100)) : ARENA_FULL;
      if (isTaking && piece === ARENA_FULL) expect(longestFree(owners)).toBeLessThan(pages);
      if (piece !== ARENA_FULL) {
        const page = (piece - MEMORY) / ARENA_PAGE_SIZE;
        expect(owners.slice(page, page + pages)).toEqual(new Array(pages).fill(0));
        owners.fill(step, page, page + pages);
        taken.set(piece, pages);
        served++;
      } else if (taken.size > 0) {
        const back = [...taken.keys()][random.below(taken.size)]!;
        const page = (back - MEMORY) / ARENA_PAGE_SIZE;
        owners.fill(0, page, page + taken.get(back)!);
        taken.delete(back);
        giveBack(ring, back);
      }
    }
    expect(served).toBeGreaterThan(5000);
    for (const piece of taken.keys()) giveBack(ring, piece);
    expect(takePiece(ring, PAGES * ARENA_PAGE_SIZE)).toBe(MEMORY);
  });
});
