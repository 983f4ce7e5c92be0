// What a memory balloon is to those who use one. Types only: a driver implements it.

/** Memory of the machine, in bytes. */
export interface BalloonStatistics {
  /** RAM that is the program's, in use or not: what is in the balloon is not. */
  readonly totalBytes: number;
  /** What of it nothing uses. */
  readonly freeBytes: number;
  /** What of that the host may still keep memory for: it was used, and not reported or in the balloon since. */
  readonly touchedBytes: number;
  /** How large the balloon is. */
  readonly sizeBytes: number;
  /** How large the host wants it. */
  readonly wishBytes: number;
  /** What allocations took out of it since it was opened, because memory was short. */
  readonly lentBytes: number;
  /** What was reported as free since it was opened, the same page as often as it was. */
  readonly reportedBytes: number;
  /** The same for what was hinted while the host copied the machine. */
  readonly hintedBytes: number;
}

/** A balloon: memory that the guest gives to its host as long as the host wants it. */
export interface BalloonDevice {
  /** Where it is and what it is: `0000:00:02.0 virtio-balloon`. */
  readonly name: string;
  /** The features that device and driver agreed on, by the names of the specification. */
  readonly featureNames: readonly string[];

  /** Returns the figures of this moment. */
  statistics(): BalloonStatistics;

  /** Whether the balloon is made as large as the host wants it. It is so from the start, unless its opener said otherwise. */
  readonly isFollowing: boolean;
  /** Begins or ends that. A balloon that is not followed stays as it is. */
  follow(isFollowing: boolean): void;

  /**
   * Is fulfilled when the balloon is as large as the host wants it, or as large as free memory allows. Rejects with a DeviceFailure (failure.ts) when the device ends before
   * that.
   */
  settled(): Promise<void>;

  /** Calls `listener` when the size or the host's wish has changed. Returns the function that ends that. As long as somebody listens, the program goes on. */
  onChange(listener: (statistics: BalloonStatistics) => void): () => void;

  /** Takes all pages back, tells the device so, and resets it. Is fulfilled when that is done; the pages come back also from a device that fails at it. */
  close(): Promise<void>;
}
