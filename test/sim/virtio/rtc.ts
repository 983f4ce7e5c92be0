// A simulated virtio real-time clock device, written from VIRTIO 1.4 §5.22. Its clocks show what a test says, and the nanoseconds of the simulated machine. A test may have it answer
// differently.

import type { SimMachine } from '../machine.ts';
import { SimVirtioDevice, type SimVirtioOptions } from './device.ts';
import type { SimRing } from './ring.ts';
import type { SimChain } from './ring-layout.ts';

/** One of its clocks. */
export interface SimClock {
  readonly type: number;
  readonly smearing?: number;
  /** What it showed at kernel entry, in nanoseconds. */
  readonly startNs: bigint;
  /** It can be read together with the time-stamp counter. Default: no. */
  readonly isCrossRead?: boolean;
  readonly hasAlarm?: boolean;
}

/** How to answer other than correctly. */
export interface SimRtcAnswer {
  readonly status?: number;
  readonly bytes?: Uint8Array;
  readonly usedHead?: number;
  readonly usedLength?: number;
  /** How often the used element is put into the ring. */
  readonly times?: number;
  /** Nanoseconds until the answer; Infinity for never. */
  readonly delay?: number;
}

export interface SimRtcOptions extends Partial<Omit<SimVirtioOptions, 'onNotify' | 'deviceType'>> {
  /** Default: UTC at 2040-01-01, TAI, monotonic. */
  readonly clocks?: readonly SimClock[];
  /** num_clocks. */
  readonly clockCount?: number;
}

const ALARM = 0;
const ALARM_QUEUE = 1;
const [OK, EOPNOTSUPP, ENODEV, EINVAL] = [0, 2, 3, 4];

/** 2040-01-01T00:00:00.000000123Z */
export const SIM_UTC_START = BigInt(Date.UTC(2040, 0, 1)) * 1_000_000n + 123n;

const CLOCKS: readonly SimClock[] = [
  { type: 1, startNs: SIM_UTC_START + 37_000_000_000n },
  { type: 0, startNs: SIM_UTC_START, hasAlarm: true },
  { type: 2, startNs: 5n },
];

/** The device. */
export class SimRtcDevice {
  readonly device: SimVirtioDevice;
  readonly clocks: readonly SimClock[];
  /** Of each clock: its alarm, which stays over a reset when `keepsAlarms`. */
  readonly alarms = new Map<number, { time: bigint; isEnabled: boolean }>();
  keepsAlarms = false;
  /** The types of requests. */
  readonly asked: number[] = [];
  /** By how much the counter of a cross reading is wrong. */
  counterError = 0;
  /** Decides how the request of a number is answered; an empty answer is the correct one. */
  answer: (index: number, type: number) => SimRtcAnswer = () => ({});
  private readonly machine: SimMachine;
  private readonly clockCount: number;

  constructor(machine: SimMachine, options: SimRtcOptions = {}) {
    this.machine = machine;
    this.clocks = options.clocks ?? CLOCKS;
    this.clockCount = options.clockCount ?? this.clocks.length;
    this.device = new SimVirtioDevice(machine, {
      features: [ALARM, 32],
      queueSizes: [8, 8],
      config: new Uint8Array(0),
      ...options,
      deviceType: 17,
      onNotify: (device, queue) => {
        device.rings[queue]!.askForNotifications();
        if (queue === 0) this.work(device.rings[queue]!);
      },
    });
    const write = this.device.writeStatus.bind(this.device);
    this.device.writeStatus = (value) => {
      write(value);
      if (value === 0 && !this.keepsAlarms) this.alarms.clear();
    };
  }

  /** Returns what a clock shows now. */
  now(clock: number): bigint {
    return this.clocks[clock]!.startNs + BigInt(this.machine.now);
  }

  /** Tells of an alarm; `length` is what the device says that it wrote. */
  ring(clock: number, type = 0x2000, length = 16): void {
    const ring = this.device.rings[ALARM_QUEUE]!;
    const chain = ring.takeOne();
    if (chain === undefined) {
      this.machine.violate('an alarm found no buffer');
      return;
    }
    const bytes = Buffer.alloc(16);
    bytes.writeUInt16LE(type, 0);
    bytes.writeUInt16LE(clock, 8);
    this.store(chain, bytes);
    ring.give(chain.head, length);
  }

  private work(ring: SimRing): void {
    for (const chain of ring.take()) {
      const bytes = Buffer.concat(
        chain.readable.map(({ offset, length }) => this.machine.dma.slice(offset, offset + length)),
      );
      const type = bytes.readUInt16LE(0);
      const lie = this.answer(this.asked.push(type) - 1, type);
      const finish = (): void => {
        const right = this.serve(type, bytes);
        if (lie.status !== undefined) right[0] = lie.status;
        const answer = lie.bytes ?? right;
        this.store(chain, answer);
        for (let i = 0; i < (lie.times ?? 1); i++)
          ring.give(lie.usedHead ?? chain.head, lie.usedLength ?? answer.length);
      };
      if (lie.delay === undefined) finish();
      else if (lie.delay !== Number.POSITIVE_INFINITY) this.machine.after(lie.delay, finish);
    }
    ring.askForNotifications();
  }

  private serve(type: number, bytes: Buffer): Buffer {
    if (type === 0x1000) return this.config(bytes);
    const isSetting = type === 0x1004;
    if (bytes.length < (isSetting ? 24 : 16)) return header(EINVAL!, 8);
    const clock = bytes.readUInt16LE(isSetting ? 16 : 8);
    const known = this.clocks[clock];
    if (known === undefined) return header(ENODEV!, 8);
    switch (type) {
      case 0x0001:
        return this.reading(clock, 16);
      case 0x0002:
        return known.isCrossRead && bytes[10] === 1 ? this.reading(clock, 24) : header(EOPNOTSUPP!, 24);
      case 0x1001:
        return capability(known, this.device.has(ALARM));
      case 0x1002:
        return flags(known.isCrossRead && bytes[10] === 1);
      case 0x1003:
        return this.alarm(clock, known);
      case 0x1004:
        return this.setAlarm(clock, known, bytes);
      default:
        return header(EOPNOTSUPP!, 8);
    }
  }

  private config(bytes: Buffer): Buffer {
    if (bytes.length !== 8) this.machine.violate(`CFG of ${bytes.length} bytes`);
    const answer = header(OK!, 16);
    answer.writeUInt16LE(this.clockCount, 8);
    return answer;
  }

  private reading(clock: number, length: number): Buffer {
    const answer = header(OK!, length);
    answer.writeBigUInt64LE(BigInt.asUintN(64, this.now(clock)), 8);
    if (length === 24) answer.writeBigUInt64LE(BigInt.asUintN(64, BigInt(this.machine.now + this.counterError)), 16);
    return answer;
  }

  private alarm(clock: number, { hasAlarm }: SimClock): Buffer {
    if (!hasAlarm || !this.device.has(ALARM)) return header(ENODEV!, 8);
    const alarm = this.alarms.get(clock) ?? { time: 0n, isEnabled: false };
    const answer = header(OK!, 24);
    answer.writeBigUInt64LE(alarm.time, 8);
    answer[16] = alarm.isEnabled ? 1 : 0;
    return answer;
  }

  /** It rings when its time comes, or has come. */
  private setAlarm(clock: number, { hasAlarm }: SimClock, bytes: Buffer): Buffer {
    if (!hasAlarm || !this.device.has(ALARM)) return header(ENODEV!, 8);
    const alarm = { time: bytes.readBigUInt64LE(8), isEnabled: bytes[18] === 1 };
    this.alarms.set(clock, alarm);
    const left = Number(alarm.time - this.now(clock));
    if (alarm.isEnabled)
      this.machine.after(Math.max(left, 1000), () => {
        if (this.alarms.get(clock) === alarm) this.ring(clock);
      });
    return header(OK!, 8);
  }

  private store(chain: SimChain, bytes: Uint8Array): void {
    let stored = 0;
    for (const { offset, length } of chain.writable) {
      const piece = bytes.subarray(stored, stored + length);
      this.machine.dma.set(piece, offset);
      stored += piece.length;
    }
    if (stored < bytes.length) this.machine.violate(`an answer of ${bytes.length} bytes, room for ${stored}`);
  }
}

const header = (status: number, length: number): Buffer => {
  const bytes = Buffer.alloc(length);
  bytes[0] = status;
  return bytes;
};

const capability = ({ type, smearing = 0, hasAlarm = false }: SimClock, mayAlarm: boolean): Buffer => {
  const answer = header(OK!, 16);
  answer.set([type, smearing, hasAlarm && mayAlarm ? 1 : 0], 8);
  return answer;
};

const flags = (isSet = false): Buffer => {
  const answer = header(OK!, 16);
  answer[8] = isSet ? 1 : 0;
  return answer;
};
