'use machine';
// Hot-plug by ACPI, as QEMU's q35 does it unless it leaves that to the ports (ICH9-LPC.acpi-pci-hotplug-with-bridge-support): a block of registers at a fixed place,
// which the methods of the DSDT would use. docs/specs/acpi_pci_hotplug of QEMU.
//
//   select a bus by its number there ──▶ which of its devices have come, which are to go ──▶ eject
//
// Which bridge the bus of a number is behind, the DSDT says: acpi-buses.ts.

import type { bool, u16, u32 } from '../base/machine.ts';
import { CONFIG_NONE, configMechanism, configRead32 } from '../hal/config.ts';
import { portRead32, portWrite32 } from '../hal/ports.ts';
import { VENDOR_ID } from './registers.ts';

const BASE: u16 = 0x0cc0;

//    register                        offset   width  access
const DEVICES_UP: u16 = BASE; //               32     R       one bit a device; reading clears them
const DEVICES_DOWN: u16 = BASE + 4; //         32     R       until they are ejected
const DEVICES_EJECT: u16 = BASE + 8; //        32     W       the lowest bit
const BUS_SELECT: u16 = BASE + 16; //          32     RW

/** The ICH9's bridge to ISA, 00:1f.0, of a q35. */
const ISA_BRIDGE: u32 = 0x1f << 3;
const ICH9: u32 = 0x29188086;

const ALL_ONES: u32 = 0xffffffff;

/** Returns whether the machine has these registers. */
export const hasAcpiPlug = (): bool => {
  if (configMechanism() === CONFIG_NONE || configRead32(ISA_BRIDGE, VENDOR_ID) !== ICH9) return false;
  portWrite32(BUS_SELECT, 1);
  if (portRead32(BUS_SELECT) !== 1) return false;
  portWrite32(BUS_SELECT, 0);
  return portRead32(BUS_SELECT) === 0;
};

/** Returns which devices have come on bus `number` since this was asked last: bit n is device n. */
export const takeArrived = (number: u32): u32 => bitsOf(number, DEVICES_UP);

/** Returns which devices of bus `number` are to go, and were not ejected yet. */
export const leavingDevices = (number: u32): u32 => bitsOf(number, DEVICES_DOWN);

/** Lets a device of bus `number` go: it is gone when this returns, unless it was not asked back. */
export const ejectDevice = (number: u32, device: u32): void => {
  portWrite32(BUS_SELECT, number);
  portWrite32(DEVICES_EJECT, (1 << device) >>> 0);
};

const bitsOf = (number: u32, register: u16): u32 => {
  portWrite32(BUS_SELECT, number);
  const bits: u32 = portRead32(register);
  return bits === ALL_ONES ? 0 : bits;
};
