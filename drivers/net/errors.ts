// What goes wrong with a network device, in words.

import { hex } from '../../kernel/base/hex.ts';
import type { DeviceError } from '../../kernel/device/failure.ts';
import { describeFault, errorAt, type InitializeError } from '../virtio/describe.ts';
import { describeQueueFault } from '../virtio/queue/fault.ts';
import type { Transport } from '../virtio/transport/record.ts';
import { FAULT_MAC, FAULT_MTU, FAULT_PAIRS } from './bring-up.ts';
import { FAULT_NONE, FAULT_SHORT, FRAME_LENGTH_MIN, type ReceiveQueue } from './receive.ts';

/** Returns why a network device did not come up: what only one can have wrong, or what every device can. */
export const describeNetFault = (transport: Transport): InitializeError => {
  const fault = transport.fault;
  const found: number = fault.found;
  const expected: number = fault.expected;
  switch (fault.code) {
    case FAULT_MAC:
      return errorAt(fault.step, 'bad-mac', `mac begins with 0x${hex(found, 4)}, expected the address of one station`);
    case FAULT_MTU:
      return errorAt(fault.step, 'bad-mtu', `mtu reads ${found}, expected ${expected} at least`);
    case FAULT_PAIRS:
      return errorAt(fault.step, 'bad-pairs', `max_virtqueue_pairs reads ${found}, expected 1 to ${expected}`);
    default:
      return describeFault(transport);
  }
};

/** Returns what the device said of a frame that cannot be. */
export const describeReceiveFault = (receive: ReceiveQueue): string => {
  const found: number = receive.faultFound;
  const expected: number = receive.faultExpected;
  const where = `queue ${receive.queue.index}:`;
  if (receive.faultCode === FAULT_NONE) return describeQueueFault(receive.queue);
  return receive.faultCode === FAULT_SHORT
    ? `${where} the device used ${found} bytes for a frame, fewer than the ${expected} of its header`
    : `${where} num_buffers reads ${found}, expected 1 to ${expected}`;
};

/** Returns the error of a frame that cannot be sent because of its length. */
export const lengthError = (length: number, lengthMax: number): DeviceError => ({
  kind: 'invalid-argument',
  message: `a frame of ${length} bytes, expected ${FRAME_LENGTH_MIN} to ${lengthMax}`,
});

/** Returns the error of a command that the device refused. */
export const refusedError = (what: string, ack: number): DeviceError => ({
  kind: 'io-error',
  message: `${what}: the device refused it with ${ack}`,
});

/** Returns the error of what needs a feature that was not negotiated. */
export const unsupportedError = (what: string, feature: string): DeviceError => ({
  kind: 'unsupported',
  message: `${what}: the device does not offer ${feature}`,
});
