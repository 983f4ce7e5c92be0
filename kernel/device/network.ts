// What a network device is to those who use one. Types only: drivers implement it, applications and protocol stacks call it.
//
// A frame begins with the destination's address and ends before the frame check sequence: 14 bytes of addresses and type, 4 more with a VLAN's tag, and up to
// `mtuBytes` of payload. Addresses are six bytes.

import type { DmaOffset } from '../base/machine.ts';
import type { Frame } from './frame.ts';

/** What the device is to do for a frame: fill in a checksum, and cut the frame into segments. Only where `offloads` names it. */
export interface Offload {
  /** The checksum covers from this byte of the frame on. The field holds the sum of the pseudo header. */
  readonly checksumStart: number;
  /** Where the checksum is stored, from `checksumStart` on. */
  readonly checksumOffset: number;
  /** The frame is longer than the network takes: it is sent as frames with so many bytes of payload of TCP, or fragments of UDP. */
  readonly segments?: {
    readonly type: 'tcp4' | 'tcp6' | 'udp';
    readonly lengthBytes: number;
    /** Bytes of the frame before that payload. */
    readonly headersLengthBytes: number;
  };
}

/** What a device can do for frames that are sent. */
export type OffloadName = 'checksum' | 'tcp4' | 'tcp6' | 'udp';

/** What has passed since the device was opened. */
export interface NetworkCounters {
  readonly framesSent: number;
  readonly bytesSent: number;
  readonly framesReceived: number;
  readonly bytesReceived: number;
  /** Frames that were received and cannot be one: too short, or with an offload that does not fit them. They are not passed on. */
  readonly framesMalformed: number;
  /** How often the device was found without a single buffer left: it may have dropped frames. */
  readonly overruns: number;
  /** Frames that the device had when it was reset. */
  readonly framesLost: number;
}

/** What a frame that is sent can be given along. */
export interface SendOptions {
  readonly offload?: Offload;
  /** Aborted while the frame waits for room, it rejects the promise with the signal's reason, and the frame is not sent. What the device has goes out. */
  readonly signal?: AbortSignal;
}

/** What waiting for a frame can be given along. */
export interface ReceiveOptions {
  /** Aborted, it rejects the promise with the signal's reason. */
  readonly signal?: AbortSignal;
}

/**
 * A network device. What a promise rejects with is a DeviceFailure (failure.ts). After a reset of the device (`device-reset`, `timeout`) frames are lost, as they
 * are on any network; addresses, filters and VLANs are as they were.
 */
export interface NetworkDevice {
  /** Where it is and what it is: `0000:00:02.0 virtio-net`. */
  readonly name: string;
  readonly macAddress: Uint8Array;
  /** Bytes of payload of a frame at most. */
  readonly mtuBytes: number;
  readonly isLinkUp: boolean;
  /** The features that device and driver agreed on, by the names of the specification. */
  readonly featureNames: readonly string[];
  /** What it can do for frames that are sent; empty unless it was opened with `offloads`. */
  readonly offloads: readonly OffloadName[];
  /** Bytes before a frame of `sendDma` that are the driver's to write. */
  readonly headroomBytes: number;
  readonly counters: NetworkCounters;

  /**
   * Sends a copy of a frame. Is fulfilled when the driver has it; frames go out in the order of the calls, and wait in it while the device has no room. Until then
   * `frame` must not change.
   */
  send(frame: Uint8Array, options?: SendOptions): Promise<void>;

  /**
   * Sends the `length` bytes at `offset`, an even one, of DMA memory that the caller took from the pool, without a copy. It and the `headroomBytes` before it are the
   * device's until the promise is settled: when the frame has gone out.
   */
  sendDma(offset: DmaOffset, length: number, options?: SendOptions): Promise<void>;

  /**
   * Calls `listener` with each frame that comes. `bytes` are the frame only during the call: the next frame overwrites them. `frame` says what the device has done for
   * it. Returns the function that ends it; until then the program goes on.
   */
  onFrame(listener: (bytes: Uint8Array, frame: Frame) => void): () => void;

  /** The same without a copy: `frame` says where in DMA memory the bytes are, during the call. */
  onFrameDma(listener: (frame: Frame) => void): () => void;

  /**
   * Is fulfilled with the next frame that comes, in bytes of its own. While nobody waits and nobody listens, frames stay with the driver, as many as it has buffers for.
   */
  receive(options?: ReceiveOptions): Promise<Uint8Array>;

  /** Calls `listener` when the link goes up or down. Returns the function that ends it. */
  onLinkChange(listener: (isUp: boolean) => void): () => void;

  /**
   * Calls `listener` when the network should hear of this station, which has moved to another host: whoever has addresses sends a gratuitous ARP. Returns the function
   * that ends it.
   */
  onAnnounce(listener: () => void): () => void;

  /** Receives every frame, whoever it is for. Rejects with `unsupported` where the device does not filter: then it receives them all. */
  setPromiscuous(isOn: boolean): Promise<void>;

  /** Receives the frames of every group. */
  setAllMulticast(isOn: boolean): Promise<void>;

  /** Receives frames for these addresses, too: of stations, and of groups. Replaces what was set before. */
  setReceiveFilter(unicast: readonly Uint8Array[], multicast: readonly Uint8Array[]): Promise<void>;

  /** Changes the device's own address. */
  setMacAddress(address: Uint8Array): Promise<void>;

  /** Receives the frames of a VLAN, 0 to 4095, from now on. */
  addVlan(id: number): Promise<void>;

  /** Receives them no more. */
  removeVlan(id: number): Promise<void>;

  /** Is fulfilled when what was sent has gone out, and the device was reset. What is asked for afterwards rejects: `closed`. */
  close(): Promise<void>;
}
