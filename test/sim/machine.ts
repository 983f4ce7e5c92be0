// A simulated machine for unit tests on Node: memory, time, console, configuration space and the window onto device registers.
//
// test/sim/hal implements the declarations of kernel/hal over the machine that is installed. It is strict where hardware is silent: what
// a driver must not do is collected in `violations`, and tests expect that list to be empty.

import { NO_RANDOM } from '../../kernel/hal/cpu.ts';
import { NO_DEADLINE } from '../../kernel/hal/interrupts.ts';
import { SimInterrupts } from './interrupts.ts';
import { SimPages } from './pages.ts';
import type { SimBus, SimRegisters } from './pci.ts';
import { SimPlugged } from './plugged.ts';

/** One region of the memory map. */
export interface SimMemoryRegion {
  readonly start: number;
  readonly length: number;
  readonly type: number;
}

/** A virtio-mmio device that ACPI lists. */
export interface SimMmioSlot {
  readonly base: number;
  readonly length: number;
  readonly interrupt: number;
}

/** Addresses from `start` up to and without `end`. */
export interface SimRange {
  readonly start: number;
  readonly end: number;
}

/** Thrown by `exit` and `panic`: the machine has stopped. */
export class MachineStopped extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Comes between the processor and the DMA window: delays what is stored, or lets something else happen between two accesses. */
export interface SimProcessorMemory {
  beforeRead(offset: number, width: number): void;
  write(offset: number, width: number, store: () => void): void;
  fence(): void;
}

/** Judges each access of the processor to the DMA window before it is made. */
export type SimMemoryGuard = (offset: number, length: number, isWrite: boolean) => void;

interface Mapping {
  readonly offset: number;
  readonly address: number;
  readonly length: number;
}

/** Registers at a place of their own, behind no BAR. */
interface Place {
  readonly address: number;
  readonly length: number;
  readonly registers: SimRegisters;
}

interface Timer {
  readonly due: number;
  readonly action: () => void;
}

const PAGE_SIZE = 4096;
const MIB = 1024 * 1024;

/** The machine. Tests set its fields before they install it, and look at them afterwards. */
export class SimMachine {
  consoleText = '';
  /** What the loader passes to the kernel. */
  commandLine = '';
  /** Nanoseconds since kernel entry, and what each look at the clock adds: time passes, so loops with a deadline end. */
  now = 0;
  /** The date of kernel entry in microseconds since 1970: 2031-02-03T04:05:06Z unless somebody sets it. */
  entryDateUs = Date.UTC(2031, 1, 3, 4, 5, 6) * 1000;
  clockStep = 1000;
  memoryRegions: SimMemoryRegion[] = [{ start: 0, length: 128 * MIB, type: 1 }];
  /** The physical address of the DMA window, and its bytes. */
  readonly dmaBase = 0x4000000;
  readonly dma: Uint8Array<ArrayBuffer>;
  readonly dmaView: DataView;
  /** Bytes of MMIO window; beyond, mappings fail. */
  mmioLength = 1024 * MIB;
  /** Memory of devices, by its address; and what of it was mapped: address and length. */
  readonly memories: { readonly start: number; readonly bytes: Uint8Array }[] = [];
  readonly memoryMappings: [number, number][] = [];
  pci: SimBus | undefined;
  lastBus = 255;
  ecamBase = 0xb0000000;
  mmioSlots: SimMmioSlot[] = [];
  /** ACPI tables, headers included, by their signatures. */
  acpiTables: Readonly<Record<string, Uint8Array>> = {};
  /** The host bridge's windows: I/O, memory below 4 GiB, memory above; those of a q35 with 128 MiB. */
  hostWindows: SimRange[] = [
    { start: 0xc000, end: 0x10000 },
    { start: 0xc0000000, end: 0xfec00000 },
    { start: 0x100000000, end: 0x900000000 },
  ];
  processorMemory: SimProcessorMemory | undefined;
  memoryGuard: SimMemoryGuard | undefined;
  /** The processor's generator: it has none, unless a test gives it one. */
  rdrand = (): number => NO_RANDOM;
  rdseed = (): number => NO_RANDOM;
  readonly violations: string[] = [];
  readonly interrupts = new SimInterrupts((text) => this.violate(text));
  /** The pages that nobody else has: 8 MiB, from 128 MiB on. */
  readonly pages = new SimPages(0x8000000, 2048, (text) => this.violate(text));
  /** Memory that was plugged in. */
  readonly plugged = new SimPlugged((text) => this.violate(text));
  /** Accesses to device registers, as `write32 0xfe000008`. */
  readonly accesses: string[] = [];

  private readonly places: Place[] = [];
  private mappings: Mapping[] = [];
  private mmioEnd = 0;
  private timers: Timer[] = [];

  constructor(dmaLength = 2 * MIB) {
    this.dma = new Uint8Array(dmaLength);
    this.dmaView = new DataView(this.dma.buffer);
  }

  /** Notes that somebody did what must not be done. */
  violate(text: string): void {
    this.violations.push(text);
  }

  /** Lets time pass and does what is due. Returns the time. */
  tick(): number {
    this.now += this.clockStep;
    if (this.timers.length === 0) return this.now;
    const due = this.timers.filter((timer) => timer.due <= this.now);
    this.timers = this.timers.filter((timer) => timer.due > this.now);
    for (const timer of due) timer.action();
    return this.now;
  }

  /** Does `action` when `delay` nanoseconds have passed. */
  after(delay: number, action: () => void): void {
    this.timers.push({ due: this.now + delay, action });
  }

  /**
   * Halts: lets time jump from event to event until a vector is noted or the deadline has come. Throws when neither will ever be: on metal
   * that is a machine that sleeps for ever.
   */
  idle(deadline: number): void {
    this.interrupts.beforeHalt?.();
    this.interrupts.idleCount++;
    while (!this.interrupts.isNoted && this.now < deadline) {
      const due = Math.min(deadline, ...this.timers.map((timer) => timer.due));
      if (due >= NO_DEADLINE) throw new Error('the machine idles, and nothing will ever wake it');
      this.now = Math.max(this.now, due - this.clockStep);
      this.tick();
    }
  }

  /** Returns the offset in the MMIO window of a new mapping, 0xffffffff when it is full. */
  map(address: number, length: number): number {
    const before = this.mappings.find((each) => each.address === address && each.length >= length);
    if (before !== undefined) return before.offset;
    const start = this.mmioEnd + (address % PAGE_SIZE);
    if (start + length > this.mmioLength) return 0xffffffff;
    this.mappings.push({ offset: start, address, length });
    this.mmioEnd = Math.ceil((start + length) / PAGE_SIZE) * PAGE_SIZE;
    return start;
  }

  /** Bytes of the MMIO window that are in use. */
  get mappedBytes(): number {
    return this.mmioEnd;
  }

  /** Puts registers at an address, and the place among those that ACPI lists. */
  addRegisters(address: number, length: number, registers: SimRegisters): void {
    this.places.push({ address, length, registers });
    this.mmioSlots.push({ base: address, length, interrupt: 5 });
  }

  /** Reads a device register; all ones where nothing answers. */
  mmioRead(offset: number, width: number): number {
    const address = this.physical(offset, width);
    this.noteAccess('read', width, address);
    const place = this.placeOf(address);
    if (place !== undefined) return place.registers.read(address - place.address, width);
    return this.pci?.readMemory(address, width) ?? 2 ** (width * 8) - 1;
  }

  /** Writes a device register; lost where nothing answers. */
  mmioWrite(offset: number, width: number, value: number): void {
    const address = this.physical(offset, width);
    this.noteAccess('write', width, address);
    if (!Number.isInteger(value) || value < 0 || value >= 2 ** (width * 8)) {
      throw new RangeError(`${value} does not fit in ${width * 8} bits`);
    }
    const place = this.placeOf(address);
    if (place === undefined) this.pci?.writeMemory(address, width, value);
    else place.registers.write(address - place.address, width, value);
  }

  /** Notes an access of the processor to a register or a port. */
  noteAccess(what: string, width: number, address: number): void {
    this.accesses.push(`${what}${width * 8} 0x${address.toString(16)}`);
  }

  /** Returns where an access of a device to `length` bytes at a bus address lands in the DMA bytes, undefined when outside. */
  dmaOffset(busAddress: number, length: number): number | undefined {
    const offset = busAddress - this.dmaBase;
    if (offset >= 0 && offset + length <= this.dma.length) return offset;
    this.violate(`a device was told to use ${length} bytes at 0x${busAddress.toString(16)}, outside the DMA window`);
    return undefined;
  }

  private placeOf(address: number): Place | undefined {
    return this.places.find((place) => address >= place.address && address < place.address + place.length);
  }

  private physical(offset: number, width: number): number {
    if (offset % width !== 0) throw new RangeError(`MMIO access of ${width} bytes at unaligned offset ${offset}`);
    const mapping = this.mappings.find((each) => offset >= each.offset && offset + width <= each.offset + each.length);
    if (mapping === undefined) throw new RangeError(`MMIO access at offset ${offset}, which is not mapped`);
    return mapping.address + (offset - mapping.offset);
  }
}

let installed = new SimMachine();

/** Makes `machine` the one that kernel/hal reaches, and returns it. */
export const installMachine = (machine: SimMachine): SimMachine => {
  installed = machine;
  return machine;
};

/** Returns the installed machine. */
export const theMachine = (): SimMachine => installed;
