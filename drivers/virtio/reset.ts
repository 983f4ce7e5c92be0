'use machine';
// Reset and giving up. VIRTIO 1.2 §2.4 and §4.1.4.3.2.

import type { bool, u8, u32, u53 } from '../../kernel/base/machine.ts';
import { clockNow } from '../../kernel/hal/clock.ts';
import { pause } from '../../kernel/hal/cpu.ts';
import { STATUS_ALL_ONES, STATUS_FAILED, STATUS_RESET } from './status.ts';
import { FAULT_REMOVED, FAULT_RESET_TIMEOUT, setFault } from './transport/fault.ts';
import { isPciGone } from './transport/pci.ts';
import { TRANSPORT_PCI, TRANSPORT_PCI_LEGACY, type Transport } from './transport/record.ts';
import { readStatus, setDma, writeStatus } from './transport/transport.ts';

/** A device that takes longer than this to reset does not come back: QEMU takes microseconds, hardware milliseconds. */
export const RESET_TIMEOUT_MS: u32 = 1000;

const NS_PER_MS: u32 = 1000000;

/** Resets the device and waits until it says so: until then it may still use what it was given. False when it does not. §4.1.4.3.2 */
export const resetDevice = (transport: Transport): bool => {
  const status: u8 = resetAndWait(transport);
  if (status === STATUS_RESET) return true;
  if (isGone(transport, status)) return setFault(transport.fault, FAULT_REMOVED, 0, 0, 0);
  return setFault(transport.fault, FAULT_RESET_TIMEOUT, 0, status, RESET_TIMEOUT_MS);
};

/**
 * Gives the device up: it is reset, cannot reach memory any more, and shows FAILED to whoever looks. The fault stays what it was. One that was
 * taken out of the machine reaches nothing. False when the
 * device ignored its reset; over virtio-mmio nothing then keeps it from memory, so what it was given must never be used again. §2.1
 */
export const giveUp = (transport: Transport): bool => {
  const status: u8 = resetAndWait(transport);
  if (isGone(transport, status)) return true;
  setDma(transport, false); // Even a PCI device that ignores its reset cannot write to memory now.
  writeStatus(transport, status | STATUS_FAILED); // What a device that ignores its reset still shows must stay. §2.1.1
  return status === STATUS_RESET;
};

/** Returns whether a device, whose status reads so, was taken out of the machine. Only one on PCI can be. */
export const isGone = (transport: Transport, status: u8): bool => {
  const isPci: bool = transport.kind === TRANSPORT_PCI || transport.kind === TRANSPORT_PCI_LEGACY;
  return status === STATUS_ALL_ONES && isPci && isPciGone(transport);
};

/** Returns the status after the reset, or after the time is up; at once when the device is gone. */
const resetAndWait = (transport: Transport): u8 => {
  const deadline: u53 = clockNow() + RESET_TIMEOUT_MS * NS_PER_MS;
  writeStatus(transport, STATUS_RESET);
  let status: u8 = readStatus(transport);
  while (status !== STATUS_RESET && !isGone(transport, status) && clockNow() < deadline) {
    pause();
    status = readStatus(transport);
  }
  return status;
};
