// How connections begin: those that the program asks for, and those that others ask for at a port where it listens. VIRTIO 1.2 §5.10.6.5.

import { type DeviceError, DeviceFailure, failureOf } from '../../kernel/device/failure.ts';
import type {
  VsockConnectOptions,
  VsockListener,
  VsockListenOptions,
  VsockOptions,
  VsockSocket,
  VsockType,
} from '../../kernel/device/vsock.ts';
import { startTimeout } from '../../kernel/event/timers.ts';
import { whyEnded } from '../virtio/live.ts';
import {
  addConnection,
  askToSend,
  CONNECTION_COUNT_MAX,
  isPortTaken,
  NO_CONNECTION,
  resetConnection,
  SEND_REQUEST,
  SEND_RESPONSE,
} from './connections.ts';
import { acceptRequest, refuseRequest } from './packets.ts';
import { CID_ANY, CID_RESERVED, PORT_ANY, TYPE_SEQPACKET, TYPE_STREAM } from './registers.ts';
import { beginClosing, endSocket, newSocket } from './sockets.ts';
import { begin, type Hub, type ListenerState, refuse, settle, stir, type Wait } from './state.ts';

const CONNECT_TIMEOUT_MS = 2000;
const TIMEOUT_MAX_MS = 2 ** 31 - 1;

const BACKLOG_DEFAULT = 16;

const RECEIVE_BYTES_DEFAULT = 65_536;
const RECEIVE_BYTES_MIN = 4096;
const RECEIVE_BYTES_MAX = 16 * 1024 * 1024;

/** Ports for those who ask for a connection begin here, as in other systems: below are those at which one listens. */
export const LOCAL_PORT_FIRST = 49_152;

// What is asked for by the program.

/** As VsockDevice.connect. */
export const connect = (
  hub: Hub,
  cid: number,
  port: number,
  options: VsockConnectOptions = {},
): Promise<VsockSocket> => {
  const { type = 'stream', receiveBytes = RECEIVE_BYTES_DEFAULT, timeoutMs = CONNECT_TIMEOUT_MS, signal } = options;
  const refused = whyNotAsked(hub, cid, port, timeoutMs) ?? whyNotOfType(hub, type, receiveBytes);
  if (refused !== undefined) return Promise.reject(failureOf(refused));
  if (signal?.aborted) return Promise.reject(signal.reason);
  const localPort = takeLocalPort(hub);
  const connections = hub.flow.connections;
  const index: number = addConnection(connections, typeNumber(type), localPort, cid, port, receiveBytes);
  if (index === NO_CONNECTION) return Promise.reject(failureOf(FULL));
  askToSend(connections, index, SEND_REQUEST);
  const state = newSocket(hub, index, type, receiveBytes, localPort, cid, port);
  const giveUp = (reason: unknown): void => {
    const wait = state.connecting;
    if (wait === undefined) return;
    state.connecting = undefined;
    resetConnection(connections, state.index); // It may be agreed on at this moment.
    endSocket(hub, state, undefined);
    stir(hub);
    refuse(hub, wait, reason);
  };
  state.connecting = begin<VsockSocket>(hub, signal, () => giveUp(signal!.reason));
  const late: DeviceError = { kind: 'timeout', message: `no answer of ${cid}:${port} in ${timeoutMs} ms` };
  state.timer = startTimeout(() => giveUp(failureOf(late)), timeoutMs).unref();
  stir(hub);
  return state.connecting.promise;
};

const FULL: DeviceError = {
  kind: 'no-memory',
  message: `there are ${CONNECTION_COUNT_MAX} connections, which is as many as there can be`,
};

const whyNotAsked = (hub: Hub, cid: number, port: number, timeoutMs: number): DeviceError | undefined => {
  const ended = whyEnded(hub.live);
  if (ended !== undefined) return ended;
  if (!isWord(cid) || cid <= CID_RESERVED || cid === CID_ANY) return wrong(`${cid} is no context id`);
  if (!isPort(port)) return wrong(`${port} is no port`);
  if (Number.isInteger(timeoutMs) && timeoutMs > 0 && timeoutMs <= TIMEOUT_MAX_MS) return undefined;
  return wrong(`a timeout of ${timeoutMs} ms, expected a whole number from 1 to ${TIMEOUT_MAX_MS}`);
};

const whyNotOfType = ({ flow }: Hub, type: VsockType, receiveBytes: number): DeviceError | undefined => {
  const isThere: boolean = type === 'stream' ? flow.hasStream : flow.hasSeqpacket;
  if (!isThere) return { kind: 'unsupported', message: `the device has no ${type} connections` };
  if (Number.isInteger(receiveBytes) && receiveBytes >= RECEIVE_BYTES_MIN && receiveBytes <= RECEIVE_BYTES_MAX) {
    return undefined;
  }
  return wrong(`${receiveBytes} bytes, expected from ${RECEIVE_BYTES_MIN} to ${RECEIVE_BYTES_MAX}`);
};

const wrong = (message: string): DeviceError => ({ kind: 'invalid-argument', message });

const isWord = (value: number): boolean => Number.isInteger(value) && value >= 0 && value < 2 ** 32;

const isPort = (port: number): boolean => isWord(port) && port !== PORT_ANY;

const typeNumber = (type: VsockType): number => (type === 'stream' ? TYPE_STREAM : TYPE_SEQPACKET);

/** Returns a port that nobody has. There is one: connections and listeners are far fewer than ports. */
const takeLocalPort = (hub: Hub): number => {
  let port = hub.nextPort;
  while (hub.listeners.has(port) || isPortTaken(hub.flow.connections, port)) port = portAfter(port);
  hub.nextPort = portAfter(port);
  return port;
};

const portAfter = (port: number): number => (port + 1 < PORT_ANY ? port + 1 : LOCAL_PORT_FIRST);

/** As VsockDevice.listen. */
export const listen = (hub: Hub, port: number, options: VsockListenOptions = {}): VsockListener => {
  const { type = 'stream', receiveBytes = RECEIVE_BYTES_DEFAULT, backlog = BACKLOG_DEFAULT } = options;
  const refused = whyNotListened(hub, port, backlog) ?? whyNotOfType(hub, type, receiveBytes);
  if (refused !== undefined) throw failureOf(refused);
  const state: ListenerState = {
    type,
    listener: {
      port,
      type,
      accept: (acceptOptions) => accept(hub, state, acceptOptions),
      close: () => closeListener(hub, state),
    },
    receiveBytes,
    backlog,
    arrived: [],
    accepts: [],
    refusal: undefined,
  };
  hub.listeners.set(port, state);
  return state.listener;
};

const whyNotListened = (hub: Hub, port: number, backlog: number): DeviceError | undefined => {
  const ended = whyEnded(hub.live);
  if (ended !== undefined) return ended;
  if (!isPort(port)) return wrong(`${port} is no port`);
  if (hub.listeners.has(port)) return wrong(`somebody listens at port ${port} already`);
  if (Number.isInteger(backlog) && backlog > 0 && backlog <= CONNECTION_COUNT_MAX) return undefined;
  return wrong(`a backlog of ${backlog}, expected a whole number from 1 to ${CONNECTION_COUNT_MAX}`);
};

const accept = (hub: Hub, state: ListenerState, options?: VsockOptions): Promise<VsockSocket> => {
  const signal = options?.signal;
  if (signal?.aborted) return Promise.reject(signal.reason);
  if (state.refusal !== undefined) return Promise.reject(failureOf(state.refusal));
  const first = state.arrived.shift();
  if (first !== undefined) {
    first.listener = undefined;
    return Promise.resolve(first.socket);
  }
  const wait: Wait<VsockSocket> = begin<VsockSocket>(hub, signal, () => {
    state.accepts = state.accepts.filter((each) => each !== wait);
    refuse(hub, wait, signal!.reason);
  });
  state.accepts.push(wait);
  stir(hub); // A device that cannot interrupt is looked at more often now.
  return wait.promise;
};

const closeListener = (hub: Hub, state: ListenerState): void => {
  if (state.refusal !== undefined) return;
  hub.listeners.delete(state.listener.port);
  endListener(hub, state, { kind: 'closed', message: `nobody listens at port ${state.listener.port} any more` });
};

/** Nobody listens any more: who waits is told why, and who was not accepted yet is closed. */
export const endListener = (hub: Hub, state: ListenerState, refusal: DeviceError): void => {
  const { accepts, arrived } = state;
  state.refusal = refusal;
  state.accepts = [];
  state.arrived = [];
  for (const wait of accepts) refuse(hub, wait, failureOf(refusal));
  for (const each of arrived) {
    each.listener = undefined;
    beginClosing(hub, each);
  }
};

// What comes from others.

/** Answers a packet by which somebody asks for a connection. */
export const answerRequest = (hub: Hub): void => {
  const { flow } = hub;
  const connections = flow.connections;
  const type: number = flow.type;
  const localPort: number = flow.localPort;
  const peerCid: number = flow.peerCid;
  const peerPort: number = flow.peerPort;
  const state = hub.listeners.get(localPort);
  if (state === undefined || typeNumber(state.type) !== type || state.arrived.length >= state.backlog) {
    refuseRequest(flow);
    return;
  }
  const index: number = addConnection(connections, type, localPort, peerCid, peerPort, state.receiveBytes);
  if (index === NO_CONNECTION) {
    refuseRequest(flow);
    return;
  }
  acceptRequest(flow, connections.table[index]);
  askToSend(connections, index, SEND_RESPONSE);
  const made = newSocket(hub, index, state.type, state.receiveBytes, localPort, peerCid, peerPort);
  const first = state.accepts.shift();
  if (first !== undefined) settle(hub, first, made.socket);
  else {
    made.listener = state;
    state.arrived.push(made);
  }
};

/** Returns the failure of a connection that was refused. */
export const refusedBy = (cid: number, port: number): DeviceFailure =>
  new DeviceFailure('refused', `nobody listens at ${cid}:${port}, or has room for a connection more`);
