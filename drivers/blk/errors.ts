// What goes wrong with a disk and its requests, in words.

import { remainder } from '../../kernel/base/bits.ts';
import { lookUp } from '../../kernel/base/table.ts';
import { type BlockIdentity, DMA_PIECE_COUNT_MAX, SECTOR_SIZE } from '../../kernel/device/block.ts';
import type { DeviceError } from '../../kernel/device/failure.ts';
import { dmaLength } from '../../kernel/hal/dma.ts';
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

/** Returns why `length` bytes from `sector` on cannot be asked for, undefined when they can. */
export const whyOutside = (disk: BlockIdentity, sector: number, length: number): DeviceError | undefined => {
  if (!isWhole(sector) || !isWhole(length)) {
    return { kind: 'invalid-argument', message: `${length} bytes from sector ${sector}, expected whole numbers` };
  }
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

const isWhole = (value: number): boolean => value >= 0 && Math.floor(value) === value && value !== Infinity;

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

/** Returns why `length` bytes at `offset` are no DMA memory, undefined when they are. */
export const whyNotMemory = (offset: number, length: number): DeviceError | undefined => {
  if (isWhole(offset) && offset + length <= dmaLength()) return undefined;
  const message = `${length} bytes at ${offset}, expected a place in the ${dmaLength()} bytes of DMA memory`;
  return { kind: 'invalid-argument', message };
};

/** Returns the error of a list of more pieces of DMA memory than a request can have. */
export const tooManyPiecesError = (count: number): DeviceError => ({
  kind: 'invalid-argument',
  message: `${count} pieces of memory, expected at most ${DMA_PIECE_COUNT_MAX}`,
});

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
