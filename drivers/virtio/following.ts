// What balloons and memory devices do alike: the host says how much memory it wants to give or to have, and the driver follows, or does not.
//
//   want ──▶ the driver's poll: a step ──▶ … ──▶ settle: who waits for the end hears of it      close: a last wish, and then the device is closed

import { type DeviceError, failureOf } from '../../kernel/device/failure.ts';
import { fulfil, pendingPromise, reject } from '../../kernel/event/pending.ts';
import { addListener } from './listeners.ts';
import { closeLive, type Live, refuseEnded, wakeLive, whyEnded } from './live.ts';

/** What the driver keeps of it. */
export interface Following<Statistics> {
  readonly live: Live;
  isFollowing: boolean;
  /** All memory is given back, and then it is closed. */
  isClosing: boolean;
  /** Somebody wants something that the driver has not looked at. */
  isDue: boolean;
  /** What listeners were told last. */
  shownSize: number;
  shownWish: number;
  listeners: readonly ((statistics: Statistics) => void)[];
  waiters: Promise<void>[];
  closers: Promise<void>[];
  /** Of a device that has ended. */
  last: Statistics | undefined;
}

/** Returns that of a device about which nobody has asked anything. */
export const newFollowing = <Statistics>(live: Live, isFollowing: boolean): Following<Statistics> => ({
  live,
  isFollowing,
  isClosing: false,
  isDue: true,
  shownSize: 0,
  shownWish: 0,
  listeners: [],
  waiters: [],
  closers: [],
  last: undefined,
});

/** Returns how many wait for something, or listen: part of a source's pendingCount. */
export const followerCount = <Statistics>({ listeners, waiters, closers }: Following<Statistics>): number =>
  listeners.length + waiters.length + closers.length;

/** Tells who listens, when size or wish are not what they were told last. */
export const tellChange = <Statistics>(
  state: Following<Statistics>,
  size: number,
  wish: number,
  statistics: () => Statistics,
): void => {
  if (size === state.shownSize && wish === state.shownWish) return;
  state.shownSize = size;
  state.shownWish = wish;
  if (state.listeners.length === 0) return;
  const told = statistics();
  for (const listener of state.listeners) listener(told);
};

/** Nothing is left to do: fulfils who waits for that, and closes the device where that is wanted. */
export const settle = <Statistics>(state: Following<Statistics>): void => {
  const { waiters } = state;
  state.waiters = [];
  for (const waiter of waiters) fulfil(waiter, undefined);
  if (state.isClosing) closeLive(state.live);
};

/** The device has ended, and `last` is what is known of it: rejects who waits with `error`, and fulfils who wanted it closed. */
export const endFollowing = <Statistics>(state: Following<Statistics>, error: DeviceError, last: Statistics): void => {
  state.last = last;
  const { waiters, closers } = state;
  state.waiters = [];
  state.closers = [];
  state.listeners = [];
  for (const waiter of waiters) reject(waiter, failureOf(error));
  for (const closer of closers) fulfil(closer, undefined);
};

// What callers ask for: kernel/device/balloon.ts, kernel/device/memory.ts.

/** Has the driver's poll look at what somebody wants. */
const want = <Statistics>(state: Following<Statistics>): void => {
  state.isDue = true;
  wakeLive(state.live);
};

/** Follows what the host wants from now on, or does not. Throws a DeviceFailure when the device has ended. */
export const follow = <Statistics>(state: Following<Statistics>, isFollowing: boolean): void => {
  refuseEnded(state.live);
  state.isFollowing = isFollowing;
  want(state);
};

/** Is fulfilled when there is nothing left to do. Rejects with a DeviceFailure when the device has ended. */
export const settled = <Statistics>(state: Following<Statistics>): Promise<void> => {
  const promise = pendingPromise<void>();
  const refused = whyEnded(state.live);
  if (refused !== undefined) reject(promise, failureOf(refused));
  else {
    state.waiters.push(promise);
    want(state);
  }
  return promise;
};

/** Adds a listener. Returns the function that ends it. Throws a DeviceFailure when the device has ended. */
export const listenTo = <Statistics>(
  state: Following<Statistics>,
  listener: (statistics: Statistics) => void,
): (() => void) => {
  const end = addListener(whyEnded(state.live), state, 'listeners', listener);
  want(state);
  return end;
};

/** Is fulfilled when all memory was given back and the device is closed, or has ended before. */
export const closeFollowing = <Statistics>(state: Following<Statistics>): Promise<void> => {
  const promise = pendingPromise<void>();
  if (state.live.state !== 'live') fulfil(promise, undefined);
  else {
    state.closers.push(promise);
    state.isClosing = true;
    want(state);
  }
  return promise;
};
