// Driver of virtio SCSI hosts. VIRTIO 1.2 §5.6.
//
// QEMU: -device virtio-scsi-pci,id=s0 -drive file=disk.img,if=none,format=raw,id=d0 -device scsi-hd,bus=s0.0,scsi-id=0,lun=0,drive=d0
//       the same with virtio-scsi-device on a machine with virtio-mmio, and with scsi-cd for a drive of CDs
//
// One queue for requests carries the commands to all units. What is protected by check bytes (T10_PI) is not used, nor are commands that move bytes both
// ways (INOUT).

import { log } from '../../kernel/base/log.ts';
import { renew } from '../../kernel/base/machine.ts';
import type { DeviceError } from '../../kernel/device/failure.ts';
import type { ScsiBus } from '../../kernel/device/scsi.ts';
import { nextCare } from '../virtio/buffers.ts';
import { describeFault, errorAt, type InitializeError } from '../virtio/describe.ts';
import { armExchange, callCount, endCalls, newExchange, pollExchange } from '../virtio/exchange.ts';
import { addListener } from '../virtio/listeners.ts';
import {
  armLive,
  causesOf,
  closeLive,
  type Driver,
  type Live,
  lookAtConfiguration,
  startLive,
  wakeAtOf,
  whyEnded,
} from '../virtio/live.ts';
import { featureNames } from '../virtio/names.ts';
import { recordFor, recordsOf } from '../virtio/records.ts';
import {
  armController,
  beginController,
  Controller,
  FAULT_SIZE,
  giveEvents,
  loseEvents,
  setUpController,
  setUpControllerAgain,
  spinController,
  wakeController,
} from './controller.ts';
import { finishUnit } from './disk.ts';
import { pollEvents } from './events.ts';
import { endTasks, loseTasks, maySend, pollLine } from './line.ts';
import { lastMs, nextRescue, stepMs } from './rescue.ts';
import { closeUnit, noteAttention, scan, scanSoon } from './scan.ts';
import type { Bus } from './state.ts';

/** Control, events, requests. */
const QUEUE_COUNT = 3;

/** Lines in the log about what a device says that cannot be. */
const COMPLAINT_COUNT_MAX = 8;

/** Brings a SCSI host up, and shows it to the event loop. Is fulfilled when its bus was scanned. Rejects with a DeviceFailure. */
export const openScsiHost = async (live: Live): Promise<ScsiBus> => {
  const bus = newBus(live);
  startLive(live, driverOf(bus));
  bus.device.featureNames = featureNames(live.transport.accepted, live.transport.deviceType);
  try {
    await scan(bus);
  } catch (error) {
    closeLive(live);
    throw error;
  }
  return bus.device;
};

const CONTROLLERS = recordsOf(
  () => new Controller(),
  (controller) => renew(controller),
);

const newBus = (live: Live): Bus => {
  const controller = recordFor(live, CONTROLLERS);
  const bus: Bus = {
    live,
    controller,
    control: newExchange(live, controller.control),
    device: {
      name: live.name,
      featureNames: [],
      disks: [],
      scan: () => scan(bus),
      onChange: (listener) => addListener(whyEnded(live), bus, 'changeListeners', listener),
      close: () => close(bus),
    },
    units: [],
    line: [],
    again: [],
    next: undefined,
    isFull: false,
    underWay: [],
    rescued: [],
    operations: new Set(),
    nextTag: 0,
    scan: undefined,
    isScanDue: false,
    changeListeners: [],
    complaintsLeft: COMPLAINT_COUNT_MAX,
    noteAttention: (unit, sense) => noteAttention(bus, unit, sense),
    closeUnit: (unit) => closeUnit(bus, unit),
  };
  return bus;
};

/** Is fulfilled when what was asked of all units is done, and flushed. */
const flushAll = async ({ units }: Bus): Promise<void> => {
  const results = await Promise.allSettled(units.map((unit) => finishUnit(unit)));
  for (const result of results) if (result.status === 'rejected') throw result.reason;
};

const close = async (bus: Bus): Promise<void> => {
  const { live } = bus;
  if (live.state === 'live') await flushAll(bus).catch((error: unknown) => log('error', live.name, String(error)));
  closeLive(live);
};

// What the life of a device asks for: live.ts.

const driverOf = (bus: Bus): Driver => {
  const { live, controller, control } = bus;
  const { transport, pool } = live;
  let isAgain = false; // It was reset.
  return {
    queueCount: QUEUE_COUNT,
    begin: () => beginController(transport, controller),
    setUp: () => setUpController(transport, pool, controller, lastMs(live), stepMs(live)),
    setUpAgain: () => setUpControllerAgain(transport, controller),
    started() {
      giveEvents(controller);
      if (isAgain) scanSoon(bus); // What has happened meanwhile was not told.
      isAgain = true;
    },
    describeFault: () => describeHostFault(live),
    configurationChanged() {}, // Nothing of it changes but what we write. §5.6.4
    lost: (error) => lost(bus, error),
    ended(error, refusal) {
      loseEvents(controller);
      endCalls(control, error, refusal);
      endTasks(bus, error, refusal);
      bus.device.disks = [];
    },
    flush: () => flushAll(bus),
    poll: () => poll(bus),
    spin: (deadline) => canSend(bus) || spinController(controller, deadline),
    arm: () => armLive(live, arm(bus), bus.operations.size + callCount(control) > 0),
    get pendingCount() {
      return bus.operations.size + callCount(control);
    },
    get wakeAt() {
      const cared = Math.min(wakeAtOf(nextCare(controller.requests)), wakeAtOf(nextCare(controller.control)));
      return Math.min(cared, nextRescue(bus));
    },
  };
};

const lost = (bus: Bus, error: DeviceError): void => {
  loseEvents(bus.controller);
  endCalls(bus.control, error, error); // What is to be asked back is gone.
  loseTasks(bus, error);
};

const SIZE_NAMES = ['sense_size', 'cdb_size'];

const describeHostFault = ({ transport }: Live): InitializeError => {
  const fault = transport.fault;
  if (fault.code !== FAULT_SIZE) return describeFault(transport);
  const found = `${SIZE_NAMES[fault.index]} reads ${fault.found}`;
  return errorAt(fault.step, 'bad-size', `${found} after ${fault.expected} was written`);
};

// What the event loop asks for: kernel/event/source.ts.

const poll = (bus: Bus): boolean => {
  const { live, controller, control } = bus;
  const causes = causesOf(live);
  wakeController(controller);
  // Events first: a unit that is gone has dropped what it had.
  const hasEvents = pollEvents(bus);
  const hasAnswers = pollExchange(control);
  const hasTaken = pollLine(bus);
  lookAtConfiguration(live, causes);
  return hasEvents || hasAnswers || hasTaken;
};

/** Returns whether something waits that has room. */
const canSend = (bus: Bus): boolean => {
  const { waiting, buffers } = bus.control;
  return maySend(bus) || (waiting.length > 0 && (buffers.freeCount as number) > 0);
};

const arm = (bus: Bus): boolean => !maySend(bus) && armExchange(bus.control) && armController(bus.controller);
