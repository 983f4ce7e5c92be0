// A simulated virtio sound device, written from VIRTIO 1.2 §5.14 and, for controls, VIRTIO 1.3. A stream that runs takes, or records, a period in the time that it
// lasts. Byte n of all that a stream records is n modulo 251. A test may have it say and do other than what is right.

import type { SimMachine } from '../machine.ts';
import { type SimFaults, SimVirtioDevice, type SimVirtioOptions } from './device.ts';
import type { SimBuffer, SimChain } from './ring-layout.ts';
import {
  controlInfo,
  get,
  jackInfo,
  joined,
  mapInfo,
  put,
  type SimSoundControl,
  type SimSoundJack,
  type SimSoundStream,
  status,
  streamInfo,
  textOf,
} from './sound-infos.ts';

/** What it does wrong. */
export interface SimSoundLies {
  /** By request: the bytes of its whole answer, in place of the right one. */
  answer?(code: number, right: Uint8Array): Uint8Array | undefined;
  /** Returns whether the answer to a request never comes. */
  silence?(code: number): boolean;
  answerHead?: number;
  /** The length that is returned with an answer. */
  answerLength?: number;
  /** The status of samples, and the length that is returned with them. */
  status?: number;
  transferLength?: number;
  /** It returns samples without a status. */
  writesNoStatus?: boolean;
  transferHead?: number;
  /** It keeps the periods of a stream that is released. */
  keepsPeriods?: boolean;
  /** Returns whether it does nothing for a stream that runs. */
  standsStill?(index: number): boolean;
  eventLength?: number;
  eventHead?: number;
}

export interface SimSoundOptions extends Partial<Omit<SimVirtioOptions, 'onNotify' | 'onConfigWrite' | 'deviceType'>> {
  readonly streams?: readonly SimSoundStream[];
  readonly jacks?: readonly SimSoundJack[];
  /** Of each map its direction and positions. */
  readonly channelMaps?: readonly (readonly [direction: number, ...positions: number[]])[];
  readonly controls?: readonly SimSoundControl[];
  /** In place of what is true. */
  readonly counts?: readonly number[];
  readonly lies?: SimSoundLies;
  readonly faults?: SimFaults;
  /** Bytes that the last period of a recording has when it is stopped. The status is right behind them, as in QEMU, or at the end of the place. */
  readonly cutAt?: number;
  readonly hasStatusAtEnd?: boolean;
}

const OK = 0x8000;
const BAD_MSG = 0x8001;
const NOT_SUPP = 0x8002;

const RATES = [
  5512, 8000, 11025, 16000, 22050, 32000, 44100, 48000, 64000, 88200, 96000, 176400, 192000, 384000, 12000, 24000,
];
const WIDTHS = [0, 1, 1, 1, 1, 2, 2, 3, 3, 3, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4, 8, 1, 2, 4, 4];

/** As QEMU's: one for each direction. */
export const SIM_OUTPUT: SimSoundStream = { direction: 0 };
export const SIM_INPUT: SimSoundStream = { direction: 1 };

type StreamState = 'none' | 'set' | 'prepared' | 'running' | 'stopped' | 'released';

/** What may follow. §5.14.6.6.1 */
const FOLLOWERS: Readonly<Record<StreamState, readonly number[]>> = {
  none: [0x101],
  set: [0x101, 0x102],
  prepared: [0x101, 0x102, 0x103, 0x104],
  running: [0x105],
  stopped: [0x103, 0x104],
  released: [0x101, 0x102],
};

/** A stream at work. */
export class SimStreamState {
  state: StreamState = 'none';
  bufferBytes = 0;
  periodBytes = 0;
  features = 0;
  channels = 0;
  format = 0;
  rate = 0;
  /** What it has played, in order. */
  readonly played: number[] = [];
  /** Bytes of each message of it. */
  readonly messages: number[] = [];
  recordedCount = 0;
  /** Times that it had nothing to take or to fill. */
  shortCount = 0;
  chains: SimChain[] = [];
  /** Counts starts and stops: a tick of before does nothing. */
  run = 0;
}

/** The device. */
export class SimSoundDevice {
  readonly device: SimVirtioDevice;
  /** The codes of requests, in order, without those that ask what there is. */
  readonly asked: number[] = [];
  readonly states: SimStreamState[];
  readonly options: SimSoundOptions;
  lies: SimSoundLies;
  /** Association and sequence of each jack that was mapped. */
  readonly remaps: number[][] = [];
  readonly commands: Uint8Array[] = [];
  private readonly machine: SimMachine;
  private readonly streams: readonly SimSoundStream[];
  private events: SimChain[] = [];
  /** The reset since which its streams are what they are, as its place in `statusWrites`. */
  private since = -1;

  constructor(machine: SimMachine, options: SimSoundOptions = {}) {
    this.machine = machine;
    this.options = options;
    this.lies = options.lies ?? {};
    this.streams = options.streams ?? [SIM_OUTPUT, SIM_INPUT];
    this.states = this.streams.map(() => new SimStreamState());
    const config = new Uint8Array(options.controls === undefined ? 12 : 16);
    const { jacks = [], channelMaps = [], controls = [] } = options;
    const counts = options.counts ?? [jacks.length, this.streams.length, channelMaps.length, controls.length];
    for (const [i, count] of counts.entries()) if (4 * i < config.length) put(config, 4 * i, count);
    this.device = new SimVirtioDevice(machine, {
      features: options.controls === undefined ? [32] : [0, 32],
      queueSizes: [64, 64, 64, 64],
      config,
      ...options,
      deviceType: 25,
      onNotify: (_, queue) => this.notified(queue),
    });
  }

  /** Says something without being asked. Returns false when it has no buffer for that. */
  say(code: number, data: number): boolean {
    this.forgetBefore();
    const ring = this.device.rings[1]!;
    if (this.device.isLive) this.events.push(...ring.take());
    const chain = this.events.shift();
    if (chain === undefined) return false;
    const bytes = new Uint8Array(8);
    put(bytes, 0, code);
    put(bytes, 4, data);
    if (chain.readable.length > 0 || lengthOf(chain.writable) < 8) this.machine.violate('no room for an event');
    this.write(chain.writable, bytes);
    ring.give(this.lies.eventHead ?? chain.head, this.lies.eventLength ?? 8);
    return true;
  }

  private notified(queue: number): void {
    this.forgetBefore();
    const ring = this.device.rings[queue]!;
    if (queue === 1) return; // They are taken when there is something to say.
    const chains = ring.take();
    ring.askForNotifications();
    for (const chain of chains) {
      if (queue === 0) this.serve(chain);
      else this.transfer(queue, chain);
    }
  }

  /** A reset ends all streams. */
  private forgetBefore(): void {
    const resetAt = this.device.statusWrites.lastIndexOf(0);
    if (resetAt === this.since) return;
    this.since = resetAt;
    this.events = [];
    for (const stream of this.states) {
      stream.state = 'none';
      stream.chains = [];
      stream.run++;
    }
  }

  // Requests.

  private serve(chain: SimChain): void {
    const request = this.read(chain.readable);
    const code = get(request, 0);
    if ((code & 0xff) !== 0 && code !== 1 && code !== 0x301) this.asked.push(code);
    if (this.lies.silence?.(code)) return;
    const right = this.answer(code, request, lengthOf(chain.writable));
    const answer = this.lies.answer?.(code, right) ?? right;
    this.write(chain.writable, answer);
    this.device.rings[0]!.give(this.lies.answerHead ?? chain.head, this.lies.answerLength ?? answer.length);
  }

  private answer(code: number, request: Uint8Array, room: number): Uint8Array {
    switch (code) {
      case 0x001:
      case 0x100:
      case 0x200:
      case 0x300:
        return this.tell(code, request, room);
      case 0x002:
        this.remaps.push([get(request, 4), get(request, 8), get(request, 12)]);
        return this.expect(request, 16);
      case 0x101:
      case 0x102:
      case 0x103:
      case 0x104:
      case 0x105:
        return this.change(code, request);
      default:
        return this.control(code, request, room);
    }
  }

  private tell(code: number, request: Uint8Array, room: number): Uint8Array {
    const [start, count, size] = [get(request, 4), get(request, 8), get(request, 12)];
    const { jacks = [], channelMaps = [], controls = [] } = this.options;
    const infos = {
      1: () => jacks.map(jackInfo),
      256: () => this.streams.map(streamInfo),
      512: () => channelMaps.map(mapInfo),
      768: () => controls.map(controlInfo),
    }[code]!();
    if (request.length !== 16 || start + count > infos.length)
      this.machine.violate('items are asked for that are not there');
    if (room < 4 + count * size) this.machine.violate('an answer has no room for the items');
    if (infos[0] !== undefined && infos[0].length !== size) this.machine.violate(`an item of ${size} bytes`);
    return joined(status(OK), ...infos.slice(start, start + count));
  }

  private change(code: number, request: Uint8Array): Uint8Array {
    const stream = this.states[get(request, 4)];
    if (stream === undefined) return this.wrong('a request about no stream');
    if (!FOLLOWERS[stream.state].includes(code))
      return this.wrong(`request ${code} of a stream that is ${stream.state}`);
    if (code === 0x101) return this.setParameters(stream, get(request, 4), request);
    if (request.length !== 8) return this.wrong(`a request of ${request.length} bytes`);
    stream.run++;
    if (code === 0x102) stream.state = 'prepared';
    else if (code === 0x104) this.start(stream);
    else if (code === 0x105) this.stop(stream, get(request, 4));
    else this.release(stream, get(request, 4));
    return status(OK);
  }

  private setParameters(stream: SimStreamState, index: number, request: Uint8Array): Uint8Array {
    if (request.length !== 24 || request[23] !== 0) return this.wrong('parameters of another length');
    const info = this.streams[index]!;
    stream.bufferBytes = get(request, 8);
    stream.periodBytes = get(request, 12);
    stream.features = get(request, 16);
    [stream.channels, stream.format, stream.rate] = [request[20]!, request[21]!, request[22]!];
    const [min, max] = info.channels ?? [1, 2];
    const { features = 0, formats = [5, 19], rates = [1, 7] } = info;
    if (stream.periodBytes === 0 || stream.bufferBytes % stream.periodBytes !== 0)
      return this.wrong('a buffer of no periods');
    if ((stream.features & ~features) !== 0 || (stream.features & 3) !== 0)
      return this.wrong('features that are not offered');
    if (stream.channels < min || stream.channels > max) return this.wrong(`${stream.channels} channels`);
    if (!formats.includes(stream.format) || !rates.includes(stream.rate))
      return this.wrong('a format or a rate that is not offered');
    stream.state = 'set';
    return status(OK);
  }

  /** What is asked for that must not be. */
  private wrong(text: string): Uint8Array {
    this.machine.violate(text);
    return status(BAD_MSG);
  }

  private expect(request: Uint8Array, length: number): Uint8Array {
    return request.length === length
      ? status(OK)
      : this.wrong(`a request of ${request.length} bytes, expected ${length}`);
  }

  // Controls.

  private control(code: number, request: Uint8Array, room: number): Uint8Array {
    const control = this.options.controls?.[get(request, 4)];
    if (control === undefined) return this.wrong('a request about no control');
    const needed = { 770: 1, 771: 2, 772: 0x10, 773: 0x20, 774: 0x40 }[code] ?? 0;
    if ((control.access & needed) !== needed)
      return this.wrong(`request ${code} of a control with access ${control.access}`);
    switch (code) {
      case 0x301:
        return joined(status(OK), ...(control.items ?? []).map((item) => textOf(item, 64)));
      case 0x302:
        return joined(status(OK), control.value, new Uint8Array(512 - control.value.length)).slice(0, room);
      case 0x303:
        control.value = request.slice(8, 8 + control.value.length);
        return this.expect(request, 8 + 512);
      case 0x304:
        return joined(status(OK), control.metadata ?? new Uint8Array(8)).slice(0, room);
      case 0x305:
        control.metadata = request.slice(8);
        return status(OK);
      case 0x306:
        this.commands.push(request.slice(8));
        return status(OK);
      default:
        return status(NOT_SUPP);
    }
  }

  // Samples.

  private start(stream: SimStreamState): void {
    stream.state = 'running';
    this.tickLater(stream);
  }

  private tickLater(stream: SimStreamState): void {
    const run = stream.run;
    const bytesPerSecond = RATES[stream.rate]! * stream.channels * WIDTHS[stream.format]!;
    this.machine.after((stream.periodBytes * 1e9) / bytesPerSecond, () => {
      if (stream.run === run) this.tick(stream);
    });
  }

  private tick(stream: SimStreamState): void {
    const index = this.states.indexOf(stream);
    if (!this.device.isLive || this.lies.standsStill?.(index)) return;
    const chain = stream.chains.shift();
    if (chain !== undefined) this.finish(stream, index, chain, stream.periodBytes);
    else {
      stream.shortCount++;
      if ((stream.features & 0x10) !== 0) this.say(0x1101, index);
    }
    this.tickLater(stream);
  }

  private release(stream: SimStreamState, index: number): void {
    stream.state = 'released';
    if (this.lies.keepsPeriods) return;
    for (const chain of stream.chains.splice(0)) this.finish(stream, index, chain, 0, true);
  }

  private stop(stream: SimStreamState, index: number): void {
    stream.state = 'stopped';
    const { cutAt } = this.options;
    const chain = cutAt === undefined ? undefined : stream.chains.shift();
    if (chain !== undefined) this.finish(stream, index, chain, cutAt!);
  }

  private transfer(queue: number, chain: SimChain): void {
    const message = this.read(chain.readable);
    const index = get(message, 0);
    const stream = this.states[index];
    if (stream === undefined || this.streams[index]!.direction !== queue - 2) {
      this.machine.violate(`samples of stream ${index} in queue ${queue}`);
      return;
    }
    const samples = queue === 2 ? message.length - 4 : lengthOf(chain.writable) - 8;
    const isRight = queue === 2 ? lengthOf(chain.writable) === 8 : message.length === 4;
    if (!isRight || samples > stream.periodBytes || samples <= 0) this.machine.violate(`a message of ${samples} bytes`);
    if (!['prepared', 'running', 'stopped'].includes(stream.state))
      this.machine.violate(`samples while ${stream.state}`);
    stream.messages.push(samples);
    stream.chains.push(chain);
  }

  private finish(stream: SimStreamState, index: number, chain: SimChain, count: number, isFlushed = false): void {
    const done = new Uint8Array(8);
    put(done, 0, this.lies.status ?? OK);
    put(done, 4, 123);
    const isOutput = this.streams[index]!.direction === 0;
    let answer = done;
    if (isOutput && !isFlushed) stream.played.push(...this.read(chain.readable).subarray(4));
    if (!isOutput) {
      const samples = Uint8Array.from({ length: count }, () => stream.recordedCount++ % 251);
      answer = joined(samples, done);
    }
    if (this.lies.writesNoStatus) this.write(chain.writable, answer.subarray(0, -8));
    else if (this.options.hasStatusAtEnd && !isOutput) {
      const gap = new Uint8Array(lengthOf(chain.writable) - answer.length);
      this.write(chain.writable, joined(answer.subarray(0, -8), gap, done));
    } else this.write(chain.writable, answer);
    const ring = this.device.rings[isOutput ? 2 : 3]!;
    ring.give(this.lies.transferHead ?? chain.head, this.lies.transferLength ?? answer.length);
  }

  private read(buffers: readonly SimBuffer[]): Uint8Array {
    return joined(...buffers.map(({ offset, length }) => this.machine.dma.slice(offset, offset + length)));
  }

  private write(buffers: readonly SimBuffer[], bytes: Uint8Array): void {
    let at = 0;
    for (const { offset, length } of buffers) {
      this.machine.dma.set(bytes.subarray(at, at + length), offset);
      at += length;
    }
  }
}

const lengthOf = (buffers: readonly SimBuffer[]): number => buffers.reduce((sum, { length }) => sum + length, 0);
