// What the driver of a network device keeps of it in the control plane. The rest is in records: pair.ts.
//
// Functions over an object, as a method of a class costs a search by its name at each call.

import type { DmaOffset } from '../../kernel/base/machine.ts';
import { DeviceFailure } from '../../kernel/device/failure.ts';
import type { Frame } from '../../kernel/device/frame.ts';
import type { NetworkCounters, NetworkDevice, Offload } from '../../kernel/device/network.ts';
import type { Exchange } from '../virtio/exchange.ts';
import { hasFeature } from '../virtio/features.ts';
import { type Live, wakeLive } from '../virtio/live.ts';
import type { Net } from './bring-up.ts';
import type { Pair } from './pair.ts';

/** A network device of virtio: for machine modules, with its queues. */
export interface VirtioNetwork extends NetworkDevice {
  /** The pairs of queues in use. What a machine module sends by them goes out at the end of the loop's turn. */
  readonly pairs: readonly Pair[];
}

/** Of the network device, what changes. */
export type ChangingNetwork = { -readonly [Name in keyof VirtioNetwork]: VirtioNetwork[Name] };

/** A frame that waits for room. */
export interface WaitingFrame {
  /** The frame is these bytes; undefined where it lies in its sender's memory. */
  readonly bytes: Uint8Array | undefined;
  readonly offset: DmaOffset;
  readonly length: number;
  readonly offload: Offload | undefined;
  readonly promise: Promise<void>;
  readonly signal: AbortSignal | undefined;
  /** Called when the sender changes his mind; undefined where he cannot. */
  listener: (() => void) | undefined;
}

/** Somebody who waits for a frame. */
export interface Receiver {
  readonly promise: Promise<Uint8Array>;
  readonly signal: AbortSignal | undefined;
  readonly listener: () => void;
}

/** What the device is asked to receive: it has to be told again after a reset. */
export interface ReceiveFilter {
  isPromiscuous: boolean;
  hasAllMulticast: boolean;
  unicast: readonly Uint8Array[];
  multicast: readonly Uint8Array[];
  vlans: readonly number[];
  /** Set by setMacAddress. */
  macAddress: Uint8Array | undefined;
}

/** One network device. */
export interface NetState {
  readonly live: Live;
  readonly net: Net;
  readonly wantsOffloads: boolean;
  readonly pairsWanted: number;
  /** The pairs in use; one until the device has said how many it has. */
  pairs: Pair[];
  /** A program may hold a pair, or a frame of one. */
  arePairsShown: boolean;
  /** The control queue; not used without CTRL_VQ. */
  readonly exchange: Exchange;
  /** What callers see of it. */
  device: ChangingNetwork;
  /** The longest frame that is sent as a copy. */
  frameLengthMax: number;

  /** The promise of every frame that found room at once. */
  readonly sent: Promise<void>;
  waiting: WaitingFrame[];
  /** By pair and head: who waits until a frame in his memory has gone out. */
  readonly directs: (Promise<void> | undefined)[][];
  directCount: number;
  /** Who waits until so many frames have gone out. */
  drained: Promise<void> | undefined;
  drainCount: number;
  /** Of a device that has ended. */
  lastCounters: NetworkCounters | undefined;
  /** Nothing more is sent. */
  isClosing: boolean;
  /** Something was asked for since the last poll. */
  isDue: boolean;

  receivers: Receiver[];
  listeners: readonly ((bytes: Uint8Array, frame: Frame) => void)[];
  dmaListeners: readonly ((frame: Frame) => void)[];
  /** Where frames are copied for listeners, and by length the part of it that is a frame: made when it is first needed. */
  bytes: Uint8Array;
  readonly views: (Uint8Array | undefined)[];

  linkListeners: readonly ((isUp: boolean) => void)[];
  announceListeners: readonly (() => void)[];
  readonly filter: ReceiveFilter;
  framesLost: number;
}

/** Returns whether a feature was negotiated. */
export const has = (state: NetState, feature: number): boolean => hasFeature(state.live.transport.accepted, feature);

/** Has the loop poll the device: something was asked for. */
export const wakeNet = (state: NetState): void => {
  state.isDue = true;
  wakeLive(state.live);
};

/** Throws a DeviceFailure for an argument that cannot be. */
export const refuseArgument = (message: string): never => {
  throw new DeviceFailure('invalid-argument', message);
};
