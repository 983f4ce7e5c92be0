// Driver of virtio entropy devices. VIRTIO 1.2 §5.4.
//
// QEMU: -object rng-random,filename=/dev/urandom,id=r0 -device virtio-rng-pci,rng=r0
//       the same with virtio-rng-device on a machine with virtio-mmio
//
// A request is a piece of memory that the device fills, or a part of it: then the rest is asked for again.

import { smaller } from '../../kernel/base/bits.ts';
import type { EntropyDevice, EntropyOptions } from '../../kernel/device/entropy.ts';
import { DeviceFailure, failureOf } from '../../kernel/device/failure.ts';
import { nextCare, restoreBuffers } from '../virtio/buffers.ts';
import { describeFault } from '../virtio/describe.ts';
import {
  armExchange,
  call,
  callCount,
  type Exchange,
  endCalls,
  loseCalls,
  newExchange,
  pollExchange,
  spinExchange,
} from '../virtio/exchange.ts';
import {
  armLive,
  causesOf,
  closeLive,
  type Driver,
  giveUpLive,
  type Live,
  lookAtConfiguration,
  startLive,
  wakeAtOf,
} from '../virtio/live.ts';
import { featureNames } from '../virtio/names.ts';
import { buffersFor, featuresFor } from '../virtio/records.ts';
import { beginEntropy, PIECE_LENGTH, setUpEntropy } from './bring-up.ts';

/** Bytes of the longest read. */
const LENGTH_MAX = 2 ** 31 - 1;

/** An entropy device reads nothing. */
const NO_REQUEST = new Uint8Array(0);

/** Brings an entropy device up. Throws a DeviceFailure. */
export const startEntropy = (live: Live): EntropyDevice => {
  const exchange = newExchange(live, buffersFor(live));
  startLive(live, driverOf(live, exchange));
  return {
    name: live.name,
    featureNames: featureNames(live.transport.accepted, live.transport.deviceType),
    read: (length, options) => read(exchange, length, options),
    close: async () => closeLive(live),
  };
};

const driverOf = (live: Live, exchange: Exchange): Driver => {
  const { transport, pool } = live;
  const { buffers } = exchange;
  return {
    queueCount: 1,
    begin: () => beginEntropy(transport, featuresFor(live)),
    setUp: () => setUpEntropy(transport, pool, buffers, live.deadlineMs),
    setUpAgain: () => restoreBuffers(transport, buffers),
    started() {},
    describeFault: () => describeFault(transport),
    configurationChanged() {},
    lost: (error) => loseCalls(exchange, error),
    ended: (error, refusal) => endCalls(exchange, error, refusal),
    poll() {
      const causes = causesOf(live);
      const hasTaken = pollExchange(exchange);
      lookAtConfiguration(live, causes);
      return hasTaken;
    },
    spin: (deadline) => spinExchange(exchange, deadline),
    arm: () => armLive(live, armExchange(exchange), callCount(exchange) > 0),
    get pendingCount() {
      return callCount(exchange);
    },
    get wakeAt() {
      return wakeAtOf(nextCare(buffers));
    },
  };
};

const read = async (exchange: Exchange, length: number, options?: EntropyOptions): Promise<Uint8Array> => {
  if (!Number.isInteger(length) || length < 0 || length > LENGTH_MAX) {
    throw new DeviceFailure('invalid-argument', `${length} bytes, expected a whole number from 0 to ${LENGTH_MAX}`);
  }
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length; ) {
    const end = smaller(done + PIECE_LENGTH, length);
    const written = await call(exchange, NO_REQUEST, bytes.subarray(done, end), options);
    if (written === 0) throw nothingWritten(exchange.live);
    done += written;
  }
  return bytes;
};

/** The device MUST place one or more bytes in the buffer. §5.4.6.2 */
const nothingWritten = (live: Live): DeviceFailure => {
  const error = { kind: 'wrong-answer', message: 'the device answered without a byte' } as const;
  giveUpLive(live, error);
  return failureOf(error);
};
