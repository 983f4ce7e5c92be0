// A simulated virtio GPU without 3D, written from VIRTIO 1.2 §5.7. It keeps what a host would: resources with their pixels, what the scanouts show and the cursors. A test
// may have it answer other than what is true.

import type { SimMachine } from '../machine.ts';
import { type SimFaults, SimVirtioDevice, type SimVirtioOptions } from './device.ts';
import type { SimBuffer, SimChain } from './ring-layout.ts';
import { SimBusMemory } from './ring-memory.ts';

/** A screen that the host has. */
export interface SimDisplay {
  readonly x?: number;
  readonly y?: number;
  readonly width: number;
  readonly height: number;
  readonly enabled?: boolean;
  readonly edid?: Uint8Array;
  /** In place of the length of the EDID. */
  readonly edidSize?: number;
}

/** How to answer other than correctly. */
export interface SimGpuLie {
  readonly type?: number;
  readonly flags?: number;
  readonly fence?: number;
  /** Bytes that are written. */
  readonly length?: number;
  readonly usedHead?: number;
  readonly usedLength?: number;
  readonly times?: number;
  /** Nanoseconds until the answer; Infinity for never. */
  readonly delay?: number;
}

/** A picture on the host. */
export interface SimResource {
  readonly width: number;
  readonly height: number;
  readonly format: number;
  readonly pixels: Uint32Array;
  backing: readonly { readonly address: number; readonly length: number }[];
}

interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What a scanout shows. */
export interface SimShown extends Rect {
  readonly resource: number;
}

/** The cursor of a scanout. */
export interface SimCursor {
  readonly x: number;
  readonly y: number;
  readonly resource: number;
  readonly hotX: number;
  readonly hotY: number;
}

export interface SimGpuOptions extends Partial<Omit<SimVirtioOptions, 'onNotify' | 'onConfigWrite' | 'deviceType'>> {
  readonly displays?: readonly SimDisplay[];
  readonly numScanouts?: number;
  readonly faults?: SimFaults;
}

const HEADER_SIZE = 24;
const EVENT_DISPLAY = 1;
const SCANOUTS_MAX = 16;
const OK = 0x1100;
const OK_DISPLAY_INFO = 0x1101;
const OK_EDID = 0x1104;
const OUT_OF_MEMORY = 0x1201;
const INVALID_SCANOUT = 0x1202;
const INVALID_RESOURCE = 0x1203;
const INVALID_PARAMETER = 0x1205;
const UNSPEC = 0x1200;
const HOST_PIXELS_MAX = 64 * 1024 * 1024;

/** Bytes that each request has at least. */
const LENGTHS: Readonly<Record<number, number>> = {
  256: 24,
  257: 40,
  258: 32,
  259: 48,
  260: 48,
  261: 56,
  262: 32,
  263: 32,
  266: 32,
  768: 56,
  769: 56,
};

/** One screen of 640 × 480, unless it is said otherwise. */
export class SimGpuDevice {
  readonly device: SimVirtioDevice;
  readonly resources = new Map<number, SimResource>();
  readonly shown: (SimShown | undefined)[] = [];
  readonly cursors: (SimCursor | undefined)[] = [];
  /** What has been asked for, in order: types of requests. */
  readonly requests: number[] = [];
  /** The rectangles that were flushed. */
  readonly flushed: Rect[] = [];
  /** Pixels that were read from the guest. */
  transferred = 0;
  /** Decides how the request of a type, and of a number, is answered; undefined is the correct way. */
  lie: (type: number, index: number) => SimGpuLie | undefined = () => undefined;
  displays: readonly SimDisplay[];
  private readonly machine: SimMachine;
  private readonly memory: SimBusMemory;
  private readonly config: Uint8Array;

  constructor(machine: SimMachine, options: SimGpuOptions = {}) {
    this.machine = machine;
    this.memory = new SimBusMemory(machine);
    this.memory.translate = options.translate;
    this.displays = options.displays ?? [{ width: 640, height: 480 }];
    this.config = new Uint8Array(16);
    this.config[8] = options.numScanouts ?? this.displays.length;
    this.device = new SimVirtioDevice(machine, {
      features: [1, 32],
      queueSizes: [64, 16],
      config: this.config,
      ...options,
      deviceType: 16,
      onConfigWrite: (offset, width) => this.configWritten(offset, width),
      onNotify: (device, queue) => this.notified(device, queue),
    });
    const write = this.device.writeStatus.bind(this.device);
    this.device.writeStatus = (value) => {
      if (value === 0) this.forget();
      write(value);
    };
  }

  /** The host has changed its screens. */
  change(displays: readonly SimDisplay[]): void {
    this.displays = displays;
    this.device.changeConfig(0, [this.config[0]! | EVENT_DISPLAY]);
  }

  /** Whether it still tells of a change. */
  get hasEvent(): boolean {
    return this.config[0] !== 0;
  }

  /** Returns the pixels that a scanout shows, row by row; undefined when nothing. */
  picture(scanout: number): number[][] | undefined {
    const shown = this.shown[scanout];
    if (shown === undefined) return undefined;
    const { width, pixels } = this.resources.get(shown.resource)!;
    return Array.from({ length: shown.height }, (_, y) => {
      const start = (shown.y + y) * width + shown.x;
      return [...pixels.subarray(start, start + shown.width)];
    });
  }

  private forget(): void {
    this.resources.clear();
    this.shown.length = 0;
    this.cursors.length = 0;
  }

  private configWritten(offset: number, width: number): void {
    if (offset !== 4 || width !== 4) this.machine.violate(`the driver wrote ${width} bytes at ${offset}`);
    this.config[0]! &= ~this.config[4]!; // Write to clear. §5.7.4
    this.config.fill(0, 4, 8);
  }

  private notified(device: SimVirtioDevice, queue: number): void {
    const ring = device.rings[queue]!;
    for (const chain of ring.take()) this.serve(queue, chain);
    ring.askForNotifications();
  }

  private serve(queue: number, chain: SimChain): void {
    const request = this.readAll(chain.readable);
    const type = request.byteLength < HEADER_SIZE ? 0 : request.getUint32(0, true);
    const least = LENGTHS[type];
    if (least === undefined || request.byteLength < least || type >= 0x300 !== (queue === 1)) {
      this.machine.violate(`request 0x${type.toString(16)} of ${request.byteLength} bytes in queue ${queue}`);
      return;
    }
    const lie = this.lie(type, this.requests.push(type) - 1);
    if (lie?.delay === undefined) this.answer(queue, chain, request, lie);
    else if (lie.delay !== Number.POSITIVE_INFINITY) {
      const { statusWrites } = this.device;
      const resets = statusWrites.lastIndexOf(0);
      this.machine.after(lie.delay, () => {
        if (statusWrites.lastIndexOf(0) === resets) this.answer(queue, chain, request, lie);
      });
    }
  }

  private answer(queue: number, chain: SimChain, request: DataView, lie: SimGpuLie | undefined): void {
    const ring = this.device.rings[queue]!;
    const done = queue === 1 ? this.point(request) : this.answerOf(request);
    const view = new DataView(done.buffer);
    if (done.length > 0 && (request.getUint32(4, true) & 1) !== 0) {
      view.setUint32(4, lie?.flags ?? 1, true);
      view.setUint32(8, lie?.fence ?? request.getUint32(8, true), true);
    }
    if (lie?.type !== undefined) view.setUint32(0, lie.type, true);
    const length = Math.min(lie?.length ?? done.length, done.length);
    this.writeAll(chain.writable, done.subarray(0, length));
    for (let i = 0; i < (lie?.times ?? 1); i++) ring.give(lie?.usedHead ?? chain.head, lie?.usedLength ?? length);
  }

  private answerOf(request: DataView): Uint8Array<ArrayBuffer> {
    switch (request.getUint32(0, true)) {
      case 0x100:
        return this.displayInfo();
      case 0x10a:
        return this.edidOf(request.getUint32(24, true));
      default:
        return answered(this.carryOut(request));
    }
  }

  private carryOut(request: DataView): number {
    const word = (at: number): number => request.getUint32(at, true);
    const rect = { x: word(24), y: 0, width: 0, height: 0 };
    if (request.byteLength >= 48) Object.assign(rect, { y: word(28), width: word(32), height: word(36) });
    switch (word(0)) {
      case 0x101:
        return this.create(word(24), word(28), word(32), word(36));
      case 0x102:
        return this.unref(word(24));
      case 0x103:
        return this.setScanout(word(40), word(44), rect);
      case 0x104:
        return this.flush(word(40), rect);
      case 0x105:
        return this.transfer(word(48), word(40) + word(44) * 2 ** 32, rect);
      case 0x106:
        return this.attach(request, word(24), word(28));
      default:
        return UNSPEC;
    }
  }

  private create(id: number, format: number, width: number, height: number): number {
    if (id === 0 || this.resources.has(id)) {
      this.machine.violate(`resource ${id} is created`);
      return INVALID_RESOURCE;
    }
    if (format !== 1 && format !== 2) return INVALID_PARAMETER;
    if (width * height > HOST_PIXELS_MAX) return OUT_OF_MEMORY;
    this.resources.set(id, { width, height, format, pixels: new Uint32Array(width * height), backing: [] });
    return OK;
  }

  private attach(request: DataView, id: number, count: number): number {
    const resource = this.resources.get(id);
    if (resource === undefined) return INVALID_RESOURCE;
    if (request.byteLength !== 32 + 16 * count) return INVALID_PARAMETER;
    resource.backing = Array.from({ length: count }, (_, i) => {
      const at = 32 + 16 * i;
      const address = request.getUint32(at, true) + request.getUint32(at + 4, true) * 2 ** 32;
      const length = request.getUint32(at + 8, true);
      this.memory.offsetOf(address, length);
      return { address, length };
    });
    return OK;
  }

  private unref(id: number): number {
    if (this.shown.some((each) => each?.resource === id)) this.machine.violate(`resource ${id} is shown and unref'd`);
    return this.resources.delete(id) ? OK : INVALID_RESOURCE;
  }

  private setScanout(scanout: number, id: number, rect: Rect): number {
    if (scanout >= this.displays.length) return INVALID_SCANOUT;
    if (id === 0) {
      this.shown[scanout] = undefined;
      return OK;
    }
    const resource = this.resources.get(id);
    if (resource === undefined) return INVALID_RESOURCE;
    if (!isInside(rect, resource)) return INVALID_PARAMETER;
    this.shown[scanout] = { resource: id, ...rect };
    return OK;
  }

  private transfer(id: number, offset: number, rect: Rect): number {
    const resource = this.resources.get(id);
    if (resource === undefined || resource.backing.length === 0) return INVALID_RESOURCE;
    if (!isInside(rect, resource)) return INVALID_PARAMETER;
    for (let row = 0; row < rect.height; row++) {
      for (let column = 0; column < rect.width; column++) {
        const at = offset + (row * resource.width + column) * 4;
        resource.pixels[(rect.y + row) * resource.width + rect.x + column] = this.memory.read32(
          addressAt(resource, at),
        );
      }
    }
    this.transferred += rect.width * rect.height;
    return OK;
  }

  private flush(id: number, rect: Rect): number {
    const resource = this.resources.get(id);
    if (resource === undefined) return INVALID_RESOURCE;
    if (!isInside(rect, resource)) return INVALID_PARAMETER;
    this.flushed.push(rect);
    return OK;
  }

  /** A request of the cursor queue is not answered. §5.7.6.10 */
  private point(request: DataView): Uint8Array<ArrayBuffer> {
    const word = (at: number): number => request.getUint32(at, true);
    const scanout = word(24);
    const place = { x: word(28), y: word(32) };
    if (word(0) === 0x301) {
      const cursor = this.cursors[scanout];
      if (cursor === undefined) this.machine.violate('a cursor is moved that is not there');
      else this.cursors[scanout] = { ...cursor, ...place };
    } else {
      const id = word(40);
      if (id !== 0 && !this.resources.has(id)) this.machine.violate(`cursor of resource ${id}, which is not there`);
      this.cursors[scanout] = id === 0 ? undefined : { ...place, resource: id, hotX: word(44), hotY: word(48) };
    }
    return new Uint8Array(0);
  }

  private displayInfo(): Uint8Array<ArrayBuffer> {
    const answer = answered(OK_DISPLAY_INFO, HEADER_SIZE + 24 * SCANOUTS_MAX);
    const view = new DataView(answer.buffer);
    this.displays.forEach(({ x = 0, y = 0, width, height, enabled = true }, i) => {
      const values = [x, y, width, height, enabled ? 1 : 0];
      for (const [n, value] of values.entries()) view.setUint32(HEADER_SIZE + 24 * i + 4 * n, value, true);
    });
    return answer;
  }

  private edidOf(scanout: number): Uint8Array<ArrayBuffer> {
    const display = this.displays[scanout];
    if (display?.edid === undefined) return answered(INVALID_SCANOUT);
    const answer = answered(OK_EDID, 32 + 1024);
    new DataView(answer.buffer).setUint32(24, display.edidSize ?? display.edid.length, true);
    answer.set(display.edid, 32);
    return answer;
  }

  private readAll(buffers: readonly SimBuffer[]): DataView {
    const bytes = Uint8Array.from(
      buffers.flatMap(({ offset, length }) => [...this.machine.dma.subarray(offset, offset + length)]),
    );
    return new DataView(bytes.buffer);
  }

  private writeAll(buffers: readonly SimBuffer[], bytes: Uint8Array): void {
    let done = 0;
    for (const { offset, length } of buffers) {
      const piece = bytes.subarray(done, done + length);
      this.machine.dma.set(piece, offset);
      done += piece.length;
    }
    if (done < bytes.length) this.machine.violate(`an answer of ${bytes.length} bytes has room for ${done}`);
  }
}

const answered = (type: number, length = HEADER_SIZE): Uint8Array<ArrayBuffer> => {
  const answer = new Uint8Array(length);
  new DataView(answer.buffer).setUint32(0, type, true);
  return answer;
};

const isInside = (rect: Rect, { width, height }: SimResource): boolean =>
  rect.width > 0 && rect.height > 0 && rect.x + rect.width <= width && rect.y + rect.height <= height;

/** Returns the bus address of byte `at` of a resource's memory, 0 behind its end. */
const addressAt = ({ backing }: SimResource, at: number): number => {
  let left = at;
  for (const { address, length } of backing) {
    if (left < length) return address + left;
    left -= length;
  }
  return 0;
};

/** Returns an EDID block of a monitor. */
export const simEdid = (name: string, width: number, height: number): Uint8Array => {
  const edid = new Uint8Array(128);
  edid.set([0, 255, 255, 255, 255, 255, 255, 0, 0x49, 0x14, 0x34, 0x12, 0x78, 0x56, 0x34, 0x12]); // RHT, product 0x1234
  edid.set([1, 4, 0, 30, 20], 18);
  edid.set([1, 1, width & 255, 0, (width >> 8) << 4, height & 255, 0, (height >> 8) << 4], 54);
  edid.set([0, 0, 0, 0xfc, 0, ...new TextEncoder().encode(`${name}\n`.padEnd(13)).subarray(0, 13)], 72);
  edid[127] = 256 - (edid.reduce((sum, byte) => sum + byte, 0) % 256);
  return edid;
};
