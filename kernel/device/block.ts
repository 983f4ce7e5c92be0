// What a block device is to those who use one. Types only: drivers implement it, applications and file systems call it.
//
// BlockDevice is awaited and needs the event loop. For what runs before there is a loop, or instead of one, drivers/blk has a disk that is polled; both
// say the same of themselves, and fail for the same reasons.
//
// A sector is 512 bytes for every device, as in VIRTIO; `blockSizeBytes` is what the device reads and writes in one piece.

import type { DmaOffset } from '../base/machine.ts';

/** Bytes in a sector, the unit of addresses. */
export const SECTOR_SIZE = 512;

/** What a block device says about itself. */
export interface BlockIdentity {
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
}

/** What a request can be given along. */
export interface BlockOptions {
  /**
   * Aborted, it rejects the request's promise with the signal's reason, and nothing more is sent for it. What the device has of it is let run, since
   * nothing takes it back: a write may then have been done. A request on the caller's own DMA memory rejects only when the device is done with that.
   */
  readonly signal?: AbortSignal;
}

/**
 * A disk. Each call returns a promise, and requests go out in the order of the calls, as many at a time as the device takes; the others wait. They may be
 * done in any order: who needs one before another awaits it. A promise rejects with a DeviceFailure (failure.ts). After a failed or aborted read the target holds nothing
 * of use; after a failed or aborted write the sectors may hold old bytes, new ones, or both.
 */
export interface BlockDevice extends BlockIdentity {
  /** Reads `sectorCount` sectors from `sector` on, into bytes of their own. */
  read(sector: number, sectorCount: number, options?: BlockOptions): Promise<Uint8Array>;

  /** Reads `target.length` bytes from `sector` on. They are in `target` when the promise is fulfilled. */
  readInto(sector: number, target: Uint8Array, options?: BlockOptions): Promise<void>;

  /** Writes `source` from `sector` on. `source` must not change until the promise is settled. */
  write(sector: number, source: Uint8Array, options?: BlockOptions): Promise<void>;

  /** Is fulfilled when all writes that were fulfilled before survive a loss of power. */
  flush(options?: BlockOptions): Promise<void>;

  /** Reads into `length` bytes of DMA memory that the caller took from the pool: nothing is copied. */
  readDma(sector: number, offset: DmaOffset, length: number, options?: BlockOptions): Promise<void>;

  /** Writes from such memory. It must not change until the promise is settled. */
  writeDma(sector: number, offset: DmaOffset, length: number, options?: BlockOptions): Promise<void>;

  /** Calls `listener` with the new capacity in sectors whenever it changes. Returns the function that ends it. */
  onCapacityChange(listener: (capacitySectors: number) => void): () => void;

  /** Is fulfilled when all that was asked for is done and flushed, and the device was reset. What is asked for afterwards rejects: `closed`. */
  close(): Promise<void>;
}
