// What a device is that brings memory while the machine runs, to those who use one. Types only: a driver implements it.

/** Memory of the device, in bytes. */
export interface PluggedStatistics {
  /** What is plugged: memory of the program's, free or in use. */
  readonly sizeBytes: number;
  /** How much the host wants it to be. */
  readonly wishBytes: number;
  /** The least that comes or goes. */
  readonly blockBytes: number;
  /** How much there can be at most, and for now. */
  readonly regionBytes: number;
  readonly usableBytes: number;
}

/** What blocks are. */
export type BlockState = 'plugged' | 'unplugged' | 'mixed';

/** A device with memory that comes and goes in blocks, as its host wants it. What is plugged is allocated when all other memory is in use. */
export interface MemoryDevice {
  /** Where it is and what it is: `0000:00:02.0 virtio-mem`. */
  readonly name: string;
  /** The features that device and driver agreed on, by the names of the specification. */
  readonly featureNames: readonly string[];
  /** The physical address of the first block. */
  readonly address: number;
  /** The proximity domain of ACPI that the memory belongs to; undefined where the device does not say. */
  readonly node: number | undefined;

  /** Returns the figures of this moment. */
  statistics(): PluggedStatistics;

  /** Whether as much is plugged as the host wants. It is so from the start, unless its opener said otherwise. */
  readonly isFollowing: boolean;
  /** Begins or ends that. */
  follow(isFollowing: boolean): void;

  /**
   * Is fulfilled when as much is plugged as the host wants, or nothing more can be done for now: blocks that should go are in use, or the device is busy. Rejects with a
   * DeviceFailure (failure.ts) when the device ends before that.
   */
  settled(): Promise<void>;

  /** Asks the device what `blockCount` blocks from number `firstBlock` on are. Rejects with a DeviceFailure: `out-of-range` for blocks that are not usable. */
  stateOf(firstBlock: number, blockCount: number): Promise<BlockState>;

  /** Calls `listener` when the size or the host's wish has changed. Returns the function that ends that. As long as somebody listens, the program goes on. */
  onChange(listener: (statistics: PluggedStatistics) => void): () => void;

  /** Unplugs what nobody uses, and resets the device. What is in use stays, and stays in use: it is known again when the device is opened again. */
  close(): Promise<void>;
}
