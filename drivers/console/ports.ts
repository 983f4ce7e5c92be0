// Ports come, get their names, open and close, and go: what control messages do. VIRTIO 1.2 §5.3.6.3.
//
//   DEVICE_READY ─▶        the device announces its ports; so it does after a reset, when they keep their place with the program
//       ◀─ DEVICE_ADD      a port, which the program does not see yet
//   PORT_READY ─▶
//       ◀─ CONSOLE_PORT, PORT_NAME, PORT_OPEN            what there is to know; then the device has taken PORT_READY, and the program sees it
//   PORT_OPEN ─▶           the program uses it
//
// Whatever a message says is looked at before anything follows from it. What cannot be is said in the log, a few times, and ignored.

import { log } from '../../kernel/base/log.ts';
import type { ConsoleOptions, Port } from '../../kernel/device/console.ts';
import { type DeviceError, failureOf } from '../../kernel/device/failure.ts';
import { fulfil } from '../../kernel/event/pending.ts';
import { dmaReadBytes } from '../../kernel/hal/dma.ts';
import { kickBuffers, lookAfter } from '../virtio/buffers.ts';
import { addListener } from '../virtio/listeners.ts';
import { lookAtBroken, lookAtLate, whyEnded } from '../virtio/live.ts';
import {
  canSend,
  MESSAGE_BROKEN,
  MESSAGE_NONE,
  MESSAGE_OK,
  MESSAGE_SHORT,
  sendMessage,
  takeMessage,
  takeSent,
} from './control.ts';
import { forgetUnread, markEnd, takeReceived } from './port-queues.ts';
import {
  EVENT_CONSOLE_PORT,
  EVENT_DEVICE_ADD,
  EVENT_DEVICE_READY,
  EVENT_DEVICE_REMOVE,
  EVENT_PORT_NAME,
  EVENT_PORT_OPEN,
  EVENT_PORT_READY,
  EVENT_RESIZE,
} from './registers.ts';
import { begin, type Hub, listen, type Message, type Pair, type PortState, refuse, settle, stir } from './state.ts';
import {
  failPort,
  openPort,
  read,
  readInto,
  recoverTransmit,
  rejectStarted,
  settleReads,
  startPort,
  write,
} from './streams.ts';

/** Bytes of the longest name that is taken. */
const NAME_LENGTH_MAX = 255;

/** So many messages are looked at in one turn. */
const MESSAGE_COUNT_MAX = 64;

const SPACE = 0x20;
const DELETE = 0x7f;

/** Looks at what the device says, and says what there is to be said. Returns whether there was anything. */
export const pollControl = (hub: Hub): boolean => {
  const { control, live } = hub;
  const sent: number = takeSent(control); // First: the answers that came before it are among the messages below.
  if (sent === MESSAGE_OK) hub.isSentBack = true;
  const received = takeMessages(hub);
  if (sent === MESSAGE_BROKEN) lookAtBroken(live, control.transmit.queue);
  else if (received === MESSAGE_BROKEN) lookAtBroken(live, control.receive.queue);
  else if (received === MESSAGE_NONE) goOn(hub);
  if (live.state === 'live') lookAtLate(live, lookAfter(control.transmit), control.transmit.queue);
  return sent !== MESSAGE_NONE || received !== MESSAGE_NONE || hub.hasHeard;
};

/** Handles messages. Returns MESSAGE_NONE when there are no more, MESSAGE_BROKEN, or MESSAGE_OK: the others have their turn. */
const takeMessages = (hub: Hub): number => {
  hub.hasHeard = false;
  for (let count = 0; count < MESSAGE_COUNT_MAX; count++) {
    const code: number = takeMessage(hub.control);
    if (code === MESSAGE_NONE || code === MESSAGE_BROKEN) return code;
    hub.hasHeard = true;
    if (code === MESSAGE_SHORT) complain(hub, `a control message of ${hub.control.length} bytes`);
    else handle(hub);
  }
  return MESSAGE_OK;
};

/** All that the device has said is handled: notes what it has taken, and sends what is next. */
const goOn = (hub: Hub): void => {
  if (hub.isSentBack) endSending(hub);
  const message = hub.sent === undefined && canSend(hub.control) ? hub.outbox.shift() : undefined;
  if (message !== undefined) {
    hub.sent = message;
    sendMessage(hub.control, message.port, message.event, message.value);
  } else if (hub.sent === undefined && !hub.isSettled) endSettling(hub);
};

const endSending = (hub: Hub): void => {
  const message = hub.sent;
  hub.isSentBack = false;
  hub.sent = undefined;
  if (message === undefined) return; // It was sent before a reset.
  if (message.told !== undefined) settle(hub, message.told, undefined);
  if (message.event === EVENT_PORT_READY && message.value === 1) showPort(hub, message.port);
};

/** The device has announced its ports. Those of before a reset that it does not have any more are gone. */
export const endSettling = (hub: Hub): void => {
  hub.isSettled = true;
  for (const { holder } of hub.pairs) if (holder !== undefined && !holder.isPresent) removePort(hub, holder);
  fulfil(hub.settled, undefined);
};

/** Has a message sent. */
const say = (hub: Hub, port: number, event: number, value: number, told?: Promise<void>): void => {
  hub.outbox.push({ port, event, value, told });
  stir(hub);
};

/** Begins the conversation, again after a reset. */
export const sayReady = (hub: Hub): void => {
  hub.isSettled = false;
  kickBuffers(hub.control.receive); // It answers at once.
  say(hub, 0, EVENT_DEVICE_READY, 1);
  goOn(hub);
};

/** What was said and what was to be said is void: the device was reset, or has ended. */
export const forgetMessages = (hub: Hub): void => {
  const { outbox, sent } = hub;
  hub.outbox = [];
  hub.sent = undefined;
  hub.isSentBack = false;
  if (sent?.told !== undefined) settle(hub, sent.told, undefined);
  for (const { told } of outbox) if (told !== undefined) settle(hub, told, undefined);
};

// What the device says.

const handle = (hub: Hub): void => {
  const { control } = hub;
  const event: number = control.event;
  const number: number = control.port;
  if (event === EVENT_DEVICE_ADD) addAnnounced(hub, number);
  else if (number < hub.pairs.length && hub.pairs[number]!.holder !== undefined) {
    handleFor(hub, hub.pairs[number]!.holder!, event);
  } else if (event !== EVENT_PORT_OPEN || (control.value as number) !== 0) {
    // QEMU closes a port that it has taken away before.
    complain(hub, `control message ${event} for port ${number}, which there is not`);
  }
};

const handleFor = (hub: Hub, state: PortState, event: number): void => {
  switch (event) {
    case EVENT_DEVICE_REMOVE:
      removePort(hub, state);
      break;
    case EVENT_CONSOLE_PORT:
      becomeConsole(hub, state);
      break;
    case EVENT_RESIZE:
      resize(state, hub.control.columns, hub.control.rows);
      break;
    case EVENT_PORT_OPEN:
      setHostOpen(hub, state, (hub.control.value as number) !== 0);
      break;
    case EVENT_PORT_NAME:
      namePort(hub, state);
      break;
    default:
      complain(hub, `control message ${event}, which no device sends`);
  }
};

const addAnnounced = (hub: Hub, number: number): void => {
  if (number >= hub.pairs.length) {
    complain(hub, `port ${number} is added, there is room for ${hub.pairs.length}`);
    say(hub, number, EVENT_PORT_READY, 0);
    return;
  }
  const pair = hub.pairs[number]!;
  if (pair.holder !== undefined && (pair.holder.isPresent || pair.isAnnounced)) {
    complain(hub, `port ${number} is added, which is there already`);
    return;
  }
  pair.holder ??= newPort(hub, pair);
  pair.isAnnounced = true;
  say(hub, number, EVENT_PORT_READY, 1);
};

/** A console is open as soon as it is one. §5.3.6.4 */
const becomeConsole = (hub: Hub, state: PortState): void => {
  state.port.isConsole = true;
  const failure = openPort(hub, state);
  if (failure !== undefined) log('error', hub.live.name, `port ${state.pair.number}: ${failure.message}`);
};

/** The size of a port is another one. */
export const resize = (state: PortState, columns: number, rows: number): void => {
  const { port } = state;
  if (port.size !== undefined && port.size.columns === columns && port.size.rows === rows) return;
  const size = { columns, rows };
  port.size = size;
  for (const listener of state.resizeListeners) listener(size);
};

/** The host has opened or closed a port. */
export const setHostOpen = (hub: Hub, state: PortState, isOpen: boolean): void => {
  if (state.port.isHostOpen === isOpen) return;
  state.port.isHostOpen = isOpen;
  if (!isOpen) endStream(hub, state);
  for (const listener of state.openListeners) listener(isOpen);
};

/** The host has closed the port: what it sent is followed by an end mark, and what it did not read is lost. */
const endStream = (hub: Hub, state: PortState): void => {
  const { pair } = state;
  takeReceived(pair.queues);
  if (state.isOpen) markEnd(pair.queues);
  settleReads(hub, state);
  rejectStarted(hub, state, { kind: 'closed', message: 'the host closed the port in the middle of it' });
  recoverTransmit(hub, pair);
};

const namePort = (hub: Hub, state: PortState): void => {
  const { control } = hub;
  const bytes = new Uint8Array(control.moreLength);
  dmaReadBytes(control.more, bytes);
  const name = nameOf(bytes);
  const { port } = state;
  if (name === undefined || name === '') complain(hub, `port ${port.number} has a name that is none`);
  else if (name === port.name)
    return; // Said again after a reset.
  else if (port.name !== '') complain(hub, `port ${port.number}, ${port.name}, is given a second name`);
  else if (isTaken(hub, name)) complain(hub, `port ${port.number} is given the name ${name}, which another one has`);
  else {
    port.name = name;
    if (state.isPresent) settleWaiters(hub, port);
  }
};

/** Returns the name that UTF-8 bytes are, without the zero that QEMU puts behind it; undefined when they are none, or too many. */
const nameOf = (bytes: Uint8Array): string | undefined => {
  const length = bytes.length > 0 && bytes[bytes.length - 1] === 0 ? bytes.length - 1 : bytes.length;
  if (length > NAME_LENGTH_MAX) return undefined;
  const name = new TextDecoder().decode(bytes.subarray(0, length));
  for (let i = 0; i < name.length; i++) {
    const code = name.charCodeAt(i);
    if (code < SPACE || code === DELETE) return undefined;
  }
  const again = new TextEncoder().encode(name);
  if (again.length !== length) return undefined;
  for (let i = 0; i < length; i++) if (again[i] !== bytes[i]) return undefined;
  return name;
};

const isTaken = (hub: Hub, name: string): boolean => {
  for (const { holder } of hub.pairs) if (holder !== undefined && holder.port.name === name) return true;
  return false;
};

const complain = (hub: Hub, what: string): void => {
  if (hub.complaintsLeft === 0) return;
  hub.complaintsLeft--;
  log('warn', hub.live.name, hub.complaintsLeft === 0 ? `${what}; no more is said of such` : what);
};

// Ports.

/** Returns a new port with the queues of `pair`. */
export const newPort = (hub: Hub, pair: Pair): PortState => {
  const { facts } = hub;
  const state: PortState = {
    pair,
    port: {
      number: pair.number,
      name: '',
      isConsole: false,
      isHostOpen: false,
      size: pair.number === 0 && facts.hasSize ? { columns: facts.columns, rows: facts.rows } : undefined,
      read: (options) => read(hub, state, options),
      readInto: (target, options) => readInto(hub, state, target, options),
      write: (bytes, options) => write(hub, state, bytes, options),
      onOpenChange: (listener) => addListener(state.failure, state, 'openListeners', listener),
      onResize: (listener) => addListener(state.failure, state, 'resizeListeners', listener),
      close: () => closePort(hub, state),
    },
    isPresent: false,
    isOpen: false,
    failure: undefined,
    reads: [],
    firstUnsent: undefined,
    lastUnsent: undefined,
    openListeners: [],
    resizeListeners: [],
  };
  return state;
};

/** The device knows that a port is ready, and has said what there is to know: the program sees it. */
const showPort = (hub: Hub, number: number): void => {
  const pair = hub.pairs[number];
  const state = pair?.holder;
  if (pair === undefined || state === undefined || !pair.isAnnounced) return; // It is gone already.
  pair.isAnnounced = false;
  present(hub, state);
};

/** Has the program see a port; one of before a reset it sees already. */
export const present = (hub: Hub, state: PortState): void => {
  state.isPresent = true;
  if (state.isOpen) {
    const failure = startPort(hub, state);
    if (failure !== undefined) failPort(hub, state, failure, failure);
  }
  if (hub.device.ports.includes(state.port)) return;
  listPorts(hub);
  for (const listener of hub.portListeners) listener(state.port, true);
  settleWaiters(hub, state.port);
};

const listPorts = (hub: Hub): void => {
  const ports: Port[] = [];
  for (const { holder } of hub.pairs) if (holder?.isPresent) ports.push(holder.port);
  hub.device.ports = ports;
};

const removePort = (hub: Hub, state: PortState): void => {
  const { pair, port } = state;
  const isSeen = hub.device.ports.includes(port);
  const error: DeviceError = { kind: 'removed', message: 'the host took the port away' };
  pair.holder = undefined;
  pair.isAnnounced = false;
  port.isHostOpen = false;
  failPort(hub, state, error, error);
  forgetUnread(pair.queues);
  dropMessages(hub, pair.number);
  listPorts(hub);
  recoverTransmit(hub, pair);
  if (isSeen) for (const listener of hub.portListeners) listener(port, false);
};

/** What was to be said of a port that is gone would be of no port, or of another. */
const dropMessages = (hub: Hub, number: number): void => {
  const { outbox } = hub;
  const isOfPort = (message: Message): boolean => message.event !== EVENT_DEVICE_READY && message.port === number;
  hub.outbox = outbox.filter((message) => !isOfPort(message));
  for (const message of outbox)
    if (message.told !== undefined && isOfPort(message)) settle(hub, message.told, undefined);
};

/** As Port.close. */
const closePort = (hub: Hub, state: PortState): Promise<void> => {
  const { pair, port } = state;
  if (state.failure !== undefined) return Promise.resolve();
  const isHostToldOf = state.isOpen && state.isPresent && hub.facts.isMultiport;
  const error: DeviceError = { kind: 'closed', message: 'the port was closed' };
  failPort(hub, state, error, error);
  const next = newPort(hub, pair);
  Object.assign(next.port, {
    name: port.name,
    isConsole: port.isConsole,
    isHostOpen: port.isHostOpen,
    size: port.size,
  });
  next.isPresent = state.isPresent;
  pair.holder = next;
  listPorts(hub);
  if (!isHostToldOf) return Promise.resolve();
  const told = begin<void>(hub);
  say(hub, pair.number, EVENT_PORT_OPEN, 0, told);
  return told;
};

/** As ConsoleDevice.port. */
export const portOfName = (hub: Hub, name: string): Port | undefined => {
  for (const port of hub.device.ports) if (port.name === name) return port;
  return undefined;
};

/** As ConsoleDevice.waitForPort. */
export const waitForPort = (hub: Hub, name: string, options?: ConsoleOptions): Promise<Port> => {
  const signal = options?.signal;
  const ended = whyEnded(hub.live);
  if (ended !== undefined) return Promise.reject(failureOf(ended));
  if (signal?.aborted) return Promise.reject(signal.reason);
  const found = portOfName(hub, name);
  if (found !== undefined) return Promise.resolve(found);
  const promise = begin<Port>(hub);
  hub.waiters.push({ name, promise });
  listen(hub, promise, signal, () => {
    hub.waiters = hub.waiters.filter((each) => each.promise !== promise);
    refuse(hub, promise, signal!.reason);
  });
  return promise;
};

const settleWaiters = (hub: Hub, port: Port): void => {
  const { waiters } = hub;
  hub.waiters = waiters.filter(({ name }) => name !== port.name);
  for (const { name, promise } of waiters) if (name === port.name) settle(hub, promise, port);
};
