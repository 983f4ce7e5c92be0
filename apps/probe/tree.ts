// The PCI functions as a tree, one a line: address, vendor and device id, class, name, BARs.
//
//   0000:00:02.0 1b36:000c 06.04 qemu-pcie-root-port, bus 1, bar0 memory32 0xfebd5000 4 KiB
//     0000:01:00.0 1af4:1042 01.00 virtio-blk, bar1 memory32 …

import { typeName, virtioDeviceType } from '../../drivers/virtio/ids.ts';
import { hex } from '../../kernel/base/hex.ts';
import { formatBar, readBars } from '../../kernel/pci/bar.ts';
import type { PciNode } from '../../kernel/pci/bus.ts';
import { className, deviceName } from '../../kernel/pci/class-names.ts';
import type { PciFunction } from '../../kernel/pci/function.ts';
import { SECONDARY_BUS } from '../../kernel/pci/registers.ts';
import { print } from './print.ts';

const INDENT = '  ';

/** Prints every function below `nodes`. Called before drivers start: to size a BAR, decoding is turned off for a moment. */
export const printTree = (nodes: readonly PciNode[], indent = ''): void => {
  for (const node of nodes) {
    print(`${indent}${describeFunction(node.pciFunction)}`);
    printTree(node.children, `${indent}${INDENT}`);
  }
};

const describeFunction = (pciFunction: PciFunction): string => {
  const { name, vendorId, deviceId, classCode, subclass } = pciFunction;
  const ids = `${hex(vendorId, 4)}:${hex(deviceId, 4)} ${hex(classCode, 2)}.${hex(subclass, 2)}`;
  return `${name} ${ids} ${nameOf(pciFunction)}${describeDetails(pciFunction)}`;
};

const nameOf = (pciFunction: PciFunction): string => {
  const virtioType = virtioDeviceType(pciFunction);
  if (virtioType !== undefined) return typeName(virtioType);
  const known = deviceName(pciFunction.vendorId, pciFunction.deviceId);
  return known ?? className(pciFunction.classCode, pciFunction.subclass);
};

/** Returns the bus behind a bridge and the BARs, or what is wrong with them. */
const describeDetails = (pciFunction: PciFunction): string => {
  let details = pciFunction.isBridge ? `, bus ${pciFunction.read8(SECONDARY_BUS)}` : '';
  const bars = readBars(pciFunction);
  if (!bars.ok) return `${details}, ${bars.error.message}`;
  for (const bar of bars.value) details += `, ${formatBar(bar)}`;
  return details;
};
