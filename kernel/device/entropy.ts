// What a source of entropy is to those who use one. Types only: a driver implements it.

/** What a request can be given along. */
export interface EntropyOptions {
  /** Aborted, it rejects the request's promise with the signal's reason, and nothing more is asked of the device for it. */
  readonly signal?: AbortSignal;
}

/** A device whose bytes nobody can foretell, as far as its host keeps its word. */
export interface EntropyDevice {
  /** Where it is and what it is: `0000:00:02.0 virtio-rng`. */
  readonly name: string;
  /** The features that device and driver agreed on, by the names of the specification. */
  readonly featureNames: readonly string[];

  /**
   * Returns `length` bytes, in the order in which the device gave them. A device may be slow: it has deadlineMs for each answer, of as many bytes as it likes. Rejects with a
   * DeviceFailure (failure.ts): `invalid-argument` for what is no whole number from 0 to 2^31 - 1, `wrong-answer` from a device that answers with nothing.
   */
  read(length: number, options?: EntropyOptions): Promise<Uint8Array>;

  /** Is fulfilled when the device was reset. What it still has rejects, and so does what is asked for afterwards: `closed`. */
  close(): Promise<void>;
}
