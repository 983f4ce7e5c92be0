// Device side of a split virtqueue, written from VIRTIO 1.2 §2.7. It reads and writes the memory of the simulated machine by bus address,
// checks what the driver put there as a strict device would, and shares no code with the driver.

import type { SimMachine } from '../machine.ts';

/** A buffer of a chain: where it is in the DMA bytes. */
export interface SimBuffer {
  readonly offset: number;
  readonly length: number;
}

/** A chain that the driver made available. */
export interface SimChain {
  readonly head: number;
  readonly readable: readonly SimBuffer[];
  readonly writable: readonly SimBuffer[];
}

const FLAG_NEXT = 1;
const FLAG_WRITE = 2;

/** One queue as the registers describe it. */
export class SimRing {
  size: number;
  enabled = false;
  descriptors = 0;
  driver = 0;
  device = 0;
  private readonly machine: SimMachine;
  private availableNext = 0;
  private usedNext = 0;

  constructor(machine: SimMachine, size: number) {
    this.machine = machine;
    this.size = size;
  }

  /** Returns the chains that are available and not taken yet, in order. */
  take(): SimChain[] {
    const chains: SimChain[] = [];
    const available = this.read16(this.driver + 2);
    if (((available - this.availableNext) & 0xffff) > this.size) {
      this.machine.violate(`the available index runs ahead by more than the queue's ${this.size} elements`);
      return chains;
    }
    while (this.availableNext !== available) {
      const head = this.read16(this.driver + 4 + (this.availableNext % this.size) * 2);
      this.availableNext = (this.availableNext + 1) & 0xffff;
      chains.push(this.readChain(head));
    }
    return chains;
  }

  /** Puts an element into the used ring and moves its index. */
  give(head: number, length: number): void {
    const element = this.device + 4 + (this.usedNext % this.size) * 8;
    this.write32(element, head);
    this.write32(element + 4, length);
    this.usedNext = (this.usedNext + 1) & 0xffff;
    this.write16(this.device + 2, this.usedNext);
  }

  /** Moves the used index without an element: what no honest device does. */
  skip(count: number): void {
    this.usedNext = (this.usedNext + count) & 0xffff;
    this.write16(this.device + 2, this.usedNext);
  }

  private readChain(head: number): SimChain {
    const readable: SimBuffer[] = [];
    const writable: SimBuffer[] = [];
    let index = head;
    for (let count = 0; ; count++) {
      if (count === this.size || index >= this.size) {
        this.machine.violate(`the chain at ${head} loops or leaves the table at ${index}`);
        break;
      }
      const descriptor = this.descriptors + index * 16;
      const low = this.read32(descriptor);
      const address = this.read32(descriptor + 4) * 2 ** 32 + low;
      const length = this.read32(descriptor + 8);
      const flags = this.read16(descriptor + 12);
      if ((flags & ~(FLAG_NEXT | FLAG_WRITE)) !== 0) this.machine.violate(`descriptor ${index} has flags ${flags}`);
      if ((flags & FLAG_WRITE) === 0 && writable.length > 0) {
        this.machine.violate(`descriptor ${index} is readable behind a writable one`);
      }
      const offset = this.machine.dmaOffset(address, length) ?? 0;
      ((flags & FLAG_WRITE) === 0 ? readable : writable).push({ offset, length });
      if ((flags & FLAG_NEXT) === 0) break;
      index = this.read16(descriptor + 14);
    }
    return { head, readable, writable };
  }

  private read16(address: number): number {
    return this.view.getUint16(this.machine.dmaOffset(address, 2) ?? 0, true);
  }

  private read32(address: number): number {
    return this.view.getUint32(this.machine.dmaOffset(address, 4) ?? 0, true);
  }

  private write16(address: number, value: number): void {
    this.view.setUint16(this.machine.dmaOffset(address, 2) ?? 0, value, true);
  }

  private write32(address: number, value: number): void {
    this.view.setUint32(this.machine.dmaOffset(address, 4) ?? 0, value >>> 0, true);
  }

  private get view(): DataView {
    return new DataView(this.machine.dma.buffer);
  }
}
