// A virtio sound device: streams that are played and recorded, jacks, channel maps, controls. VIRTIO 1.2 §5.14.
//
//   -audiodev wav,id=a0,path=out.wav -device virtio-sound-pci,audiodev=a0,streams=2
//
// QEMU has it since 8.2; on microvm without PCI it is virtio-sound-device. Functions over an object, as a method of a class costs a search by its name at each call.

import { renew } from '../../kernel/base/machine.ts';
import type { DeviceError } from '../../kernel/device/failure.ts';
import type { SoundDevice } from '../../kernel/device/sound.ts';
import { isSpinEnded } from '../../kernel/event/waiting.ts';
import { clockNow } from '../../kernel/hal/clock.ts';
import { armBuffers, kickBuffers, nextCare, wakeBuffers } from '../virtio/buffers.ts';
import { describeFault } from '../virtio/describe.ts';
import { armExchange, callCount, endCalls, loseCalls, newExchange, pollExchange } from '../virtio/exchange.ts';
import { INTERRUPT_NONE } from '../virtio/interrupts.ts';
import { addListener } from '../virtio/listeners.ts';
import {
  armLive,
  causesOf,
  closeLive,
  type Driver,
  giveUpLive,
  type Live,
  lookAtBroken,
  lookAtConfiguration,
  startLive,
  wakeAtOf,
  wakeLive,
  whyEnded,
} from '../virtio/live.ts';
import { featureNames } from '../virtio/names.ts';
import { canPop } from '../virtio/queue/queue.ts';
import { recordFor, recordsOf } from '../virtio/records.ts';
import { beginSound, SoundRecord, setUpSound, setUpSoundAgain } from './bring-up.ts';
import { openCapture } from './capture.ts';
import { askControls } from './controls.ts';
import { askChannelMaps, askStreams } from './infos.ts';
import { askJacks } from './jacks.ts';
import { pollEvents } from './notices.ts';
import { PERIOD_BROKEN, PERIOD_NONE, PERIOD_OK, type Periods, takeLostPeriod, takePeriod } from './periods.ts';
import { openPlayback } from './playback.ts';
import { QUEUE_COUNT } from './registers.ts';
import { COMPLAINT_COUNT_MAX, type Sound, type StreamState } from './state.ts';
import { dueAt, endOverdue, endStream, forget, pump, takeBack, takeLost } from './streams.ts';

/** So often a device that cannot interrupt is looked at while something is expected of it. */
const LOOK_INTERVAL_NS = 1_000_000;

const RECORDS = recordsOf(
  () => new SoundRecord(),
  (record) => renew(record),
);

/** Brings a sound device up, and asks what it has. Rejects with a DeviceFailure. */
export const openSoundDevice = async (live: Live): Promise<SoundDevice> => {
  const sound = newSound(live);
  const { record, device } = sound;
  startLive(live, driverOf(sound));
  device.featureNames = featureNames(live.transport.accepted, live.transport.deviceType);
  try {
    sound.jacks = await askJacks(sound, record.jackCount);
    device.streams = await askStreams(sound, record.streamCount);
    device.channelMaps = await askChannelMaps(sound, record.channelMapCount);
    sound.controls = await askControls(sound, record.controlCount);
  } catch (error) {
    closeLive(live);
    throw error;
  }
  device.jacks = sound.jacks;
  device.controls = sound.controls;
  return device;
};

const newSound = (live: Live): Sound => {
  const record = recordFor(live, RECORDS);
  const sound: Sound = {
    live,
    record,
    exchange: newExchange(live, record.requests),
    device: {
      name: live.name,
      featureNames: [],
      streams: [],
      jacks: [],
      channelMaps: [],
      controls: [],
      playback: (options) => openPlayback(sound, options),
      capture: (options) => openCapture(sound, options),
      onJackChange: (listener) => {
        wakeLive(live); // Where it cannot interrupt, it is looked at from now on.
        return addListener(whyEnded(live), sound, 'jackListeners', listener);
      },
      onControlChange: (listener) => {
        wakeLive(live);
        return addListener(whyEnded(live), sound, 'controlListeners', listener);
      },
      close: () => close(sound),
    },
    jacks: [],
    controls: [],
    streams: [],
    jackListeners: [],
    controlListeners: [],
    lookAt: Infinity,
    complaintsLeft: COMPLAINT_COUNT_MAX,
  };
  return sound;
};

/** Streams are released first: QEMU forgets them in no reset, and would write to their periods later. */
const close = async (sound: Sound): Promise<void> => {
  await Promise.allSettled(sound.streams.map(({ stream }) => stream.close()));
  closeLive(sound.live);
};

// What the life of a device asks for: live.ts.

const driverOf = (sound: Sound): Driver => {
  const { live, record, exchange } = sound;
  const { transport, pool } = live;
  return {
    queueCount: QUEUE_COUNT,
    begin: () => beginSound(transport, record),
    setUp: () => setUpSound(transport, pool, record, live.deadlineMs),
    setUpAgain: () => setUpSoundAgain(transport, record),
    started: () => kickBuffers(record.events.buffers),
    describeFault: () => describeFault(transport),
    configurationChanged: () => {}, // How much it has of everything does not change.
    lost: (error) => lost(sound, error),
    ended: (error, refusal) => ended(sound, error, refusal),
    poll: () => poll(sound),
    spin: (deadline) => spin(sound, deadline),
    arm: () => arm(sound),
    get pendingCount() {
      let count = callCount(exchange) + sound.jackListeners.length + sound.controlListeners.length;
      for (const state of sound.streams) count += state.waitingCount() + (state.emptied === undefined ? 0 : 1);
      return count;
    },
    get wakeAt() {
      let at = Math.min(sound.lookAt, wakeAtOf(nextCare(record.requests)));
      for (const state of sound.streams) at = Math.min(at, dueAt(state));
      return at;
    },
  };
};

/** The device was reset, and knows nothing of streams any more: who uses them hears of it, and opens them again. */
const lost = (sound: Sound, error: DeviceError): void => {
  const { record, streams } = sound;
  loseCalls(sound.exchange, error);
  for (const periods of [record.output, record.input]) {
    while (takeLostPeriod(periods)) {
      const state = streamOf(sound, periods);
      if (state !== undefined) takeLost(state);
    }
  }
  for (const state of streams) {
    endStream(state, error, { kind: 'closed', message: `the stream ended: ${error.message}` });
    forget(state);
  }
};

const ended = (sound: Sound, error: DeviceError, refusal: DeviceError): void => {
  endCalls(sound.exchange, error, refusal);
  for (const state of sound.streams) endStream(state, error, refusal);
  sound.jackListeners = [];
  sound.controlListeners = [];
};

// What the event loop asks for: kernel/event/source.ts.

const poll = (sound: Sound): boolean => {
  const { live, record } = sound;
  const causes = causesOf(live);
  sound.lookAt = Infinity;
  wakeBuffers(record.events.buffers);
  wakeBuffers(record.output.buffers);
  wakeBuffers(record.input.buffers);
  let hasTaken = pollEvents(sound);
  if (pollPeriods(sound, record.output)) hasTaken = true;
  if (pollPeriods(sound, record.input)) hasTaken = true;
  for (const state of sound.streams) if (live.state === 'live') pump(state);
  if (pollExchange(sound.exchange)) hasTaken = true;
  lookAtDue(sound);
  lookAtConfiguration(live, causes);
  return hasTaken;
};

/** Takes the periods back that the device is done with. Returns whether there were any. */
const pollPeriods = (sound: Sound, periods: Periods): boolean => {
  const { live } = sound;
  if (live.state !== 'live') return false; // Another queue's trouble has ended it.
  let code: number = takePeriod(periods);
  const hasTaken = code === PERIOD_OK;
  while (code === PERIOD_OK) {
    const state = streamOf(sound, periods);
    if (state !== undefined) takeBack(state, periods.slot, periods.length, periods.status, periods.latency);
    if (live.state !== 'live') return true; // A listener has closed it.
    code = takePeriod(periods);
  }
  if (code === PERIOD_BROKEN) lookAtBroken(live, periods.buffers.queue);
  else if (code !== PERIOD_NONE) {
    const message = `queue ${periods.buffers.queue.index}: the device wrote ${periods.length} bytes, which is no status`;
    giveUpLive(live, { kind: 'wrong-answer', message });
  }
  return hasTaken;
};

/** Returns whose the period is that was taken last. */
const streamOf = (sound: Sound, periods: Periods): StreamState | undefined =>
  sound.streams.find(({ info }) => info.index === periods.stream);

/** Ends streams for which the device has done nothing in all the time that their buffer takes, and deadlineMs. */
const lookAtDue = (sound: Sound): void => {
  if (sound.live.state !== 'live') return;
  const now = clockNow();
  for (const state of sound.streams) if (now >= dueAt(state)) void endOverdue(state);
};

const spin = (sound: Sound, deadline: number): boolean => {
  do {
    if (hasReturned(sound)) return true;
  } while (!isSpinEnded(deadline));
  return false;
};

const hasReturned = ({ exchange, record }: Sound): boolean => {
  if (exchange.waiting.length > 0 && (record.requests.freeCount as number) > 0) return true;
  if (canPop(record.requests.queue) || canPop(record.events.buffers.queue)) return true;
  return canPop(record.output.buffers.queue) || canPop(record.input.buffers.queue);
};

/** A device that cannot interrupt is looked at again after a while: a period takes its time. */
const arm = (sound: Sound): boolean => {
  const { live, exchange, record } = sound;
  const isPolled = (live.interrupts.kind as number) === INTERRUPT_NONE;
  if (isPolled && isExpecting(sound)) sound.lookAt = clockNow() + LOOK_INTERVAL_NS;
  const mayInterrupt =
    armBuffers(record.events.buffers) && armBuffers(record.output.buffers) && armBuffers(record.input.buffers);
  return armLive(live, armExchange(exchange) && mayInterrupt, false);
};

const isExpecting = ({ exchange, jackListeners, controlListeners, streams }: Sound): boolean =>
  callCount(exchange) + jackListeners.length + controlListeners.length > 0 ||
  streams.some(({ underWayCount }) => underWayCount > 0);
