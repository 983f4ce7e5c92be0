import { describe, expect, it } from 'vitest';
import {
  cutReport,
  hasReport,
  hasRoomFor,
  heldCount,
  nextEvent,
  noteLoss,
  putEvent,
  REPORT_LENGTH_MAX,
  RING_LENGTH,
  Ring,
} from '../../../../drivers/input/ring.ts';

const KEY = 1;
const SYN = 0;
const DROPPED = 3;

/** Puts events of one report in, and its end. */
const report = (ring: Ring, ...values: number[]): void => {
  for (const value of values) putEvent(ring, KEY, 30, value);
  putEvent(ring, SYN, 0, 0);
};

/** Takes the next report: values of keys, or codes of EV_SYN as text. */
const take = (ring: Ring): (number | string)[] | undefined => {
  if (!hasReport(ring)) return undefined;
  const events: (number | string)[] = [];
  while (nextEvent(ring)) events.push(ring.type === SYN ? `syn ${ring.code}` : ring.value);
  return events;
};

describe('the ring of events', () => {
  it('gives whole reports in their order, and nothing of one that is coming', () => {
    const ring = new Ring();
    report(ring, 1, 2);
    report(ring);
    putEvent(ring, KEY, 30, 3);
    expect([take(ring), take(ring), take(ring), heldCount(ring)]).toEqual([[1, 2], [], undefined, 1]);
    putEvent(ring, SYN, 2, 0);
    putEvent(ring, SYN, 0, 0);
    expect(take(ring)).toEqual([3, 'syn 2']);
  });

  it('keeps types, codes and signs', () => {
    const ring = new Ring();
    putEvent(ring, 0x1f, 0xffff, -2147483648);
    putEvent(ring, SYN, 0, 0);
    nextEvent(ring);
    expect([ring.type, ring.code, ring.value]).toEqual([0x1f, 0xffff, -2147483648]);
  });

  it('goes on beyond its end and beyond 2^32 events', () => {
    const ring = new Ring();
    ring.head = 0xffffff00;
    ring.end = ring.head;
    ring.tail = ring.head;
    for (let i = 0; i < RING_LENGTH; i++) {
      report(ring, i, i + 1);
      expect([take(ring), heldCount(ring)]).toEqual([[i, i + 1], 0]);
    }
  });

  it('has room for what can come with the losses around it', () => {
    const ring = new Ring();
    expect([hasRoomFor(ring, RING_LENGTH - 4), hasRoomFor(ring, RING_LENGTH - 3)]).toEqual([true, false]);
    report(ring, 1);
    expect([hasRoomFor(ring, RING_LENGTH - 6), hasRoomFor(ring, RING_LENGTH - 5)]).toEqual([true, false]);
  });

  it('refuses a report that does not end', () => {
    const ring = new Ring();
    for (let i = 1; i <= REPORT_LENGTH_MAX; i++) expect(putEvent(ring, KEY, 30, i)).toBe(true);
    expect(putEvent(ring, KEY, 30, 0)).toBe(false);
  });
});

describe('a loss', () => {
  it('is told at once between two reports, and once', () => {
    const ring = new Ring();
    report(ring, 1);
    noteLoss(ring);
    report(ring, 2);
    expect([take(ring), take(ring), take(ring), take(ring)]).toEqual([[1], [`syn ${DROPPED}`], [2], undefined]);
  });

  it('is told behind the report that is coming', () => {
    const ring = new Ring();
    putEvent(ring, KEY, 30, 1);
    noteLoss(ring);
    putEvent(ring, KEY, 30, 2);
    putEvent(ring, SYN, 0, 0);
    report(ring, 3);
    expect([take(ring), take(ring), take(ring)]).toEqual([[1, 2], [`syn ${DROPPED}`], [3]]);
  });

  it('of a reset cuts the report that was coming', () => {
    const ring = new Ring();
    report(ring, 1);
    putEvent(ring, KEY, 30, 2);
    cutReport(ring);
    report(ring, 3);
    expect([take(ring), take(ring), take(ring)]).toEqual([[1], [`syn ${DROPPED}`], [3]]);
  });
});
