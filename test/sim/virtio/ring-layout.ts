// What the device's side of a virtqueue does in either layout. VIRTIO 1.2 §2.6.

/** A buffer of a chain: a place in the DMA window, or free pages, whose offset is -1. */
export interface SimBuffer {
  /** Of free pages. */
  readonly address?: number;
  readonly offset: number;
  readonly length: number;
}

/** A chain that the driver made available. */
export interface SimChain {
  /** The index of its first descriptor; in a packed queue its buffer id. */
  readonly head: number;
  readonly readable: readonly SimBuffer[];
  readonly writable: readonly SimBuffer[];
}

/** What both layouts do. */
export interface SimRingLayout {
  /** Returns the next available chain, undefined when there is none. */
  takeOne(): SimChain | undefined;
  /** Returns the chains of `heads` with one element or descriptor: of the last one. More than one needs IN_ORDER. */
  giveBatch(heads: readonly number[], length: number): void;
  /** Tells the driver that notifications are not needed. */
  stopNotifications(): void;
  /** Asks for a notification of the next chain. */
  askForNotifications(): void;
  /** Returns whether a chain is available and not taken. */
  hasMore(): boolean;
  /** Returns whether what was given since the last call is worth an interrupt by the driver's wish. */
  wantsInterrupt(): boolean;
  /** Does what no honest device does: moves its place in the ring without an answer. */
  skip(count: number): void;
}

/** Somebody between a device and its rings: hears what the device takes, and answers in its place. */
export interface SimRingWatcher<Ring> {
  /** The driver has enabled the ring: its addresses are known. */
  enabled(ring: Ring): void;
  /** It was reset: what the device had of it is the driver's again. */
  restarted(ring: Ring): void;
  taken(ring: Ring, chain: SimChain): void;
  /** The device gives chains back, as `giveBatch`, which is what happens when this calls `ring.giveNow`. */
  give(ring: Ring, heads: readonly number[], length: number): void;
}

// Feature bits. §6
export const INDIRECT_DESC = 28;
export const EVENT_IDX = 29;
export const RING_PACKED = 34;
export const IN_ORDER = 35;
