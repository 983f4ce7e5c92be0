// A virtio socket device whose connections are awaited. VIRTIO 1.2 §5.10.
//
//   -device vhost-vsock-pci,guest-cid=3      on a host that has /dev/vhost-vsock; on microvm without PCI vhost-vsock-device
//
//   device ─▶ takePacket ─▶ what it means: a connection begins, brings bytes, ends ─▶ promises
//   promises ─▶ SEND_ codes and writes ─▶ sendControl, sendWrites ─▶ device

import { log } from '../../kernel/base/log.ts';
import { renew } from '../../kernel/base/machine.ts';
import type { DeviceError } from '../../kernel/device/failure.ts';
import type { VsockDevice } from '../../kernel/device/vsock.ts';
import { clockNow } from '../../kernel/hal/clock.ts';
import { BUFFERS_BROKEN, lookAfter, nextCare } from '../virtio/buffers.ts';
import { INTERRUPT_NONE } from '../virtio/interrupts.ts';
import {
  armLive,
  causesOf,
  closeLive,
  type Driver,
  giveUpLive,
  type Live,
  lookAtBroken,
  lookAtConfiguration,
  lookAtLate,
  startLive,
  wakeAtOf,
} from '../virtio/live.ts';
import { featureNames } from '../virtio/names.ts';
import { recordFor, recordsOf } from '../virtio/records.ts';
import { NO_CONNECTION, resetConnection } from './connections.ts';
import { answerRequest, connect, endListener, LOCAL_PORT_FIRST, listen, refusedBy } from './dialogue.ts';
import { describeBroken, describeVsockFault, describeWrong } from './errors.ts';
import {
  armVsock,
  beginVsock,
  forgetConnections,
  kickVsock,
  readGuestCid,
  sendControl,
  setUpVsock,
  setUpVsockAgain,
  spinVsock,
  takeTransmitted,
  VsockFlow,
  wakeVsock,
} from './flow.ts';
import {
  EVENTS_BROKEN,
  EVENTS_NONE,
  PACKET_BROKEN,
  PACKET_CLOSED,
  PACKET_CONNECTED,
  PACKET_DATA,
  PACKET_NONE,
  PACKET_REFUSED,
  PACKET_REQUEST,
  PACKET_RESET,
  PACKET_SHUTDOWN,
  releasePacket,
  takeEvents,
  takePacket,
} from './packets.ts';
import { QUEUE_COUNT, SHUTDOWN_BOTH, SHUTDOWN_RECEIVE, SHUTDOWN_SEND } from './registers.ts';
import { endSocket, noteDeaf, receive, sendWrites, settleReads, stopTimer } from './sockets.ts';
import { type Hub, refuse, type SocketState, settle } from './state.ts';

/** Lines in the log about what others say that cannot be. */
const COMPLAINT_COUNT_MAX = 8;

/** So often a device that cannot interrupt is looked at while something is expected of it. */
const LOOK_INTERVAL_NS = 1_000_000;

/** Packets that are looked at before others have their turn: a device that says them as fast as it gets buffers keeps nobody from anything. */
const TAKEN_COUNT_MAX = 256;

const FLOWS = recordsOf(
  () => new VsockFlow(),
  (flow) => renew(flow),
);

/** Brings a socket device up, and shows it to the event loop. Throws a DeviceFailure. */
export const startVsock = (live: Live): VsockDevice => {
  const flow = recordFor(live, FLOWS);
  const hub: Hub = {
    live,
    flow,
    device: {
      name: live.name,
      get featureNames() {
        return featureNames(live.transport.accepted, live.transport.deviceType);
      },
      get cid() {
        return hub.lastCid ?? flow.guestCid;
      },
      connect: (cid, port, options) => connect(hub, cid, port, options),
      listen: (port, options) => listen(hub, port, options),
      close: async () => closeLive(live),
    },
    sockets: [],
    listeners: new Map(),
    senders: [],
    nextPort: LOCAL_PORT_FIRST,
    isDue: true,
    pendingCount: 0,
    lookAt: Infinity,
    complaintsLeft: COMPLAINT_COUNT_MAX,
    lastCid: undefined,
  };
  startLive(live, driverOf(hub));
  return hub.device;
};

// What the life of a device asks for: live.ts.

const driverOf = (hub: Hub): Driver => {
  const { live, flow } = hub;
  const { transport, pool } = live;
  return {
    queueCount: QUEUE_COUNT,
    begin: () => beginVsock(transport, flow),
    setUp: () => setUpVsock(transport, pool, flow, live.deadlineMs),
    setUpAgain: () => setUpVsockAgain(transport, flow),
    started: () => kickVsock(flow),
    describeFault: () => describeVsockFault(transport),
    configurationChanged() {}, // The context id changes with an event.
    lost: (error) => loseConnections(hub, error),
    ended: (error, refusal) => ended(hub, error, refusal),
    flush: () => flush(hub),
    poll: () => poll(hub),
    spin: (deadline) => hub.isDue || spinVsock(flow, deadline),
    arm: () => arm(hub),
    get pendingCount() {
      return hub.pendingCount;
    },
    get wakeAt() {
      return Math.min(hub.lookAt, wakeAtOf(nextCare(flow.transmit)));
    },
  };
};

/** All connections are lost; who listens goes on. */
const loseConnections = (hub: Hub, error: DeviceError): void => {
  for (const state of hub.sockets) if (state !== undefined) endSocket(hub, state, error);
  hub.senders = [];
};

const ended = (hub: Hub, error: DeviceError, refusal: DeviceError): void => {
  const listeners = [...hub.listeners.values()];
  hub.listeners.clear();
  hub.lastCid = hub.flow.guestCid;
  loseConnections(hub, error);
  for (const state of listeners) endListener(hub, state, refusal);
};

/** Waits for what is written and has not gone out. */
const flush = async (hub: Hub): Promise<void> => {
  const writes: Promise<void>[] = [];
  for (const state of hub.senders) for (const { wait } of state.writes) writes.push(wait.promise);
  await Promise.allSettled(writes);
};

// What the event loop asks for: kernel/event/source.ts.

const poll = (hub: Hub): boolean => {
  const { live, flow } = hub;
  const causes = causesOf(live);
  hub.isDue = false;
  hub.lookAt = Infinity;
  wakeVsock(flow);
  const eventCode: number = takeEvents(flow);
  if (eventCode === EVENTS_BROKEN) giveUpLive(live, describeBroken(flow, flow.events.queue));
  else if (eventCode !== EVENTS_NONE) transportReset(hub);
  const transmitted: number = live.state === 'live' ? takeTransmitted(flow) : 0;
  if (transmitted === BUFFERS_BROKEN) lookAtBroken(live, flow.transmit.queue);
  const takenCount = live.state === 'live' ? takePackets(hub) : 0;
  if (live.state === 'live') send(hub);
  lookAtConfiguration(live, causes);
  return takenCount > 0 || transmitted > 0 || eventCode !== EVENTS_NONE;
};

const send = (hub: Hub): void => {
  const { live, flow } = hub;
  sendControl(flow); // Who has just accepted says so before he writes.
  sendWrites(hub);
  sendControl(flow);
  kickVsock(flow);
  lookAtLate(live, lookAfter(flow.transmit), flow.transmit.queue);
};

/** The machine was moved: nobody at the other ends knows of its connections. §5.10.6.7 */
const transportReset = (hub: Hub): void => {
  const { live, flow } = hub;
  log('warn', live.name, 'it was moved to another host: all connections have ended');
  forgetConnections(flow);
  loseConnections(hub, { kind: 'device-reset', message: 'the device was moved to another host' });
  if (readGuestCid(live.transport, flow)) return;
  giveUpLive(live, { kind: 'wrong-answer', message: describeVsockFault(live.transport).message });
};

/** Takes what has come. Returns how many packets meant something. */
const takePackets = (hub: Hub): number => {
  const { live, flow } = hub;
  for (let count = 0; count < TAKEN_COUNT_MAX; count++) {
    const code: number = takePacket(flow);
    if (code === PACKET_NONE) return count;
    if (code === PACKET_BROKEN) {
      giveUpLive(live, describeBroken(flow, flow.receive.queue));
      return count;
    }
    if (code === PACKET_REQUEST) answerRequest(hub);
    else handle(hub, code);
  }
  hub.isDue = true;
  return TAKEN_COUNT_MAX;
};

/** Handles a packet of a connection. */
const handle = (hub: Hub, code: number): void => {
  const { flow } = hub;
  const state = hub.sockets[flow.connection]!;
  switch (code) {
    case PACKET_DATA: {
      const error = receive(hub, state);
      releasePacket(flow);
      if (error !== undefined) abort(hub, state, error);
      break;
    }
    case PACKET_CONNECTED:
      stopTimer(state);
      settle(hub, state.connecting!, state.socket);
      state.connecting = undefined;
      break;
    case PACKET_REFUSED:
      refuse(hub, state.connecting!, refusedBy(state.socket.peerCid, state.socket.peerPort));
      state.connecting = undefined;
      endSocket(hub, state, undefined);
      break;
    case PACKET_SHUTDOWN:
      shutDown(hub, state);
      break;
    case PACKET_CLOSED:
      endSocket(hub, state, undefined);
      break;
    case PACKET_RESET:
      endSocket(hub, state, { kind: 'connection-reset', message: 'the other end has aborted the connection' });
      break;
    default:
      complain(hub, state, describeWrong(flow));
      endSocket(hub, state, describeWrong(flow));
  }
};

const shutDown = (hub: Hub, state: SocketState): void => {
  const flags: number = hub.flow.connections.table[state.index].peerFlags;
  if (flags === SHUTDOWN_BOTH) {
    endSocket(hub, state, undefined);
    return;
  }
  if (flags === SHUTDOWN_SEND) state.isPeerDone = true;
  if (flags === SHUTDOWN_RECEIVE) noteDeaf(hub, state);
  settleReads(hub, state);
};

/** Ends a connection that cannot go on. */
const abort = (hub: Hub, state: SocketState, error: DeviceError): void => {
  if (state.index === NO_CONNECTION) return;
  complain(hub, state, error);
  resetConnection(hub.flow.connections, state.index);
  endSocket(hub, state, error);
};

const complain = (hub: Hub, { socket }: SocketState, { message }: DeviceError): void => {
  if (hub.complaintsLeft === 0) return;
  hub.complaintsLeft--;
  const last = hub.complaintsLeft === 0 ? '; no more is said of such' : '';
  log('warn', hub.live.name, `${socket.peerCid}:${socket.peerPort}: ${message}${last}`);
};

/** A device that cannot interrupt is looked at again after a while: it may be long until the other end says something. */
const arm = (hub: Hub): boolean => {
  const { live, flow, pendingCount } = hub;
  const isPolled = (live.interrupts.kind as number) === INTERRUPT_NONE;
  if (isPolled && pendingCount > 0) hub.lookAt = clockNow() + LOOK_INTERVAL_NS;
  return armLive(live, !hub.isDue && (isPolled || armVsock(flow)), false);
};
