// Driver of virtio block devices. VIRTIO 1.2 §5.2.
//
// QEMU: -drive file=disk.img,if=none,format=raw,id=x0 -device virtio-blk-pci,drive=x0,disable-legacy=on
//       the same with virtio-blk-device on a machine with virtio-mmio
//
// One queue, polled: a call returns when the device has answered. Bytes go through a buffer in DMA memory that is made once. A device that
// answers against its specification, or not at all, is given up: what it still holds it may still write to, so that memory is never used again.

import { assert } from '../../kernel/base/assert.ts';
import { smaller } from '../../kernel/base/bits.ts';
import { printableLetter } from '../../kernel/base/hex.ts';
import { log } from '../../kernel/base/log.ts';
import { fail, ok, type Result } from '../../kernel/base/result.ts';
import { type BlockIdentity, SECTOR_SIZE } from '../../kernel/device/block.ts';
import type { DeviceError } from '../../kernel/device/failure.ts';
import { clockNow } from '../../kernel/hal/clock.ts';
import { dmaReadBytes, dmaWriteBytes } from '../../kernel/hal/dma.ts';
import type { DmaPool } from '../../kernel/hal/dma-pool.ts';
import { describeFault, type InitializeError, transportName } from '../virtio/describe.ts';
import { readOnlyError, whyOutside } from '../virtio/disk-requests.ts';
import { hasFeature } from '../virtio/features.ts';
import { needsReset } from '../virtio/initialize.ts';
import { featureNames } from '../virtio/names.ts';
import { giveUp, RESET_TIMEOUT_MS } from '../virtio/reset.ts';
import type { Transport } from '../virtio/transport/record.ts';
import { bringUp, Disk, TRANSFER_LENGTH_MAX } from './bring-up.ts';
import { describeBroken, describeDiskFault, givenUpError, statusError } from './errors.ts';
import {
  FEATURE_FLUSH,
  FEATURE_READ_ONLY,
  SERIAL_NUMBER_LENGTH,
  TYPE_FLUSH,
  TYPE_GET_ID,
  TYPE_IN,
  TYPE_OUT,
} from './registers.ts';
import { TRANSFER_BROKEN, TRANSFER_FAILED, TRANSFER_OK, TRANSFER_TIMEOUT, transfer } from './request.ts';

/** A request that takes longer is lost. Long enough for a host that writes its cache to a slow disk. */
export const REQUEST_TIMEOUT_MS = 10000;

const NS_PER_MS = 1000000;

/** One disk, for `readPolled` and its kin: functions, because a class is set up at each boot, which costs the probe a millisecond under TCG. */
export interface PolledBlk extends BlockIdentity {
  readonly transport: Transport;
  readonly disk: Disk;
  serialNumber: string;
  /** It was given up: nothing is sent any more. */
  hasFailed: boolean;
}

/** Brings a block device up. `pool` gives the memory that it shares with the device. */
export const startBlk = (transport: Transport, pool: DmaPool): Result<PolledBlk, InitializeError> => {
  const disk = new Disk();
  if (!bringUp(transport, pool, disk)) return fail(describeDiskFault(transport));
  const blk: PolledBlk = {
    name: transportName(transport),
    capacitySectors: disk.capacitySectors,
    blockSizeBytes: disk.blockSizeBytes,
    isReadOnly: hasFeature(transport.accepted, FEATURE_READ_ONLY),
    featureNames: featureNames(transport.accepted, transport.deviceType),
    serialNumber: '',
    transport,
    disk,
    hasFailed: false,
  };
  readSerialNumber(blk);
  return ok(blk);
};

/** Returns the bytes from `start` on that one request moves. */
const pieceOf = (bytes: Uint8Array, start: number): Uint8Array =>
  bytes.length <= TRANSFER_LENGTH_MAX
    ? bytes
    : bytes.subarray(start, smaller(start + TRANSFER_LENGTH_MAX, bytes.length));

/** Reads `target.length` bytes from `sector` on. After a failure `target` holds nothing of use. */
export const readPolled = (blk: PolledBlk, sector: number, target: Uint8Array): Result<undefined, DeviceError> => {
  const refused = whyOutside(blk, sector, target.length);
  if (refused !== undefined) return fail(refused);
  for (let done = 0; done < target.length; done += TRANSFER_LENGTH_MAX) {
    const piece = pieceOf(target, done);
    const result = request(blk, TYPE_IN, sector + done / SECTOR_SIZE, piece.length);
    if (!result.ok) return result;
    dmaReadBytes(blk.disk.buffer, piece);
  }
  return ok(undefined);
};

/** Writes `source` from `sector` on. After a failure the sectors may hold old bytes, new ones, or both. */
export const writePolled = (blk: PolledBlk, sector: number, source: Uint8Array): Result<undefined, DeviceError> => {
  if (blk.isReadOnly) return fail(readOnlyError());
  const refused = whyOutside(blk, sector, source.length);
  if (refused !== undefined) return fail(refused);
  for (let done = 0; done < source.length; done += TRANSFER_LENGTH_MAX) {
    const piece = pieceOf(source, done);
    dmaWriteBytes(blk.disk.buffer, piece);
    const result = request(blk, TYPE_OUT, sector + done / SECTOR_SIZE, piece.length);
    if (!result.ok) return result;
  }
  return ok(undefined);
};

/** Returns when all that was written before survives a loss of power. A device without the feature has no cache that could be lost. §5.2.6.2 */
export const flushPolled = (blk: PolledBlk): Result<undefined, DeviceError> =>
  hasFeature(blk.transport.accepted, FEATURE_FLUSH) ? request(blk, TYPE_FLUSH, 0, 0) : ok(undefined);

/** Asks for the serial number. A device that has none, or does not tell, leaves it empty. §5.2.6.1 */
const readSerialNumber = (blk: PolledBlk): void => {
  const result = request(blk, TYPE_GET_ID, 0, SERIAL_NUMBER_LENGTH);
  if (!result.ok) {
    if (result.error.kind !== 'unsupported') log('warn', blk.name, `serial number: ${result.error.message}`);
    return;
  }
  const bytes = new Uint8Array(SERIAL_NUMBER_LENGTH);
  dmaReadBytes(blk.disk.buffer, bytes);
  let text = '';
  for (let i = 0; i < SERIAL_NUMBER_LENGTH && bytes[i] !== 0; i++) text += printableLetter(bytes[i]);
  blk.serialNumber = text;
};

/** Does one request with `length` bytes of the buffer and waits for it. */
const request = (blk: PolledBlk, type: number, sector: number, length: number): Result<undefined, DeviceError> => {
  if (blk.hasFailed) return fail(givenUpError());
  const queue = blk.disk.queue;
  const requests = blk.disk.requests;
  const deadline = clockNow() + REQUEST_TIMEOUT_MS * NS_PER_MS;
  const code: number = transfer(queue, requests, type, sector, blk.disk.buffer, length, 1, 1, deadline);
  if (code === TRANSFER_OK) return ok(undefined);
  const what = `request type ${type} at sector ${sector}`;
  if (code === TRANSFER_FAILED) return fail(statusError(what, requests.failedStatus));
  if (code === TRANSFER_TIMEOUT) {
    const why = needsReset(blk.transport) ? `; ${describeFault(blk.transport).message}` : '';
    return abandon(blk, { kind: 'timeout', message: `${what}: no answer in ${REQUEST_TIMEOUT_MS} ms${why}` });
  }
  assert(code === TRANSFER_BROKEN, 'every code of a transfer is handled');
  return abandon(blk, { kind: 'wrong-answer', message: `${what}: ${describeBroken(blk.disk)}` });
};

/** Gives the device up because of `error`, and returns it. */
const abandon = (blk: PolledBlk, error: DeviceError): Result<undefined, DeviceError> => {
  blk.hasFailed = true;
  log('error', blk.name, error.message);
  if (!giveUp(blk.transport)) {
    log('error', blk.name, `device_status is not 0 ${RESET_TIMEOUT_MS} ms after a reset`);
  }
  return fail(error);
};
