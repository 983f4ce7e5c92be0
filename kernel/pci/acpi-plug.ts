'use machine';
// Hot-plug by ACPI, as QEMU's q35 does it unless it leaves that to the ports (ICH9-LPC.acpi-pci-hotplug-with-bridge-support): a block of registers at a fixed place,
// which the methods of the DSDT would use. docs/specs/acpi_pci_hotplug of QEMU.
//
//   select a bus by its number there ──▶ which of its devices have come, which are to go ──▶ eject
//
// Which bus a number means only the DSDT says, and that is not run: what has come is found by looking behind every bridge, and what is to go is let go of when it is gone.

import type { bool, u16, u32 } from '../base/machine.ts';
import { CONFIG_NONE, configMechanism, configRead32 } from '../hal/config.ts';
import { portRead32, portWrite32 } from '../hal/ports.ts';
import { VENDOR_ID } from './registers.ts';

const BASE: u16 = 0x0cc0;

//    register                        offset   width  access
const DEVICES_UP: u16 = BASE; //               32     R       one bit a device; reading clears them
const DEVICES_DOWN: u16 = BASE + 4; //         32     R
const DEVICES_EJECT: u16 = BASE + 8; //        32     W       the lowest bit
const BUS_SELECT: u16 = BASE + 16; //          32     RW

/** The ICH9's bridge to ISA, 00:1f.0, of a q35. */
const ISA_BRIDGE: u32 = 0x1f << 3;
const ICH9: u32 = 0x29188086;

const DEVICE_COUNT: u32 = 32;
const ALL_ONES: u32 = 0xffffffff;

/** Returns whether the machine has these registers. */
export const hasAcpiPlug = (): bool => {
  if (configMechanism() === CONFIG_NONE || configRead32(ISA_BRIDGE, VENDOR_ID) !== ICH9) return false;
  portWrite32(BUS_SELECT, 1);
  if (portRead32(BUS_SELECT) !== 1) return false;
  portWrite32(BUS_SELECT, 0);
  return portRead32(BUS_SELECT) === 0;
};

/** Looks at the first `busCount` numbers: ejects what is to go. Returns whether something has come, or gone. */
export const pollAcpiPlug = (busCount: u32): bool => {
  let hasChanged: bool = false;
  for (let bus: u32 = 0; bus < busCount; bus++) {
    portWrite32(BUS_SELECT, bus);
    const up: u32 = portRead32(DEVICES_UP);
    if (up !== 0 && up !== ALL_ONES) hasChanged = true;
    if (ejectAll()) hasChanged = true;
  }
  return hasChanged;
};

/** Ejects what is to go of the selected bus. */
const ejectAll = (): bool => {
  const down: u32 = portRead32(DEVICES_DOWN);
  if (down === 0 || down === ALL_ONES) return false;
  for (let device: u32 = 0; device < DEVICE_COUNT; device++) {
    const bit: u32 = (1 << device) >>> 0;
    if ((down & bit) !== 0) portWrite32(DEVICES_EJECT, bit);
  }
  return true;
};
