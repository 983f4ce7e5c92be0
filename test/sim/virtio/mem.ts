// A simulated virtio memory device, written from VIRTIO 1.2 §5.15. It keeps its own account of what is plugged; a block that goes while the machine's allocator has it is a
// violation. A test plays the host, and may have the device answer wrongly, late or never.

import type { SimMachine } from '../machine.ts';
import { SimVirtioDevice, type SimVirtioOptions } from './device.ts';
import type { SimRing } from './ring.ts';
import type { SimChain } from './ring-layout.ts';

/** How to answer other than correctly. */
export interface SimMemAnswer {
  /** In place of the correct type; the request is not done unless it is 0. */
  readonly type?: number;
  readonly state?: number;
  /** It says that it has done the request, and has not. */
  readonly isLie?: boolean;
  readonly usedHead?: number;
  readonly usedLength?: number;
  /** Nanoseconds until the answer; Infinity for never. */
  readonly delay?: number;
  /** Of a request that is never answered: it is done all the same. */
  readonly isDone?: boolean;
}

export interface SimMemOptions extends Partial<Omit<SimVirtioOptions, 'onNotify' | 'deviceType'>> {
  readonly blockSize?: number;
  readonly address?: number;
  readonly regionSize?: number;
  readonly usableSize?: number;
  readonly requestedSize?: number;
  /** Blocks that are plugged from the start. */
  readonly pluggedBlocks?: readonly number[];
  readonly node?: number;
}

const MIB = 1024 * 1024;
const REQUEST_SIZE = 24;
const RESPONSE_SIZE = 10;

const TYPES = ['plug', 'unplug', 'unplug-all', 'state'];
const ACK = 0;
const ERROR = 3;

/** Offsets of the configuration. */
const FIELDS = { blockSize: 0, address: 16, regionSize: 24, usableSize: 32, pluggedSize: 40, requestedSize: 48 };

/** The device. */
export class SimMemDevice {
  readonly device: SimVirtioDevice;
  readonly blockSize: number;
  readonly start: number;
  /** Blocks that are plugged, by their numbers. */
  readonly plugged: Set<number>;
  /** `plug 0+2`: the type, the first block and how many. */
  readonly requests: string[] = [];
  /** Decides how a request is answered; an empty answer is the correct one. */
  answer: (request: string) => SimMemAnswer = () => ({});
  private readonly machine: SimMachine;
  private readonly view: DataView;
  private readonly memory: DataView;

  constructor(machine: SimMachine, options: SimMemOptions = {}) {
    const config = options.config ?? new Uint8Array(56);
    this.machine = machine;
    this.view = new DataView(config.buffer);
    this.memory = new DataView(machine.dma.buffer);
    this.blockSize = options.blockSize ?? 2 * MIB;
    this.start = options.address ?? 2 ** 32;
    this.plugged = new Set(options.pluggedBlocks ?? []);
    const regionSize = options.regionSize ?? 64 * MIB;
    if (config.length === 56) {
      this.set('blockSize', this.blockSize);
      this.set('address', this.start);
      this.set('regionSize', regionSize);
      this.set('usableSize', options.usableSize ?? regionSize);
      this.set('requestedSize', options.requestedSize ?? 0);
      this.view.setUint16(8, options.node ?? 0xbad, true);
      this.count();
    }
    machine.plugged.isMemory = (address) => this.plugged.has((address - this.start) / this.blockSize);
    const { address: _, ...others } = options; // That of the registers is another one.
    this.device = new SimVirtioDevice(machine, {
      features: [1, 32],
      queueSizes: [128],
      ...others,
      config,
      deviceType: 24,
      onConfigWrite: () => machine.violate('the configuration is written'), // §5.15.4.1
      onNotify: (device, queue) => this.work(device.rings[queue]!),
    });
  }

  /** The host wants so much. */
  wish(bytes: number): void {
    this.set('requestedSize', bytes);
    this.device.interrupts.config();
  }

  /** Writes a field of the configuration, also what cannot be. */
  set(field: keyof typeof FIELDS, value: number): void {
    this.view.setBigUint64(FIELDS[field], BigInt(value), true);
  }

  private count(): void {
    this.set('pluggedSize', this.plugged.size * this.blockSize);
  }

  private work(ring: SimRing): void {
    const chains = ring.take();
    ring.askForNotifications();
    for (const chain of chains) this.serve(ring, chain);
  }

  private serve(ring: SimRing, chain: SimChain): void {
    const [request] = chain.readable;
    const [response] = chain.writable;
    if (request?.length !== REQUEST_SIZE || response?.length !== RESPONSE_SIZE) {
      this.machine.violate('a request of other lengths');
      return;
    }
    const type = this.memory.getUint16(request.offset, true);
    const first = (Number(this.memory.getBigUint64(request.offset + 8, true)) - this.start) / this.blockSize;
    const count = this.memory.getUint16(request.offset + 16, true);
    const text = type === 2 ? 'unplug-all' : `${TYPES[type]} ${first}+${count}`;
    this.requests.push(text);
    const answer = this.answer(text);
    const finish = (): void => {
      const done = answer.isLie || (answer.type ?? ACK) !== ACK ? ACK : this.act(type, first, count);
      const state = answer.state ?? this.stateOf(first, count);
      this.memory.setUint16(response.offset, answer.type ?? done, true);
      this.memory.setUint16(response.offset + 8, state, true);
      ring.give(answer.usedHead ?? chain.head, answer.usedLength ?? RESPONSE_SIZE);
    };
    if (answer.isDone) this.act(type, first, count);
    if (answer.delay === undefined) finish();
    else if (answer.delay !== Number.POSITIVE_INFINITY) this.machine.after(answer.delay, finish);
  }

  /** Does a request, and returns how it is answered. */
  private act(type: number, first: number, count: number): number {
    if (type === 2) for (const block of this.plugged) this.take(block);
    else {
      for (let block = first; block < first + count; block++) {
        if (type === 0 && this.plugged.has(block)) return this.refuse(`block ${block} is plugged twice`);
        if (type === 1 && !this.plugged.has(block)) return this.refuse(`block ${block} is not plugged`);
        if (type === 0) this.plugged.add(block);
        if (type === 1) this.take(block);
      }
    }
    this.count();
    return ACK;
  }

  private take(block: number): void {
    if (this.machine.plugged.has(this.start + block * this.blockSize)) {
      this.machine.violate(`block ${block} goes, and is in use`);
    }
    this.plugged.delete(block);
  }

  private refuse(text: string): number {
    this.machine.violate(text);
    return ERROR;
  }

  private stateOf(first: number, count: number): number {
    const blocks = Array.from({ length: count }, (_, i) => this.plugged.has(first + i));
    if (blocks.every((isPlugged) => isPlugged)) return 0;
    return blocks.some((isPlugged) => isPlugged) ? 2 : 1;
  }
}
