// A simulated SCSI logical unit: a disk, or a drive for CDs. Written from SPC-5, SBC-4 and MMC-6.

/** What a unit is, other than a disk of 64 blocks that can do all. */
export interface SimUnitOptions {
  /** Peripheral device type: 0 a disk, 5 a drive for CDs. */
  readonly type?: number;
  readonly blocks?: number;
  readonly blockSize?: number;
  readonly serialNumber?: string;
  readonly isWriteProtected?: boolean;
  readonly isRemovable?: boolean;
  /** In place of what READ CAPACITY (16) would say. */
  readonly capacity?: Uint8Array;
  /** Blocks of a physical block: two to the power of this. */
  readonly physicalExponent?: number;
  /** Blocks that it takes at a time. */
  readonly transferMax?: number;
  readonly unmapMax?: number;
  readonly unmapGranularity?: number;
  readonly sameMax?: number;
  readonly canUnmap?: boolean;
  readonly canUnmapBySame?: boolean;
  /** Operation codes that it does not know. */
  readonly unknown?: readonly number[];
  /** Pages of vital product data in place of its own. */
  readonly pages?: Readonly<Record<number, readonly number[]>>;
  readonly hasCachingPage?: boolean;
}

/** What a unit answers. */
export interface SimOutcome {
  readonly status: number;
  readonly sense?: Uint8Array;
  readonly data?: Uint8Array;
}

const CHECK_CONDITION = 2;

/** Returns sense data in fixed format. */
export const fixedSense = (key: number, code: number, qualifier: number): Uint8Array => {
  const bytes = new Uint8Array(18);
  bytes[0] = 0x70;
  bytes[2] = key;
  bytes[7] = 10;
  bytes[12] = code;
  bytes[13] = qualifier;
  return bytes;
};

/** Returns it in descriptor format. */
export const descriptorSense = (key: number, code: number, qualifier: number): Uint8Array =>
  Uint8Array.of(0x72, key, code, qualifier, 0, 0, 0, 0);

const refused = (key: number, code: number, qualifier = 0): SimOutcome => ({
  status: CHECK_CONDITION,
  sense: fixedSense(key, code, qualifier),
});

const done = (data: Uint8Array = new Uint8Array(0)): SimOutcome => ({ status: 0, data });

const text = (value: string, length: number): number[] =>
  Array.from({ length }, (_, i) => (i < value.length ? value.charCodeAt(i) : 0x20));

const big = (value: number, width: number): number[] =>
  Array.from({ length: width }, (_, i) => Math.floor(value / 256 ** (width - 1 - i)) % 256);

/** One unit. */
export class SimUnit {
  readonly options: SimUnitOptions;
  /** Its blocks; undefined: no medium. */
  medium: Uint8Array | undefined;
  isCaching = true;
  isWriteProtected: boolean;
  flushes = 0;
  /** Ranges that were freed, in blocks. */
  readonly unmapped: { readonly block: number; readonly count: number }[] = [];
  /** What it has to say before it does anything but INQUIRY and REPORT LUNS: additional code and qualifier. */
  readonly attentions: (readonly [code: number, qualifier: number])[] = [];

  constructor(options: SimUnitOptions = {}) {
    this.options = options;
    this.isWriteProtected = options.isWriteProtected ?? false;
    this.medium = new Uint8Array((options.blocks ?? 64) * this.blockSize);
  }

  get blockSize(): number {
    return this.options.blockSize ?? (this.options.type === 5 ? 2048 : 512);
  }

  /** Does a command. `room`: how much it may answer. */
  execute(cdb: Uint8Array, data: Uint8Array, room: number): SimOutcome {
    const code = cdb[0]!;
    if (this.options.unknown?.includes(code)) return refused(5, 0x20);
    if (code === 0x12) return this.inquire(cdb, room);
    const attention = this.attentions.shift();
    if (attention !== undefined) return refused(6, ...attention);
    switch (code) {
      case 0x1a:
        return this.senseModes(cdb);
      case 0x15:
        return this.selectModes(data);
      default:
        return this.medium === undefined ? refused(2, 0x3a) : this.useMedium(cdb, data, this.medium);
    }
  }

  private useMedium(cdb: Uint8Array, data: Uint8Array, medium: Uint8Array): SimOutcome {
    const view = new DataView(cdb.buffer, cdb.byteOffset, 16);
    const long = { block: Number(view.getBigUint64(2)), count: view.getUint32(10) };
    switch (cdb[0]) {
      case 0x00:
        return done();
      case 0x25:
        return done(Uint8Array.from([...big(medium.length / this.blockSize - 1, 4), ...big(this.blockSize, 4)]));
      case 0x9e:
        return this.options.type === 5 ? refused(5, 0x20) : done(this.capacity(medium));
      case 0x28:
        return this.read(medium, view.getUint32(2), view.getUint16(7));
      case 0x88:
        return this.read(medium, long.block, long.count);
      case 0x8a:
        return this.write(medium, long.block, long.count, data);
      case 0x35:
      case 0x91:
        this.flushes++;
        return done();
      case 0x42:
        return this.unmap(medium, data);
      case 0x93:
        return this.writeSame(medium, long.block, long.count, (cdb[1]! & 8) !== 0, data);
      default:
        return refused(5, 0x20);
    }
  }

  private read(medium: Uint8Array, block: number, count: number): SimOutcome {
    if (!this.isInside(medium, block, count)) return refused(5, 0x21);
    return done(medium.slice(block * this.blockSize, (block + count) * this.blockSize));
  }

  private write(medium: Uint8Array, block: number, count: number, data: Uint8Array): SimOutcome {
    if (this.isWriteProtected) return refused(7, 0x27);
    if (!this.isInside(medium, block, count)) return refused(5, 0x21);
    medium.set(data, block * this.blockSize);
    return done();
  }

  private isInside(medium: Uint8Array, block: number, count: number): boolean {
    const most = this.options.transferMax ?? 0;
    return (block + count) * this.blockSize <= medium.length && (most === 0 || count <= most);
  }

  /** What is freed reads as 0xdd, so that tests can tell. */
  private unmap(medium: Uint8Array, data: Uint8Array): SimOutcome {
    const view = new DataView(data.buffer, data.byteOffset, data.length);
    if (view.getUint16(0) !== data.length - 2 || view.getUint16(2) !== data.length - 8) return refused(5, 0x26);
    for (let at = 8; at + 16 <= data.length; at += 16) {
      const block = Number(view.getBigUint64(at));
      const count = view.getUint32(at + 8);
      if (count > (this.options.unmapMax ?? Infinity)) return refused(5, 0x26);
      if ((block + count) * this.blockSize > medium.length) return refused(5, 0x21);
      this.unmapped.push({ block, count });
      medium.fill(0xdd, block * this.blockSize, (block + count) * this.blockSize);
    }
    return done();
  }

  private writeSame(medium: Uint8Array, block: number, count: number, mayUnmap: boolean, data: Uint8Array): SimOutcome {
    if (data.length !== this.blockSize) return refused(5, 0x24);
    if (count > (this.options.sameMax ?? Infinity)) return refused(5, 0x24);
    if ((block + count) * this.blockSize > medium.length) return refused(5, 0x21);
    if (mayUnmap) this.unmapped.push({ block, count });
    for (let i = block; i < block + count; i++) medium.set(data, i * this.blockSize);
    return done();
  }

  private capacity(medium: Uint8Array): Uint8Array {
    if (this.options.capacity !== undefined) return this.options.capacity;
    const bytes = new Uint8Array(32);
    bytes.set(big(medium.length / this.blockSize - 1, 8));
    bytes.set(big(this.blockSize, 4), 8);
    bytes[13] = this.options.physicalExponent ?? 0;
    return bytes;
  }

  private inquire(cdb: Uint8Array, room: number): SimOutcome {
    const type = this.options.type ?? 0;
    if ((cdb[1]! & 1) !== 0) {
      const page = this.page(cdb[2]!);
      return page === undefined ? refused(5, 0x24) : done(page.slice(0, room));
    }
    const removable = (this.options.isRemovable ?? type === 5) ? 0x80 : 0;
    const head = [type, removable, 5, 2, 31, 0, 0, 2];
    return done(Uint8Array.from([...head, ...text('QEMU', 8), ...text('QEMU HARDDISK', 16), ...text('2.5+', 4)]));
  }

  private page(number: number): Uint8Array | undefined {
    const pages: Record<number, readonly number[]> = {
      128: [...new TextEncoder().encode(this.options.serialNumber ?? '')],
      131: [2, 0, 0, 3, ...text('abc', 3), 1, 3, 0, 8, ...big(0x5000c500, 4), ...big(0x15ea71ac, 4)],
      176: this.blockLimits(),
      178: [0, (this.options.canUnmap === false ? 0 : 0x80) | (this.options.canUnmapBySame === false ? 0 : 0x40), 2, 0],
      ...this.options.pages,
    };
    const content = number === 0 ? [0, ...Object.keys(pages).map(Number)] : pages[number];
    return content && Uint8Array.from([this.options.type ?? 0, number, ...big(content.length, 2), ...content]);
  }

  private blockLimits(): number[] {
    const { transferMax = 0, unmapMax = 0xffffffff, unmapGranularity = 0, sameMax = 0 } = this.options;
    return [
      ...[0, 0, ...big(8, 2), ...big(transferMax, 4), ...big(64, 4), 0, 0, 0, 0],
      ...[...big(unmapMax, 4), ...big(255, 4), ...big(unmapGranularity, 4), 0, 0, 0, 0, ...big(sameMax, 8)],
      ...Array.from({ length: 20 }, () => 0),
    ];
  }

  private senseModes(cdb: Uint8Array): SimOutcome {
    if ((cdb[2]! & 0x3f) !== 8 || this.options.hasCachingPage === false) return refused(5, 0x24);
    const page = [0x88, 18, this.isCaching ? 4 : 0, ...Array.from({ length: 17 }, () => 0)];
    return done(Uint8Array.from([3 + page.length, 0, this.isWriteProtected ? 0x80 : 0, 0, ...page]));
  }

  private selectModes(data: Uint8Array): SimOutcome {
    if (data[4] !== 8 || data[5] !== 18 || data.length !== 24) return refused(5, 0x26);
    this.isCaching = (data[6]! & 4) !== 0;
    return done();
  }
}
