// MSI-X of a simulated function: its capability, and a BAR with the table and the pending bits. Written from PCI Local Bus 3.0 §6.8.2.
//
// Strict: an entry that is changed while it may be sent, and a write to the pending bits, are violations.

import type { SimMachine } from './machine.ts';
import type { SimFunction, SimRegisters } from './pci.ts';

const ENTRY_SIZE = 16;
const PENDING = 0x800;
const CONTROL = 2;
const ENABLE = 0x8000;
const MASK_ALL = 0x4000;

/** Bytes of the BAR. */
export const MSIX_BAR_SIZE = 0x1000;

const le32 = (value: number): number[] => [0, 8, 16, 24].map((shift) => (value >>> shift) & 0xff);

/** Returns the capability of `count` vectors, whose tables are in BAR `bar`: the table at `table`, else at its start. */
export const msixCapability = (count: number, bar: number, table = 0): number[] => [
  ...[0x11, 0, (count - 1) & 0xff, (count - 1) >> 8],
  ...le32(table + bar),
  ...le32(PENDING + bar),
];

/** What a function may do wrong. */
export interface SimMsixFaults {
  /** It does not keep the enable bit. */
  readonly cannotEnable?: boolean;
  /** It does not keep what is written to its table. */
  readonly forgetsTable?: boolean;
}

/** The vectors of one function. */
export class SimMsix implements SimRegisters {
  /** Entries that were sent. */
  readonly sent: number[] = [];
  private readonly machine: SimMachine;
  private readonly pciFunction: () => SimFunction;
  private readonly faults: SimMsixFaults;
  private readonly count: number;
  private readonly table: DataView;
  private readonly pending: boolean[];

  constructor(machine: SimMachine, pciFunction: () => SimFunction, count: number, faults: SimMsixFaults = {}) {
    this.machine = machine;
    this.pciFunction = pciFunction;
    this.count = count;
    this.faults = faults;
    this.table = new DataView(new ArrayBuffer(count * ENTRY_SIZE));
    this.pending = new Array<boolean>(count).fill(false);
    for (let entry = 0; entry < count; entry++) this.table.setUint32(entry * ENTRY_SIZE + 12, 1, true);
  }

  /** Makes the bits of the message control writable that are, and watches them. Called once the function exists. */
  attach(): void {
    const at = this.capability();
    this.pciFunction().onConfigWrite = () => this.refresh();
    if (at !== 0)
      this.pciFunction().writable.setUint16(at + CONTROL, this.faults.cannotEnable ? 0 : ENABLE | MASK_ALL, true);
  }

  get isEnabled(): boolean {
    return (this.control() & ENABLE) !== 0;
  }

  /** Whether an entry would be sent. */
  isOpen(entry: number): boolean {
    return this.isEnabled && (this.control() & MASK_ALL) === 0 && (this.field(entry, 12) & 1) === 0;
  }

  /** Sends an entry, at once or when it is unmasked. */
  send(entry: number): void {
    if (!this.isEnabled || !this.pciFunction().reachesMemory) return;
    if (!this.isOpen(entry)) {
      this.pending[entry] = true;
      return;
    }
    this.pending[entry] = false;
    this.sent.push(entry);
    if (this.field(entry, 4) !== 0) this.machine.violate(`the upper half of the address of entry ${entry} is not 0`);
    this.machine.interrupts.message(this.field(entry, 0), this.field(entry, 8));
  }

  /** Sends what was pending and is not masked any more, now that the message control may be another. */
  refresh(): void {
    if (!this.isEnabled) this.pending.fill(false);
    for (let entry = 0; entry < this.count; entry++) if (this.pending[entry] && this.isOpen(entry)) this.send(entry);
  }

  read(offset: number, width: number): number {
    this.checkWidth(offset, width);
    if (offset < this.count * ENTRY_SIZE) return this.table.getUint32(offset, true);
    const first = (offset - PENDING) * 8;
    let bits = 0;
    for (let bit = 0; bit < 32; bit++) if (first >= 0 && this.pending[first + bit]) bits += 2 ** bit;
    return bits;
  }

  write(offset: number, width: number, value: number): void {
    this.checkWidth(offset, width);
    if (offset >= this.count * ENTRY_SIZE) {
      this.machine.violate(`write to ${offset} of the MSI-X tables, which is read-only`);
      return;
    }
    const entry = Math.floor(offset / ENTRY_SIZE);
    if (offset % ENTRY_SIZE < 12 && this.isOpen(entry))
      this.machine.violate(`entry ${entry} is changed while it may be sent`);
    if (!this.faults.forgetsTable) this.table.setUint32(offset, value, true);
    this.refresh();
  }

  private checkWidth(offset: number, width: number): void {
    if (width !== 4) this.machine.violate(`access of ${width} bytes at ${offset} of the MSI-X tables`);
  }

  private field(entry: number, offset: number): number {
    return this.table.getUint32(entry * ENTRY_SIZE + offset, true);
  }

  private control(): number {
    const at = this.capability();
    return at === 0 ? 0 : this.pciFunction().config.getUint16(at + CONTROL, true);
  }

  /** Returns where the capability is, 0 where the function does not list it. */
  private capability(): number {
    const { config } = this.pciFunction();
    let offset = (config.getUint8(0x06) & 0x10) === 0 ? 0 : config.getUint8(0x34);
    for (let count = 0; offset >= 0x40 && count < 48; count++) {
      if (config.getUint8(offset) === 0x11) return offset;
      offset = config.getUint8(offset + 1);
    }
    return 0;
  }
}
