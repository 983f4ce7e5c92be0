// The PCI functions as a tree, one a line: address, vendor and device id, class, name, BARs.
//
//   0000:00:02.0 1b36:000c 06.04 qemu-pcie-root-port, bus 1, bar0 memory32 0xfebd5000 4 KiB
//     0000:01:00.0 1af4:1042 01.00 virtio-blk, bar1 memory32 …

import { hex } from '../../kernel/base/hex.ts';
import { sizeBars } from '../../kernel/pci/bar.ts';
import { className, deviceName } from '../../kernel/pci/class-names.ts';
import { describePciFault, formatAddress, formatBar } from '../../kernel/pci/describe.ts';
import { BAR_KIND_NONE, type PciFunction, type PciTree } from '../../kernel/pci/function.ts';
import { BAR_COUNT_DEVICE, HEADER_BRIDGE } from '../../kernel/pci/registers.ts';
import { TYPE_NONE, virtioDeviceType } from '../virtio/ids.ts';
import { typeName } from '../virtio/names.ts';
import { indentOf, type Print } from './print.ts';

/** Prints every function of the tree. What nobody has sized yet is sized, for which decoding is turned off for a moment: called before drivers start or after all did. */
export const printTree = (tree: PciTree, print: Print): void => {
  for (let i = tree.count === 0 ? -1 : 0; i >= 0; i = tree.functions[i].next) {
    const pciFunction = tree.functions[i];
    print(`${indentOf(pciFunction.depth)}${describeIdentity(pciFunction)}${describeDetails(pciFunction)}`);
  }
};

/** Returns where a function is and what: `0000:00:02.0 1af4:1042 01.00 virtio-blk`. */
export const describeIdentity = (pciFunction: PciFunction): string => {
  const ids = `${hex(pciFunction.vendorId, 4)}:${hex(pciFunction.deviceId, 4)}`;
  const kind = `${hex(pciFunction.classCode, 2)}.${hex(pciFunction.subclass, 2)}`;
  return `${formatAddress(pciFunction.address)} ${ids} ${kind} ${nameOf(pciFunction)}`;
};

/** Returns what a function is called: by its ids where they are known, else by its class. */
const nameOf = (pciFunction: PciFunction): string => {
  const virtioType = virtioDeviceType(pciFunction);
  if (virtioType !== TYPE_NONE) return typeName(virtioType);
  const known = deviceName(pciFunction.vendorId, pciFunction.deviceId);
  return known ?? className(pciFunction.classCode, pciFunction.subclass);
};

/** Returns the bus behind a bridge and the BARs, or what is wrong with them. */
const describeDetails = (pciFunction: PciFunction): string => {
  let details = pciFunction.headerLayout === HEADER_BRIDGE ? `, bus ${pciFunction.secondaryBus}` : '';
  if (!sizeBars(pciFunction)) return `${details}, ${describePciFault(pciFunction.fault)}`;
  for (let index = 0; index < BAR_COUNT_DEVICE; index++) {
    const bar = pciFunction.bars[index];
    if (bar.kind !== BAR_KIND_NONE) details += `, ${formatBar(bar, index)}`;
  }
  return details;
};
