// A simulated virtio network device, written from VIRTIO 1.2 §5.1. What the driver sends is kept, a test delivers frames to it, and may have the
// device lie about each.

import type { SimMachine } from '../machine.ts';
import { SimVirtioDevice, type SimVirtioOptions } from './device.ts';
import type { SimChain } from './ring-layout.ts';

/** Feature bits. §5.1.3 */
export const NET = {
  csum: 0,
  guestCsum: 1,
  mtu: 3,
  mac: 5,
  guestTso4: 7,
  guestTso6: 8,
  guestUfo: 10,
  hostTso4: 11,
  hostUfo: 14,
  mergeable: 15,
  status: 16,
  control: 17,
  controlRx: 18,
  controlVlan: 19,
  announce: 21,
  multiqueue: 22,
  controlMac: 23,
  anyLayout: 27,
  version1: 32,
} as const;

export interface SimNetOptions extends Partial<Omit<SimVirtioOptions, 'onNotify' | 'deviceType' | 'config'>> {
  readonly mac?: readonly number[];
  readonly status?: number;
  readonly pairs?: number;
  /** max_virtqueue_pairs; else what is true. */
  readonly pairsSaid?: number;
  readonly mtu?: number;
  /** Bytes of configuration. */
  readonly configLength?: number;
}

/** A frame that the driver sent, and the fields of its header. */
export interface SimSentFrame {
  readonly bytes: Uint8Array;
  readonly flags: number;
  readonly gsoType: number;
  readonly headersLength: number;
  readonly segmentLength: number;
  readonly checksumStart: number;
  readonly checksumOffset: number;
}

/** A command of the control queue. */
export interface SimNetCommand {
  readonly class: number;
  readonly command: number;
  readonly data: readonly number[];
}

/** How to deliver a frame other than correctly, or with an offload. */
export interface SimDelivery {
  readonly flags?: number;
  readonly gsoType?: number;
  readonly segmentLength?: number;
  readonly checksumStart?: number;
  readonly checksumOffset?: number;
  readonly buffersSaid?: number;
  readonly usedHead?: number;
  /** Of the first buffer. */
  readonly usedLength?: number;
  /** So many buffers are put into the used ring now, the others by `deliverRest`. */
  readonly buffersNow?: number;
}

const FEATURES = [NET.mac, NET.mergeable, NET.status, NET.version1];
const MAC = [0x52, 0x54, 0, 0x12, 0x34, 0x56];

/** A network device. */
export class SimNetDevice {
  readonly device: SimVirtioDevice;
  readonly sent: SimSentFrame[] = [];
  readonly commands: SimNetCommand[] = [];
  /** Whether frames are taken from the transmit queues as they are notified. */
  takesFrames = true;
  /** The ack of a command; undefined for no answer at all. */
  acknowledge: (command: SimNetCommand) => number | undefined = () => 0;
  private readonly machine: SimMachine;
  private readonly pairs: number;
  private rest: { readonly queue: number; readonly parts: { readonly head: number; readonly length: number }[] } = {
    queue: 0,
    parts: [],
  };

  constructor(machine: SimMachine, options: SimNetOptions = {}) {
    this.machine = machine;
    this.pairs = options.pairs ?? 1;
    const queueSizes = [...Array.from({ length: 2 * this.pairs }, () => 16), 8];
    this.device = new SimVirtioDevice(machine, {
      features: FEATURES,
      queueSizes,
      ...options,
      config: netConfig(options),
      deviceType: 1,
      onNotify: (_, queue) => this.work(queue),
    });
  }

  /** Whether the header has num_buffers: always, but on a legacy device without MRG_RXBUF. */
  get headerLength(): number {
    return this.device.isLegacy && !this.device.has(NET.mergeable) ? 10 : 12;
  }

  get controlQueue(): number {
    return this.device.has(NET.multiqueue) ? 2 * this.pairs : 2;
  }

  /** Puts a frame into the driver's buffers. Returns false when it has not lent enough. */
  deliver(bytes: Uint8Array, delivery: SimDelivery = {}, pair = 0): boolean {
    const ring = this.device.rings[2 * pair]!;
    const chains: SimChain[] = [];
    const whole = Buffer.concat([new Uint8Array(this.headerLength), bytes]);
    let room = 0;
    while (room < whole.length && (this.device.has(NET.mergeable) || chains.length === 0)) {
      const chain = ring.takeOne();
      if (chain === undefined) return false;
      chains.push(chain);
      room += chain.writable.reduce((sum, { length }) => sum + length, 0);
    }
    this.writeHeader(whole, delivery, chains.length);
    const parts = this.spread(whole, chains);
    parts[0] = { head: delivery.usedHead ?? parts[0]!.head, length: delivery.usedLength ?? parts[0]!.length };
    const now = delivery.buffersNow ?? parts.length;
    this.rest = { queue: 2 * pair, parts: parts.slice(now) };
    for (const { head, length } of parts.slice(0, now)) ring.give(head, length);
    return true;
  }

  /** Gives the buffers back that `deliver` kept. */
  deliverRest(): void {
    for (const { head, length } of this.rest.parts) this.device.rings[this.rest.queue]!.give(head, length);
  }

  /** Takes and answers all frames of the transmit queue of a pair. */
  takeFrames(pair = 0): void {
    const ring = this.device.rings[2 * pair + 1]!;
    for (const chain of ring.take()) {
      this.sent.push(this.readFrame(chain));
      ring.give(chain.head, 0);
    }
    ring.askForNotifications();
  }

  private work(queue: number): void {
    if (queue === this.controlQueue && this.device.has(NET.control)) this.obey(queue);
    else if (queue % 2 === 1 && this.takesFrames) this.takeFrames((queue - 1) / 2);
  }

  private obey(queue: number): void {
    const ring = this.device.rings[queue]!;
    for (const chain of ring.take()) {
      const bytes = Buffer.concat(chain.readable.map(({ offset, length }) => this.bytesAt(offset, length)));
      const command = { class: bytes[0]!, command: bytes[1]!, data: [...bytes.subarray(2)] };
      this.commands.push(command);
      const ack = this.acknowledge(command);
      if (ack === undefined) continue;
      this.machine.dma[chain.writable[0]!.offset] = ack;
      ring.give(chain.head, 1);
    }
    ring.askForNotifications();
  }

  private readFrame(chain: SimChain): SimSentFrame {
    if (chain.writable.length > 0) this.machine.violate('a sent frame has a part that the device may write');
    const isDivided = this.device.isLegacy && !this.device.has(NET.anyLayout);
    if (isDivided !== (chain.readable.length === 2)) this.machine.violate('a header in the wrong buffer');
    const bytes = Buffer.concat(chain.readable.map(({ offset, length }) => this.bytesAt(offset, length)));
    const view = new DataView(bytes.buffer, bytes.byteOffset, this.headerLength);
    if (this.headerLength === 12 && view.getUint16(10, true) !== 0)
      this.machine.violate('num_buffers of a sent frame is not 0');
    return {
      bytes: Uint8Array.from(bytes.subarray(this.headerLength)),
      flags: view.getUint8(0),
      gsoType: view.getUint8(1),
      headersLength: view.getUint16(2, true),
      segmentLength: view.getUint16(4, true),
      checksumStart: view.getUint16(6, true),
      checksumOffset: view.getUint16(8, true),
    };
  }

  private writeHeader(whole: Buffer, delivery: SimDelivery, buffers: number): void {
    const view = new DataView(whole.buffer, whole.byteOffset, this.headerLength);
    view.setUint8(0, delivery.flags ?? 0);
    view.setUint8(1, delivery.gsoType ?? 0);
    view.setUint16(4, delivery.segmentLength ?? 0, true);
    view.setUint16(6, delivery.checksumStart ?? 0, true);
    view.setUint16(8, delivery.checksumOffset ?? 0, true);
    if (this.headerLength === 12) view.setUint16(10, delivery.buffersSaid ?? buffers, true);
  }

  /** Writes `whole` into the chains, each as full as it gets. Returns head and length of each. */
  private spread(whole: Buffer, chains: readonly SimChain[]): { head: number; length: number }[] {
    let at = 0;
    return chains.map(({ head, writable }) => {
      const start = at;
      for (const { offset, length } of writable) {
        const part = whole.subarray(at, at + length);
        this.machine.dma.set(part, offset);
        at += part.length;
      }
      return { head, length: at - start };
    });
  }

  private bytesAt(offset: number, length: number): Uint8Array {
    return this.machine.dma.subarray(offset, offset + length);
  }
}

const netConfig = (options: SimNetOptions): Uint8Array => {
  const bytes = new Uint8Array(options.configLength ?? 12);
  const fields = new Uint8Array(12);
  const view = new DataView(fields.buffer);
  fields.set(options.mac ?? MAC);
  view.setUint16(6, options.status ?? 1, true);
  view.setUint16(8, options.pairsSaid ?? options.pairs ?? 1, true);
  view.setUint16(10, options.mtu ?? 1500, true);
  bytes.set(fields.subarray(0, bytes.length));
  return bytes;
};
