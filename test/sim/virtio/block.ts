// A simulated virtio block device, written from VIRTIO 1.2 §5.2. A test may have it answer differently, request by request.

import type { SimMachine } from '../machine.ts';
import { type SimFaults, SimVirtioDevice, type SimVirtioOptions } from './device.ts';
import type { SimRing } from './ring.ts';
import type { SimBuffer, SimChain } from './ring-layout.ts';

/** What the driver asked for. */
export interface SimBlkRequest {
  readonly type: number;
  readonly sector: number;
  readonly head: number;
}

/** How to answer other than correctly. */
export interface SimBlkAnswer {
  readonly status?: number;
  /** Leaves the status byte, and the data of a read, as they are. */
  readonly writesNothing?: boolean;
  readonly usedHead?: number;
  readonly usedLength?: number;
  /** How often the used element is put into the ring. */
  readonly times?: number;
  /** Nanoseconds until the answer; Infinity for never. */
  readonly delay?: number;
}

export interface SimBlkOptions extends Partial<Omit<SimVirtioOptions, 'onNotify' | 'deviceType'>> {
  readonly sectors?: number;
  readonly serialNumber?: string;
  readonly blockSize?: number;
  readonly capacity?: readonly [low: number, high: number];
  readonly faults?: SimFaults;
}

const SECTOR = 512;
const FEATURES = [6, 9, 32];

/** A disk in memory. */
export class SimBlkDevice {
  readonly device: SimVirtioDevice;
  readonly disk: Uint8Array;
  readonly requests: SimBlkRequest[] = [];
  flushes = 0;
  /** Decides how a request is answered; an empty answer is the correct one. */
  answer: (request: SimBlkRequest) => SimBlkAnswer = () => ({});
  /** Answers the requests of one notification last to first. */
  backwards = false;
  private readonly options: SimBlkOptions;
  private readonly machine: SimMachine;

  constructor(machine: SimMachine, options: SimBlkOptions = {}) {
    const sectors = options.sectors ?? 64;
    this.machine = machine;
    this.options = options;
    this.disk = new Uint8Array(sectors * SECTOR);
    this.device = new SimVirtioDevice(machine, {
      features: FEATURES,
      queueSizes: [16],
      config: blockConfig(options.capacity ?? [sectors, 0], options.blockSize ?? SECTOR),
      ...options,
      deviceType: 2,
      onNotify: (device, queue) => this.work(device.rings[queue]!),
    });
  }

  private work(ring: SimRing): void {
    const chains = ring.take();
    ring.askForNotifications(); // Nothing comes between the two: it looks when it is notified, and only then.
    if (this.backwards) chains.reverse();
    for (const chain of chains) this.serve(ring, chain);
  }

  private serve(ring: SimRing, chain: SimChain): void {
    const request = this.readRequest(chain);
    this.requests.push(request);
    const answer = this.answer(request);
    const finish = (): void => {
      const writable = chain.writable.reduce((sum, { length }) => sum + length, 0);
      if (!answer.writesNothing) this.perform(request, chain, answer.status);
      for (let i = 0; i < (answer.times ?? 1); i++)
        ring.give(answer.usedHead ?? chain.head, answer.usedLength ?? writable);
    };
    if (answer.delay === undefined) finish();
    else if (answer.delay !== Number.POSITIVE_INFINITY) this.machine.after(answer.delay, finish);
  }

  private readRequest(chain: SimChain): SimBlkRequest {
    const [header] = chain.readable;
    if (header?.length !== 16) this.machine.violate('a request does not begin with a header of 16 bytes');
    if (chain.writable.length === 0) this.machine.violate('a request does not end with a status byte');
    const view = new DataView(this.machine.dma.buffer, header?.offset ?? 0, 16);
    if (view.getUint32(4, true) !== 0) this.machine.violate('the reserved field of a request is not 0');
    return { type: view.getUint32(0, true), sector: Number(view.getBigUint64(8, true)), head: chain.head };
  }

  private perform(request: SimBlkRequest, chain: SimChain, status: number | undefined): void {
    const last = chain.writable.at(-1)!;
    this.machine.dma[last.offset + last.length - 1] = status ?? this.move(request, chain);
  }

  /** Moves the data and returns the status. */
  private move({ type, sector }: SimBlkRequest, chain: SimChain): number {
    const memory = this.machine.dma;
    const buffers = type === 1 ? chain.readable.slice(1) : withoutStatus(chain.writable);
    const length = buffers.reduce((sum, buffer) => sum + buffer.length, 0);
    if (type === 4) {
      this.flushes++;
      return 0;
    }
    if (type === 8) {
      const bytes = new TextEncoder().encode(this.options.serialNumber ?? '');
      memory.fill(0, buffers[0]!.offset, buffers[0]!.offset + length).set(bytes, buffers[0]!.offset);
      return 0;
    }
    let place = sector * SECTOR;
    if (type > 1) return 2;
    if (length % SECTOR !== 0 || place + length > this.disk.length) return 1;
    if (type === 1 && (this.options.features ?? FEATURES).includes(5)) return 1;
    for (const { offset, length: size } of buffers) {
      if (type === 1) this.disk.set(memory.subarray(offset, offset + size), place);
      else memory.set(this.disk.subarray(place, place + size), offset);
      place += size;
    }
    return 0;
  }
}

/** Returns the buffers without the last byte, in whichever of them it is: a device makes no assumptions on framing. §2.6.4 */
const withoutStatus = (writable: readonly SimBuffer[]): SimBuffer[] => {
  const last = writable.at(-1)!;
  const before = writable.slice(0, -1);
  return last.length === 1 ? before : [...before, { offset: last.offset, length: last.length - 1 }];
};

/** Returns the 24 bytes of configuration up to and with blk_size. §5.2.4 */
const blockConfig = ([low, high]: readonly [number, number], blockSize: number): Uint8Array => {
  const bytes = new DataView(new ArrayBuffer(60));
  bytes.setUint32(0, low, true);
  bytes.setUint32(4, high, true);
  bytes.setUint32(0x14, blockSize, true);
  return new Uint8Array(bytes.buffer);
};
