// How a simulated device reaches memory: by bus addresses, little endian, inside the DMA window; of free pages it learns the addresses.

import type { SimMachine } from '../machine.ts';
import type { SimBuffer } from './ring-layout.ts';

/** The memory of a machine, as a device sees it. */
export class SimBusMemory {
  private readonly machine: SimMachine;
  private readonly view: DataView;
  /** Where the address of an access goes, when an IOMMU stands between; undefined: it is refused. */
  translate: ((address: number, length: number) => number | undefined) | undefined;

  constructor(machine: SimMachine) {
    this.machine = machine;
    this.view = new DataView(machine.dma.buffer);
  }

  /** Returns the offset in the DMA window of `length` bytes at `address`; 0, and a violation, when they are not in it. */
  offsetOf(address: number, length: number): number {
    const translated = this.translate === undefined ? address : this.translate(address, length);
    return this.machine.dmaOffset(translated ?? 0, length) ?? 0;
  }

  /** Returns a buffer: in the DMA window, or in free pages, which have an address and no bytes. */
  bufferOf(address: number, length: number): SimBuffer {
    if (this.machine.pages.has(address, length)) return { address, offset: -1, length };
    return { offset: this.offsetOf(address, length), length };
  }

  read16(address: number): number {
    return this.view.getUint16(this.offsetOf(address, 2), true);
  }

  read32(address: number): number {
    return this.view.getUint32(this.offsetOf(address, 4), true);
  }

  /** Returns the 64-bit value at `address`: exact below 2^53, which every address is that a driver writes. */
  read64(address: number): number {
    return this.read32(address + 4) * 2 ** 32 + this.read32(address);
  }

  write16(address: number, value: number): void {
    this.view.setUint16(this.offsetOf(address, 2), value, true);
  }

  write32(address: number, value: number): void {
    this.view.setUint32(this.offsetOf(address, 4), value >>> 0, true);
  }
}
