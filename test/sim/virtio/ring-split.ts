// The device's side of a split virtqueue. VIRTIO 1.2 §2.7.

import type { SimRing } from './ring.ts';
import {
  EVENT_IDX,
  IN_ORDER,
  INDIRECT_DESC,
  type SimBuffer,
  type SimChain,
  type SimRingLayout,
} from './ring-layout.ts';

const FLAG_NEXT = 1;
const FLAG_WRITE = 2;
const FLAG_INDIRECT = 4;

/** A descriptor as it stands in memory. */
interface Descriptor {
  readonly address: number;
  readonly length: number;
  readonly flags: number;
  readonly next: number;
}

export class SimSplitRing implements SimRingLayout {
  private readonly ring: SimRing;
  /** Chains taken and given so far, as indices that wrap at 2^16. */
  private taken = 0;
  private given = 0;
  /** `given` when an interrupt was last thought about. */
  private considered = 0;
  /** Of each head that the device has: the descriptors that are its own until then. */
  private readonly owned = new Map<number, number[]>();
  private readonly owners = new Map<number, number>();
  private nextInOrder = 0;

  constructor(ring: SimRing) {
    this.ring = ring;
    if ((ring.size & (ring.size - 1)) !== 0) ring.violate(`a split queue has ${ring.size} elements`);
  }

  takeOne(): SimChain | undefined {
    const { ring } = this;
    const available = ring.memory.read16(ring.driver + 2);
    if (available === this.taken) return undefined;
    const ahead = (available - this.taken) & 0xffff;
    if (ahead > ring.size) {
      ring.violate(`the available index runs ahead by ${ahead}, the queue has ${ring.size} elements`);
      return undefined;
    }
    this.checkFlags();
    const head = ring.memory.read16(ring.driver + 4 + (this.taken % ring.size) * 2);
    this.taken = (this.taken + 1) & 0xffff;
    return this.readChain(head);
  }

  giveBatch(heads: readonly number[], length: number): void {
    const { ring } = this;
    const element = ring.device + 4 + (this.given % ring.size) * 8;
    for (const head of heads) this.disown(head);
    ring.memory.write32(element, heads.at(-1)!);
    ring.memory.write32(element + 4, length);
    this.skip(heads.length);
  }

  skip(count: number): void {
    this.given = (this.given + count) & 0xffff;
    this.ring.memory.write16(this.ring.device + 2, this.given);
  }

  hasMore(): boolean {
    return this.ring.memory.read16(this.ring.driver + 2) !== this.taken;
  }

  stopNotifications(): void {
    // With EVENT_IDX the event stays where the index has been.
    if (!this.ring.has(EVENT_IDX)) this.ring.memory.write16(this.ring.device, 1);
  }

  askForNotifications(): void {
    const { ring } = this;
    if (ring.has(EVENT_IDX)) ring.memory.write16(ring.device + 4 + ring.size * 8, this.taken);
    else ring.memory.write16(ring.device, 0);
  }

  wantsInterrupt(): boolean {
    const { ring } = this;
    const before = this.considered;
    this.considered = this.given;
    if (!ring.has(EVENT_IDX)) return (ring.memory.read16(ring.driver) & 1) === 0;
    const event = ring.memory.read16(ring.driver + 4 + ring.size * 2);
    for (let index = before; index !== this.given; index = (index + 1) & 0xffff) {
      if (index === event) return true; // §2.7.7.2: the index before the element was written.
    }
    return false;
  }

  private checkFlags(): void {
    const flags = this.ring.memory.read16(this.ring.driver);
    if (flags > 1) this.ring.violate(`the available ring's flags are ${flags}`);
    if (flags !== 0 && this.ring.has(EVENT_IDX)) this.ring.violate('the available ring has flags besides EVENT_IDX');
  }

  private readChain(head: number): SimChain {
    const readable: SimBuffer[] = [];
    const writable: SimBuffer[] = [];
    const indices: number[] = [];
    if (this.ring.has(IN_ORDER) && head !== this.nextInOrder) {
      this.ring.violate(`head ${head} is made available, in ring order ${this.nextInOrder} is next`);
    }
    let index = head;
    for (;;) {
      if (indices.length === this.ring.size || index >= this.ring.size) {
        this.ring.violate(`the chain at ${head} loops or leaves the table at ${index}`);
        break;
      }
      const descriptor = this.readDescriptor(this.ring.descriptors + index * 16);
      this.own(head, index, indices);
      if ((descriptor.flags & FLAG_INDIRECT) !== 0) {
        this.readTable(index, descriptor, readable, writable);
        break;
      }
      this.addBuffer(index, descriptor, readable, writable);
      if ((descriptor.flags & FLAG_NEXT) === 0) break;
      if (this.ring.has(IN_ORDER) && descriptor.next !== (index + 1) % this.ring.size) {
        this.ring.violate(`descriptor ${index} goes on at ${descriptor.next}, out of ring order`);
      }
      index = descriptor.next;
    }
    this.owned.set(head, indices);
    this.nextInOrder = (index + 1) % this.ring.size;
    return { head, readable, writable };
  }

  /** Notes that descriptor `index` is the device's until `head` is given back. */
  private own(head: number, index: number, indices: number[]): void {
    const owner = this.owners.get(index);
    if (owner !== undefined) this.ring.violate(`descriptor ${index} of chain ${head} still belongs to chain ${owner}`);
    this.owners.set(index, head);
    indices.push(index);
  }

  private disown(head: number): void {
    for (const index of this.owned.get(head) ?? []) this.owners.delete(index);
    this.owned.delete(head);
  }

  private readTable(at: number, table: Descriptor, readable: SimBuffer[], writable: SimBuffer[]): void {
    const { ring } = this;
    if (!ring.has(INDIRECT_DESC)) ring.violate('a table without INDIRECT_DESC');
    if (table.flags !== FLAG_INDIRECT) ring.violate(`the descriptor of a table has flags ${table.flags}`);
    const count = table.length / 16;
    if (!Number.isInteger(count) || count === 0 || count > ring.size) {
      ring.violate(`a table of ${table.length} bytes in a queue of ${ring.size}`);
      return;
    }
    for (let index = 0, seen = 1; ; seen++) {
      const descriptor = this.readDescriptor(table.address + index * 16);
      if ((descriptor.flags & FLAG_INDIRECT) !== 0) ring.violate('a table in a table');
      this.addBuffer(at, descriptor, readable, writable);
      if ((descriptor.flags & FLAG_NEXT) === 0) return;
      if (ring.has(IN_ORDER) && descriptor.next !== index + 1) ring.violate('a table is not in order');
      index = descriptor.next;
      if (index >= count || seen === count) {
        ring.violate(`the table at descriptor ${at} loops or ends before ${index}`);
        return;
      }
    }
  }

  private readDescriptor(address: number): Descriptor {
    const { memory } = this.ring;
    return {
      address: memory.read64(address),
      length: memory.read32(address + 8),
      flags: memory.read16(address + 12),
      next: memory.read16(address + 14),
    };
  }

  private addBuffer(index: number, descriptor: Descriptor, readable: SimBuffer[], writable: SimBuffer[]): void {
    const { address, length, flags } = descriptor;
    if (flags > 7) this.ring.violate(`descriptor ${index} has flags ${flags}`);
    if (length === 0) this.ring.violate(`descriptor ${index} has no length`);
    const isWritable = (flags & FLAG_WRITE) !== 0;
    if (!isWritable && writable.length > 0) {
      this.ring.violate(`descriptor ${index} is readable behind a writable one`);
    }
    (isWritable ? writable : readable).push(this.ring.memory.bufferOf(address, length));
  }
}
