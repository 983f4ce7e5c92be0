// The life of devices that come and go by ACPI: as in slot.ts, but without a button to press a second time, power or indicators.
//
//   has come ──▶ its functions are added and announced
//   is to go ──▶ told, flushed when its time is over, let go of ──▶ ejected
//
// Nothing interrupts for it: the registers are looked at.

import { log } from '../../kernel/base/log.ts';
import { sleep } from '../../kernel/event/time.ts';
import { acpiTableBytes, acpiTableLength } from '../../kernel/hal/acpi.ts';
import { findPlugBuses, PLUG_BUS_COUNT, PlugBuses } from '../../kernel/pci/acpi-buses.ts';
import { ejectDevice, leavingDevices, takeArrived } from '../../kernel/pci/acpi-plug.ts';
import type { PciFunction } from '../../kernel/pci/function.ts';
import { addArrivals, isThere } from '../../kernel/pci/plug.ts';
import { announce, flushPlace, forgetBehind, type PlugWatcher, placesBehind } from './behind.ts';

/** The signature of the table. */
const DSDT = 0x54445344;

const DEVICE_COUNT = 32;

/** A bus whose devices come and go. */
export interface AcpiBus {
  /** By which the registers know it. */
  readonly number: number;
  /** Of the bridge before it, in the tree. */
  readonly index: number;
  /** Devices that are on their way out. */
  readonly leaving: Set<number>;
}

/** Returns the buses behind bridges that the registers know. */
export const findAcpiBuses = ({ tree }: PlugWatcher): AcpiBus[] => {
  const dsdt = new Uint8Array(acpiTableLength(DSDT));
  acpiTableBytes(DSDT, dsdt);
  const known = new PlugBuses();
  const found: AcpiBus[] = [];
  if (findPlugBuses(tree, dsdt, known) === 0) return found;
  for (let number = 0; number < PLUG_BUS_COUNT; number++) {
    const index: number = known.bridges[number];
    if (index >= 0) found.push({ number, index, leaving: new Set() });
  }
  return found;
};

/** Looks what has come to a bus, and what is to go, and has that done. */
export const lookAtAcpiBus = (bus: AcpiBus, watcher: PlugWatcher): void => {
  const { number, index, leaving } = bus;
  const arrived: number = takeArrived(number);
  if (arrived !== 0) {
    forgetBehind(watcher, index, (each) => isAmong(arrived, deviceOf(each)) || !isThere(each));
    if (addArrivals(watcher.tree, index) > 0) announce(watcher, index);
  }
  const wanted: number = leavingDevices(number);
  for (let device = 0; device < DEVICE_COUNT; device++) {
    if (isAmong(wanted, device) && !leaving.has(device)) void leave(bus, device, watcher);
  }
};

const deviceOf = (pciFunction: PciFunction): number => ((pciFunction.address as number) >> 3) % DEVICE_COUNT;

/** Returns whether a device is one of those of a register. */
const isAmong = (devices: number, device: number): boolean => (devices & (1 << device)) !== 0;

/** Somebody wants a device back: it is let go of when its time is over, and ejected. */
const leave = async ({ number, index, leaving }: AcpiBus, device: number, watcher: PlugWatcher): Promise<void> => {
  leaving.add(device);
  const isMeant = (pciFunction: PciFunction): boolean => deviceOf(pciFunction) === device;
  const places = placesBehind(watcher, index, isMeant);
  for (const place of places) watcher.tell('leaving', place);
  if (places.length > 0) await sleep(watcher.cancelMs);
  for (const place of places) await flushPlace(place);
  forgetBehind(watcher, index, isMeant);
  ejectDevice(number, device);
  leaving.delete(device);
  const left: number = leavingDevices(number);
  if (isAmong(left, device)) log('error', 'hot-plug', `device ${device} of bus ${number} does not leave`);
};
