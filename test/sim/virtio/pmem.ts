// A simulated virtio persistent memory, written from VIRTIO 1.2 §5.19: bytes at an address, and what of them was flushed.

import type { SimMachine } from '../machine.ts';
import { SimVirtioDevice, type SimVirtioOptions } from './device.ts';
import type { SimRing } from './ring.ts';
import type { SimChain } from './ring-layout.ts';

/** How to answer other than correctly. */
export interface SimPmemAnswer {
  readonly result?: number;
  readonly usedHead?: number;
  readonly usedLength?: number;
  /** Nanoseconds until the answer; Infinity for never. */
  readonly delay?: number;
}

/** Its own place, where nothing else is said. */
export const PMEM_START = 0x1_4000_0000;
export const PMEM_LENGTH = 0x1_0000;

/** Returns its configuration. */
export const pmemConfig = (start: bigint, size: bigint): Uint8Array => {
  const config = new Uint8Array(16);
  const view = new DataView(config.buffer);
  view.setBigUint64(0, start, true);
  view.setBigUint64(8, size, true);
  return config;
};

/** A persistent memory. */
export class SimPmemDevice {
  readonly device: SimVirtioDevice;
  readonly bytes = Uint8Array.from({ length: PMEM_LENGTH }, (_, i) => (i * 3) & 0xff);
  /** What would be there after a loss of power. */
  flushed = this.bytes.slice();
  flushCount = 0;
  answer: (index: number) => SimPmemAnswer = () => ({});
  private readonly machine: SimMachine;

  constructor(machine: SimMachine, options: Partial<SimVirtioOptions> = {}) {
    this.machine = machine;
    machine.memories.push({ start: PMEM_START, bytes: this.bytes });
    this.device = new SimVirtioDevice(machine, {
      features: [32],
      queueSizes: [128],
      config: pmemConfig(BigInt(PMEM_START), BigInt(PMEM_LENGTH)),
      ...options,
      deviceType: 27,
      onNotify: (device, queue) => this.work(device.rings[queue]!),
    });
  }

  private work(ring: SimRing): void {
    const chain = ring.takeOne(); // As QEMU: one request for each notification.
    ring.askForNotifications();
    if (chain !== undefined) this.serve(ring, chain);
  }

  private serve(ring: SimRing, chain: SimChain): void {
    const { dma } = this.machine;
    const [request] = chain.readable;
    const [answer] = chain.writable;
    const view = new DataView(dma.buffer);
    if (request?.length !== 4 || answer?.length !== 4 || view.getUint32(request.offset, true) !== 0) {
      this.machine.violate('a request that is no flush'); // §5.19.6
      return;
    }
    const wrong = this.answer(this.flushCount);
    this.flushCount++;
    const finish = (): void => {
      if (wrong.result === undefined) this.flushed = this.bytes.slice();
      view.setUint32(answer.offset, wrong.result ?? 0, true);
      ring.give(wrong.usedHead ?? chain.head, wrong.usedLength ?? 4);
    };
    if (wrong.delay === undefined) finish();
    else if (wrong.delay !== Number.POSITIVE_INFINITY) this.machine.after(wrong.delay, finish);
  }
}
