// A simulated virtio entropy device, written from VIRTIO 1.2 §5.4: byte n of all that it gives is n modulo 251. A test may have it answer differently.

import type { SimMachine } from '../machine.ts';
import { SimVirtioDevice, type SimVirtioOptions } from './device.ts';
import type { SimRing } from './ring.ts';
import type { SimChain } from './ring-layout.ts';

/** How to answer other than correctly. */
export interface SimEntropyAnswer {
  /** Bytes that it writes, in place of all. */
  readonly length?: number;
  readonly usedHead?: number;
  readonly usedLength?: number;
  /** How often the used element is put into the ring. */
  readonly times?: number;
  /** Nanoseconds until the answer; Infinity for never. */
  readonly delay?: number;
}

/** A source of bytes. */
export class SimEntropyDevice {
  readonly device: SimVirtioDevice;
  /** Bytes that each request asked for. */
  readonly requests: number[] = [];
  given = 0;
  /** Decides how the request of a number is answered; an empty answer is the correct one. */
  answer: (index: number) => SimEntropyAnswer = () => ({});
  private readonly machine: SimMachine;

  constructor(machine: SimMachine, options: Partial<SimVirtioOptions> = {}) {
    this.machine = machine;
    this.device = new SimVirtioDevice(machine, {
      features: [32],
      queueSizes: [8],
      config: new Uint8Array(0),
      ...options,
      deviceType: 4,
      onNotify: (device, queue) => this.work(device.rings[queue]!),
    });
  }

  private work(ring: SimRing): void {
    const chains = ring.take();
    ring.askForNotifications();
    for (const chain of chains) this.serve(ring, chain);
  }

  private serve(ring: SimRing, chain: SimChain): void {
    if (chain.readable.length > 0) this.machine.violate('a request for entropy has something to read'); // §5.4.6.1
    const asked = chain.writable.reduce((sum, { length }) => sum + length, 0);
    const answer = this.answer(this.requests.push(asked) - 1);
    const finish = (): void => {
      if (this.device.isOut) return;
      const length = Math.min(answer.length ?? asked, asked);
      let left = length;
      for (const { offset, length: size } of chain.writable) {
        for (let i = 0; i < size && left > 0; i++, left--) this.machine.dma[offset + i] = this.given++ % 251;
      }
      for (let i = 0; i < (answer.times ?? 1); i++)
        ring.give(answer.usedHead ?? chain.head, answer.usedLength ?? length);
    };
    if (answer.delay === undefined) finish();
    else if (answer.delay !== Number.POSITIVE_INFINITY) this.machine.after(answer.delay, finish);
  }
}
