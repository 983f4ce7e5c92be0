'use machine';

// The emergency write: one byte through a register. VIRTIO 1.2 §5.3.4, §5.3.5.
//
// It needs an open transport and nothing else: no features agreed on, no queue, no working driver.

import { hasBit } from '../../kernel/base/bits.ts';
import type { bool, u8 } from '../../kernel/base/machine.ts';
import { writeConfig32 } from '../virtio/config.ts';
import type { Transport } from '../virtio/transport/record.ts';
import { readDeviceFeatures } from '../virtio/transport/transport.ts';
import { CONFIG_EMERGENCY_WRITE, CONFIG_LENGTH_EMERGENCY_WRITE, FEATURE_EMERGENCY_WRITE } from './registers.ts';

/** Has the device show a byte; QEMU shows no 0. Returns false where the device has no such register. */
export const emergencyWrite = (transport: Transport, byte: u8): bool => {
  if (!hasBit(readDeviceFeatures(transport, 0), FEATURE_EMERGENCY_WRITE)) return false;
  if (transport.configLength < CONFIG_LENGTH_EMERGENCY_WRITE) return false;
  writeConfig32(transport, CONFIG_EMERGENCY_WRITE, byte);
  return true;
};
