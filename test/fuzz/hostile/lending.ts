// Whose each byte of the DMA window is. A driver that touches memory of nobody's, or what the device has, is found at that access.
//
//   nobody's ── the pool gave it ──▶ the driver's ── the device takes a chain ──▶ lent ── the driver reads its head in the ring ──▶ the driver's
//       ▲                                │                                         │
//       └────── the pool has it back ────┘                                         └── the ring is reset ──▶ the driver's
//
// A chain counts as returned from when the driver reads its head out of the ring, whatever the device meant by that: from then on the driver believes it.

import type { DmaPool } from '../../../kernel/hal/dma-pool.ts';
import type { SimMachine } from '../../sim/machine.ts';
import type { SimRing } from '../../sim/virtio/ring.ts';
import { IN_ORDER, RING_PACKED, type SimBuffer, type SimChain } from '../../sim/virtio/ring-layout.ts';

// What a byte is.
const NOBODYS = 0;
const DRIVERS = 1;
const DEVICE_READS = 2;
const DEVICE_WRITES = 3;
/** Of a ring, where the device writes. */
const RING = 4;

/** Does something of the device's side, where a failure is nobody's but the simulation's. */
export const forgive = (action: () => void): void => {
  try {
    action();
  } catch (error) {
    if (error instanceof Hang) throw error;
  }
};

/** Thrown when the driver goes on and on. A driver that catches it is found all the same: `isHung`. */
export class Hang extends Error {}

/** Descriptors of a packed ring and elements of a split one: where the head of a returned chain is in each. */
const PACKED_STRIDE = 16;
const PACKED_ID = 12;
const SPLIT_FIRST = 4;
const SPLIT_STRIDE = 8;

/** A place in memory. */
export interface Place {
  readonly offset: number;
  readonly length: number;
}

interface RingPlaces {
  /** Where the device answers. */
  readonly answers: Place;
  /** All that it may write to: of a packed ring also what notifications it wants. */
  readonly writable: readonly Place[];
  readonly isPacked: boolean;
  readonly chains: Map<number, SimChain>;
  /** The device has written over what the driver made available: what it would take now is nothing that was lent. */
  isDoubtful: boolean;
}

export class Lending {
  /** What a driver did that must not be. */
  readonly problems: string[] = [];
  /** Heads that the driver has read and that the device did not have, since the last look. */
  impossibleHeads: string[] = [];
  /** Called before the driver reads what the device can write: there, it may still change it. */
  beforeRead: (place: Place, ring?: SimRing) => void = () => {};
  /** Whether the device reaches no memory: it is no bus master any more. */
  isCutOff: () => boolean = () => false;
  pool: DmaPool | undefined;
  private readonly machine: SimMachine;
  private readonly marks: Uint8Array;
  private readonly rings = new Map<SimRing, RingPlaces>();
  /** What came back in this turn. */
  private returned: Place[] = [];
  private freeBytes = 0;

  constructor(machine: SimMachine) {
    this.machine = machine;
    this.marks = new Uint8Array(machine.dma.length);
  }

  /** Judges an access of the driver. */
  judge(offset: number, length: number, isWrite: boolean): void {
    if (length === 0) return;
    const { marks } = this;
    const mark = marks[offset]!;
    if (mark === DRIVERS && this.isUniform(offset, length)) {
      if (!isWrite && this.returned.length > 0) this.offerChange(offset, length);
      return;
    }
    if (mark === RING && length <= 8) {
      if (!isWrite) this.readRing(offset, length);
      return;
    }
    if (mark === NOBODYS && this.isTaken(offset, length)) {
      this.marks.fill(DRIVERS, offset, offset + length); // It was all in the pool.
      return;
    }
    for (let at = offset; at < offset + length; at++) {
      if (!this.mayTouch(at, isWrite)) return;
    }
  }

  /** Notes where the driver has put a ring. */
  place(ring: SimRing): void {
    const isPacked = ring.has(RING_PACKED);
    const answers = {
      offset: this.offsetOf(isPacked ? ring.descriptors : ring.device),
      length: isPacked ? ring.size * PACKED_STRIDE : SPLIT_FIRST + ring.size * SPLIT_STRIDE + 2,
    };
    const writable = isPacked ? [answers, { offset: this.offsetOf(ring.device), length: 4 }] : [answers];
    this.rings.set(ring, { answers, writable, isPacked, chains: new Map(), isDoubtful: false });
    for (const place of writable) this.mark(place, RING);
  }

  /** Forgets a ring: the device has nothing of it any more. */
  forget(ring: SimRing): void {
    const places = this.rings.get(ring);
    if (places === undefined) return;
    for (const chain of places.chains.values()) this.markChain(chain, DRIVERS, DRIVERS);
    for (const place of places.writable) this.mark(place, DRIVERS);
    this.rings.delete(ring);
  }

  /** The device writes over a ring. In a packed one, what the driver made available is in the same place. */
  doubt(ring: SimRing): void {
    const places = this.rings.get(ring);
    if (places === undefined || !places.isPacked) return;
    places.isDoubtful = true;
    for (const chain of places.chains.values()) this.markChain(chain, DRIVERS, DRIVERS);
    places.chains.clear();
  }

  /** The device reaches nothing any more. */
  forgetAll(): void {
    for (const ring of [...this.rings.keys()]) this.forget(ring);
  }

  take(ring: SimRing, chain: SimChain): void {
    const { chains, isDoubtful } = this.rings.get(ring) ?? { isDoubtful: true };
    if (chains === undefined || isDoubtful) return;
    for (const place of chain.writable) {
      if (place.length > 0 && this.has(place, DEVICE_WRITES))
        this.report(`what the device writes is lent to it twice`, place);
    }
    chains.set(chain.head, chain);
    this.markChain(chain, DEVICE_READS, DEVICE_WRITES);
  }

  /** Returns the chains of a ring that the device has, by their heads; undefined when it is not enabled. */
  chainsOf(ring: SimRing): Map<number, SimChain> | undefined {
    return this.rings.get(ring)?.chains;
  }

  /** Returns where in an enabled ring the device may write. */
  writableOf(ring: SimRing): readonly Place[] {
    return this.rings.get(ring)?.writable ?? [];
  }

  /** A turn is over: takes note of what went back to the pool. What is lent must not be among it. */
  endTurn(): void {
    this.returned = [];
    if (this.isCutOff()) this.forgetAll();
    const { pool } = this;
    if (pool === undefined) return;
    let free = 0;
    for (let i = 0; i < pool.count; i++) free += pool.lengths[i]!;
    if (free === this.freeBytes) return;
    this.freeBytes = free;
    for (const place of this.ofDevice()) {
      if (place.offset >= 0 && !this.isTaken(place.offset, place.length))
        this.report('what the device has is given back to the pool', place);
    }
    for (let i = 0; i < pool.count; i++) this.marks.fill(NOBODYS, pool.starts[i], pool.starts[i]! + pool.lengths[i]!);
  }

  /** Returns what the device has: parts of rings, and buffers. */
  private ofDevice(): Place[] {
    const places: Place[] = [];
    for (const { writable, chains } of this.rings.values()) {
      places.push(...writable);
      for (const chain of chains.values()) places.push(...chain.readable, ...chain.writable);
    }
    return places;
  }

  private mayTouch(at: number, isWrite: boolean): boolean {
    const mark = this.marks[at];
    if (mark === DRIVERS || mark === RING || (mark === DEVICE_READS && !isWrite)) return true;
    if (mark === NOBODYS && this.isTaken(at, 1)) {
      this.marks[at] = DRIVERS;
      return true;
    }
    const what = mark === NOBODYS ? 'is nobody’s' : 'the device has';
    return this.report(`the driver ${isWrite ? 'writes' : 'reads'} what ${what}`, { offset: at, length: 1 });
  }

  /** Returns whether nothing of it is in the pool. */
  private isTaken(offset: number, length: number): boolean {
    const pool = this.pool!;
    for (let i = 0; i < pool.count; i++) {
      if (offset < pool.starts[i]! + pool.lengths[i]! && pool.starts[i]! < offset + length) return false;
    }
    return true;
  }

  /** The driver reads in a ring: when that is the head of a chain, it has it back. */
  private readRing(offset: number, length: number): void {
    for (const [ring, places] of this.rings) {
      const { answers, isPacked, chains } = places;
      const at = offset - answers.offset;
      if (at < 0 || at >= answers.length) continue;
      this.beforeRead({ offset, length }, ring);
      if (places.isDoubtful) return;
      if (isPacked && at % PACKED_STRIDE === PACKED_ID)
        this.comeBack(ring, chains, this.machine.dmaView.getUint16(offset, true));
      if (!isPacked && at >= SPLIT_FIRST && (at - SPLIT_FIRST) % SPLIT_STRIDE === 0 && length === 4)
        this.comeBack(ring, chains, this.machine.dmaView.getUint32(offset, true));
    }
  }

  private comeBack(ring: SimRing, chains: Map<number, SimChain>, head: number): void {
    if (!chains.has(head)) forgive(() => ring.take()); // What it did not take yet, it has all the same.
    if (!chains.has(head)) {
      if (ring.has(IN_ORDER) && ring.has(RING_PACKED)) return; // One that was returned out of order has moved the two sides apart.
      this.impossibleHeads.push(`head ${head}`);
      return;
    }
    for (const [each, chain] of ring.has(IN_ORDER) ? [...chains] : [[head, chains.get(head)!] as const]) {
      chains.delete(each);
      this.markChain(chain, DRIVERS, DRIVERS);
      this.returned.push(...chain.writable.filter(isInWindow));
      if (each === head) return;
    }
  }

  /** The driver reads what has just come back. */
  private offerChange(offset: number, length: number): void {
    const isOf = (place: Place): boolean => offset >= place.offset && offset + length <= place.offset + place.length;
    if (this.returned.some(isOf)) this.beforeRead({ offset, length });
  }

  private isUniform(offset: number, length: number): boolean {
    const { marks } = this;
    for (let at = offset + 1; at < offset + length; at++) if (marks[at] !== DRIVERS) return false;
    return true;
  }

  private has({ offset, length }: Place, mark: number): boolean {
    return offset >= 0 && this.marks.subarray(offset, offset + length).includes(mark);
  }

  private markChain({ readable, writable }: SimChain, read: number, write: number): void {
    for (const buffer of readable) if (isInWindow(buffer)) this.mark(buffer, read);
    for (const buffer of writable) if (isInWindow(buffer)) this.mark(buffer, write);
  }

  private mark({ offset, length }: Place, mark: number): void {
    if (offset >= 0) this.marks.fill(mark, offset, offset + length);
  }

  private offsetOf(busAddress: number): number {
    return busAddress - this.machine.dmaBase;
  }

  private report(what: string, { offset, length }: Place): false {
    const caller = (new Error().stack ?? '').split('\n').filter((line) => /drivers|kernel\/[a-gi-z]/.test(line));
    this.problems.push(`${what}: ${length} bytes at ${offset}\n${caller.join('\n')}`);
    return false;
  }
}

const isInWindow = ({ offset, length }: SimBuffer): boolean => offset >= 0 && length > 0;
