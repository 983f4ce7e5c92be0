// The interrupt of a port that has a slot: who is told when something is put in or taken out. PCI Express Base 5.0 §6.7.3.4.
//
// By a message where the port can, else by the line of its pin. A port that can do neither is looked at every so often (watch.ts).

import { offInterrupt, onInterrupt } from '../../kernel/event/interrupts.ts';
import { interruptAllocate, VECTOR_NONE } from '../../kernel/hal/interrupts.ts';
import { enableCommand, setPinDisabled } from '../../kernel/pci/command.ts';
import type { PciFunction, PciTree } from '../../kernel/pci/function.ts';
import { findLineOfPin, InterruptLine, silencePins } from '../../kernel/pci/intx.ts';
import {
  disableMsix,
  enableMsix,
  findMsix,
  MsixTable,
  setMsixVector,
  unmaskMsix,
  unmaskMsixVector,
} from '../../kernel/pci/msix.ts';
import { COMMAND_BUS_MASTER, COMMAND_MEMORY } from '../../kernel/pci/registers.ts';
import { type Slot, setSlotInterrupts } from '../../kernel/pci/slot.ts';
import { vectorOfLine } from '../virtio/lines.ts';

/** What a port interrupts by. */
export interface PortInterrupt {
  readonly kind: 'message' | 'line' | 'none';
  readonly vector: number;
}

const NONE: PortInterrupt = { kind: 'none', vector: VECTOR_NONE };

/** Finds out by what the port of a slot can interrupt, and prepares it. Called once a port: a vector is for ever. */
export const findPortInterrupt = (tree: PciTree, port: PciFunction, slot: Slot): PortInterrupt => {
  enableCommand(port, COMMAND_BUS_MASTER); // A message is a write to memory.
  const vector = messageVector(port, slot);
  if (vector !== VECTOR_NONE) return { kind: 'message', vector };
  const line = new InterruptLine();
  if (!findLineOfPin(tree, port, line)) return NONE;
  const shared = vectorOfLine(line.gsi, line.isActiveLow) as number;
  if (shared === VECTOR_NONE) return NONE;
  silencePins(tree);
  return { kind: 'line', vector: shared };
};

/** Calls `look` in the loop whenever the port interrupts, from now on. It takes the slot's events, which takes the interrupt back. */
export const beginPort = (port: PciFunction, slot: Slot, { kind, vector }: PortInterrupt, look: () => void): void => {
  if (kind === 'none') return;
  onInterrupt(vector, look);
  if (kind === 'line') setPinDisabled(port.address, false);
  setSlotInterrupts(slot, true);
};

/** Ends that. */
export const endPort = (port: PciFunction, slot: Slot, { kind, vector }: PortInterrupt, look: () => void): void => {
  if (kind === 'none') return;
  setSlotInterrupts(slot, false);
  if (kind === 'line') setPinDisabled(port.address, true);
  offInterrupt(vector, look);
};

/** Returns the vector of the message that the port sends for its slot; VECTOR_NONE when it cannot. */
const messageVector = (port: PciFunction, slot: Slot): number => {
  const table = new MsixTable();
  if (!findMsix(port, table) || slot.messageNumber >= table.vectorCount) return VECTOR_NONE;
  enableCommand(port, COMMAND_MEMORY);
  const vector: number = interruptAllocate();
  if (vector === VECTOR_NONE || !enableMsix(table)) return VECTOR_NONE;
  if (!setMsixVector(table, slot.messageNumber, vector)) {
    disableMsix(table);
    return VECTOR_NONE;
  }
  unmaskMsixVector(table, slot.messageNumber);
  unmaskMsix(table);
  return vector;
};
