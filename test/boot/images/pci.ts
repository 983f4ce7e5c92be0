// Says all that kernel/pci knows of the machine, for a test that compares it with what QEMU says.
//
//   numbered by firmware, placed by kernel
//   function ADDRESS PARENT VENDOR DEVICE CLASS SUBSYSTEM-VENDOR SUBSYSTEM PIN LINE SECONDARY SUBORDINATE
//   bar ADDRESS INDEX KIND PREFETCHABLE PLACE SIZE          bar 6 is the expansion ROM
//   window ADDRESS INDEX PLACE SIZE

import { startLog } from '../../../kernel/base/log.ts';
import { consoleWrite } from '../../../kernel/hal/console.ts';
import { sizeBars } from '../../../kernel/pci/bar.ts';
import { enableCommand, enablePath } from '../../../kernel/pci/command.ts';
import { type Bar, type PciFunction, PciTree, WINDOW_COUNT } from '../../../kernel/pci/function.ts';
import { BAR_COUNT_DEVICE, COMMAND_IO, COMMAND_MEMORY, HEADER_BRIDGE } from '../../../kernel/pci/registers.ts';
import { startPci } from '../../../kernel/pci/start.ts';
import { readWindows } from '../../../kernel/pci/window.ts';

const main = (): void => {
  startLog(consoleWrite, 'info');
  const tree = new PciTree();
  startPci(tree);
  const numbered = tree.isNumberedByKernel ? 'kernel' : 'firmware';
  consoleWrite(`numbered by ${numbered}, placed by ${tree.isPlacedByKernel ? 'kernel' : 'firmware'}\n`);
  for (let index = 0; index < tree.count; index++) {
    const pciFunction = tree.functions[index];
    tell(pciFunction);
    // QEMU tells the place of a BAR only while it is decoded.
    enablePath(tree, pciFunction);
    enableCommand(pciFunction, COMMAND_IO | COMMAND_MEMORY);
  }
  consoleWrite('end\n');
};

const tell = (pciFunction: PciFunction): void => {
  const address = pciFunction.address;
  const kind = pciFunction.classCode * 256 + pciFunction.subclass;
  consoleWrite(
    `function ${address} ${pciFunction.parent} ${pciFunction.vendorId} ${pciFunction.deviceId} ${kind} ` +
      `${pciFunction.subsystemVendorId} ${pciFunction.subsystemId} ${pciFunction.interruptPin} ` +
      `${pciFunction.interruptLine} ${pciFunction.secondaryBus} ${pciFunction.subordinateBus}\n`,
  );
  sizeBars(pciFunction);
  for (let index = 0; index < BAR_COUNT_DEVICE; index++) tellBar(address, index, pciFunction.bars[index]);
  tellBar(address, BAR_COUNT_DEVICE, pciFunction.rom);
  if (pciFunction.headerLayout !== HEADER_BRIDGE) return;
  readWindows(pciFunction);
  for (let index = 0; index < WINDOW_COUNT; index++) {
    consoleWrite(
      `window ${address} ${index} ${pciFunction.windows[index].address} ${pciFunction.windows[index].size}\n`,
    );
  }
};

const tellBar = (address: number, index: number, bar: Bar): void => {
  if (bar.kind === 0) return;
  const prefetchable = bar.isPrefetchable ? 1 : 0;
  consoleWrite(`bar ${address} ${index} ${bar.kind} ${prefetchable} ${bar.address} ${bar.size}\n`);
};

main();
