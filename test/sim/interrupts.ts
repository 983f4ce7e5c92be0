// The interrupt side of the simulated machine: messages and lines of devices come in, noted vectors go out.
//
// Like the machine, it is strict: a message to a vector that nobody has, and a line that is routed twice to different vectors, are violations.

import { VECTOR_FIRST, VECTOR_LAST, VECTOR_NONE } from '../../kernel/hal/interrupts.ts';

/** Where messages go: the local APIC of processor 0. */
export const MESSAGE_ADDRESS = 0xfee00000;

interface Line {
  readonly vector: number;
  readonly isLevel: boolean;
  isMasked: boolean;
}

/** Vectors, lines and what was noted. */
export class SimInterrupts {
  /** How many vectors there are to be had; 0 is a machine without interrupts. */
  available = VECTOR_LAST - VECTOR_FIRST + 1;
  /** Lines that an I/O APIC has: 0 up to and without this number. */
  lineCount = 24;
  /** Line of pin INTA# of a device on the root bus; the next pins' follow modulo 4. `undefined` is a machine without routing. */
  firstPinLine: number | undefined = 16;
  unexpectedCount = 0;
  spuriousCount = 0;
  /** When the last interrupt came. */
  lastTime = 0;
  /** How often the machine halted. */
  idleCount = 0;
  /** What else happens in the gap between the last look and the halt. */
  beforeHalt: (() => void) | undefined;

  private readonly violate: (text: string) => void;
  private allocated = 0;
  private noted: number[] = [];
  private readonly counts = new Map<number, number>();
  private readonly lines = new Map<number, Line>();
  /** Who asserts which line: it is asserted while anybody does. */
  private readonly asserted = new Map<number, Set<object>>();

  constructor(violate: (text: string) => void) {
    this.violate = violate;
  }

  /** Returns a new vector, VECTOR_NONE when there is none. */
  allocate(): number {
    return this.allocated < this.available ? VECTOR_FIRST + this.allocated++ : VECTOR_NONE;
  }

  /** Vectors that somebody has. */
  get allocatedCount(): number {
    return this.allocated;
  }

  /** An interrupt of `vector` comes. */
  raise(vector: number): void {
    this.counts.set(vector, this.count(vector) + 1);
    if (!this.isAllocated(vector)) this.unexpectedCount++;
    else if (!this.noted.includes(vector)) this.noted.push(vector);
  }

  /** A device writes a message. */
  message(address: number, data: number): void {
    if (address !== MESSAGE_ADDRESS) this.violate(`an interrupt message goes to 0x${address.toString(16)}`);
    else if (!this.isAllocated(data)) this.violate(`an interrupt message carries ${data}, a vector that nobody has`);
    else this.raise(data);
  }

  /** A device, `source`, asserts its line or takes that back. Devices may share a line. */
  setLine(gsi: number, isAsserted: boolean, source: object = this): void {
    const sources = this.asserted.get(gsi) ?? new Set();
    this.asserted.set(gsi, sources);
    const wasAsserted = sources.size > 0;
    if (isAsserted) sources.add(source);
    else sources.delete(source);
    const line = this.lines.get(gsi);
    if (line !== undefined && isAsserted && !wasAsserted) this.serve(line);
  }

  /** Routes a line. Returns whether there is such a line, and the vector is free for it. */
  route(gsi: number, vector: number, isLevel: boolean): boolean {
    if (gsi >= this.lineCount) return false;
    if (!this.isAllocated(vector)) this.violate(`line ${gsi} is routed to ${vector}, a vector that nobody has`);
    const before = this.lines.get(gsi);
    if (before !== undefined && before.vector !== vector) this.violate(`line ${gsi} is routed a second time`);
    if (isLevel && this.hasOtherLine(vector, gsi)) return false;
    const line = { vector, isLevel, isMasked: false };
    this.lines.set(gsi, line);
    if (isLevel && this.isAsserted(gsi)) this.serve(line);
    return true;
  }

  /** Opens the level lines of a vector. One that is still asserted interrupts at once. */
  rearm(vector: number): void {
    for (const [gsi, line] of this.lines) {
      if (line.vector !== vector || !line.isMasked) continue;
      line.isMasked = false;
      if (this.isAsserted(gsi)) this.serve(line);
    }
  }

  /** Takes the vector noted first. */
  next(): number {
    return this.noted.shift() ?? VECTOR_NONE;
  }

  get isNoted(): boolean {
    return this.noted.length > 0;
  }

  count(vector: number): number {
    return this.counts.get(vector) ?? 0;
  }

  /** Returns whether anybody asserts a line. */
  isAsserted(gsi: number): boolean {
    return (this.asserted.get(gsi)?.size ?? 0) > 0;
  }

  private serve(line: Line): void {
    if (line.isMasked) return;
    line.isMasked = line.isLevel;
    this.raise(line.vector);
  }

  private hasOtherLine(vector: number, gsi: number): boolean {
    return [...this.lines].some(([number, line]) => number !== gsi && line.isLevel && line.vector === vector);
  }

  private isAllocated(vector: number): boolean {
    return vector >= VECTOR_FIRST && vector < VECTOR_FIRST + this.allocated;
  }
}
