// All that is known of the PCI functions, several lines each.
//
//   0000:00:02.0 1af4:1042 01.00 virtio-blk
//       device, revision 01, programming interface 00, subsystem 1af4:1100
//       command 0x0107 io memory master serr
//       status 0x0010 capabilities
//       interrupt: pin A, line 11
//       bar1 memory32 0xfebfe000 4 KiB
//       [98] MSI-X (11), 2 vectors, off, table in bar1 + 0x0 (32 B), pending bits in bar1 + 0x800 (8 B)
//       …

import { formatBytes, hex } from '../../kernel/base/hex.ts';
import { lookUp } from '../../kernel/base/table.ts';
import { configRead16 } from '../../kernel/hal/config.ts';
import { sizeBars } from '../../kernel/pci/bar.ts';
import { describePciFault, formatBar } from '../../kernel/pci/describe.ts';
import { BAR_KIND_NONE, type PciFunction, type PciTree, WINDOW_COUNT } from '../../kernel/pci/function.ts';
import { BAR_COUNT_DEVICE, COMMAND, HEADER_BRIDGE, HEADER_DEVICE, STATUS } from '../../kernel/pci/registers.ts';
import { readWindows } from '../../kernel/pci/window.ts';
import { type CapabilityRecords, newCapabilityRecords, printCapabilities } from './capabilities.ts';
import { indentOf, type Print } from './print.ts';
import { describeIdentity } from './tree.ts';

/** By bit. PCI Local Bus 3.0 §6.2.2 and §6.2.3; a bit without a name says nothing worth a word. */
const COMMAND_NAMES = `
0 io
1 memory
2 master
3 special-cycles
4 write-and-invalidate
5 palette-snoop
6 parity
8 serr
9 fast-back-to-back
10 no-interrupt
`;
const STATUS_NAMES = `
3 interrupt
4 capabilities
5 66-MHz
7 fast-back-to-back
8 master-parity-error
11 signaled-target-abort
12 received-target-abort
13 received-master-abort
14 signaled-system-error
15 parity-error
`;

/** By WINDOW_… */
const WINDOW_NAMES = `
0 I/O
1 memory
2 prefetchable
`;

const BIT_COUNT = 16;

/** Prints every function of the tree with all that can be read of it. */
export const printDetails = (tree: PciTree, print: Print): void => {
  const records = newCapabilityRecords();
  for (let i = tree.count === 0 ? -1 : 0; i >= 0; i = tree.functions[i].next) {
    const pciFunction = tree.functions[i];
    const indent = indentOf(pciFunction.depth);
    print(`${indent}${describeIdentity(pciFunction)}`);
    printFunction(pciFunction, records, `${indent}    `, print);
  }
};

const printFunction = (pciFunction: PciFunction, records: CapabilityRecords, indent: string, print: Print): void => {
  const command = configRead16(pciFunction.address, COMMAND);
  const status = configRead16(pciFunction.address, STATUS);
  print(`${indent}${describeHeader(pciFunction)}`);
  print(`${indent}command 0x${hex(command, 4)}${namesOfBits(command, COMMAND_NAMES)}`);
  print(`${indent}status 0x${hex(status, 4)}${namesOfBits(status, STATUS_NAMES)}`);
  if (pciFunction.interruptPin !== 0) {
    const pin = String.fromCharCode(0x40 + pciFunction.interruptPin);
    print(`${indent}interrupt: pin ${pin}, line ${pciFunction.interruptLine}`);
  }
  if (pciFunction.headerLayout === HEADER_BRIDGE) printBridge(pciFunction, indent, print);
  printBars(pciFunction, indent, print);
  printCapabilities(pciFunction, records, indent, print);
};

/** Returns `device, revision 01, programming interface 00, subsystem 1af4:1100`. */
const describeHeader = (pciFunction: PciFunction): string => {
  let layout = `header ${hex(pciFunction.headerLayout, 2)}`;
  if (pciFunction.headerLayout === HEADER_DEVICE) layout = 'device';
  if (pciFunction.headerLayout === HEADER_BRIDGE) layout = 'bridge';
  const several = pciFunction.isMultiFunction ? ' of several functions' : '';
  const versions = `revision ${hex(pciFunction.revisionId, 2)}, programming interface ${hex(pciFunction.programmingInterface, 2)}`;
  if (pciFunction.headerLayout !== HEADER_DEVICE) return `${layout}${several}, ${versions}`;
  const subsystem = `${hex(pciFunction.subsystemVendorId, 4)}:${hex(pciFunction.subsystemId, 4)}`;
  return `${layout}${several}, ${versions}, subsystem ${subsystem}`;
};

/** Returns the names of the bits that are set, each after a space. */
const namesOfBits = (bits: number, names: string): string => {
  let text = '';
  for (let bit = 0; bit < BIT_COUNT; bit++) {
    const name = ((bits >>> bit) & 1) !== 0 ? lookUp(names, `${bit}`) : undefined;
    if (name !== undefined) text += ` ${name}`;
  }
  return text;
};

const printBridge = (bridge: PciFunction, indent: string, print: Print): void => {
  print(`${indent}buses: ${bridge.address >>> 8}, behind it ${bridge.secondaryBus} to ${bridge.subordinateBus}`);
  readWindows(bridge);
  for (let index = 0; index < WINDOW_COUNT; index++) {
    const start = bridge.windows[index].address;
    const size = bridge.windows[index].size;
    const range = start === 0 ? 'closed' : `0x${hex(start, 8)} to 0x${hex(start + size - 1, 8)} (${formatBytes(size)})`;
    print(`${indent}${lookUp(WINDOW_NAMES, `${index}`)} window: ${range}`);
  }
};

const printBars = (pciFunction: PciFunction, indent: string, print: Print): void => {
  if (!sizeBars(pciFunction)) print(`${indent}${describePciFault(pciFunction.fault)}`);
  for (let index = 0; index < BAR_COUNT_DEVICE; index++) {
    const bar = pciFunction.bars[index];
    if (bar.kind === BAR_KIND_NONE) continue;
    print(`${indent}${formatBar(bar, index)}${bar.address === 0 ? ', not placed' : ''}`);
  }
  if (pciFunction.rom.kind !== BAR_KIND_NONE) {
    print(`${indent}rom ${formatBytes(pciFunction.rom.size)}, not decoded`);
  }
};
