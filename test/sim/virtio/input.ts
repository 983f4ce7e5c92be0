// A simulated virtio input device, written from VIRTIO 1.2 §5.8. A test may have it say and send other than what is true.

import type { SimMachine } from '../machine.ts';
import { type SimFaults, SimVirtioDevice, type SimVirtioOptions } from './device.ts';
import type { SimChain } from './ring-layout.ts';

/** One event, of either queue. */
export type SimEvent = readonly [type: number, code: number, value: number];

/** What a device says of itself. */
export interface SimInputFacts {
  readonly name?: string | Uint8Array;
  readonly serialNumber?: string | Uint8Array;
  readonly ids?: readonly [bus: number, vendor: number, product: number, version: number];
  readonly properties?: readonly number[];
  /** By type, the codes. */
  readonly codes?: Readonly<Record<number, readonly number[]>>;
  /** By axis. */
  readonly axes?: Readonly<
    Record<number, readonly [min: number, max: number, fuzz: number, flat: number, res: number]>
  >;
}

/** How to say and send other than what is true. */
export interface SimInputLies {
  /** Called for each question: other bytes, or another size, for the answer. */
  answer?(select: number, subsel: number): { readonly bytes?: Uint8Array; readonly size?: number } | undefined;
  /** The length that is returned with an event, and the head. */
  eventLength?: number;
  eventHead?: number;
  /** The length that is returned with what an LED was told; QEMU returns 8. */
  statusLength?: number;
  statusHead?: number;
  /** Nanoseconds until the answer to that; Infinity for never. */
  statusDelay?: number;
}

export interface SimInputOptions extends Partial<Omit<SimVirtioOptions, 'onNotify' | 'onConfigWrite' | 'deviceType'>> {
  readonly facts?: SimInputFacts;
  readonly lies?: SimInputLies;
  readonly faults?: SimFaults;
}

const EVENT_QUEUE = 0;
const STATUS_QUEUE = 1;
const EVENT_SIZE = 8;
const ANSWER_OFFSET = 8;
const SYN_REPORT: SimEvent = [0, 0, 0];

const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);

/** What QEMU's devices say of themselves. */
export const SIM_KEYBOARD: SimInputFacts = {
  name: 'QEMU Virtio Keyboard\0',
  ids: [6, 0x627, 1, 1],
  codes: { 1: range(1, 248), 17: [0, 1, 2], 20: [] },
};
export const SIM_MOUSE: SimInputFacts = {
  name: 'QEMU Virtio Mouse\0',
  ids: [6, 0x627, 2, 2],
  codes: { 1: [0x110, 0x111, 0x112, 0x113, 0x114, 0x150, 0x151], 2: [0, 1, 8] },
};
export const SIM_TABLET: SimInputFacts = {
  name: 'QEMU Virtio Tablet\0',
  ids: [6, 0x627, 3, 2],
  codes: { 1: [0x110, 0x111, 0x112], 2: [8], 3: [0, 1] },
  axes: { 0: [0, 32767, 0, 0, 0], 1: [0, 32767, 0, 0, 0] },
};
export const SIM_TOUCH: SimInputFacts = {
  name: 'QEMU Virtio MultiTouch\0',
  ids: [6, 0x627, 3, 1],
  properties: [1],
  codes: { 1: [0x110, 0x111, 0x112, 0x14a], 3: [0x2f, 0x35, 0x36, 0x39] },
  axes: {
    47: [0, 10, 0, 0, 0],
    53: [0, 32767, 0, 0, 0],
    54: [0, 32767, 0, 0, 0],
    57: [0, 10, 0, 0, 0],
  },
};

/** A keyboard, unless it is said to be another device. */
export class SimInputDevice {
  readonly device: SimVirtioDevice;
  /** What LEDs were told, in order. */
  readonly told: SimEvent[] = [];
  /** Reports that found too few buffers. */
  droppedCount = 0;
  lies: SimInputLies;
  /** The questions that were asked: select, subsel. */
  readonly questions: [number, number][] = [];
  private readonly facts: SimInputFacts;
  private readonly machine: SimMachine;
  private readonly config = new Uint8Array(ANSWER_OFFSET + 128);
  /** Events of a report that is not whole. */
  private pending: SimEvent[] = [];
  /** Chains that it has taken from the event queue, since the reset at that place of `statusWrites`. */
  private held: SimChain[] = [];
  private heldSince = -1;

  constructor(machine: SimMachine, options: SimInputOptions = {}) {
    this.machine = machine;
    this.facts = options.facts ?? SIM_KEYBOARD;
    this.lies = options.lies ?? {};
    this.device = new SimVirtioDevice(machine, {
      features: [32],
      queueSizes: [64, 64],
      config: this.config,
      ...options,
      deviceType: 18,
      onConfigWrite: (offset) => this.select(offset),
      onNotify: (_, queue) => this.notified(queue),
    });
  }

  /** Sends events, and the end of the report behind them. As in QEMU, a report that has no room is dropped as a whole. §5.8.6.2 */
  report(...events: SimEvent[]): void {
    this.send(...events, SYN_REPORT);
  }

  /** Sends events as they are: without SYN_REPORT they stay here until it comes. */
  send(...events: SimEvent[]): void {
    this.pending.push(...events);
    if (!this.pending.some(([type, code]) => type === 0 && code === 0)) return;
    const report = this.pending;
    this.pending = [];
    const chains = this.takeBuffers(report.length);
    if (chains === undefined) this.droppedCount++;
    else for (const [i, chain] of chains.entries()) this.put(chain, report[i]!);
  }

  /** Writes events into buffers at once, whole reports or not. */
  write(...events: SimEvent[]): void {
    for (const event of events) {
      const [chain] = this.takeBuffers(1) ?? [];
      if (chain === undefined) throw new Error('the simulated device has no buffer left');
      this.put(chain, event);
    }
  }

  /** Returns the next `count` chains, undefined when there are fewer; then they stay where they are. */
  private takeBuffers(count: number): SimChain[] | undefined {
    const ring = this.device.rings[EVENT_QUEUE]!;
    if (!this.device.isLive) return undefined;
    const resetAt = this.device.statusWrites.lastIndexOf(0);
    if (this.heldSince !== resetAt) this.held = [];
    this.heldSince = resetAt;
    while (this.held.length < count) {
      const chain = ring.takeOne();
      if (chain === undefined) return undefined;
      this.held.push(chain);
    }
    return this.held.splice(0, count);
  }

  private put(chain: SimChain, [type, code, value]: SimEvent): void {
    const [buffer] = chain.writable;
    if (chain.readable.length > 0 || buffer === undefined || buffer.length < EVENT_SIZE) {
      this.machine.violate('a buffer of the event queue has no room for an event');
      return;
    }
    const view = new DataView(this.machine.dma.buffer, buffer.offset, EVENT_SIZE);
    view.setUint16(0, type, true);
    view.setUint16(2, code, true);
    view.setInt32(4, value, true);
    this.device.rings[EVENT_QUEUE]!.give(this.lies.eventHead ?? chain.head, this.lies.eventLength ?? EVENT_SIZE);
  }

  private notified(queue: number): void {
    const ring = this.device.rings[queue]!;
    ring.askForNotifications();
    if (queue !== STATUS_QUEUE) return;
    for (const chain of ring.take()) this.takeStatus(chain);
    ring.askForNotifications();
  }

  private takeStatus(chain: SimChain): void {
    const [buffer] = chain.readable;
    if (chain.writable.length > 0 || buffer === undefined || buffer.length < EVENT_SIZE) {
      this.machine.violate('a buffer of the status queue is no event for the device to read');
      return;
    }
    const view = new DataView(this.machine.dma.buffer, buffer.offset, EVENT_SIZE);
    this.told.push([view.getUint16(0, true), view.getUint16(2, true), view.getInt32(4, true)]);
    const ring = this.device.rings[STATUS_QUEUE]!;
    const { statusDelay, statusHead, statusLength } = this.lies;
    const finish = (): void => ring.give(statusHead ?? chain.head, statusLength ?? 0);
    if (statusDelay === undefined) finish();
    else if (statusDelay !== Number.POSITIVE_INFINITY) this.machine.after(statusDelay, finish);
  }

  /** Fills the answer in for what the two registers ask. */
  private select(offset: number): void {
    if (offset > 1) this.machine.violate(`the driver wrote at ${offset} of the configuration`);
    const [select = 0, subsel = 0] = this.config;
    if (offset === 1) this.questions.push([select, subsel]);
    const lie = this.lies.answer?.(select, subsel);
    const bytes = lie?.bytes ?? this.answerOf(select, subsel);
    this.config.fill(0, 2).set(bytes.subarray(0, 128), ANSWER_OFFSET);
    this.config[2] = lie?.size ?? bytes.length;
  }

  private answerOf(select: number, subsel: number): Uint8Array {
    const { facts } = this;
    if (select === 0x11) return bitmapOf(facts.codes?.[subsel]);
    if (select === 0x12) return bytesOf(facts.axes?.[subsel], 4);
    if (subsel !== 0) return new Uint8Array();
    if (select === 1) return textOf(facts.name);
    if (select === 2) return textOf(facts.serialNumber);
    if (select === 3) return bytesOf(facts.ids, 2);
    return select === 0x10 ? bitmapOf(facts.properties) : new Uint8Array();
  }
}

const textOf = (text: string | Uint8Array = ''): Uint8Array =>
  typeof text === 'string' ? new TextEncoder().encode(text) : text;

const bytesOf = (values: readonly number[] = [], width: 2 | 4): Uint8Array => {
  const view = new DataView(new ArrayBuffer(values.length * width));
  values.forEach((value, i) => {
    if (width === 2) view.setUint16(2 * i, value, true);
    else view.setInt32(4 * i, value, true);
  });
  return new Uint8Array(view.buffer);
};

/** Returns a bitmap, of one byte at least where there is a list: a type without codes is there, too. */
const bitmapOf = (bits?: readonly number[]): Uint8Array => {
  const bytes = new Uint8Array(bits === undefined ? 0 : Math.floor(Math.max(0, ...bits) / 8) + 1);
  for (const bit of bits ?? []) bytes[bit >> 3]! |= 1 << (bit & 7);
  return bytes;
};
