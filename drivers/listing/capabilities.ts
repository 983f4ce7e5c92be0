// The capabilities of a PCI function in words, a line each: where it starts, what it is, what it says.

import { formatBytes, hex } from '../../kernel/base/hex.ts';
import { lookUp } from '../../kernel/base/table.ts';
import { configRead8, configRead16 } from '../../kernel/hal/config.ts';
import { readCapabilities } from '../../kernel/pci/capability.ts';
import { capabilityName, extendedCapabilityName } from '../../kernel/pci/capability-names.ts';
import { describePciFault } from '../../kernel/pci/describe.ts';
import { Express, hasHotPlugSlot, readExpress } from '../../kernel/pci/express.ts';
import { ExtendedCapabilities, readExtendedCapabilities } from '../../kernel/pci/extended.ts';
import type { PciFunction } from '../../kernel/pci/function.ts';
import { Msi, Msix, readMsi, readMsix } from '../../kernel/pci/msi.ts';
import { POWER_CAPABILITIES, powerState } from '../../kernel/pci/power.ts';
import {
  CAPABILITY_ADVANCED_FEATURES,
  CAPABILITY_BRIDGE_SUBSYSTEM,
  CAPABILITY_HOT_PLUG,
  CAPABILITY_MSI,
  CAPABILITY_MSIX,
  CAPABILITY_PCI_EXPRESS,
  CAPABILITY_POWER_MANAGEMENT,
  CAPABILITY_VENDOR,
  CONFIG_SPACE_SIZE,
} from '../../kernel/pci/registers.ts';
import { ADVANCED_CAPABILITIES } from '../../kernel/pci/reset.ts';
import type { Print } from './print.ts';
import { describeVendorCapability } from './vendor.ts';

//    bridge subsystem capability              offset   width  access   PCI-to-PCI Bridge 1.2 §3.2.5.14
const BRIDGE_SUBSYSTEM_VENDOR_ID = 4; //                16     R
const BRIDGE_SUBSYSTEM_ID = 6; //                       16     R
const BRIDGE_SUBSYSTEM_LENGTH = 8;

/** By EXPRESS_… */
const PORT_TYPES = `
0 endpoint
1 legacy endpoint
2 type 2
3 type 3
4 root port
5 upstream port
6 downstream port
7 bridge to PCI
8 bridge from PCI
9 integrated endpoint
10 event collector
`;

/** By the number in the link registers. PCI Express Base 5.0 §7.5.3.6 */
const LINK_SPEEDS = `
1 2.5 GT/s
2 5 GT/s
3 8 GT/s
4 16 GT/s
5 32 GT/s
`;

/** What is read of one function after the other: a function has one of each. Made once, and only where it is wanted. */
export interface CapabilityRecords {
  readonly msi: Msi;
  readonly msix: Msix;
  readonly express: Express;
  readonly extended: ExtendedCapabilities;
}

/** Returns empty records. */
export const newCapabilityRecords = (): CapabilityRecords => ({
  msi: new Msi(),
  msix: new Msix(),
  express: new Express(),
  extended: new ExtendedCapabilities(),
});

/** Prints both lists of a function, in device order. A list that is none is said to be so. */
export const printCapabilities = (
  pciFunction: PciFunction,
  records: CapabilityRecords,
  indent: string,
  print: Print,
): void => {
  if (!readCapabilities(pciFunction)) {
    print(`${indent}${describePciFault(pciFunction.fault)}`);
    return;
  }
  for (let i = 0; i < pciFunction.capabilityCount; i++) {
    const id = pciFunction.capabilities[i].id;
    const offset = pciFunction.capabilities[i].offset;
    print(
      `${indent}[${hex(offset, 2)}] ${capabilityName(id)} (${hex(id, 2)})${describe(pciFunction, records, id, offset)}`,
    );
  }
  const extended = records.extended;
  if (!readExtendedCapabilities(pciFunction, extended)) print(`${indent}${describePciFault(pciFunction.fault)}`);
  for (let i = 0; i < extended.count; i++) {
    const id = extended.items[i].id;
    const place = `[${hex(extended.items[i].offset, 3)}]`;
    print(`${indent}${place} ${extendedCapabilityName(id)} (${hex(id, 4)}), version ${extended.items[i].version}`);
  }
};

/** Returns what a capability says, with a comma before it; nothing for one that is not known. */
const describe = (pciFunction: PciFunction, records: CapabilityRecords, id: number, offset: number): string => {
  switch (id) {
    case CAPABILITY_POWER_MANAGEMENT:
      return describePower(pciFunction, offset);
    case CAPABILITY_MSI:
      return readMsi(pciFunction, records.msi) ? describeMsi(records.msi) : faultOf(pciFunction);
    case CAPABILITY_MSIX:
      return readMsix(pciFunction, records.msix) ? describeMsix(records.msix) : faultOf(pciFunction);
    case CAPABILITY_PCI_EXPRESS:
      return readExpress(pciFunction, records.express) ? describeExpress(records.express) : faultOf(pciFunction);
    case CAPABILITY_HOT_PLUG:
      return hasHotPlugSlot(pciFunction) ? ', slots for hot-plug' : '';
    case CAPABILITY_BRIDGE_SUBSYSTEM:
      return describeBridgeSubsystem(pciFunction, offset);
    case CAPABILITY_ADVANCED_FEATURES:
      return describeAdvanced(pciFunction, offset);
    case CAPABILITY_VENDOR:
      return describeVendorCapability(pciFunction, offset);
    default:
      return '';
  }
};

const faultOf = (pciFunction: PciFunction): string => `, ${describePciFault(pciFunction.fault)}`;

const describePower = (pciFunction: PciFunction, offset: number): string => {
  const capabilities = configRead16(pciFunction.address, offset + POWER_CAPABILITIES);
  const between = `${(capabilities & 0x200) !== 0 ? ' D1' : ''}${(capabilities & 0x400) !== 0 ? ' D2' : ''}`;
  return `, version ${capabilities & 7}, states D0${between} D3, now D${powerState(pciFunction)}`;
};

const countVectors = (count: number): string => (count === 1 ? '1 vector' : `${count} vectors`);

const describeMsi = (msi: Msi): string => {
  const width = msi.is64Bit ? '64' : '32';
  const masking = msi.hasMasking ? ', each can be masked' : '';
  const state = msi.isEnabled ? `on with ${msi.enabledCount}` : 'off';
  return `, ${countVectors(msi.vectorCount)}, ${state}, ${width}-bit addresses${masking}`;
};

const describeMsix = (msix: Msix): string => {
  const masked = msix.isMasked ? ', all masked' : '';
  const table = `table in bar${msix.tableBar} + 0x${hex(msix.tableOffset, 1)} (${formatBytes(msix.tableLength)})`;
  const pending = `pending bits in bar${msix.pendingBar} + 0x${hex(msix.pendingOffset, 1)} (${formatBytes(msix.pendingLength)})`;
  return `, ${countVectors(msix.vectorCount)}, ${msix.isEnabled ? 'on' : 'off'}${masked}, ${table}, ${pending}`;
};

const describeExpress = (express: Express): string => {
  const type = lookUp(PORT_TYPES, `${express.portType}`) ?? `type ${express.portType}`;
  let text = `, version ${express.version}, ${type}`;
  if (express.hasFunctionReset) text += ', can be reset alone';
  if (express.linkSpeedMax !== 0) {
    const now = `${speedName(express.linkSpeed)} x${express.linkWidth}`;
    text += `, link ${now} of ${speedName(express.linkSpeedMax)} x${express.linkWidthMax}`;
  }
  if (!express.hasSlot) return text;
  text += `, slot ${express.slotNumber} ${express.isPresent ? 'occupied' : 'empty'}`;
  if (express.isHotPlugCapable) text += ', hot-plug';
  return express.isSurpriseCapable ? `${text} by surprise` : text;
};

const speedName = (speed: number): string => lookUp(LINK_SPEEDS, `${speed}`) ?? `speed ${speed}`;

const describeBridgeSubsystem = (pciFunction: PciFunction, offset: number): string => {
  if (offset + BRIDGE_SUBSYSTEM_LENGTH > CONFIG_SPACE_SIZE) return '';
  const vendorId = configRead16(pciFunction.address, offset + BRIDGE_SUBSYSTEM_VENDOR_ID);
  return `, ${hex(vendorId, 4)}:${hex(configRead16(pciFunction.address, offset + BRIDGE_SUBSYSTEM_ID), 4)}`;
};

const describeAdvanced = (pciFunction: PciFunction, offset: number): string => {
  const flags = configRead8(pciFunction.address, offset + ADVANCED_CAPABILITIES);
  return `${(flags & 2) !== 0 ? ', can be reset alone' : ''}${(flags & 1) !== 0 ? ', tells what is pending' : ''}`;
};
