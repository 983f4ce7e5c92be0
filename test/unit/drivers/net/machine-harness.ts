// A network device on the simulated machine, driven by the machine modules alone.

import { beginNet, Net, readConfiguration, setUpPair } from '../../../../drivers/net/bring-up.ts';
import { Pair } from '../../../../drivers/net/pair.ts';
import { copyFrame, kickReceive, RECEIVE_FRAME, returnFrame, takeFrame } from '../../../../drivers/net/receive.ts';
import { finish } from '../../../../drivers/virtio/initialize.ts';
import { fillPattern } from '../../../../kernel/base/bytes.ts';
import { SimNetDevice, type SimNetOptions } from '../../../sim/virtio/net.ts';
import { openedDevice } from '../virtio/transport/harness.ts';

/** What a test may ask for besides the device's own. */
export interface NetOptions extends SimNetOptions {
  readonly wantsOffloads?: boolean;
  readonly wantsPairs?: boolean;
}

/** Returns a machine with a network device whose transport is open. */
export const openedNet = (options: NetOptions = {}) => {
  const { made, ...all } = openedDevice((machine) => new SimNetDevice(machine, options));
  return { ...all, net: made };
};

/** Brings one up, with one pair of queues. `isUp` is false when that fails: the transport's fault says why. */
export const startNet = (options: NetOptions = {}) => {
  const all = openedNet(options);
  const state = new Net();
  const pair = new Pair();
  const isUp =
    beginNet(all.transport, state, options.wantsOffloads ?? false, options.wantsPairs ?? false) &&
    readConfiguration(all.transport, state) &&
    setUpPair(all.transport, all.pool, state, pair, 0) &&
    finish(all.transport);
  if (isUp) kickReceive(pair.receive);
  all.device.notifications = 0;
  return { ...all, state, pair, isUp, ...pair };
};

/** Takes all frames that have come, as bytes; behind them, what takeFrame returned last. */
export const takeAll = (pair: Pair): [...Uint8Array[], number] => {
  const frames: Uint8Array[] = [];
  let code: number = takeFrame(pair.receive);
  for (; code === RECEIVE_FRAME; code = takeFrame(pair.receive)) {
    const bytes = new Uint8Array(pair.receive.frame.length);
    copyFrame(pair.receive, bytes);
    frames.push(bytes);
    returnFrame(pair.receive);
  }
  kickReceive(pair.receive);
  return [...frames, code];
};

/** Returns a frame of `length` bytes. */
export const frameOf = (length: number, seed = 3): Uint8Array => {
  const bytes = new Uint8Array(length);
  fillPattern(bytes, seed);
  return bytes;
};
