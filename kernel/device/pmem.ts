// What a persistent memory is to those who use one: a disk that lies in memory. Types only: a driver implements it.

/** What a request can be given along. */
export interface PmemOptions {
  /** Aborted, it rejects the request's promise with the signal's reason. What the device has goes on. */
  readonly signal?: AbortSignal;
}

/** Memory whose content outlives the machine, once it was flushed. Reading and writing take no request, and no waiting. */
export interface PersistentMemory {
  /** Where it is and what it is: `0000:00:02.0 virtio-pmem`. */
  readonly name: string;
  /** The features that device and driver agreed on, by the names of the specification. */
  readonly featureNames: readonly string[];
  readonly lengthBytes: number;
  /** Where it begins in the window of device memory: machine modules read and write it there (kernel/hal/device-memory.ts). */
  readonly start: number;

  /** Returns `length` bytes from `offset` on. Throws a DeviceFailure (failure.ts), as all below do: `invalid-argument`, `out-of-range`, or why it has ended: `closed`, `removed`, `device-failed`. */
  read(offset: number, length: number): Uint8Array;

  /** Fills all of `target` with the bytes from `offset` on. */
  readInto(offset: number, target: Uint8Array): void;

  /** Writes all of `source` to the bytes from `offset` on. Whoever reads them sees them at once, on the host too; they survive its loss of power once a flush behind the write is done. */
  write(offset: number, source: Uint8Array): void;

  /** Is fulfilled when all that was written before is on the host's medium. Rejects with `io-error` when the host could not, with `timeout`, `device-reset`, `wrong-answer`. */
  flush(options?: PmemOptions): Promise<void>;

  /** Flushes, and is fulfilled when the device was reset. */
  close(): Promise<void>;
}
