// Reset and giving up. VIRTIO 1.2 §2.4 and §4.1.4.3.2.

import { log } from '../../kernel/base/log.ts';
import { fail, ok, type Result } from '../../kernel/base/result.ts';
import { clockNow } from '../../kernel/hal/clock.ts';
import { pause } from '../../kernel/hal/cpu.ts';
import { STATUS_FAILED, STATUS_RESET } from './status.ts';
import type { Transport, TransportError } from './transport/transport.ts';

/** A device that takes longer than this to reset does not come back: QEMU takes microseconds, hardware milliseconds. */
export const RESET_TIMEOUT_MS = 1000;

const NS_PER_MS = 1000000;

/** Resets the device and waits until it says so: until then it may still use what it was given. §4.1.4.3.2 */
export const resetDevice = (transport: Transport): Result<undefined, TransportError> => {
  const deadline = clockNow() + RESET_TIMEOUT_MS * NS_PER_MS;
  transport.writeStatus(STATUS_RESET);
  let status = transport.readStatus();
  while (status !== STATUS_RESET) {
    if (clockNow() >= deadline) {
      return fail({
        kind: 'reset-timeout',
        message: `device_status reads ${status} after ${RESET_TIMEOUT_MS} ms, expected 0`,
      });
    }
    pause();
    status = transport.readStatus();
  }
  return ok(undefined);
};

/** Gives the device up: it is reset, cannot reach memory any more, and shows FAILED to whoever looks. Returns when that is so. §2.1 */
export const giveUp = (transport: Transport): void => {
  const reset = resetDevice(transport);
  transport.setDma(false); // Even a device that ignores its reset cannot write to memory now.
  if (!reset.ok) log('error', transport.name, reset.error.message);
  transport.writeStatus(STATUS_FAILED);
};
