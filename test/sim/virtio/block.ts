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
  readonly queue: number;
  /** Lengths of its data's segments. */
  readonly segments: readonly number[];
  /** Of a discard and its kin. */
  readonly ranges: readonly SimBlkRange[];
}

/** A segment of a discard and its kin. */
export interface SimBlkRange {
  readonly sector: number;
  readonly count: number;
  readonly flags: number;
}

/** What the configuration says besides capacity and block size. Each is shown always, and held to where the driver took the feature. */
export interface SimBlkLimits {
  readonly sizeMax?: number;
  readonly segmentMax?: number;
  /** physical_block_exp, alignment_offset, min_io_size, opt_io_size. */
  readonly topology?: readonly [number, number, number, number];
  readonly writeback?: number;
  readonly queueCount?: number;
  /** Sectors, segments, alignment. */
  readonly discard?: readonly [number, number, number];
  readonly writeZeroes?: readonly [number, number];
  readonly mayUnmap?: number;
  readonly secureErase?: readonly [number, number, number];
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
  readonly limits?: SimBlkLimits;
  /** pre_eol_info, device_lifetime_est_typ_a and _b. */
  readonly lifetime?: readonly [number, number, number];
  readonly faults?: SimFaults;
}

const SECTOR = 512;
const FEATURES = [6, 9, 32];

// Feature bits.
const SIZE_MAX = 1;
const SEG_MAX = 2;
const FLUSH = 9;
const LIFETIME = 15;

/** Of a request for ranges: its feature, and where its limits are in the configuration. */
const RANGE_TYPES: Readonly<Record<number, { readonly feature: number; readonly limits: number }>> = {
  11: { feature: 13, limits: 0x24 },
  13: { feature: 14, limits: 0x30 },
  14: { feature: 16, limits: 0x3c },
};

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
      config: blockConfig(options.capacity ?? [sectors, 0], options.blockSize ?? SECTOR, options.limits ?? {}),
      ...options,
      deviceType: 2,
      onNotify: (device, queue) => this.work(device.rings[queue]!, queue),
    });
  }

  private work(ring: SimRing, queue: number): void {
    const chains = ring.take();
    ring.askForNotifications(); // Nothing comes between the two: it looks when it is notified, and only then.
    if (this.backwards) chains.reverse();
    for (const chain of chains) this.serve(ring, chain, queue);
  }

  private serve(ring: SimRing, chain: SimChain, queue: number): void {
    const request = this.readRequest(chain, queue);
    this.requests.push(request);
    const answer = this.answer(request);
    const finish = (): void => {
      if (this.device.isOut) return;
      const writable = chain.writable.reduce((sum, { length }) => sum + length, 0);
      if (!answer.writesNothing) this.perform(request, chain, answer.status);
      for (let i = 0; i < (answer.times ?? 1); i++)
        ring.give(answer.usedHead ?? chain.head, answer.usedLength ?? writable);
    };
    if (answer.delay === undefined) finish();
    else if (answer.delay !== Number.POSITIVE_INFINITY) this.machine.after(answer.delay, finish);
  }

  private readRequest(chain: SimChain, queue: number): SimBlkRequest {
    const [header] = chain.readable;
    if (header?.length !== 16) this.machine.violate('a request does not begin with a header of 16 bytes');
    if (chain.writable.length === 0) this.machine.violate('a request does not end with a status byte');
    const view = new DataView(this.machine.dma.buffer, header?.offset ?? 0, 16);
    if (view.getUint32(4, true) !== 0) this.machine.violate('the reserved field of a request is not 0');
    const type = view.getUint32(0, true);
    const sector = Number(view.getBigUint64(8, true));
    if (type > 1 && sector !== 0) this.machine.violate(`a request of type ${type} names sector ${sector}`);
    const data =
      chain.readable.length > 1 || chain.writable.length === 0
        ? chain.readable.slice(1)
        : withoutStatus(chain.writable);
    const segments = data.map(({ length }) => length);
    this.checkSegments(chain, segments);
    return { type, sector, head: chain.head, queue, segments, ranges: this.readRanges(type, data) };
  }

  /** A driver keeps to size_max and seg_max when it has taken the features. §5.2.6.1 */
  private checkSegments(chain: SimChain, segments: readonly number[]): void {
    const { device } = this;
    const longest = Math.max(...[...chain.readable, ...chain.writable].map(({ length }) => length));
    if (device.has(SIZE_MAX) && longest > device.readConfig(8, 4)) {
      this.machine.violate(`a segment of ${longest} bytes`);
    }
    if (device.has(SEG_MAX) && segments.length > Math.max(device.readConfig(12, 4), 1)) {
      this.machine.violate(`a request of ${segments.length} segments`);
    }
  }

  private readRanges(type: number, data: readonly SimBuffer[]): SimBlkRange[] {
    const kind = RANGE_TYPES[type];
    if (kind === undefined) return [];
    const bytes = data.flatMap(({ offset, length }) => [...this.machine.dma.subarray(offset, offset + length)]);
    const view = new DataView(new Uint8Array(bytes).buffer);
    const ranges: SimBlkRange[] = [];
    for (let at = 0; at + 16 <= bytes.length; at += 16) {
      ranges.push({
        sector: Number(view.getBigUint64(at, true)),
        count: view.getUint32(at + 8, true),
        flags: view.getUint32(at + 12, true),
      });
    }
    this.checkRanges(type, kind, ranges);
    return ranges;
  }

  /** A driver keeps to the limits of discards and their kin. §5.2.6.1 */
  private checkRanges(
    type: number,
    { feature, limits }: { feature: number; limits: number },
    ranges: readonly SimBlkRange[],
  ): void {
    const { device, machine } = this;
    if (!device.has(feature)) machine.violate(`a request of type ${type}, whose feature was not taken`);
    if (ranges.length === 0) machine.violate(`a request of type ${type} without segments`);
    const longest = Math.max(...ranges.map(({ count }) => count));
    if (longest > device.readConfig(limits, 4)) machine.violate(`a range of ${longest} sectors`);
    if (ranges.length > Math.max(device.readConfig(limits + 4, 4), 1)) machine.violate(`${ranges.length} ranges`);
    if (ranges.some(({ flags }) => (flags & (type === 13 ? ~1 : ~0)) !== 0)) machine.violate('flags of a range');
  }

  private perform(request: SimBlkRequest, chain: SimChain, status: number | undefined): void {
    const last = chain.writable.at(-1)!;
    this.machine.dma[last.offset + last.length - 1] = status ?? this.move(request, chain);
  }

  /** Moves the data and returns the status. */
  private move({ type, sector, ranges }: SimBlkRequest, chain: SimChain): number {
    const memory = this.machine.dma;
    const buffers = type === 1 ? chain.readable.slice(1) : withoutStatus(chain.writable);
    const length = buffers.reduce((sum, buffer) => sum + buffer.length, 0);
    if (type === 4) {
      if (!this.device.has(FLUSH)) this.machine.violate('a flush without FLUSH');
      this.flushes++;
      return 0;
    }
    if (type === 8) {
      const bytes = new TextEncoder().encode(this.options.serialNumber ?? '');
      memory.fill(0, buffers[0]!.offset, buffers[0]!.offset + length).set(bytes, buffers[0]!.offset);
      return 0;
    }
    if (type === 10 && this.device.has(LIFETIME)) {
      const words = new Uint16Array(this.options.lifetime ?? [0, 0, 0]);
      memory.set(new Uint8Array(words.buffer), buffers[0]!.offset);
      return 0;
    }
    if (ranges.length > 0) return this.clear(type, ranges);
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

  /** Does a discard or one of its kin, and returns the status. What is discarded reads as 0xdd, so that tests can tell. */
  private clear(type: number, ranges: readonly SimBlkRange[]): number {
    if ((this.options.features ?? FEATURES).includes(5)) return 1;
    for (const { sector, count } of ranges) {
      if ((sector + count) * SECTOR > this.disk.length) return 1;
      this.disk.fill(type === 11 ? 0xdd : 0, sector * SECTOR, (sector + count) * SECTOR);
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

/** Returns the 72 bytes of configuration up to and with secure_erase_sector_alignment. §5.2.4 */
const blockConfig = ([low, high]: readonly [number, number], blockSize: number, limits: SimBlkLimits): Uint8Array => {
  const bytes = new DataView(new ArrayBuffer(72));
  const words = (offset: number, ...values: readonly number[]): void => {
    values.forEach((value, index) => {
      bytes.setUint32(offset + 4 * index, value, true);
    });
  };
  words(0, low, high, limits.sizeMax ?? 0, limits.segmentMax ?? 0);
  words(0x14, blockSize);
  const [exponent, alignment, ioMin, ioOptimal] = limits.topology ?? [0, 0, 0, 0];
  bytes.setUint8(0x18, exponent);
  bytes.setUint8(0x19, alignment);
  bytes.setUint16(0x1a, ioMin, true);
  words(0x1c, ioOptimal);
  bytes.setUint8(0x20, limits.writeback ?? 0);
  bytes.setUint16(0x22, limits.queueCount ?? 0, true);
  words(0x24, ...(limits.discard ?? []));
  words(0x30, ...(limits.writeZeroes ?? []));
  bytes.setUint8(0x38, limits.mayUnmap ?? 0);
  words(0x3c, ...(limits.secureErase ?? []));
  return new Uint8Array(bytes.buffer);
};
