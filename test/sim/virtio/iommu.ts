// A simulated virtio IOMMU, written from VIRTIO 1.2 §5.13: domains, mappings, endpoints, faults. A test may have it answer differently.

import type { SimMachine } from '../machine.ts';
import { SimVirtioDevice, type SimVirtioOptions } from './device.ts';
import type { SimRing } from './ring.ts';
import type { SimChain } from './ring-layout.ts';

/** How to answer other than correctly. */
export interface SimIommuAnswer {
  /** What its status is, in place of what is true; nothing is done then. */
  readonly status?: number;
  /** The properties of a probe. */
  readonly properties?: Uint8Array;
  readonly usedLength?: number;
  readonly usedHead?: number;
  /** Nanoseconds until the answer; Infinity for never. */
  readonly delay?: number;
}

/** A mapping, both ends inclusive. */
interface SimMapping {
  readonly start: number;
  readonly end: number;
  readonly memory: number;
  readonly flags: number;
}

const READ = 1;
const FLAG_ADDRESS = 0x100;
const PROBE_LENGTH = 64;

/** Returns a property of a reserved region: subtype 0 reserved, 1 MSI. */
export const reservedProperty = (subtype: number, start: bigint, end: bigint): Uint8Array => {
  const bytes = new Uint8Array(24);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, 1, true);
  view.setUint16(2, 20, true);
  bytes[4] = subtype;
  view.setBigUint64(8, start, true);
  view.setBigUint64(16, end, true);
  return bytes;
};

/** Returns its configuration. */
export const iommuConfig = ({
  pages = 0xffff_ffff_ffff_f000n,
  input = [0n, 0xffff_ffff_ffff_ffffn] as readonly [bigint, bigint],
  domains = [0, 0xffff_ffff] as readonly [number, number],
  probe = PROBE_LENGTH,
} = {}): Uint8Array => {
  const config = new Uint8Array(40);
  const view = new DataView(config.buffer);
  view.setBigUint64(0, pages, true);
  view.setBigUint64(8, input[0], true);
  view.setBigUint64(16, input[1], true);
  view.setUint32(24, domains[0], true);
  view.setUint32(28, domains[1], true);
  view.setUint32(32, probe, true);
  config[36] = 1;
  return config;
};

/** An IOMMU that knows endpoints up to 0xff. */
export class SimIommuDevice {
  readonly device: SimVirtioDevice;
  /** Each request in words: `map 0 0x100000000-0x1000fffff 0x4000000 3`. */
  readonly requests: string[] = [];
  /** What it says of each endpoint. */
  properties: Uint8Array = reservedProperty(1, 0xfee00000n, 0xfeefffffn);
  answer: (index: number) => SimIommuAnswer = () => ({});
  private readonly machine: SimMachine;
  private readonly config: Uint8Array;
  private domains = new Map<number, { isBypass: boolean; mappings: SimMapping[] }>();
  private endpoints = new Map<number, number>();

  constructor(machine: SimMachine, options: Partial<SimVirtioOptions> = {}) {
    this.machine = machine;
    this.config = options.config ?? iommuConfig();
    this.device = new SimVirtioDevice(machine, {
      features: [0, 1, 2, 4, 5, 6, 32],
      queueSizes: [8, 8],
      ...options,
      config: this.config,
      deviceType: 23,
      onReset: () => this.forget(),
      onNotify: (device, queue) => {
        if (queue === 0) this.work(device.rings[0]!);
      },
    });
  }

  get isBypass(): boolean {
    return this.config[36] === 1;
  }

  /** Forgets all domains, as a device does that is reset. */
  private forget(): void {
    this.domains.clear();
    this.endpoints.clear();
  }

  /** Returns the domain of an endpoint, undefined for none. */
  domainOf(endpoint: number): number | undefined {
    return this.endpoints.get(endpoint);
  }

  /** Returns where in memory an access goes; undefined, and a fault is reported, where it is refused. */
  translate(endpoint: number, address: number, length: number, flags = READ): number | undefined {
    const id = this.endpoints.get(endpoint);
    const domain = id === undefined ? undefined : this.domains.get(id);
    if (domain?.isBypass ?? this.isBypass) return address;
    const last = address + length - 1;
    const found = domain?.mappings.find(({ start, end }) => start <= address && last <= end);
    if (found !== undefined && (found.flags & flags) === flags) return address - found.start + found.memory;
    this.report(domain === undefined ? 1 : 2, flags | FLAG_ADDRESS, endpoint, BigInt(address));
    return undefined;
  }

  /** Reports a fault where there is a buffer for it. */
  report(reason: number, flags: number, endpoint: number, address: bigint, usedLength = 24): void {
    const ring = this.device.rings[1]!;
    const chain = ring.takeOne();
    if (chain === undefined) return;
    const event = new Uint8Array(24);
    const view = new DataView(event.buffer);
    event[0] = reason;
    view.setUint32(4, flags, true);
    view.setUint32(8, endpoint, true);
    view.setBigUint64(16, address, true);
    this.machine.dma.set(event, chain.writable[0]!.offset);
    ring.give(chain.head, usedLength);
  }

  private work(ring: SimRing): void {
    const chains = ring.take();
    ring.askForNotifications();
    for (const chain of chains) this.serve(ring, chain);
  }

  private serve(ring: SimRing, chain: SimChain): void {
    const request = new Uint8Array(
      chain.readable.flatMap(({ offset, length }) => [...this.machine.dma.subarray(offset, offset + length)]),
    );
    const [out] = chain.writable;
    const answer = this.answer(this.requests.length);
    const finish = (): void => {
      const status = answer.status ?? this.obey(new DataView(request.buffer));
      const bytes = new Uint8Array(out!.length);
      if (request[0] === 5) bytes.set(answer.properties ?? this.properties);
      bytes[bytes.length - 4] = status;
      this.machine.dma.set(bytes, out!.offset);
      ring.give(answer.usedHead ?? chain.head, answer.usedLength ?? bytes.length);
    };
    this.requests.push(textOf(new DataView(request.buffer)));
    if (answer.delay === undefined) finish();
    else if (answer.delay !== Number.POSITIVE_INFINITY) this.machine.after(answer.delay, finish);
  }

  /** Does what is asked for. Returns the status. */
  private obey(request: DataView): number {
    const domain = request.getUint32(4, true);
    switch (request.getUint8(0)) {
      case 1:
        return this.attach(domain, request.getUint32(8, true), request.getUint32(12, true));
      case 2:
        return this.detach(domain, request.getUint32(8, true));
      case 3:
        return this.map(domain, request);
      case 4:
        return this.unmap(domain, Number(request.getBigUint64(8, true)), Number(request.getBigUint64(16, true)));
      case 5:
        return domain > 0xff ? 6 : 0; // The endpoint.
      default:
        return 2;
    }
  }

  private attach(id: number, endpoint: number, flags: number): number {
    if (endpoint > 0xff) return 6;
    if ((flags & ~1) !== 0) return 4;
    this.leave(endpoint);
    if (!this.domains.has(id)) this.domains.set(id, { isBypass: flags === 1, mappings: [] });
    this.endpoints.set(endpoint, id);
    return 0;
  }

  private detach(id: number, endpoint: number): number {
    if (this.endpoints.get(endpoint) !== id) return 4;
    this.leave(endpoint);
    return 0;
  }

  private leave(endpoint: number): void {
    const id = this.endpoints.get(endpoint);
    this.endpoints.delete(endpoint);
    if (id !== undefined && ![...this.endpoints.values()].includes(id)) this.domains.delete(id);
  }

  private map(id: number, request: DataView): number {
    const domain = this.domains.get(id);
    if (domain === undefined) return 6;
    const [start, end, memory] = [8, 16, 24].map((at) => Number(request.getBigUint64(at, true))) as [
      number,
      number,
      number,
    ];
    const flags = request.getUint32(32, true);
    if (domain.isBypass || (flags & ~7) !== 0 || flags === 0) return 4;
    if (start > end || start % 4096 !== 0 || (end + 1) % 4096 !== 0 || memory % 4096 !== 0) return 5;
    if (domain.mappings.some((other) => start <= other.end && other.start <= end)) return 4;
    domain.mappings.push({ start, end, memory, flags });
    return 0;
  }

  private unmap(id: number, start: number, end: number): number {
    const domain = this.domains.get(id);
    if (domain === undefined) return 6;
    const touched = domain.mappings.filter((each) => start <= each.end && each.start <= end);
    if (touched.some((each) => each.start < start || each.end > end)) return 5;
    domain.mappings = domain.mappings.filter((each) => !touched.includes(each));
    return 0;
  }
}

const textOf = (request: DataView): string => {
  const word = (at: number): number => request.getUint32(at, true);
  const long = (at: number): string => `0x${request.getBigUint64(at, true).toString(16)}`;
  switch (request.getUint8(0)) {
    case 1:
      return `attach ${word(4)} ${word(8)} ${word(12)}`;
    case 2:
      return `detach ${word(4)} ${word(8)}`;
    case 3:
      return `map ${word(4)} ${long(8)}-${long(16)} ${long(24)} ${word(32)}`;
    case 4:
      return `unmap ${word(4)} ${long(8)}-${long(16)}`;
    case 5:
      return `probe ${word(4)}`;
    default:
      return `request ${request.getUint8(0)}`;
  }
};
