// What goes wrong with a disk and its requests, in words.

import { assert } from '../../kernel/base/assert.ts';
import { remainder } from '../../kernel/base/bits.ts';
import { type BlockIdentity, SECTOR_SIZE } from '../../kernel/device/block.ts';
import type { DeviceError } from '../../kernel/device/failure.ts';
import { describeFault, errorAt, type InitializeError } from '../virtio/describe.ts';
import { describeQueueFault } from '../virtio/queue/fault.ts';
import type { Transport } from '../virtio/transport/record.ts';
import { type Disk, FAULT_BLOCK_SIZE, FAULT_CAPACITY } from './bring-up.ts';
import { STATUS_UNSUPPORTED } from './registers.ts';

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
  return describeFault(transport);
};

/** Returns why `length` bytes from `sector` on cannot be asked for, undefined when they can. */
export const whyOutside = (disk: BlockIdentity, sector: number, length: number): DeviceError | undefined => {
  assert(sector >= 0 && Math.floor(sector) === sector, 'a sector number is a whole number');
  const bytesPerBlock = disk.blockSizeBytes;
  const hasBlocks = length !== 0 && remainder(length, bytesPerBlock) === 0;
  if (!hasBlocks || remainder(sector, bytesPerBlock / SECTOR_SIZE) !== 0) {
    const found = `${length} bytes from sector ${sector}`;
    return { kind: 'misaligned', message: `${found}, expected whole blocks of ${bytesPerBlock} bytes` };
  }
  if (sector + length / SECTOR_SIZE > disk.capacitySectors) {
    const found = `${length} bytes from sector ${sector}`;
    return { kind: 'out-of-range', message: `${found}, the disk has ${disk.capacitySectors} sectors` };
  }
  return undefined;
};

/** Returns the error that a status byte other than STATUS_OK stands for. §5.2.6 */
export const statusError = (what: string, status: number): DeviceError =>
  status === STATUS_UNSUPPORTED
    ? { kind: 'unsupported', message: `${what}: the device does not support it` }
    : { kind: 'io-error', message: `${what}: the device ended it with status ${status}` };

/** Returns the error of a write to a read-only disk. */
export const readOnlyError = (): DeviceError => ({ kind: 'read-only', message: 'the disk is read-only' });

/** Returns the error of every request once the device was given up. */
export const givenUpError = (): DeviceError => ({ kind: 'device-failed', message: 'the device was given up' });

/** Returns what the device said that cannot be: a head or a length that was refused, or a success without all the bytes. */
export const describeBroken = (disk: Disk): string => {
  const queue = disk.queue;
  if (queue.broken) return describeQueueFault(queue);
  const wrote = `the device wrote ${queue.poppedLength} of ${queue.poppedWritable} bytes`;
  return `${wrote} and its status reads ${disk.requests.completedStatus}`;
};
