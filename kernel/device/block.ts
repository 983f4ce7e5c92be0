// What a block device is to those who use one. Types only: drivers implement it, applications and file systems call it.
//
// A sector is 512 bytes for every device, as in VIRTIO; `blockSizeBytes` is what the device reads and writes in one piece.

import type { Result } from '../base/result.ts';

/** Bytes in a sector, the unit of addresses. */
export const SECTOR_SIZE = 512;

/** Why a request failed.
 *
 * - `out-of-range`, `misaligned`, `read-only`: it was not sent, the request itself is wrong
 * - `io-error`, `unsupported`: the device refused it
 * - `wrong-answer`: the device answered against its specification
 * - `timeout`: no answer in time
 * - `device-failed`: the driver gave the device up after one of the last two, and nothing is sent any more
 */
export interface BlockError {
  readonly kind:
    | 'out-of-range'
    | 'misaligned'
    | 'read-only'
    | 'io-error'
    | 'unsupported'
    | 'wrong-answer'
    | 'timeout'
    | 'device-failed';
  /** A sentence with the values, without the device's name. */
  readonly message: string;
}

/** A disk. The calls return when the request is done. */
export interface BlockDevice {
  /** Where it is and what it is: `0000:00:02.0 virtio-blk`. */
  readonly name: string;
  readonly capacitySectors: number;
  /** A multiple of SECTOR_SIZE. Requests start and end at multiples of it. */
  readonly blockSizeBytes: number;
  /** Empty when the device has none. */
  readonly serialNumber: string;
  readonly isReadOnly: boolean;
  /** The features that device and driver agreed on, by the names of the specification. */
  readonly featureNames: readonly string[];

  /** Reads `target.length` bytes from `sector` on. After a failure `target` holds nothing of use. */
  read(sector: number, target: Uint8Array): Result<undefined, BlockError>;

  /** Writes `source` from `sector` on. After a failure the sectors may hold old bytes, new ones, or both. */
  write(sector: number, source: Uint8Array): Result<undefined, BlockError>;

  /** Returns when all that was written before survives a loss of power. */
  flush(): Result<undefined, BlockError>;
}
