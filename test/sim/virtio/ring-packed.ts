// The device's side of a packed virtqueue. VIRTIO 1.2 §2.8.

import type { SimRing } from './ring.ts';
import { EVENT_IDX, INDIRECT_DESC, type SimBuffer, type SimChain, type SimRingLayout } from './ring-layout.ts';

const FLAG_NEXT = 1;
const FLAG_WRITE = 2;
const FLAG_INDIRECT = 4;
const FLAG_AVAIL = 0x80;
const FLAG_USED = 0x8000;

const EVENTS_ENABLED = 0;
const EVENTS_DISABLED = 1;
const EVENTS_FROM_DESCRIPTOR = 2;

/** A place in the ring, and the wrap counter of who is there. */
interface Place {
  at: number;
  wrap: boolean;
}

interface Descriptor {
  readonly address: number;
  readonly length: number;
  readonly id: number;
  readonly flags: number;
}

export class SimPackedRing implements SimRingLayout {
  private readonly ring: SimRing;
  private readonly taking: Place = { at: 0, wrap: true };
  private readonly giving: Place = { at: 0, wrap: true };
  /** Descriptors used since an interrupt was last thought about, and where that was. */
  private considered: Place = { at: 0, wrap: true };
  private unconsidered = 0;
  /** Of each buffer id that the device has: how many descriptors of the ring its chain takes. */
  private readonly counts = new Map<number, number>();
  private inRing = 0;

  constructor(ring: SimRing) {
    this.ring = ring;
  }

  hasMore(): boolean {
    const { flags } = this.readDescriptor(this.ring.descriptors + this.taking.at * 16);
    return isAvailable(flags, this.taking.wrap);
  }

  takeOne(): SimChain | undefined {
    if (!this.hasMore()) return undefined;
    this.checkEvents();
    const readable: SimBuffer[] = [];
    const writable: SimBuffer[] = [];
    for (let count = 1; ; count++) {
      const { at, wrap } = this.taking;
      const descriptor = this.readDescriptor(this.ring.descriptors + at * 16);
      if (!isAvailable(descriptor.flags, wrap)) this.ring.violate(`descriptor ${at} of a list is not available`);
      this.advance(this.taking, 1);
      if ((descriptor.flags & FLAG_INDIRECT) !== 0) {
        if ((descriptor.flags & FLAG_NEXT) !== 0 || count > 1) this.ring.violate(`a table in the list at ${at}`);
        this.readTable(at, descriptor, readable, writable);
      } else this.addBuffer(at, descriptor, readable, writable);
      if ((descriptor.flags & FLAG_NEXT) === 0) return this.ended(descriptor.id, count, readable, writable);
      if (count === this.ring.size) {
        this.ring.violate('a list is longer than the queue');
        return undefined;
      }
    }
  }

  giveBatch(heads: readonly number[], length: number): void {
    const { ring } = this;
    const id = heads.at(-1)!;
    const descriptor = ring.descriptors + this.giving.at * 16;
    // The device overwrites the descriptor at its place, whichever chain was there, the flags last.
    ring.memory.write32(descriptor + 8, length);
    ring.memory.write16(descriptor + 12, id & 0xffff);
    const lap = this.giving.wrap ? FLAG_AVAIL | FLAG_USED : 0;
    ring.memory.write16(descriptor + 14, lap | (length === 0 || ring.leavesWriteFlagOut ? 0 : FLAG_WRITE));
    for (const head of heads) {
      const count = this.counts.get(head);
      this.skip(count ?? 1);
      this.inRing -= count ?? 0;
      this.counts.delete(head);
    }
  }

  skip(count: number): void {
    this.advance(this.giving, count);
    this.unconsidered += count;
  }

  stopNotifications(): void {
    this.ring.memory.write32(this.ring.device, EVENTS_DISABLED << 16);
  }

  askForNotifications(): void {
    const { ring, taking } = this;
    const place = taking.at | (taking.wrap ? 0x8000 : 0);
    ring.memory.write32(ring.device, ring.has(EVENT_IDX) ? (EVENTS_FROM_DESCRIPTOR << 16) | place : EVENTS_ENABLED);
  }

  wantsInterrupt(): boolean {
    const { ring } = this;
    const event = ring.memory.read32(ring.driver);
    const place = { ...this.considered };
    const count = this.unconsidered;
    this.considered = { ...this.giving };
    this.unconsidered = 0;
    if (event >>> 16 !== EVENTS_FROM_DESCRIPTOR) return event >>> 16 === EVENTS_ENABLED;
    for (let i = 0; i < count; i++, this.advance(place, 1)) {
      if (place.at === (event & 0x7fff) && place.wrap === ((event & 0x8000) !== 0)) return true;
    }
    return false;
  }

  private checkEvents(): void {
    const flags = this.ring.memory.read32(this.ring.driver) >>> 16;
    if (flags > EVENTS_FROM_DESCRIPTOR) this.ring.violate(`the driver's event flags are ${flags}`);
    if (flags === EVENTS_FROM_DESCRIPTOR && !this.ring.has(EVENT_IDX)) {
      this.ring.violate('the driver names a descriptor without EVENT_IDX');
    }
  }

  private ended(id: number, count: number, readable: SimBuffer[], writable: SimBuffer[]): SimChain {
    if (this.counts.has(id)) this.ring.violate(`buffer id ${id} is made available twice`);
    this.counts.set(id, count);
    this.inRing += count;
    if (this.inRing > this.ring.size)
      this.ring.violate(`${this.inRing} descriptors are available in a ring of ${this.ring.size}`);
    return { head: id, readable, writable };
  }

  private readTable(at: number, table: Descriptor, readable: SimBuffer[], writable: SimBuffer[]): void {
    const { ring } = this;
    if (!ring.has(INDIRECT_DESC)) ring.violate('a table without INDIRECT_DESC');
    const count = table.length / 16;
    if (!Number.isInteger(count) || count === 0 || count > ring.size) {
      ring.violate(`a table of ${table.length} bytes in a queue of ${ring.size}`);
      return;
    }
    for (let index = 0; index < count; index++) {
      const descriptor = this.readDescriptor(table.address + index * 16);
      if ((descriptor.flags & ~FLAG_WRITE) !== 0) ring.violate(`a descriptor in a table has flags ${descriptor.flags}`);
      this.addBuffer(at, descriptor, readable, writable);
    }
  }

  private addBuffer(at: number, descriptor: Descriptor, readable: SimBuffer[], writable: SimBuffer[]): void {
    const { address, length, flags } = descriptor;
    const reserved = flags & ~(FLAG_NEXT | FLAG_WRITE | FLAG_AVAIL | FLAG_USED);
    if (reserved !== 0) this.ring.violate(`descriptor ${at} has flags ${flags}`);
    if (length === 0) this.ring.violate(`descriptor ${at} has no length`);
    const isWritable = (flags & FLAG_WRITE) !== 0;
    if (!isWritable && writable.length > 0) this.ring.violate(`descriptor ${at} is readable behind a writable one`);
    (isWritable ? writable : readable).push(this.ring.memory.bufferOf(address, length));
  }

  private readDescriptor(address: number): Descriptor {
    const { memory } = this.ring;
    return {
      address: memory.read64(address),
      length: memory.read32(address + 8),
      id: memory.read16(address + 12),
      flags: memory.read16(address + 14),
    };
  }

  private advance(place: Place, count: number): void {
    for (let i = 0; i < count; i++) {
      place.at++;
      if (place.at === this.ring.size) {
        place.at = 0;
        place.wrap = !place.wrap;
      }
    }
  }
}

/** §2.8.1: AVAIL is the wrap counter, USED its opposite. */
const isAvailable = (flags: number, wrap: boolean): boolean =>
  ((flags & FLAG_AVAIL) !== 0) === wrap && ((flags & FLAG_USED) !== 0) !== wrap;
