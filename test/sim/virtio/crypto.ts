// A simulated virtio crypto device, written from VIRTIO 1.2 §5.9, that ciphers AES-CBC with the library of Node. A test may have it answer differently.

import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { SimMachine } from '../machine.ts';
import { SimVirtioDevice, type SimVirtioOptions } from './device.ts';
import type { SimRing } from './ring.ts';
import type { SimChain } from './ring-layout.ts';

/** How to answer other than correctly. */
export interface SimCryptoAnswer {
  readonly status?: number;
  readonly usedHead?: number;
  readonly usedLength?: number;
  /** How often the used element is put into the ring. */
  readonly times?: number;
  /** Nanoseconds until the answer; Infinity for never. */
  readonly delay?: number;
}

export interface SimCryptoOptions extends Partial<Omit<SimVirtioOptions, 'onNotify' | 'deviceType'>> {
  /** Default: ready. */
  readonly status?: number;
  /** Default: 1. */
  readonly dataQueueCount?: number;
  /** Bits. Default: CIPHER. */
  readonly services?: number;
  /** Bits. Default: AES-CBC. */
  readonly ciphers?: number;
  /** Default: 64. */
  readonly keyLengthMax?: number;
  /** Default: 2^63 - 1. */
  readonly sizeMax?: bigint;
  /** Sessions that it can have. Default: 256. */
  readonly sessionCountMax?: number;
}

interface Session {
  readonly key: Buffer;
  readonly direction: number;
}

const [OK, ERR, NOTSUPP, INVSESS, NOSPC] = [0, 1, 3, 4, 5];
const HEADER_SIZE = 72;
/** Session numbers begin here, so that both halves say something. */
const FIRST_SESSION = 0x7_0000_0001n;

/** The device. */
export class SimCryptoDevice {
  readonly device: SimVirtioDevice;
  readonly sessions = new Map<bigint, Session>();
  /** What was asked of either kind of queue: `create`, `destroy`, `encrypt 32`. */
  readonly asked: string[] = [];
  /** Decides how the request of a number is answered; an empty answer is the correct one. */
  answer: (index: number, what: string) => SimCryptoAnswer = () => ({});
  private nextSession = FIRST_SESSION;
  private readonly machine: SimMachine;
  private readonly options: SimCryptoOptions;

  constructor(machine: SimMachine, options: SimCryptoOptions = {}) {
    this.machine = machine;
    this.options = options;
    const dataQueueCount = options.dataQueueCount ?? 1;
    this.device = new SimVirtioDevice(machine, {
      features: [32],
      queueSizes: Array.from({ length: dataQueueCount + 1 }, () => 64),
      config: configuration(options),
      ...options,
      deviceType: 20,
      onNotify: (device, queue) => this.work(device.rings[queue]!, queue === dataQueueCount),
    });
    const write = this.device.writeStatus.bind(this.device);
    this.device.writeStatus = (value) => {
      write(value);
      if (value === 0) this.sessions.clear();
    };
  }

  private work(ring: SimRing, isControl: boolean): void {
    const chains = ring.take();
    ring.askForNotifications();
    for (const chain of chains) {
      const bytes = Buffer.concat(
        chain.readable.map(({ offset, length }) => this.machine.dma.slice(offset, offset + length)),
      );
      const { what, result } = isControl ? this.control(bytes) : this.cipher(bytes);
      const lie = this.answer(this.asked.push(what) - 1, what);
      const finish = (): void => this.finish(ring, chain, result(lie.status), lie);
      if (lie.delay === undefined) finish();
      else if (lie.delay !== Number.POSITIVE_INFINITY) this.machine.after(lie.delay, finish);
    }
  }

  private finish(ring: SimRing, chain: SimChain, bytes: Buffer, lie: SimCryptoAnswer): void {
    let stored = 0;
    for (const { offset, length } of chain.writable) {
      const piece = bytes.subarray(stored, stored + length);
      this.machine.dma.set(piece, offset);
      stored += piece.length;
    }
    if (stored < bytes.length) this.machine.violate(`${bytes.length} bytes of answer, room for ${stored}`);
    for (let i = 0; i < (lie.times ?? 1); i++) ring.give(lie.usedHead ?? chain.head, lie.usedLength ?? bytes.length);
  }

  private control(bytes: Buffer): { what: string; result: (status?: number) => Buffer } {
    if (bytes.length < HEADER_SIZE) this.machine.violate(`a control request of ${bytes.length} bytes`);
    const operation = bytes.readUInt32LE(0);
    if (operation === 3) {
      const id = bytes.readBigUInt64LE(16);
      return {
        what: 'destroy',
        result: (status) => Buffer.of(status ?? (this.sessions.delete(id) ? OK! : ERR!)),
      };
    }
    if (operation !== 2) this.machine.violate(`control operation ${operation}`);
    return { what: 'create', result: (status) => this.create(bytes, status) };
  }

  private create(bytes: Buffer, lie?: number): Buffer {
    const [algorithm, keyLength, direction] = [16, 20, 24].map((at) => bytes.readUInt32LE(at));
    const key = bytes.subarray(HEADER_SIZE);
    if (bytes.readUInt32LE(4) !== algorithm || bytes.readUInt32LE(64) !== 1) this.machine.violate('a session of what?');
    if (key.length !== keyLength) this.machine.violate(`a key of ${key.length} bytes, said to be ${keyLength}`);
    let status = lie ?? OK!;
    if (lie === undefined && algorithm !== 3) status = NOTSUPP!;
    if (lie === undefined && this.sessions.size >= (this.options.sessionCountMax ?? 256)) status = NOSPC!;
    const answer = Buffer.alloc(16);
    if (status === OK) {
      answer.writeBigUInt64LE(this.nextSession);
      this.sessions.set(this.nextSession++, { key: Buffer.from(key), direction: direction! });
    }
    answer.writeUInt32LE(status, 8);
    return answer;
  }

  private cipher(bytes: Buffer): { what: string; result: (status?: number) => Buffer } {
    const operation = bytes.readUInt32LE(0);
    const [ivLength, sourceLength, targetLength] = [24, 28, 32].map((at) => bytes.readUInt32LE(at)) as [
      number,
      number,
      number,
    ];
    if (operation > 1) this.machine.violate(`data operation ${operation}`);
    if (bytes.readUInt32LE(64) !== 1) this.machine.violate('data of what?');
    if (bytes.length !== HEADER_SIZE + ivLength + sourceLength)
      this.machine.violate(`a data request of ${bytes.length} bytes`);
    if (BigInt(ivLength + sourceLength + targetLength) > (this.options.sizeMax ?? 2n ** 63n))
      this.machine.violate('a data request of more than max_size');
    const iv = bytes.subarray(HEADER_SIZE, HEADER_SIZE + ivLength);
    const source = bytes.subarray(HEADER_SIZE + ivLength);
    const session = this.sessions.get(bytes.readBigUInt64LE(8));
    const what = `${operation === 0 ? 'encrypt' : 'decrypt'} ${sourceLength}`;
    if (session === undefined)
      return { what, result: (status) => Buffer.concat([Buffer.alloc(targetLength), Buffer.of(status ?? INVSESS!)]) };
    if (session.direction !== operation + 1) this.machine.violate('a session of the other direction');
    const name = `aes-${session.key.length * 8}-cbc`;
    const worker = operation === 0 ? createCipheriv(name, session.key, iv) : createDecipheriv(name, session.key, iv);
    worker.setAutoPadding(false);
    const target = Buffer.concat([worker.update(source), worker.final()]);
    return { what, result: (status) => Buffer.concat([target, Buffer.of(status ?? OK!)]) };
  }
}

/** §5.9.5 */
const configuration = (options: SimCryptoOptions): Uint8Array => {
  const bytes = Buffer.alloc(56);
  bytes.writeUInt32LE(options.status ?? 1, 0);
  bytes.writeUInt32LE(options.dataQueueCount ?? 1, 4);
  bytes.writeUInt32LE(options.services ?? 1, 8);
  bytes.writeUInt32LE(options.ciphers ?? 8, 12);
  bytes.writeUInt32LE(options.keyLengthMax ?? 64, 36);
  bytes.writeBigUInt64LE(options.sizeMax ?? 2n ** 63n - 1n, 48);
  return bytes;
};
