// What goes wrong with a disk and its requests, in words.

import { lookUp } from '../../kernel/base/table.ts';
import { SECTOR_SIZE } from '../../kernel/device/block.ts';
import type { DeviceError } from '../../kernel/device/failure.ts';
import { describeFault, errorAt, type InitializeError } from '../virtio/describe.ts';
import { describeQueueFault } from '../virtio/queue/fault.ts';
import type { Transport } from '../virtio/transport/record.ts';
import {
  type Disk,
  FAULT_BLOCK_SIZE,
  FAULT_BLOCK_SIZE_CHANGED,
  FAULT_CAPACITY,
  FAULT_QUEUE_SHORT,
} from './bring-up.ts';
import { FAULT_SEGMENTS } from './limits.ts';
import { STATUS_UNSUPPORTED } from './registers.ts';
import { FAULT_WRITE_CACHE } from './write-cache.ts';

/** Returns why a disk did not come up: what only a disk can have wrong, or what every device can. */
export const describeDiskFault = (transport: Transport): InitializeError => {
  const fault = transport.fault;
  if (fault.code === FAULT_CAPACITY) {
    const found = `${fault.expected} * 2^32 + ${fault.found} sectors`;
    return errorAt(fault.step, 'bad-capacity', `capacity reads ${found}, expected below 2^44`);
  }
  if (fault.code === FAULT_BLOCK_SIZE) {
    const expected = `a power of two from ${SECTOR_SIZE} to ${fault.expected}`;
    return errorAt(fault.step, 'bad-block-size', `blk_size reads ${fault.found}, expected ${expected}`);
  }
  if (fault.code === FAULT_BLOCK_SIZE_CHANGED) {
    return errorAt(fault.step, 'bad-block-size', `blk_size reads ${fault.found}, it was ${fault.expected}`);
  }
  if (fault.code === FAULT_SEGMENTS) {
    const found = `size_max and seg_max allow ${fault.found} segments`;
    return errorAt(
      fault.step,
      'bad-segment-limits',
      `${found}, expected enough for a block of ${fault.expected} bytes`,
    );
  }
  if (fault.code === FAULT_QUEUE_SHORT) {
    const found = `queue ${fault.index} has ${fault.found} elements`;
    return errorAt(fault.step, 'queue-size', `${found}, expected ${fault.expected} or more`);
  }
  if (fault.code === FAULT_WRITE_CACHE) {
    return errorAt(fault.step, 'bad-write-cache', `writeback reads ${fault.found}, expected ${fault.expected}`);
  }
  return describeFault(transport);
};

/** Returns the error that a status byte other than STATUS_OK stands for. §5.2.6 */
export const statusError = (what: string, status: number): DeviceError =>
  status === STATUS_UNSUPPORTED
    ? { kind: 'unsupported', message: `${what}: the device does not support it` }
    : { kind: 'io-error', message: `${what}: the device ended it with status ${status}` };

/** By TYPE_… A table as text costs a boot nothing; a Map would be filled in each. */
const TYPE_NAMES = `
10 tell its lifetime
11 discard
13 write zeroes
14 erase securely
`;

/** Returns the error of a request of a type that the disk did not offer, or for which it said that it takes none. */
export const unsupportedError = (type: number): DeviceError => ({
  kind: 'unsupported',
  message: `the disk does not ${lookUp(TYPE_NAMES, `${type}`)}`,
});

/** Returns the error of every request once the device was given up. */
export const givenUpError = (): DeviceError => ({ kind: 'device-failed', message: 'the device was given up' });

/** Returns what the device said that cannot be: a head or a length that was refused, or a success without all the bytes. */
export const describeBroken = (disk: Disk): string => {
  const queue = disk.queue;
  if (queue.broken) return describeQueueFault(queue);
  const wrote = `the device wrote ${queue.poppedLength} of ${queue.poppedWritable} bytes`;
  return `${wrote} and its status reads ${disk.requests.completedStatus}`;
};
