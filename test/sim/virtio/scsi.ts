// A simulated virtio SCSI host, written from VIRTIO 1.2 §5.6. A test may have it answer differently, command by command.

import type { SimMachine } from '../machine.ts';
import { SimVirtioDevice, type SimVirtioOptions } from './device.ts';
import type { SimBuffer, SimChain } from './ring-layout.ts';
import { SimUnit } from './scsi-unit.ts';

/** What the driver asked for. */
export interface SimScsiCommand {
  readonly target: number;
  readonly lun: number;
  readonly tag: number;
  readonly cdb: Uint8Array;
  /** Lengths of the pieces of its data. */
  readonly out: readonly number[];
  readonly in: readonly number[];
}

/** How to answer other than correctly. */
export interface SimScsiAnswer {
  readonly response?: number;
  readonly status?: number;
  readonly sense?: Uint8Array;
  readonly senseLength?: number;
  readonly residual?: number;
  /** Leaves response and data as they are. */
  readonly writesNothing?: boolean;
  readonly usedHead?: number;
  readonly usedLength?: number;
  /** How often the used element is put into the ring. */
  readonly times?: number;
  /** Nanoseconds until the answer; Infinity for never, unless it is asked back. */
  readonly delay?: number;
}

/** How to answer a request for task management other than correctly. */
export interface SimManagement {
  readonly response?: number;
  /** It does not answer. */
  readonly isSilent?: boolean;
  /** It answers, and gives no command back. */
  readonly isDeaf?: boolean;
}

export interface SimScsiOptions extends Partial<Omit<SimVirtioOptions, 'onNotify' | 'deviceType' | 'config'>> {
  /** By `target:lun`. */
  readonly units?: Readonly<Record<string, SimUnit>>;
  /** Fields of the configuration in place of the usual ones, by offset: 32 bits, and 16 for those below 32 and from 28 on. */
  readonly config?: Readonly<Record<number, number>>;
  /** What sense_size and cdb_size stay, whatever was written. */
  readonly stuckSize?: number;
}

/** A command that is not answered yet. */
interface Pending {
  readonly command: SimScsiCommand;
  readonly finish: (response: number) => void;
}

const CONFIG = { 0: 1, 4: 126, 8: 65_535, 12: 128, 16: 16, 20: 96, 24: 32, 28: 0, 30: 7, 32: 16_383 };
const DEFAULT_SENSE_SIZE = 96;
const DEFAULT_CDB_SIZE = 32;

/** A bus with one disk at 0:0, unless the options say otherwise. */
export class SimScsiHost {
  readonly device: SimVirtioDevice;
  readonly units: Map<string, SimUnit>;
  readonly commands: SimScsiCommand[] = [];
  /** Subtype, tag, place. */
  readonly managed: (readonly [subtype: number, tag: number, place: string])[] = [];
  answer: (command: SimScsiCommand) => SimScsiAnswer = () => ({});
  manage: (subtype: number) => SimManagement = () => ({});
  /** In place of a list of LUNs. */
  lunList: Uint8Array | undefined;
  private readonly machine: SimMachine;
  private readonly pending = new Set<Pending>();
  private isMissed = false;

  constructor(machine: SimMachine, options: SimScsiOptions = {}) {
    this.machine = machine;
    this.units = new Map(Object.entries(options.units ?? { '0:0': new SimUnit() }));
    const bytes = new Uint8Array(36);
    const view = new DataView(bytes.buffer);
    for (const [offset, value] of Object.entries({ ...CONFIG, ...options.config })) {
      if (offset === '28' || offset === '30') view.setUint16(Number(offset), value, true);
      else view.setUint32(Number(offset), value, true);
    }
    this.device = new SimVirtioDevice(machine, {
      features: [1, 2, 28, 32],
      queueSizes: [64, 64, 256],
      ...options,
      config: bytes,
      deviceType: 8,
      onConfigWrite: (offset) => {
        if (offset !== 20 && offset !== 24) machine.violate(`a write to the configuration at ${offset}`);
        if (options.stuckSize !== undefined) view.setUint32(offset, options.stuckSize, true);
      },
      onNotify: (device, queue) => {
        if (queue !== 1) this.work(device, queue);
      },
    });
  }

  /** Returns sense_size or cdb_size, which the driver may have changed. */
  private sizeAt(offset: number): number {
    return this.device.readConfig(offset, 4);
  }

  private work(device: SimVirtioDevice, queue: number): void {
    const ring = device.rings[queue]!;
    const chains = ring.take();
    ring.askForNotifications();
    for (const chain of chains) {
      if (queue === 0) this.control(chain);
      else this.serve(chain, queue);
    }
  }

  private serve(chain: SimChain, queue: number): void {
    const headLength = 19 + this.sizeAt(24);
    const responseLength = 12 + this.sizeAt(20);
    if (this.sizeAt(24) !== DEFAULT_CDB_SIZE || this.sizeAt(20) !== DEFAULT_SENSE_SIZE) {
      this.machine.violate('a command with sizes that are not the usual ones');
    }
    const [head, ...out] = chain.readable;
    const [response, ...into] = chain.writable;
    if (head?.length !== headLength) this.machine.violate(`a command begins with ${head?.length} bytes`);
    if (response?.length !== responseLength) this.machine.violate(`a response has room for ${response?.length} bytes`);
    if (out.length > 0 && into.length > 0) this.machine.violate('a command moves bytes both ways');
    const command = this.readCommand(head!, out, into);
    this.commands.push(command);
    const answer = this.answer(command);
    const pending: Pending = {
      command,
      finish: (code) => {
        if (!this.pending.delete(pending)) return;
        this.finish(chain, queue, command, code === 0 ? answer : { ...answer, response: code });
      },
    };
    this.pending.add(pending);
    if (answer.delay === undefined) pending.finish(0);
    else if (answer.delay !== Number.POSITIVE_INFINITY) this.machine.after(answer.delay, () => pending.finish(0));
  }

  private readCommand(head: SimBuffer, out: readonly SimBuffer[], into: readonly SimBuffer[]): SimScsiCommand {
    const bytes = this.machine.dma.slice(head.offset, head.offset + head.length);
    const view = new DataView(bytes.buffer);
    const [target, lun] = this.readLun(bytes, 0);
    if (bytes[16] !== 0 || bytes[17] !== 0 || bytes[18] !== 0) this.machine.violate('attribute, priority or number');
    const cdb = bytes.slice(19);
    if (cdb.subarray(16).some((byte) => byte !== 0)) this.machine.violate('a CDB of more than 16 bytes');
    const lengths = (buffers: readonly SimBuffer[]): number[] => buffers.map(({ length }) => length);
    return { target, lun, tag: Number(view.getBigUint64(8, true)), cdb, out: lengths(out), in: lengths(into) };
  }

  private readLun(bytes: Uint8Array, at: number): [target: number, lun: number] {
    if (bytes[at] !== 1 || (bytes[at + 2]! & 0xc0) !== 0x40) this.machine.violate('a LUN that is none of ours');
    if (bytes.subarray(at + 4, at + 8).some((byte) => byte !== 0)) this.machine.violate('the end of a LUN is not 0');
    return [bytes[at + 1]!, ((bytes[at + 2]! & 0x3f) << 8) | bytes[at + 3]!];
  }

  private finish(chain: SimChain, queue: number, command: SimScsiCommand, answer: SimScsiAnswer): void {
    const ring = this.device.rings[queue]!;
    const [response, ...into] = chain.writable;
    const room = command.in.reduce((sum, length) => sum + length, 0);
    const asked = command.out.reduce((sum, length) => sum + length, 0);
    const outcome =
      answer.response === undefined && answer.status === undefined && !answer.writesNothing
        ? this.perform(command, this.bytesOf(chain.readable.slice(1)), room)
        : { status: answer.status ?? 0, code: answer.response ?? 0, data: undefined, sense: undefined };
    const data = outcome.data ?? new Uint8Array(0);
    if (!answer.writesNothing) {
      const view = new DataView(this.machine.dma.buffer, response!.offset, response!.length);
      const sense = answer.sense ?? outcome.sense ?? new Uint8Array(0);
      view.setUint32(0, answer.senseLength ?? sense.length, true);
      const moved = room > 0 ? room - Math.min(data.length, room) : 0;
      view.setUint32(4, answer.residual ?? (outcome.status === 0 && outcome.code === 0 ? moved : room + asked), true);
      view.setUint8(10, outcome.status);
      view.setUint8(11, outcome.code);
      this.machine.dma.set(sense.subarray(0, response!.length - 12), response!.offset + 12);
      this.scatter(data, into);
    }
    // As QEMU's, which counts what it has read, too.
    const written = chain.writable.reduce((sum, { length }) => sum + length, 0) + asked;
    for (let i = 0; i < (answer.times ?? 1); i++)
      ring.give(answer.usedHead ?? chain.head, answer.usedLength ?? written);
  }

  private perform(command: SimScsiCommand, data: Uint8Array, room: number) {
    const { target, lun, cdb } = command;
    const units = [...this.units].filter(([place]) => place.startsWith(`${target}:`));
    if (units.length === 0) return { status: 0, code: 3, data: undefined, sense: undefined };
    if (cdb[0] === 0xa0)
      return { status: 0, code: 0, data: this.luns(units.map(([place]) => place)), sense: undefined };
    const unit = this.units.get(`${target}:${lun}`);
    if (unit === undefined) {
      const nothing = Uint8Array.from({ length: 36 }, (_, i) => (i === 0 ? 0x7f : 0));
      if (cdb[0] === 0x12) return { status: 0, code: 0, data: nothing, sense: undefined };
      return { status: 2, code: 0, data: undefined, sense: Uint8Array.of(0x72, 5, 0x25, 0, 0, 0, 0, 0) };
    }
    const outcome = unit.execute(cdb, data, room);
    return { code: 0, data: undefined, sense: undefined, ...outcome };
  }

  private luns(places: readonly string[]): Uint8Array {
    if (this.lunList !== undefined) return this.lunList;
    const luns = places.map((place) => Number(place.split(':')[1]));
    const bytes = new DataView(new ArrayBuffer(8 + 8 * luns.length));
    bytes.setUint32(0, 8 * luns.length);
    for (const [i, lun] of luns.entries()) bytes.setUint16(8 + 8 * i, lun < 256 ? lun : 0x4000 + lun);
    return new Uint8Array(bytes.buffer);
  }

  private bytesOf(buffers: readonly SimBuffer[]): Uint8Array {
    return new Uint8Array(
      Buffer.concat(buffers.map(({ offset, length }) => this.machine.dma.subarray(offset, offset + length))),
    );
  }

  private scatter(data: Uint8Array, buffers: readonly SimBuffer[]): void {
    let at = 0;
    for (const { offset, length } of buffers) {
      this.machine.dma.set(data.subarray(at, at + length), offset);
      at += length;
    }
  }

  private control(chain: SimChain): void {
    const bytes = this.bytesOf(chain.readable);
    if (bytes.length !== 24 || chain.writable.length !== 1) this.machine.violate('a request for task management');
    const view = new DataView(bytes.buffer);
    if (view.getUint32(0, true) !== 0) this.machine.violate('a control request of another type');
    const subtype = view.getUint32(4, true);
    const [target, lun] = this.readLun(bytes, 8);
    const tag = Number(view.getBigUint64(16, true));
    this.managed.push([subtype, tag, `${target}:${lun}`]);
    const { response = 0, isSilent, isDeaf } = this.manage(subtype);
    if (!isDeaf && response === 0) {
      for (const pending of [...this.pending]) {
        const { command } = pending;
        if (subtype === 0 && command.tag === tag) pending.finish(2);
        if (subtype === 5 && command.target === target && command.lun === lun) pending.finish(4);
      }
    }
    if (isSilent) return;
    this.machine.dma[chain.writable[0]!.offset] = response;
    this.device.rings[0]!.give(chain.head, 1);
  }

  /** Reports an event. Without a buffer for it the next one says that some were missed. */
  report(event: number, target = 0, lun = 0, reason = 0, length = 16): void {
    const ring = this.device.rings[1]!;
    const chain = ring.takeOne();
    if (chain === undefined) {
      this.isMissed = true;
      return;
    }
    const [buffer] = chain.writable;
    if (buffer!.length < this.sizeAt(16)) this.machine.violate(`an event has room for ${buffer!.length} bytes`);
    const view = new DataView(this.machine.dma.buffer, buffer!.offset, 16);
    view.setUint32(0, event + (this.isMissed ? 0x80000000 : 0), true);
    for (const [i, byte] of [1, target, lun < 256 ? 0 : 0x40 | (lun >> 8), lun & 255, 0, 0, 0, 0].entries())
      view.setUint8(4 + i, byte);
    view.setUint32(12, reason, true);
    this.isMissed = false;
    ring.give(chain.head, length);
  }

  /** Takes a unit out: what it has is aborted. */
  unplug(place: string): void {
    this.units.delete(place);
    const [target, lun] = place.split(':').map(Number);
    this.report(1, target, lun, 2);
    for (const pending of [...this.pending]) {
      if (`${pending.command.target}:${pending.command.lun}` === place) pending.finish(2);
    }
  }
}
