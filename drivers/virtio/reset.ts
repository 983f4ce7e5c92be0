'use machine';
// Reset and giving up. VIRTIO 1.2 §2.4 and §4.1.4.3.2.

import type { bool, u8, u32, u53 } from '../../kernel/base/machine.ts';
import { clockNow } from '../../kernel/hal/clock.ts';
import { pause } from '../../kernel/hal/cpu.ts';
import { STATUS_FAILED, STATUS_RESET } from './status.ts';
import { FAULT_RESET_TIMEOUT, setFault } from './transport/fault.ts';
import type { Transport } from './transport/record.ts';
import { readStatus, setDma, writeStatus } from './transport/transport.ts';

/** A device that takes longer than this to reset does not come back: QEMU takes microseconds, hardware milliseconds. */
export const RESET_TIMEOUT_MS: u32 = 1000;

const NS_PER_MS: u32 = 1000000;

/** Resets the device and waits until it says so: until then it may still use what it was given. False when it does not. §4.1.4.3.2 */
export const resetDevice = (transport: Transport): bool => {
  const status: u8 = resetAndWait(transport);
  return status === STATUS_RESET || setFault(transport.fault, FAULT_RESET_TIMEOUT, 0, status, RESET_TIMEOUT_MS);
};

/**
 * Gives the device up: it is reset, cannot reach memory any more, and shows FAILED to whoever looks. The fault stays what it was. False when the
 * device ignored its reset; over virtio-mmio nothing then keeps it from memory, so what it was given must never be used again. §2.1
 */
export const giveUp = (transport: Transport): bool => {
  const status: u8 = resetAndWait(transport);
  setDma(transport, false); // Even a PCI device that ignores its reset cannot write to memory now.
  writeStatus(transport, status | STATUS_FAILED); // What a device that ignores its reset still shows must stay. §2.1.1
  return status === STATUS_RESET;
};

/** Returns the status after the reset, or after the time is up. */
const resetAndWait = (transport: Transport): u8 => {
  const deadline: u53 = clockNow() + RESET_TIMEOUT_MS * NS_PER_MS;
  writeStatus(transport, STATUS_RESET);
  let status: u8 = readStatus(transport);
  while (status !== STATUS_RESET && clockNow() < deadline) {
    pause();
    status = readStatus(transport);
  }
  return status;
};
