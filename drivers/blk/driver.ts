// Driver of virtio block devices. VIRTIO 1.2 §5.2.
//
// QEMU: -drive file=disk.img,if=none,format=raw,id=x0 -device virtio-blk-pci,drive=x0,disable-legacy=on
//
// One queue, polled: a call returns when the device has answered. Bytes go through a buffer in DMA memory that is made once. A device that
// answers against its specification, or not at all, is given up: what it still holds it may still write to, so that memory is never used again.

import { assert } from '../../kernel/base/assert.ts';
import { HIGH_WORD_LIMIT, isPowerOfTwo, joinWords } from '../../kernel/base/bits.ts';
import { log } from '../../kernel/base/log.ts';
import type { DmaOffset } from '../../kernel/base/machine.ts';
import { fail, ok, type Result } from '../../kernel/base/result.ts';
import { type BlockDevice, type BlockError, SECTOR_SIZE } from '../../kernel/device/block.ts';
import { clockNow } from '../../kernel/hal/clock.ts';
import { dmaReadBytes, dmaWriteBytes } from '../../kernel/hal/dma.ts';
import { DMA_ALLOCATE_FAILED, type DmaPool, dmaAllocate } from '../../kernel/hal/dma-pool.ts';
import { readConsistent, requireConfig } from '../virtio/config.ts';
import { type FeatureSet, featureNames, hasFeature } from '../virtio/features.ts';
import { type InitializeError, initialize, type SetUpError } from '../virtio/initialize.ts';
import { createQueue, QUEUE_FEATURES } from '../virtio/queue/create.ts';
import { describeQueueFault } from '../virtio/queue/fault.ts';
import { suppressInterrupts } from '../virtio/queue/queue.ts';
import type { Queue } from '../virtio/queue/record.ts';
import { giveUp } from '../virtio/reset.ts';
import type { Transport } from '../virtio/transport/transport.ts';
import {
  CONFIG_BLOCK_SIZE,
  CONFIG_CAPACITY,
  CONFIG_LENGTH_MIN,
  FEATURE_BLOCK_SIZE,
  FEATURE_FLUSH,
  FEATURE_READ_ONLY,
  REQUEST_QUEUE,
  SERIAL_NUMBER_LENGTH,
  STATUS_UNSUPPORTED,
  TYPE_FLUSH,
  TYPE_GET_ID,
  TYPE_IN,
  TYPE_OUT,
} from './registers.ts';
import {
  BlkRequests,
  prepareRequests,
  requestMemoryLength,
  TRANSFER_BROKEN,
  TRANSFER_FAILED,
  TRANSFER_OK,
  TRANSFER_TIMEOUT,
  transfer,
} from './request.ts';

/** A request that takes longer is lost. Long enough for a host that writes its cache to a slow disk. */
export const REQUEST_TIMEOUT_MS = 10000;

/** Bytes that one request moves at most; longer reads and writes are several requests. */
export const TRANSFER_LENGTH_MAX = 131072;

/** Elements of the queue: a caller has one request under way, others have more. */
const QUEUE_SIZE = 256;

const NS_PER_MS = 1000000;

/** Buffers lie at page boundaries: none straddles more pages than its length needs. */
const BUFFER_ALIGNMENT = 4096;

/** What the device says about itself. §5.2.4 */
interface Geometry {
  readonly capacitySectors: number;
  readonly blockSizeBytes: number;
}

/** Brings a block device up. `pool` gives the memory that it shares with the device. */
export const startBlk = (transport: Transport, pool: DmaPool): Result<BlockDevice, InitializeError> => {
  const device = initialize(transport, {
    featuresRequired: [],
    featuresOptional: [FEATURE_READ_ONLY, FEATURE_BLOCK_SIZE, FEATURE_FLUSH, ...QUEUE_FEATURES],
    setUp: (opened, features) => setUp(opened, pool, features),
  });
  if (device.ok) device.value.readSerialNumber();
  return device;
};

const setUp = (transport: Transport, pool: DmaPool, features: FeatureSet): Result<BlkDevice, SetUpError> => {
  const geometry = readGeometry(transport, features);
  if (!geometry.ok) return geometry;
  const queue = createQueue(transport, pool, REQUEST_QUEUE, QUEUE_SIZE, features);
  if (!queue.ok) return queue;
  suppressInterrupts(queue.value); // Whoever asks waits.

  const requestMemory = dmaAllocate(pool, requestMemoryLength(queue.value.size), BUFFER_ALIGNMENT);
  const buffer = dmaAllocate(pool, TRANSFER_LENGTH_MAX, BUFFER_ALIGNMENT);
  if (requestMemory === DMA_ALLOCATE_FAILED || buffer === DMA_ALLOCATE_FAILED) {
    return fail({
      kind: 'out-of-dma-memory',
      message: `no ${TRANSFER_LENGTH_MAX} bytes of DMA memory are left for its buffer`,
    });
  }
  const requests = new BlkRequests();
  prepareRequests(requests, queue.value.size, requestMemory);
  return ok(new BlkDevice(transport, features, geometry.value, queue.value, requests, buffer));
};

/** Reads capacity and block size, and refuses what cannot be. */
const readGeometry = (transport: Transport, features: FeatureSet): Result<Geometry, SetUpError> => {
  const present = requireConfig(transport, CONFIG_LENGTH_MIN);
  if (!present.ok) return present;
  const read = readConsistent(transport, () => ({
    low: transport.readConfig32(CONFIG_CAPACITY),
    high: transport.readConfig32(CONFIG_CAPACITY + 4),
    // Without the feature the field may hold anything.
    blockSizeBytes: hasFeature(features, FEATURE_BLOCK_SIZE) ? transport.readConfig32(CONFIG_BLOCK_SIZE) : SECTOR_SIZE,
  }));
  if (!read.ok) return read;

  const { low, high, blockSizeBytes } = read.value;
  if (high >= HIGH_WORD_LIMIT / SECTOR_SIZE) {
    return fail({
      kind: 'bad-capacity',
      message: `capacity reads ${high} * 2^32 + ${low} sectors, expected below 2^44`,
    });
  }
  if (!isPowerOfTwo(blockSizeBytes) || blockSizeBytes < SECTOR_SIZE || blockSizeBytes > TRANSFER_LENGTH_MAX) {
    const expected = `a power of two from ${SECTOR_SIZE} to ${TRANSFER_LENGTH_MAX}`;
    return fail({ kind: 'bad-block-size', message: `blk_size reads ${blockSizeBytes}, expected ${expected}` });
  }
  return ok({ capacitySectors: joinWords(low, high), blockSizeBytes });
};

/** Returns the bytes from `start` on that one request moves. */
const pieceOf = (bytes: Uint8Array, start: number): Uint8Array =>
  bytes.subarray(start, bytes.length - start > TRANSFER_LENGTH_MAX ? start + TRANSFER_LENGTH_MAX : bytes.length);

/** Returns the error that a status byte other than STATUS_OK stands for. §5.2.6 */
const statusError = (what: string, status: number): BlockError =>
  status === STATUS_UNSUPPORTED
    ? { kind: 'unsupported', message: `${what}: the device does not support it` }
    : { kind: 'io-error', message: `${what}: the device ended it with status ${status}` };

/** One disk. */
class BlkDevice implements BlockDevice {
  readonly name: string;
  readonly capacitySectors: number;
  readonly blockSizeBytes: number;
  readonly isReadOnly: boolean;
  readonly featureNames: readonly string[];
  serialNumber = '';
  private readonly transport: Transport;
  private readonly canFlush: boolean;
  private readonly queue: Queue;
  private readonly requests: BlkRequests;
  private readonly buffer: DmaOffset;
  private hasFailed = false;

  constructor(
    transport: Transport,
    features: FeatureSet,
    geometry: Geometry,
    queue: Queue,
    requests: BlkRequests,
    buffer: DmaOffset,
  ) {
    this.name = transport.name;
    this.capacitySectors = geometry.capacitySectors;
    this.blockSizeBytes = geometry.blockSizeBytes;
    this.isReadOnly = hasFeature(features, FEATURE_READ_ONLY);
    this.featureNames = featureNames(features, transport.deviceType);
    this.transport = transport;
    this.canFlush = hasFeature(features, FEATURE_FLUSH);
    this.queue = queue;
    this.requests = requests;
    this.buffer = buffer;
  }

  read(sector: number, target: Uint8Array): Result<undefined, BlockError> {
    const refused = this.whyOutside(sector, target.length);
    if (refused !== undefined) return fail(refused);
    for (let done = 0; done < target.length; done += TRANSFER_LENGTH_MAX) {
      const piece = pieceOf(target, done);
      const result = this.request(TYPE_IN, sector + done / SECTOR_SIZE, piece.length);
      if (!result.ok) return result;
      dmaReadBytes(this.buffer, piece);
    }
    return ok(undefined);
  }

  write(sector: number, source: Uint8Array): Result<undefined, BlockError> {
    if (this.isReadOnly) return fail({ kind: 'read-only', message: 'the disk is read-only' });
    const refused = this.whyOutside(sector, source.length);
    if (refused !== undefined) return fail(refused);
    for (let done = 0; done < source.length; done += TRANSFER_LENGTH_MAX) {
      const piece = pieceOf(source, done);
      dmaWriteBytes(this.buffer, piece);
      const result = this.request(TYPE_OUT, sector + done / SECTOR_SIZE, piece.length);
      if (!result.ok) return result;
    }
    return ok(undefined);
  }

  flush(): Result<undefined, BlockError> {
    // A device without the feature has no cache that could be lost. §5.2.6.2
    return this.canFlush ? this.request(TYPE_FLUSH, 0, 0) : ok(undefined);
  }

  /** Asks for the serial number. A device that has none, or does not tell, leaves it empty. §5.2.6.1 */
  readSerialNumber(): void {
    const result = this.request(TYPE_GET_ID, 0, SERIAL_NUMBER_LENGTH);
    if (!result.ok) {
      if (result.error.kind !== 'unsupported') log('warn', this.name, `serial number: ${result.error.message}`);
      return;
    }
    const bytes = new Uint8Array(SERIAL_NUMBER_LENGTH);
    dmaReadBytes(this.buffer, bytes);
    for (let i = 0; i < SERIAL_NUMBER_LENGTH && bytes[i] !== 0; i++) {
      this.serialNumber += String.fromCharCode(bytes[i]);
    }
  }

  /** Returns why `length` bytes from `sector` on cannot be asked for, undefined when they can. */
  private whyOutside(sector: number, length: number): BlockError | undefined {
    assert(sector >= 0 && Math.floor(sector) === sector, 'a sector number is a whole number');
    const sectorsPerBlock = this.blockSizeBytes / SECTOR_SIZE;
    if (length === 0 || length % this.blockSizeBytes !== 0 || sector % sectorsPerBlock !== 0) {
      const found = `${length} bytes from sector ${sector}`;
      return { kind: 'misaligned', message: `${found}, expected whole blocks of ${this.blockSizeBytes} bytes` };
    }
    if (sector + length / SECTOR_SIZE > this.capacitySectors) {
      const found = `${length} bytes from sector ${sector}`;
      return { kind: 'out-of-range', message: `${found}, the disk has ${this.capacitySectors} sectors` };
    }
    return undefined;
  }

  /** Does one request with `length` bytes of the buffer and waits for it. */
  private request(type: number, sector: number, length: number): Result<undefined, BlockError> {
    if (this.hasFailed) return fail({ kind: 'device-failed', message: 'the device was given up' });
    const deadline = clockNow() + REQUEST_TIMEOUT_MS * NS_PER_MS;
    const code: number = transfer(this.queue, this.requests, type, sector, this.buffer, length, 1, 1, deadline);
    if (code === TRANSFER_OK) return ok(undefined);
    const what = `request type ${type} at sector ${sector}`;
    if (code === TRANSFER_FAILED) return fail(statusError(what, this.requests.failedStatus));
    if (code === TRANSFER_TIMEOUT) {
      return this.abandon({ kind: 'timeout', message: `${what}: no answer in ${REQUEST_TIMEOUT_MS} ms` });
    }
    assert(code === TRANSFER_BROKEN, 'every code of a transfer is handled');
    return this.abandon({
      kind: 'wrong-answer',
      message: `${what}: ${this.whyBroken()}`,
    });
  }

  /** Returns what the device said that cannot be: a head or a length that was refused, or a success without all the bytes. */
  private whyBroken(): string {
    if (this.queue.broken) return describeQueueFault(this.queue);
    const found = `${this.queue.poppedLength} of ${this.queue.poppedWritable} bytes`;
    return `the device wrote ${found} and its status reads ${this.requests.completedStatus}`;
  }

  /** Gives the device up because of `error`, and returns it. */
  private abandon(error: BlockError): Result<undefined, BlockError> {
    this.hasFailed = true;
    log('error', this.name, error.message);
    giveUp(this.transport);
    return fail(error);
  }
}
