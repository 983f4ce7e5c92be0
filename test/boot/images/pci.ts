// Says all that kernel/pci knows of the machine, for a test that compares it with what QEMU says.
//
//   numbered by firmware, placed by kernel
//   function ADDRESS PARENT VENDOR DEVICE CLASS SUBSYSTEM-VENDOR SUBSYSTEM PIN LINE SECONDARY SUBORDINATE
//   bar ADDRESS INDEX KIND PREFETCHABLE PLACE SIZE          bar 6 is the expansion ROM
//   window ADDRESS INDEX PLACE SIZE
//
// With `reset` on the command line every endpoint is then put to sleep, woken and reset as far as it can be:
//
//   wake ADDRESS from D3: ok                                reset ADDRESS: ok

import { findOption } from '../../../kernel/base/command-line.ts';
import { startLog } from '../../../kernel/base/log.ts';
import { configWrite16 } from '../../../kernel/hal/config.ts';
import { consoleWrite } from '../../../kernel/hal/console.ts';
import { readOptions } from '../../../kernel/hal/options.ts';
import { sizeBars } from '../../../kernel/pci/bar.ts';
import { findCapability } from '../../../kernel/pci/capability.ts';
import { enableCommand, enablePath } from '../../../kernel/pci/command.ts';
import { describePciFault } from '../../../kernel/pci/describe.ts';
import { Express, readExpress } from '../../../kernel/pci/express.ts';
import { type Bar, type PciFunction, PciTree, WINDOW_COUNT } from '../../../kernel/pci/function.ts';
import { POWER_CONTROL, POWER_D3, powerState, wake } from '../../../kernel/pci/power.ts';
import {
  BAR_COUNT_DEVICE,
  CAPABILITY_POWER_MANAGEMENT,
  COMMAND_IO,
  COMMAND_MEMORY,
  HEADER_BRIDGE,
} from '../../../kernel/pci/registers.ts';
import { resetFunction } from '../../../kernel/pci/reset.ts';
import { startPci } from '../../../kernel/pci/start.ts';
import { readWindows } from '../../../kernel/pci/window.ts';

const express = new Express();

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
  if (findOption(readOptions(), 'reset') !== undefined) {
    for (let index = 0; index < tree.count; index++) restart(tree.functions[index]);
  }
  consoleWrite('end\n');
};

/** Puts a function to sleep, wakes it, and resets it, where it is an endpoint and can do that. */
const restart = (pciFunction: PciFunction): void => {
  if (pciFunction.headerLayout === HEADER_BRIDGE) return;
  const power = findCapability(pciFunction, CAPABILITY_POWER_MANAGEMENT);
  if (power !== 0) {
    configWrite16(pciFunction.address, power + POWER_CONTROL, POWER_D3);
    const before = powerState(pciFunction);
    tellEnd(`wake ${pciFunction.address} from D${before}`, pciFunction, wake(pciFunction));
  }
  if (readExpress(pciFunction, express) && express.hasFunctionReset) {
    tellEnd(`reset ${pciFunction.address}`, pciFunction, resetFunction(pciFunction));
  }
};

const tellEnd = (what: string, pciFunction: PciFunction, isGood: boolean): void =>
  consoleWrite(`${what}: ${isGood ? 'ok' : describePciFault(pciFunction.fault)}\n`);

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
