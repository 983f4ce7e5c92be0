// A virtio console whose ports are awaited. VIRTIO 1.2 §5.3.
//
//   -device virtio-serial-pci -chardev socket,id=c0,… -device virtserialport,chardev=c0,name=org.example.0       a port with a name
//   -device virtio-serial-pci -chardev stdio,id=c0    -device virtconsole,chardev=c0                             a console
//
// On microvm without PCI the first is virtio-serial-device.

import { log } from '../../kernel/base/log.ts';
import { renew } from '../../kernel/base/machine.ts';
import type { ConsoleDevice } from '../../kernel/device/console.ts';
import { type DeviceError, DeviceFailure, failureOf } from '../../kernel/device/failure.ts';
import { pendingPromise, reject } from '../../kernel/event/pending.ts';
import { isSpinEnded } from '../../kernel/event/waiting.ts';
import { clockNow } from '../../kernel/hal/clock.ts';
import { armBuffers, BUFFERS_BROKEN, nextCare, wakeBuffers } from '../virtio/buffers.ts';
import { describeFault, errorAt, type InitializeError } from '../virtio/describe.ts';
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
  whyEnded,
} from '../virtio/live.ts';
import { featureNames } from '../virtio/names.ts';
import { canPop } from '../virtio/queue/queue.ts';
import { recordFor, recordsOf } from '../virtio/records.ts';
import { beginConsole, ConsoleFacts, FAULT_NO_PORTS, readFacts, readSize } from './bring-up.ts';
import { Control, createControl, restoreControl } from './control.ts';
import { emergencyWrite } from './emergency.ts';
import {
  armPort,
  createPortQueues,
  hasReturned,
  kickPort,
  PortQueues,
  restorePortQueues,
  TRANSMIT_COUNT,
  takeReceived,
  wakePort,
} from './port-queues.ts';
import {
  endSettling,
  forgetMessages,
  newPort,
  pollControl,
  portOfName,
  present,
  resize,
  sayReady,
  setHostOpen,
  waitForPort,
} from './ports.ts';
import { queueCountOf } from './registers.ts';
import { type Hub, type PortState, refuse, type Write } from './state.ts';
import { failPort, forgetWriters, rejectReads, rejectStarted, sendWrites, settleReads, takeBack } from './streams.ts';

/** Lines in the log about what a device says that cannot be. */
const COMPLAINT_COUNT_MAX = 8;

/** So often a device that cannot interrupt is looked at while something is expected of it. */
const LOOK_INTERVAL_NS = 1_000_000;

const BYTE_MAX = 255;

/** Brings a console up, and shows it to the event loop. Is fulfilled when it has announced its ports. Rejects with a DeviceFailure. */
export const openConsoleDevice = async (live: Live): Promise<ConsoleDevice> => {
  const hub = newHub(live);
  startLive(live, driverOf(hub));
  await hub.settled;
  return hub.device;
};

const CONTROLS = recordsOf(
  () => new Control(),
  (control) => renew(control),
);

const FACTS = recordsOf(
  () => new ConsoleFacts(),
  (facts) => renew(facts),
);

const QUEUES = recordsOf(
  () => new PortQueues(),
  (queues) => renew(queues),
);

const newHub = (live: Live): Hub => {
  const control = recordFor(live, CONTROLS);
  const hub: Hub = {
    live,
    facts: recordFor(live, FACTS),
    control,
    device: {
      name: live.name,
      featureNames: [],
      ports: [],
      port: (name) => portOfName(hub, name),
      waitForPort: (name, options) => waitForPort(hub, name, options),
      onPort: (listener) => addListener(whyEnded(live), hub, 'portListeners', listener),
      emergencyWrite: (byte) => writeEmergency(hub, byte),
      close: async () => closeLive(live),
    },
    pairs: [],
    openPorts: [],
    outbox: [],
    sent: undefined,
    isSentBack: false,
    hasHeard: false,
    isSettled: false,
    hopeless: undefined,
    isDue: true,
    settled: pendingPromise(),
    waiters: [],
    portListeners: [],
    abortables: new Map(),
    spareReads: [],
    spareWrites: [],
    pendingCount: 0,
    lookAt: Infinity,
    complaintsLeft: COMPLAINT_COUNT_MAX,
  };
  return hub;
};

/** It works without a working device, but not on one that another may have opened. */
const writeEmergency = ({ live }: Hub, byte: number): void => {
  if (!Number.isInteger(byte) || byte < 1 || byte > BYTE_MAX) {
    throw new DeviceFailure('invalid-argument', `${byte} is no byte from 1 to ${BYTE_MAX}`);
  }
  if (live.state === 'closed' || live.state === 'removed') throw failureOf(whyEnded(live)!);
  if (!emergencyWrite(live.transport, byte)) {
    throw new DeviceFailure('unsupported', 'the device has no register for emergency writes');
  }
};

// What the life of a device asks for: live.ts.

const driverOf = (hub: Hub): Driver => ({
  get queueCount() {
    return queueCountOf(hub.facts.portCount, hub.facts.isMultiport);
  },
  begin: () => beginConsole(hub.live.transport, hub.facts) && readFacts(hub.live.transport, hub.facts),
  setUp: () => setUp(hub),
  setUpAgain: () => setUpAgain(hub),
  started: () => started(hub),
  describeFault: () => describeConsoleFault(hub.live),
  configurationChanged: () => sizeChanged(hub),
  lost: (error) => lost(hub, error),
  ended: (error, refusal) => ended(hub, error, refusal),
  flush: () => flush(hub),
  poll: () => poll(hub),
  spin: (deadline) => spin(hub, deadline),
  arm: () => arm(hub),
  get pendingCount() {
    return hub.isSettled ? hub.pendingCount : hub.pendingCount + 1;
  },
  get wakeAt() {
    const careAt = hub.facts.isMultiport ? wakeAtOf(nextCare(hub.control.transmit)) : Infinity;
    if (careAt < hub.lookAt) return careAt;
    return hub.lookAt;
  },
});

const setUp = (hub: Hub): boolean => {
  const { live, facts, control, pairs } = hub;
  const { transport, pool } = live;
  hub.device.featureNames = featureNames(transport.accepted, transport.deviceType);
  if (facts.isMultiport && !createControl(transport, pool, control, live.deadlineMs)) return false;
  for (let number = 0; number < (facts.portCount as number); number++) {
    const queues = recordFor(live, QUEUES);
    if (!createPortQueues(transport, pool, number, queues)) return false;
    const writers = new Array<Write | undefined>(TRANSMIT_COUNT).fill(undefined);
    pairs.push({ number, queues, writers, holder: undefined, isAnnounced: false });
  }
  return true;
};

const setUpAgain = (hub: Hub): boolean => {
  const { transport } = hub.live;
  if (hub.facts.isMultiport && !restoreControl(transport, hub.control)) return false;
  for (const { queues } of hub.pairs) if (!restorePortQueues(transport, queues)) return false;
  return readSize(transport, hub.facts);
};

/** The device is live. Where it has no control queues there is one port, which is as good as open. */
const started = (hub: Hub): void => {
  const { facts, live } = hub;
  if (hub.hopeless !== undefined) giveUpLive(live, hub.hopeless);
  else if (facts.isMultiport) sayReady(hub);
  else {
    const pair = hub.pairs[0]!;
    pair.holder ??= newPort(hub, pair);
    pair.holder.port.isHostOpen = true;
    present(hub, pair.holder);
    endSettling(hub);
  }
};

const describeConsoleFault = ({ transport }: Live): InitializeError =>
  transport.fault.code === FAULT_NO_PORTS
    ? errorAt(transport.fault.step, 'no-ports', 'max_nr_ports reads 0, expected 1 at least')
    : describeFault(transport);

/** With SIZE the configuration has the size of port 0. §5.3.6 */
const sizeChanged = (hub: Hub): void => {
  const { facts, live } = hub;
  const holder = hub.pairs[0]?.holder;
  if (!readSize(live.transport, facts)) {
    log('error', live.name, `its configuration cannot be read: ${describeConsoleFault(live).message}`);
  } else if (facts.hasSize && holder !== undefined) resize(holder, facts.columns, facts.rows);
};

/** The device was reset. Its ports keep their place until it has announced them again; what was on its way is gone. */
const lost = (hub: Hub, error: DeviceError): void => {
  if (!hub.isSettled) hub.hopeless = error; // It has not even announced its ports since the last time.
  forgetMessages(hub);
  for (const pair of hub.pairs) {
    const { holder } = pair;
    pair.isAnnounced = false;
    if (holder === undefined) continue;
    holder.isPresent = false;
    rejectReads(hub, holder, error);
    rejectStarted(hub, holder, error);
    forgetWriters(hub, pair);
    if (hub.facts.isMultiport) setHostOpen(hub, holder, false);
  }
};

const ended = (hub: Hub, error: DeviceError, refusal: DeviceError): void => {
  forgetMessages(hub);
  for (const pair of hub.pairs) {
    if (pair.holder !== undefined) failPort(hub, pair.holder, error, refusal);
    forgetWriters(hub, pair);
  }
  const { waiters } = hub;
  hub.waiters = [];
  for (const { promise } of waiters) refuse(hub, promise, failureOf(refusal));
  if (!hub.isSettled) reject(hub.settled, failureOf(error));
  hub.isSettled = true;
};

/** Waits for the writes that somebody on the host may read. */
const flush = async (hub: Hub): Promise<void> => {
  const writes: Promise<void>[] = [];
  for (const { pair, port, firstUnsent } of hub.openPorts) {
    if (!port.isHostOpen) continue;
    for (const entry of pair.writers) if (entry !== undefined && !entry.isSettled) writes.push(entry.promise);
    for (let entry = firstUnsent; entry !== undefined; entry = entry.next) writes.push(entry.promise);
  }
  await Promise.allSettled(writes);
};

// What the event loop asks for: kernel/event/source.ts.

const poll = (hub: Hub): boolean => {
  const { live, control, facts } = hub;
  const causes = causesOf(live);
  hub.isDue = false;
  hub.lookAt = Infinity;
  let hasTaken = false;
  if (facts.isMultiport) {
    wakeBuffers(control.receive);
    wakeBuffers(control.transmit);
    hasTaken = pollControl(hub);
  }
  for (const state of hub.openPorts) {
    // The trouble of one may have ended them all.
    if (state.isOpen && state.isPresent && pollPort(hub, state)) hasTaken = true;
  }
  lookAtConfiguration(live, causes);
  return hasTaken;
};

const pollPort = (hub: Hub, state: PortState): boolean => {
  const { pair } = state;
  const { queues } = pair;
  wakePort(queues);
  const hasTaken: boolean = hasReturned(queues);
  if (!takeReceived(queues)) lookAtBroken(hub.live, queues.receive.queue);
  else if (takeBack(hub, pair) === BUFFERS_BROKEN) lookAtBroken(hub.live, queues.transmit.queue);
  else {
    settleReads(hub, state);
    sendWrites(state);
    kickPort(queues);
  }
  return hasTaken;
};

const spin = (hub: Hub, deadline: number): boolean => {
  if (hub.isDue) return true;
  do {
    if (hasAnyReturned(hub)) return true;
  } while (!isSpinEnded(deadline));
  return false;
};

const hasAnyReturned = ({ control, facts, openPorts }: Hub): boolean => {
  if (facts.isMultiport && (canPop(control.receive.queue) || canPop(control.transmit.queue))) return true;
  for (const { pair } of openPorts) if (hasReturned(pair.queues)) return true;
  return false;
};

/** A device that cannot interrupt is looked at again after a while: it may be long until the host reads or sends. */
const arm = (hub: Hub): boolean => {
  const { live, pendingCount } = hub;
  const isPolled = (live.interrupts.kind as number) === INTERRUPT_NONE;
  if (isPolled && pendingCount > 0) hub.lookAt = clockNow() + LOOK_INTERVAL_NS;
  return armLive(live, !hub.isDue && (isPolled || armQueues(hub)), false);
};

const armQueues = ({ control, facts, openPorts }: Hub): boolean => {
  if (facts.isMultiport && !(armBuffers(control.receive) && armBuffers(control.transmit))) return false;
  for (const { pair } of openPorts) if (!armPort(pair.queues)) return false;
  return true;
};
