// The vendor capabilities of a PCI function in words: of a virtio device, where its structures lie. VIRTIO 1.2 §4.1.4.

import { hex } from '../../kernel/base/hex.ts';
import { lookUp } from '../../kernel/base/table.ts';
import { configRead8, configRead32 } from '../../kernel/hal/config.ts';
import type { PciFunction } from '../../kernel/pci/function.ts';
import { CONFIG_SPACE_SIZE } from '../../kernel/pci/registers.ts';
import { VIRTIO_VENDOR_ID } from '../virtio/ids.ts';
import {
  CAP_64_SIZE,
  CAP_BAR,
  CAP_BAR_MAX,
  CAP_ID,
  CAP_LENGTH,
  CAP_NOTIFY_OFF_MULTIPLIER,
  CAP_NOTIFY_SIZE,
  CAP_OFFSET,
  CAP_OFFSET_HIGH,
  CAP_REGION_LENGTH,
  CAP_REGION_LENGTH_HIGH,
  CAP_SIZE,
  CAP_TYPE,
  CAP_TYPE_NOTIFY,
  CAP_TYPE_SHARED_MEMORY,
} from '../virtio/transport/pci-registers.ts';

/** By CAP_TYPE_… */
const STRUCTURE_NAMES = `
1 COMMON_CFG
2 NOTIFY_CFG
3 ISR_CFG
4 DEVICE_CFG
5 PCI_CFG
8 SHARED_MEMORY_CFG
9 VENDOR_CFG
`;

const WORD_VALUES = 0x100000000;

/** Returns what a vendor capability at `offset` says, with a comma before it. */
export const describeVendorCapability = (pciFunction: PciFunction, offset: number): string => {
  const room = CONFIG_SPACE_SIZE - offset;
  const length = configRead8(pciFunction.address, offset + CAP_LENGTH);
  if (pciFunction.vendorId !== VIRTIO_VENDOR_ID || room < CAP_SIZE) return `, ${length} bytes`;
  const type = configRead8(pciFunction.address, offset + CAP_TYPE);
  const name = lookUp(STRUCTURE_NAMES, `${type}`) ?? `structure ${type}`;
  const text = `, ${name} in ${describePlace(pciFunction, offset, type === CAP_TYPE_SHARED_MEMORY && room >= CAP_64_SIZE)}`;
  if (type === CAP_TYPE_NOTIFY && room >= CAP_NOTIFY_SIZE) {
    return `${text}, multiplier ${configRead32(pciFunction.address, offset + CAP_NOTIFY_OFF_MULTIPLIER)}`;
  }
  return type === CAP_TYPE_SHARED_MEMORY ? `${text}, id ${configRead8(pciFunction.address, offset + CAP_ID)}` : text;
};

/** Returns `bar4 + 0x3000 (0x1000 bytes)`. */
const describePlace = (pciFunction: PciFunction, offset: number, isWide: boolean): string => {
  const address = pciFunction.address;
  const bar = configRead8(address, offset + CAP_BAR);
  const startHigh = isWide ? configRead32(address, offset + CAP_OFFSET_HIGH) : 0;
  const lengthHigh = isWide ? configRead32(address, offset + CAP_REGION_LENGTH_HIGH) : 0;
  const start = startHigh * WORD_VALUES + configRead32(address, offset + CAP_OFFSET);
  const length = lengthHigh * WORD_VALUES + configRead32(address, offset + CAP_REGION_LENGTH);
  const place = bar > CAP_BAR_MAX ? `reserved bar${bar}` : `bar${bar}`;
  return `${place} + 0x${hex(start, 1)} (0x${hex(length, 1)} bytes)`;
};
