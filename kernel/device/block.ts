// What a block device is to those who use one. Types only: drivers implement it, applications and file systems call it.
//
// BlockDevice is awaited and needs the event loop. For what runs before there is a loop, or instead of one, drivers/blk has a disk that is polled; both
// say the same of themselves, and fail for the same reasons.
//
// A sector is 512 bytes for every device, as in VIRTIO; `blockSizeBytes` is what the device reads and writes in one piece.

import type { DmaOffset } from '../base/machine.ts';
import type { BlockPlaces } from './block-places.ts';

/** Bytes in a sector, the unit of addresses. */
export const SECTOR_SIZE = 512;

/** Pieces that one request for DMA memory has at most. */
export const DMA_PIECE_COUNT_MAX = 1024;

/** How a disk's blocks lie on its medium, as it says. What it does not say is as if it did not matter. */
export interface BlockTopology {
  /** What the medium writes in one piece: less is read, changed and written. */
  readonly physicalBlockBytes: number;
  /** Where the first of these begins. */
  readonly alignmentBytes: number;
  /** The length of requests below which it is slow, and with which it is fastest; 0: any. */
  readonly ioBytesMin: number;
  readonly ioBytesOptimal: number;
}

/**
 * - `write-back`: a write that is fulfilled survives a loss of power once a flush behind it is fulfilled
 * - `write-through`: it does so at once, and a flush has nothing to do
 */
export type WriteCache = 'write-back' | 'write-through';

/** How worn a disk is. */
export interface BlockLifetime {
  /** What is used of the blocks that stand in for bad ones: less than four fifths, less than nine tenths, more. */
  readonly reserve: 'unknown' | 'normal' | 'warning' | 'urgent';
  /** What is used of the life of its memory cells of either type: n tenths at most, 11: it is over; 0: it does not say. */
  readonly usedTenthsA: number;
  readonly usedTenthsB: number;
}

/** A piece of DMA memory. */
export interface DmaPiece {
  readonly offset: DmaOffset;
  readonly length: number;
}

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

/** What writing zeroes can be given along. */
export interface WriteZeroesOptions extends BlockOptions {
  /** The disk may free the sectors: they read as zeroes all the same. */
  readonly mayUnmap?: boolean;
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

  /** The same as readInto, writev as write, for memory in several pieces, one behind the other on disk: as many requests as for one piece. */
  readv(sector: number, targets: readonly Uint8Array[], options?: BlockOptions): Promise<void>;

  writev(sector: number, sources: readonly Uint8Array[], options?: BlockOptions): Promise<void>;

  /** The same as readDma and writeDma. Each piece is whole blocks; there are at most DMA_PIECE_COUNT_MAX. */
  readvDma(sector: number, pieces: readonly DmaPiece[], options?: BlockOptions): Promise<void>;

  writevDma(sector: number, pieces: readonly DmaPiece[], options?: BlockOptions): Promise<void>;

  /**
   * Reads `length` bytes from each of the places into DMA memory from `offset` on, one piece behind the other (or as `places` says): as many requests as
   * places, and one promise, which a machine needs for each else. It is settled when all are done; one that fails rejects it.
   */
  readManyDma(places: BlockPlaces, offset: DmaOffset, length: number, options?: BlockOptions): Promise<void>;

  /** The same the other way. The memory must not change until the promise is settled. */
  writeManyDma(places: BlockPlaces, offset: DmaOffset, length: number, options?: BlockOptions): Promise<void>;

  /** Frees sectors: what they hold is of no use, and they may read as anything from now on. Rejects with `unsupported` where the disk cannot. */
  discard(sector: number, sectorCount: number, options?: BlockOptions): Promise<void>;

  /** Makes sectors read as zeroes, without the zeroes being sent. Rejects with `unsupported` where the disk cannot. */
  writeZeroes(sector: number, sectorCount: number, options?: WriteZeroesOptions): Promise<void>;

  /** Erases sectors, copies that the disk made of them included. Rejects with `unsupported` where the disk cannot. */
  secureErase(sector: number, sectorCount: number, options?: BlockOptions): Promise<void>;

  readonly topology: BlockTopology;

  readonly writeCache: WriteCache;

  /**
   * Changes that. To `write-through` it is fulfilled when all writes that went out before survive a loss of power, too. Rejects with `unsupported` where
   * the disk does not let it be changed.
   */
  setWriteCache(mode: WriteCache): Promise<void>;

  /** Asks how worn the disk is. Rejects with `unsupported` where it does not say. */
  lifetime(options?: BlockOptions): Promise<BlockLifetime>;

  /** Calls `listener` with the new capacity in sectors whenever it changes. Returns the function that ends it. */
  onCapacityChange(listener: (capacitySectors: number) => void): () => void;

  /** Is fulfilled when all that was asked for is done and flushed, and the device was reset. What is asked for afterwards rejects: `closed`. */
  close(): Promise<void>;
}
