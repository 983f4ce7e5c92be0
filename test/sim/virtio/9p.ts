// A simulated virtio-9p device: a 9P2000.L server over a tree in memory, written from Plan 9's manual, section 5, and the diod project's protocol.md. A test may
// have it answer differently.

import type { SimMachine } from '../machine.ts';
import { SimVirtioDevice, type SimVirtioOptions } from './device.ts';
import type { SimRing } from './ring.ts';
import type { SimBuffer, SimChain } from './ring-layout.ts';

/** A file, a directory or a symbolic link. Names are text whose letters are bytes. */
export interface SimNode {
  readonly id: number;
  readonly kind: 'file' | 'directory' | 'link';
  mode: number;
  bytes: Buffer;
  readonly entries: Map<string, SimNode>;
  readonly parent: SimNode | undefined;
  times: readonly number[];
}

/** How to answer other than correctly. */
export interface SimNinepAnswer {
  /** Changes the answer. */
  readonly change?: (answer: Buffer) => Buffer;
  /** In place of the answer: an Rlerror. */
  readonly errno?: number;
  /** Nanoseconds until the answer; Infinity for never. */
  readonly delay?: number;
  readonly usedHead?: number;
  readonly usedLength?: number;
  readonly times?: number;
}

/** What a device is made with. */
export interface SimNinepOptions extends Partial<SimVirtioOptions> {
  readonly tag?: string;
  readonly messageSizeMax?: number;
  /** Entries of one Rreaddir at most. */
  readonly entriesEach?: number;
  /** DT_UNKNOWN for all. */
  readonly hidesTypes?: boolean;
}

interface Fid {
  node: SimNode;
  isOpen: boolean;
  flags: number;
}

interface Pending {
  readonly ring: SimRing;
  readonly chain: SimChain;
  isOver: boolean;
  flushes: (() => void)[];
}

const NO_ENTITY = 2;
const BAD_FILE = 9;
const EXISTS = 17;
const NOT_DIRECTORY = 20;
const IS_DIRECTORY = 21;
const INVALID = 22;
const NOT_EMPTY = 39;
const LOOP = 40;
const NOT_SUPPORTED = 95;

/** An errno on its way to an Rlerror. */
class Refusal extends Error {
  readonly errno: number;
  constructor(errno: number) {
    super(`errno ${errno}`);
    this.errno = errno;
  }
}

/** Builds answers. */
class Writer {
  readonly parts: Buffer[] = [];
  u8(value: number): this {
    this.parts.push(Buffer.from([value]));
    return this;
  }
  u16(value: number): this {
    const part = Buffer.alloc(2);
    part.writeUInt16LE(value);
    return this.raw(part);
  }
  u32(value: number): this {
    const part = Buffer.alloc(4);
    part.writeUInt32LE(value);
    return this.raw(part);
  }
  u64(value: number | bigint): this {
    const part = Buffer.alloc(8);
    part.writeBigUInt64LE(BigInt.asUintN(64, BigInt(value)));
    return this.raw(part);
  }
  text(value: string): this {
    return this.u16(value.length).raw(Buffer.from(value, 'latin1'));
  }
  qid(node: SimNode): this {
    return this.u8(node.kind === 'directory' ? 0x80 : node.kind === 'link' ? 2 : 0)
      .u32(0)
      .u64(node.id);
  }
  raw(part: Buffer): this {
    this.parts.push(part);
    return this;
  }
  end(): Buffer {
    return Buffer.concat(this.parts);
  }
}

/** Reads requests. */
class Reader {
  private readonly bytes: Buffer;
  private at = 7;
  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }
  u16(): number {
    this.at += 2;
    return this.bytes.readUInt16LE(this.at - 2);
  }
  u32(): number {
    this.at += 4;
    return this.bytes.readUInt32LE(this.at - 4);
  }
  u64(): bigint {
    this.at += 8;
    return this.bytes.readBigUInt64LE(this.at - 8);
  }
  text(): string {
    const length = this.u16();
    this.at += length;
    return this.bytes.toString('latin1', this.at - length, this.at);
  }
  rest(): Buffer {
    return this.bytes.subarray(this.at);
  }
  get isAtEnd(): boolean {
    return this.at === this.bytes.length;
  }
}

/** A share. */
export class SimNinepDevice {
  readonly device: SimVirtioDevice;
  readonly root: SimNode;
  readonly fids = new Map<number, Fid>();
  /** The types of all requests, in their order. */
  readonly requests: number[] = [];
  messageSize = 0;
  /** Decides how a request is answered; an empty answer is the correct one. */
  answer: (type: number, message: Buffer) => SimNinepAnswer = () => ({});
  /** Whether a Tflush ends what it names, which comes back without an answer; else that is answered first. */
  cancels = true;
  private readonly machine: SimMachine;
  private readonly options: SimNinepOptions;
  private readonly pending = new Map<number, Pending>();
  private nextId = 1;

  constructor(machine: SimMachine, options: SimNinepOptions = {}) {
    this.machine = machine;
    this.options = options;
    const tag = Buffer.from(options.tag ?? 'host', 'utf8');
    const config = Buffer.concat([Buffer.from([tag.length & 255, tag.length >> 8]), tag]);
    this.root = this.newNode('directory', undefined);
    this.device = new SimVirtioDevice(machine, {
      features: [0, 32],
      queueSizes: [128],
      config: new Uint8Array(config),
      deviceId: options.transport?.startsWith('pci-') ? 0x1009 : 0x1049,
      ...options,
      deviceType: 9,
      onNotify: (device, queue) => this.work(device.rings[queue]!),
    });
  }

  /** Makes a file; its directories, too. Returns it. */
  put(path: string, content: Uint8Array | string = ''): SimNode {
    const node = this.add(path, 'file');
    node.bytes = Buffer.from(content);
    return node;
  }

  /** The same for a directory. */
  putDirectory(path: string): SimNode {
    return this.add(path, 'directory');
  }

  /** The same for a symbolic link. */
  putLink(path: string, target: string): SimNode {
    const node = this.add(path, 'link');
    node.bytes = Buffer.from(target, 'latin1');
    return node;
  }

  /** Returns what is at a path, undefined when there is nothing. */
  find(path: string): SimNode | undefined {
    let node: SimNode | undefined = this.root;
    for (const name of path.split('/').filter((each) => each !== '')) node = node?.entries.get(name);
    return node;
  }

  /** Fids but the root's. */
  get fidCount(): number {
    return [...this.fids.keys()].filter((fid) => fid !== 0).length;
  }

  private add(path: string, kind: SimNode['kind']): SimNode {
    const names = path.split('/');
    let node = this.root;
    names.forEach((name, index) => {
      const isLast = index === names.length - 1;
      const next = (isLast ? undefined : node.entries.get(name)) ?? this.newNode(isLast ? kind : 'directory', node);
      node.entries.set(name, next);
      node = next;
    });
    return node;
  }

  private newNode(kind: SimNode['kind'], parent: SimNode | undefined): SimNode {
    const type = { file: 0o100644, directory: 0o40755, link: 0o120777 }[kind];
    const id = this.nextId++;
    return { id, kind, mode: type, bytes: Buffer.alloc(0), entries: new Map(), parent, times: [1.5, 2.25, 3] };
  }

  private work(ring: SimRing): void {
    const chains = ring.take();
    ring.askForNotifications();
    for (const chain of chains) this.serve(ring, chain);
  }

  private serve(ring: SimRing, chain: SimChain): void {
    const message = this.gather(chain.readable);
    const type = message[4] ?? 0;
    if (message.length < 7 || message.readUInt32LE(0) !== message.length)
      this.machine.violate(`a request of type ${type} with the size ${message.readUInt32LE(0)}, of ${message.length}`);
    this.requests.push(type);
    const tag = message.readUInt16LE(5);
    if (type === 100) this.forgetAll();
    if (this.pending.has(tag)) this.machine.violate(`tag ${tag} is used twice`);
    const pending: Pending = { ring, chain, isOver: false, flushes: [] };
    this.pending.set(tag, pending);
    if (type === 108) {
      this.flush(message, tag, pending);
      return;
    }
    const how = this.answer(type, message);
    const finish = (): void => {
      if (pending.isOver) return;
      if (how.errno !== undefined && type === 120) this.fids.delete(message.readUInt32LE(7)); // It is forgotten all the same.
      const right = how.errno === undefined ? this.tryHandle(type, message) : refusal(how.errno);
      this.give(pending, tag, how.change?.(header(right, tag)) ?? header(right, tag), how);
    };
    if (how.delay === undefined) finish();
    else if (how.delay !== Number.POSITIVE_INFINITY) this.machine.after(how.delay, finish);
  }

  /** Tversion ends all that was asked before it; so did the reset. */
  private forgetAll(): void {
    for (const pending of this.pending.values()) pending.isOver = true;
    this.pending.clear();
  }

  /** Puts an answer into the chain; then those of the flushes that wait for it. */
  private give(pending: Pending, tag: number, answer: Buffer, how: SimNinepAnswer = {}): void {
    const { ring, chain } = pending;
    pending.isOver = true;
    this.pending.delete(tag);
    let at = 0;
    for (const { offset, length } of chain.writable) {
      at += answer.copy(this.machine.dma, offset, at, at + length);
    }
    if (at < answer.length && how.change === undefined)
      this.machine.violate(`an answer of ${answer.length} bytes has room for ${at}`);
    for (let i = 0; i < (how.times ?? 1); i++) ring.give(how.usedHead ?? chain.head, how.usedLength ?? at);
    for (const flush of pending.flushes) flush();
  }

  private flush(message: Buffer, tag: number, own: Pending): void {
    const oldTag = message.readUInt16LE(7);
    const old = this.pending.get(oldTag);
    const end = (): void => this.give(own, tag, header(Buffer.from([109]), tag));
    if (old === undefined || old === own) end();
    else if (this.cancels) {
      this.give(old, oldTag, Buffer.alloc(0));
      end();
    } else old.flushes.push(end);
  }

  private gather(buffers: readonly SimBuffer[]): Buffer {
    return Buffer.concat(buffers.map(({ offset, length }) => this.machine.dma.slice(offset, offset + length)));
  }

  private tryHandle(type: number, message: Buffer): Buffer {
    try {
      const reader = new Reader(message);
      const body = this.handle(type, reader);
      if (!reader.isAtEnd && type !== 118)
        this.machine.violate(`a request of type ${type} is longer than it should be`);
      return Buffer.concat([Buffer.from([type + 1]), body]);
    } catch (error) {
      if (error instanceof Refusal) return refusal(error.errno);
      throw error;
    }
  }

  private handle(type: number, reader: Reader): Buffer {
    switch (type) {
      case 100: {
        this.fids.clear();
        this.messageSize = Math.min(reader.u32(), this.options.messageSizeMax ?? 2 ** 31);
        const version = reader.text();
        return new Writer()
          .u32(this.messageSize)
          .text(version === '9P2000.L' ? version : 'unknown')
          .end();
      }
      case 104: {
        const fid = reader.u32();
        if (reader.u32() !== 0xffffffff) throw new Refusal(INVALID);
        reader.text();
        reader.text();
        reader.u32();
        this.addFid(fid, this.root);
        return new Writer().qid(this.root).end();
      }
      case 110:
        return this.walk(reader);
      case 120:
        if (!this.fids.delete(reader.u32())) throw new Refusal(BAD_FILE);
        return Buffer.alloc(0);
      default:
        return this.handleFile(type, this.fidOf(reader.u32()), reader);
    }
  }

  private walk(reader: Reader): Buffer {
    const from = this.fidOf(reader.u32());
    const fidNumber = reader.u32();
    const names = Array.from({ length: reader.u16() }, () => reader.text());
    if (from.isOpen) this.machine.violate('a walk from an open fid');
    if (names.length > 16) this.machine.violate(`a walk of ${names.length} names`);
    for (const name of names) {
      if (name === '' || name === '.' || name === '..' || /[/\0]/.test(name) || name.length > 255)
        this.machine.violate(`a walk to '${name}'`);
    }
    const nodes: SimNode[] = [];
    let node: SimNode = from.node;
    for (const name of names) {
      const next = node.entries.get(name);
      if (next === undefined) {
        if (nodes.length === 0) throw new Refusal(node.kind === 'directory' ? NO_ENTITY : NOT_DIRECTORY);
        break;
      }
      nodes.push(next);
      node = next;
    }
    if (nodes.length === names.length) {
      if (this.fids.get(fidNumber) === from) from.node = node;
      else this.addFid(fidNumber, node);
    }
    const writer = new Writer().u16(nodes.length);
    for (const each of nodes) writer.qid(each);
    return writer.end();
  }

  private handleFile(type: number, fid: Fid, reader: Reader): Buffer {
    const { node } = fid;
    switch (type) {
      case 8:
        return new Writer()
          .u32(0x1234)
          .u32(4096)
          .u64(1000)
          .u64(600)
          .u64(500)
          .u64(70)
          .u64(2n ** 64n - 1n)
          .u64(1)
          .u32(255)
          .end();
      case 12:
        return this.open(fid, reader.u32());
      case 14: {
        const name = reader.text();
        const flags = reader.u32();
        const file = this.make(node, name, 'file');
        file.mode = 0o100000 | reader.u32();
        reader.u32();
        fid.node = file;
        return this.open(fid, flags & ~0x80);
      }
      case 16: {
        const link = this.make(node, reader.text(), 'link');
        link.bytes = Buffer.from(reader.text(), 'latin1');
        reader.u32();
        return new Writer().qid(link).end();
      }
      case 22:
        if (node.kind !== 'link') throw new Refusal(INVALID);
        return new Writer().text(node.bytes.toString('latin1')).end();
      case 24:
        reader.u64();
        return this.attributes(node);
      case 26:
        return this.setAttributes(node, reader);
      case 40:
        return this.list(fid, reader.u64(), reader.u32());
      case 50:
        reader.u32();
        return Buffer.alloc(0);
      case 70: {
        const target = this.fidOf(reader.u32()).node;
        const name = reader.text();
        if (node.entries.has(name)) throw new Refusal(EXISTS);
        node.entries.set(name, target);
        return Buffer.alloc(0);
      }
      case 72: {
        const made = this.make(node, reader.text(), 'directory');
        made.mode = 0o40000 | reader.u32();
        reader.u32();
        return new Writer().qid(made).end();
      }
      case 74: {
        const oldName = reader.text();
        const target = this.fidOf(reader.u32()).node;
        const moved = node.entries.get(oldName);
        if (moved === undefined) throw new Refusal(NO_ENTITY);
        node.entries.delete(oldName);
        target.entries.set(reader.text(), moved);
        return Buffer.alloc(0);
      }
      case 76:
        return this.unlink(node, reader.text(), reader.u32());
      case 116:
        return this.read(fid, Number(reader.u64()), reader.u32());
      case 118:
        return this.write(fid, Number(reader.u64()), reader.u32(), reader.rest());
      default:
        throw new Refusal(NOT_SUPPORTED);
    }
  }

  private open(fid: Fid, flags: number): Buffer {
    if (fid.isOpen) this.machine.violate('an open fid is opened');
    if (fid.node.kind === 'link') throw new Refusal(LOOP);
    if (fid.node.kind === 'directory' && (flags & 3) !== 0) throw new Refusal(IS_DIRECTORY);
    if ((flags & 0x200) !== 0) fid.node.bytes = Buffer.alloc(0);
    fid.isOpen = true;
    fid.flags = flags;
    return new Writer().qid(fid.node).u32(0).end();
  }

  private make(directory: SimNode, name: string, kind: SimNode['kind']): SimNode {
    if (directory.kind !== 'directory') throw new Refusal(NOT_DIRECTORY);
    if (directory.entries.has(name)) throw new Refusal(EXISTS);
    const node = this.newNode(kind, directory);
    directory.entries.set(name, node);
    return node;
  }

  private unlink(directory: SimNode, name: string, flags: number): Buffer {
    const node = directory.entries.get(name);
    if (node === undefined) throw new Refusal(NO_ENTITY);
    const isDirectory = node.kind === 'directory';
    if (isDirectory !== ((flags & 0x200) !== 0)) throw new Refusal(isDirectory ? IS_DIRECTORY : NOT_DIRECTORY);
    if (node.entries.size > 0) throw new Refusal(NOT_EMPTY);
    directory.entries.delete(name);
    return Buffer.alloc(0);
  }

  private attributes(node: SimNode): Buffer {
    const writer = new Writer()
      .u64(0x7ff)
      .qid(node)
      .u32(node.mode)
      .u32(1000)
      .u32(100)
      .u64(1)
      .u64(0)
      .u64(node.bytes.length);
    writer.u64(4096).u64(Math.ceil(node.bytes.length / 512));
    for (const time of [...node.times, 0])
      writer.u64(Math.floor(time)).u64(Math.round((time - Math.floor(time)) * 1e9));
    return writer.u64(0).u64(0).end();
  }

  private setAttributes(node: SimNode, reader: Reader): Buffer {
    const valid = reader.u32();
    const mode = reader.u32();
    reader.u64(); // uid and gid
    const size = Number(reader.u64());
    const times = [0, 1].map(() => Number(BigInt.asIntN(64, reader.u64())) + Number(reader.u64()) / 1e9);
    if ((valid & 1) !== 0) node.mode = (node.mode & 0o170000) | mode;
    if ((valid & 8) !== 0) node.bytes = Buffer.concat([node.bytes, Buffer.alloc(size)]).subarray(0, size);
    if ((valid & 0x1b0) === 0x1b0) node.times = [...times, node.times[2]!];
    return Buffer.alloc(0);
  }

  private list({ node, isOpen }: Fid, offset: bigint, count: number): Buffer {
    if (!isOpen || node.kind !== 'directory') throw new Refusal(BAD_FILE);
    const all: (readonly [string, SimNode])[] = [['.', node], ['..', node.parent ?? node], ...node.entries];
    const data = new Writer();
    let length = 0;
    const start = Number(offset & 0xffffffffn);
    for (let i = start; i < all.length && i < start + (this.options.entriesEach ?? all.length); i++) {
      const [name, each] = all[i]!;
      if (length + 24 + name.length > count) break;
      length += 24 + name.length;
      const type = this.options.hidesTypes ? 0 : { file: 8, directory: 4, link: 10 }[each.kind];
      data
        .qid(each)
        .u64(BigInt(i + 1) | (1n << 62n))
        .u8(type)
        .text(name);
    }
    return new Writer().u32(length).raw(data.end()).end();
  }

  private read({ node, isOpen }: Fid, position: number, count: number): Buffer {
    if (!isOpen || node.kind !== 'file') throw new Refusal(BAD_FILE);
    if (count > this.messageSize - 11) this.machine.violate(`a read of ${count} bytes`);
    const data = node.bytes.subarray(position, position + count);
    return new Writer().u32(data.length).raw(data).end();
  }

  private write({ node, isOpen, flags }: Fid, position: number, count: number, data: Buffer): Buffer {
    if (!isOpen || node.kind !== 'file' || (flags & 3) === 0) throw new Refusal(BAD_FILE);
    if (data.length !== count) this.machine.violate(`a write of ${count} bytes has ${data.length}`);
    const at = (flags & 0x400) !== 0 ? node.bytes.length : position;
    const longer = Buffer.alloc(Math.max(node.bytes.length, at + count));
    node.bytes.copy(longer);
    data.copy(longer, at);
    node.bytes = longer;
    return new Writer().u32(count).end();
  }

  private addFid(fid: number, node: SimNode): void {
    if (this.fids.has(fid)) this.machine.violate(`fid ${fid} is in use`);
    this.fids.set(fid, { node, isOpen: false, flags: 0 });
  }

  private fidOf(fid: number): Fid {
    const found = this.fids.get(fid);
    if (found === undefined) throw new Refusal(BAD_FILE);
    return found;
  }
}

const refusal = (errno: number): Buffer => Buffer.concat([Buffer.from([7]), new Writer().u32(errno).end()]);

/** Returns a message: `body` is its type and what is behind the tag. */
const header = (body: Buffer, tag: number): Buffer =>
  new Writer()
    .u32(body.length + 6)
    .raw(body.subarray(0, 1))
    .u16(tag)
    .raw(body.subarray(1))
    .end();
