// Simulated PCI: functions with configuration space and BARs, bridges that route, and buses. Written from PCI Local Bus 3.0 and
// PCI-to-PCI Bridge 1.2; shares no code with kernel/pci.
//
// It routes as hardware does: configuration cycles by the bus numbers that are in the bridges at that moment, memory by their windows
// and by the BARs, each only while the command register says so.

/** What lies behind a memory BAR. Offsets are relative to it. */
export interface SimRegisters {
  read(offset: number, width: number): number;
  write(offset: number, width: number, value: number): void;
}

/** A BAR as a device has it. `type` is the low bits of the register: 0 memory, 1 I/O, 4 memory of 64 bits, 8 more for prefetchable. */
export interface SimBarOptions {
  readonly index: number;
  readonly size: number;
  readonly type?: number;
  readonly address?: number;
  readonly registers?: SimRegisters;
}

export interface SimFunctionOptions {
  readonly vendorId?: number;
  readonly deviceId?: number;
  readonly classCode?: number;
  readonly subclass?: number;
  readonly multiFunction?: boolean;
  readonly headerType?: number;
  readonly bars?: readonly SimBarOptions[];
  /** Capabilities: each starts with its id; the second byte, the pointer to the next, is filled in. */
  readonly capabilities?: readonly (readonly number[])[];
}

const COMMAND = 0x04;
const STATUS = 0x06;
const HEADER_TYPE = 0x0e;
const BAR = 0x10;
const CAPABILITIES = 0x34;

const ALL_ONES = 0xffffffff;

/** One function. `config` may be changed by tests; what the driver can change is in `writable`, bit by bit. */
export class SimFunction {
  readonly config = new DataView(new ArrayBuffer(4096));
  readonly writable = new DataView(new ArrayBuffer(4096));
  /** Configuration writes since the start, as `write16 0x4 = 0x6`. */
  readonly writes: string[] = [];
  /** The bus that it is on. */
  parent: SimBus | undefined;
  /** Called behind every write to its configuration space. */
  onConfigWrite: () => void = () => {};
  private readonly bars: readonly SimBarOptions[];

  constructor(options: SimFunctionOptions = {}) {
    this.bars = options.bars ?? [];
    this.set16(0x00, options.vendorId ?? 0x1234);
    this.set16(0x02, options.deviceId ?? 0x5678);
    this.config.setUint8(0x0b, options.classCode ?? 0xff);
    this.config.setUint8(0x0a, options.subclass ?? 0);
    this.config.setUint8(HEADER_TYPE, (options.headerType ?? 0) | (options.multiFunction ? 0x80 : 0));
    this.writable.setUint16(COMMAND, 0x0547, true);
    for (const bar of this.bars) this.addBar(bar);
    this.addCapabilities(options.capabilities ?? []);
  }

  get command(): number {
    return this.config.getUint16(COMMAND, true);
  }

  get decodesMemory(): boolean {
    return (this.command & 2) !== 0;
  }

  /** Whether its accesses reach memory: it and every bridge above it may be bus master. */
  get reachesMemory(): boolean {
    return (this.command & 4) !== 0 && (this.parent?.bridge?.reachesMemory ?? true);
  }

  read(offset: number, width: number): number {
    if (width === 1) return this.config.getUint8(offset);
    return width === 2 ? this.config.getUint16(offset, true) : this.config.getUint32(offset, true);
  }

  write(offset: number, width: number, value: number): void {
    this.writes.push(`write${width * 8} 0x${offset.toString(16)} = 0x${value.toString(16)}`);
    for (let i = 0; i < width; i++) this.writeByte(offset + i, Math.floor(value / 2 ** (8 * i)) & 0xff);
    this.onConfigWrite();
  }

  /** Returns where BAR `index` is now. */
  barAddress(index: number): number {
    const low = this.config.getUint32(BAR + index * 4, true);
    const bar = this.bars.find((each) => each.index === index);
    const high = bar !== undefined && isWide(bar) ? this.config.getUint32(BAR + index * 4 + 4, true) : 0;
    return high * 2 ** 32 + low - (low & 0xf);
  }

  /** Returns to which pin of which device of the first bus its pin (1 to 4) is wired: each bridge turns pins by the number of the device. */
  rootPin(pin: number): { device: number; pin: number } {
    const device = this.parent?.deviceOf(this) ?? 0;
    const bridge = this.parent?.bridge;
    return bridge === undefined ? { device, pin } : bridge.rootPin(((pin + device - 1) & 3) + 1);
  }

  /** Returns the registers that claim a memory address, with the offset in them. */
  claim(address: number): { registers: SimRegisters; offset: number } | undefined {
    if (!this.decodesMemory) return undefined;
    for (const bar of this.bars) {
      if (((bar.type ?? 0) & 1) !== 0) continue;
      const start = this.barAddress(bar.index);
      if (start === 0 || address < start || address >= start + bar.size) continue;
      return { registers: bar.registers ?? NO_REGISTERS, offset: address - start };
    }
    return undefined;
  }

  /** Returns the registers that claim a port, with the offset in them. */
  claimPort(port: number): { registers: SimRegisters; offset: number } | undefined {
    if ((this.command & 1) === 0) return undefined;
    for (const bar of this.bars) {
      if (((bar.type ?? 0) & 1) === 0) continue;
      const start = this.config.getUint32(BAR + bar.index * 4, true) & ~3;
      if (start === 0 || port < start || port >= start + bar.size) continue;
      return { registers: bar.registers ?? NO_REGISTERS, offset: port - start };
    }
    return undefined;
  }

  private writeByte(offset: number, value: number): void {
    if (offset === STATUS || offset === STATUS + 1) {
      // Error bits are cleared by ones: bits 8 and 11 to 15.
      const cleared = offset === STATUS ? 0 : value & 0xf9;
      this.config.setUint8(offset, this.config.getUint8(offset) & ~cleared);
      return;
    }
    const mask = this.writable.getUint8(offset);
    this.config.setUint8(offset, (this.config.getUint8(offset) & ~mask) | (value & mask));
  }

  private addBar(bar: SimBarOptions): void {
    const offset = BAR + bar.index * 4;
    const type = bar.type ?? 0;
    const flags = (type & 1) !== 0 ? 0x3 : 0xf;
    const mask = 2n ** 64n - BigInt(bar.size);
    const address = BigInt(bar.address ?? 0);
    this.writable.setUint32(offset, Number((mask & 0xffffffffn) - (mask & BigInt(flags))), true);
    this.config.setUint32(offset, Number(address & 0xffffffffn) + type, true);
    if (!isWide(bar)) return;
    this.writable.setUint32(offset + 4, Number(mask >> 32n), true);
    this.config.setUint32(offset + 4, Number(address >> 32n), true);
  }

  private addCapabilities(capabilities: readonly (readonly number[])[]): void {
    let pointer = CAPABILITIES;
    let offset = 0x40;
    for (const bytes of capabilities) {
      this.config.setUint8(pointer, offset);
      bytes.forEach((byte, index) => {
        this.config.setUint8(offset + index, byte);
      });
      this.config.setUint8(offset + 1, 0);
      pointer = offset + 1;
      offset += Math.ceil(bytes.length / 4) * 4;
    }
    if (capabilities.length > 0) this.config.setUint16(STATUS, 0x0010, true);
  }

  private set16(offset: number, value: number): void {
    this.config.setUint16(offset, value, true);
  }
}

const NO_REGISTERS: SimRegisters = { read: () => 0, write: () => {} };

const isWide = (bar: SimBarOptions): boolean => ((bar.type ?? 0) & 0x7) === 4 && bar.index < 5;

/** A bridge: header type 1, with a bus behind it. */
export class SimBridge extends SimFunction {
  readonly bus: SimBus;

  constructor(bus: SimBus, options: SimFunctionOptions = {}) {
    super({ vendorId: 0x1b36, deviceId: 0x000c, classCode: 0x06, subclass: 0x04, headerType: 1, ...options });
    this.bus = bus;
    bus.bridge = this;
    for (const offset of [0x18, 0x19, 0x1a, 0x1b]) this.writable.setUint8(offset, 0xff);
    for (const offset of [0x1c, 0x1d]) this.writable.setUint8(offset, 0xf0);
    for (const offset of [0x20, 0x22, 0x24, 0x26]) this.writable.setUint16(offset, 0xfff0, true);
    for (const offset of [0x24, 0x26]) this.config.setUint16(offset, 1, true); // The prefetchable window has 64 bits.
    this.writable.setUint32(0x28, ALL_ONES, true);
    this.writable.setUint32(0x2c, ALL_ONES, true);
  }

  get secondary(): number {
    return this.config.getUint8(0x19);
  }

  get subordinate(): number {
    return this.config.getUint8(0x1a);
  }

  /** Does what firmware does: gives the bridge its three numbers. */
  number(primary: number, secondary: number, subordinate: number): this {
    this.config.setUint8(0x18, primary);
    this.config.setUint8(0x19, secondary);
    this.config.setUint8(0x1a, subordinate);
    return this;
  }

  passesBus(bus: number): boolean {
    return this.secondary !== 0 && bus >= this.secondary && bus <= this.subordinate;
  }

  passesMemory(address: number): boolean {
    if (!this.decodesMemory) return false;
    const prefetchable = this.edges(0x24, this.config.getUint32(0x28, true), this.config.getUint32(0x2c, true));
    return [this.edges(0x20, 0, 0), prefetchable].some(([base, limit]) => address >= base && address <= limit);
  }

  passesPort(port: number): boolean {
    const base = (this.config.getUint8(0x1c) & 0xf0) * 0x100;
    const limit = (this.config.getUint8(0x1d) & 0xf0) * 0x100 + 0xfff;
    return (this.command & 1) !== 0 && port >= base && port <= limit;
  }

  /** Takes the upper halves of the prefetchable window away. */
  narrow(): this {
    for (const offset of [0x24, 0x26]) this.config.setUint16(offset, 0, true);
    for (const offset of [0x28, 0x2c]) this.writable.setUint32(offset, 0, true);
    return this;
  }

  /** Returns the first and the last address of a memory window, from its registers at `offset`. */
  private edges(offset: number, baseHigh: number, limitHigh: number): [number, number] {
    const base = (this.config.getUint16(offset, true) & 0xfff0) * 0x10000;
    const limit = (this.config.getUint16(offset + 2, true) & 0xfff0) * 0x10000 + 0xfffff;
    return [base + baseHigh * 2 ** 32, limit + limitHigh * 2 ** 32];
  }
}

/** A bus: functions by device and function number. */
export class SimBus {
  /** The bridge that it lies behind; none for the first bus. */
  bridge: SimBridge | undefined;
  private readonly functions = new Map<number, SimFunction>();
  /** Devices that answer for all eight functions although they have one. */
  private readonly ghosts = new Set<number>();

  /** Puts a function in its place and returns it. */
  add<F extends SimFunction>(device: number, index: number, pciFunction: F): F {
    this.functions.set(device * 8 + index, pciFunction);
    pciFunction.parent = this;
    return pciFunction;
  }

  /** Takes a function away. */
  remove(device: number, index: number): void {
    this.functions.delete(device * 8 + index);
  }

  /** Returns the number of the device that a function of this bus is or belongs to. */
  deviceOf(pciFunction: SimFunction): number {
    for (const [place, each] of this.functions) if (each === pciFunction) return place >> 3;
    throw new Error('the function is on another bus');
  }

  /** Lets function 0 of a device answer for the other seven too. */
  haunt(device: number): void {
    this.ghosts.add(device);
  }

  /** Returns the function that a configuration cycle reaches. `bus` counts from this bus as `own`. */
  find(own: number, bus: number, deviceFunction: number): SimFunction | undefined {
    if (bus === own) {
      const ghost = this.ghosts.has(deviceFunction >> 3) ? this.functions.get(deviceFunction & ~7) : undefined;
      return this.functions.get(deviceFunction) ?? ghost;
    }
    const passing = this.bridges().filter((bridge) => bridge.passesBus(bus));
    if (passing.length > 1) throw new Error(`${passing.length} bridges claim bus ${bus}`);
    return passing[0]?.bus.find(passing[0].secondary, bus, deviceFunction);
  }

  readMemory(address: number, width: number): number | undefined {
    const claimed = this.claim(address);
    return claimed?.registers.read(claimed.offset, width);
  }

  writeMemory(address: number, width: number, value: number): void {
    const claimed = this.claim(address);
    claimed?.registers.write(claimed.offset, width, value);
  }

  readPort(port: number, width: number): number | undefined {
    const claimed = this.claimPort(port);
    return claimed?.registers.read(claimed.offset, width);
  }

  writePort(port: number, width: number, value: number): void {
    const claimed = this.claimPort(port);
    claimed?.registers.write(claimed.offset, width, value);
  }

  private claimPort(port: number): { registers: SimRegisters; offset: number } | undefined {
    for (const pciFunction of this.functions.values()) {
      const isPassed = pciFunction instanceof SimBridge && pciFunction.passesPort(port);
      const claimed = pciFunction.claimPort(port) ?? (isPassed ? pciFunction.bus.claimPort(port) : undefined);
      if (claimed !== undefined) return claimed;
    }
    return undefined;
  }

  private claim(address: number): { registers: SimRegisters; offset: number } | undefined {
    const claims = [];
    for (const pciFunction of this.functions.values()) {
      const own = pciFunction.claim(address);
      if (own !== undefined) claims.push(own);
      if (!(pciFunction instanceof SimBridge) || !pciFunction.passesMemory(address)) continue;
      const behind = pciFunction.bus.claim(address);
      if (behind !== undefined) claims.push(behind);
    }
    if (claims.length > 1) throw new Error(`${claims.length} functions claim address 0x${address.toString(16)}`);
    return claims[0];
  }

  private bridges(): SimBridge[] {
    return [...this.functions.values()].filter((each): each is SimBridge => each instanceof SimBridge);
  }
}
