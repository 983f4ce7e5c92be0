// Brings the PCI buses up, and says in the log what is wrong there. After it, everything that can be reached has its address.

import { hex } from '../base/hex.ts';
import { log } from '../base/log.ts';
import { bringUp, isLeftOut } from './bring-up.ts';
import { describePciFault, formatAddress } from './describe.ts';
import { FAULT_NONE } from './fault.ts';
import type { PciFunction, PciTree } from './function.ts';
import { BAR_COUNT_DEVICE } from './registers.ts';

/** Numbers, reads and places everything on PCI. Called once, before any driver starts: it may move BARs. */
export const startPci = (tree: PciTree): void => {
  if (bringUp(tree)) return;
  if (tree.isFull) log('error', 'pci', `more than ${tree.count} functions, the others are left out`);
  for (let index = 0; index < tree.count; index++) reportFunction(tree, tree.functions[index]);
};

/** Logs the fault of a function and each of its BARs that has no address. */
export const reportFunction = (tree: PciTree, pciFunction: PciFunction): void => {
  const name = formatAddress(pciFunction.address);
  if (pciFunction.fault.code !== FAULT_NONE) log('error', name, describePciFault(pciFunction.fault));
  for (let index = 0; index < BAR_COUNT_DEVICE; index++) {
    const bar = pciFunction.bars[index];
    if (isLeftOut(tree, bar))
      log('error', name, `bar${index} of 0x${hex(bar.size, 1)} bytes does not fit in the window`);
  }
};
