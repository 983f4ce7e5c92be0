import { mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EVENT_BYTES, RING_BYTES } from '../../../../scripts/machine/trace.ts';
import { eventsOf } from '../../../../scripts/trace/event.ts';
import { openRing } from '../../../../scripts/trace/ring.ts';

const PLACE = { written: 64, ring: 4096, ringBytes: RING_BYTES, recordBytes: EVENT_BYTES };
const CAPACITY = RING_BYTES / EVENT_BYTES;

describe('the ring of a guest', () => {
  let folder: string;
  let memory: string;
  let file: number;
  let count = 0;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'hedyn-ring-'));
    memory = path.join(folder, 'memory');
    file = openSync(memory, 'w');
    count = 0;
    note(0);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** What the guest does: events are numbered by their stamps. */
  const note = (more: number): void => {
    const events = Buffer.alloc(RING_BYTES);
    for (let index = 0; index < more; index++, count++) {
      const at = (count % CAPACITY) * EVENT_BYTES;
      events.writeBigUInt64LE(BigInt(count), at);
      if (more < 1000) writeSync(file, events, at, 8, PLACE.ring + at);
    }
    if (more >= 1000) writeAround(events, more);
    const written = Buffer.alloc(8);
    written.writeBigUInt64LE(BigInt(count * EVENT_BYTES));
    writeSync(file, written, 0, 8, PLACE.written);
    if (more === 0) writeSync(file, Buffer.alloc(1), 0, 1, PLACE.ring + RING_BYTES - 1);
  };
  /** Many at once: up to the end of the ring, and from its start. */
  const writeAround = (events: Buffer, more: number): void => {
    const end = (count % CAPACITY) * EVENT_BYTES;
    const length = Math.min(more, CAPACITY) * EVENT_BYTES;
    writeSync(file, events, 0, end, PLACE.ring);
    if (length > end)
      writeSync(file, events, RING_BYTES - (length - end), length - end, PLACE.ring + RING_BYTES - (length - end));
  };
  const from = (first: number, end: number): number[] =>
    Array.from({ length: end - first }, (_, index) => first + index);

  it('is read piece by piece, each event once', () => {
    const ring = openRing(memory, PLACE);
    for (const more of [3, 40, 0, 17, 1]) {
      note(more);
      ring.drain();
    }
    expect(
      ring
        .end()
        .flatMap(eventsOf)
        .map(({ stamp }) => stamp),
    ).toEqual(from(0, 61));
    expect(ring.lostCount).toBe(0);
  });

  it('goes round', () => {
    const ring = openRing(memory, PLACE);
    note(CAPACITY - 100);
    ring.drain();
    note(300);
    expect(
      ring
        .end()
        .flatMap(eventsOf)
        .map(({ stamp }) => stamp),
    ).toEqual(from(0, CAPACITY + 200));
    expect(ring.lostCount).toBe(0);
  });

  it('counts what was overwritten before it was read, and returns nothing of it', () => {
    const ring = openRing(memory, PLACE);
    note(20);
    ring.drain();
    note(CAPACITY + 500);
    const stamps = ring
      .end()
      .flatMap(eventsOf)
      .map(({ stamp }) => stamp);
    expect(stamps.length + ring.lostCount).toBe(CAPACITY + 520);
    expect(ring.lostCount).toBeGreaterThanOrEqual(516);
    expect(stamps.slice(-10)).toEqual(from(CAPACITY + 510, CAPACITY + 520));
    expect(stamps).toEqual([...stamps].sort((a, b) => a - b));
  });
});
