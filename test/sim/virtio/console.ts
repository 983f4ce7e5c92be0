// A simulated virtio console, written from VIRTIO 1.2 §5.3, with the host behind its ports. A test plays the host: it opens and closes ports, sends, stops
// reading, adds ports and takes them away; and it may have the device say what cannot be.
//
// As QEMU's, the device has no memory for control messages: one that finds no buffer is lost. Drivers must not let that happen, so it is a violation.

import type { SimMachine } from '../machine.ts';
import { type SimFaults, SimVirtioDevice, type SimVirtioOptions } from './device.ts';
import type { SimRing } from './ring.ts';
import type { SimBuffer, SimChain } from './ring-layout.ts';

/** A port as the host has it. */
export interface SimPort {
  readonly number: number;
  readonly name?: string;
  readonly isConsole?: boolean;
  /** Whether the host has it open. Default: true. */
  readonly isOpen?: boolean;
}

/** A control message of the driver's. */
export interface SimMessage {
  readonly port: number;
  readonly event: string;
  readonly value: number;
}

export interface SimConsoleOptions extends Partial<Omit<SimVirtioOptions, 'onNotify' | 'deviceType'>> {
  /** Default: one, number 1, `org.test.0`. */
  readonly ports?: readonly SimPort[];
  /** max_nr_ports. Default: 4. */
  readonly portCountMax?: number;
  readonly size?: readonly [columns: number, rows: number];
  /** As QEMU's: the chain in the middle of which the host closes a port is never given back. */
  readonly losesChains?: boolean;
  readonly faults?: SimFaults;
}

/** What the device keeps of a port. */
interface PortState {
  readonly name: string | undefined;
  readonly isConsole: boolean;
  isHostOpen: boolean;
  isGuestOpen: boolean;
  /** The host takes what comes. */
  isReading: boolean;
  /** Chains that wait for the host to read. */
  held: SimChain[];
  /** Sent by the host, and not in the driver's memory yet. */
  toDriver: Uint8Array[];
  /** Read by the host. */
  fromDriver: Uint8Array[];
}

const SIZE = 0;
const MULTIPORT = 1;
const EMERGENCY_WRITE = 2;
const FEATURES = [MULTIPORT, EMERGENCY_WRITE, 32];

const EVENTS = [
  'DEVICE_READY',
  'DEVICE_ADD',
  'DEVICE_REMOVE',
  'PORT_READY',
  'CONSOLE_PORT',
  'RESIZE',
  'PORT_OPEN',
  'PORT_NAME',
];

const QUEUE_SIZE = 8;
const CONTROL_QUEUE_SIZE = 32;
const CONTROL_RECEIVE = 2;
const CONTROL_TRANSMIT = 3;

/** The console. */
export class SimConsoleDevice {
  readonly device: SimVirtioDevice;
  /** What the driver has said. */
  readonly messages: SimMessage[] = [];
  /** Bytes of emergency writes. */
  readonly emergency: number[] = [];
  /** It takes control messages and does nothing about them. */
  isDeaf = false;
  /** It does not even take them. */
  isDead = false;
  private readonly machine: SimMachine;
  private readonly losesChains: boolean;
  private readonly ports = new Map<number, PortState>();

  constructor(machine: SimMachine, options: SimConsoleOptions = {}) {
    const portCount = options.portCountMax ?? 4;
    this.machine = machine;
    this.losesChains = options.losesChains ?? false;
    for (const port of options.ports ?? [{ number: 1, name: 'org.test.0' }]) this.ports.set(port.number, stateOf(port));
    this.device = new SimVirtioDevice(machine, {
      features: options.size === undefined ? FEATURES : [SIZE, ...FEATURES],
      queueSizes: queueSizes(portCount),
      config: configuration(options.size ?? [0, 0], portCount),
      ...options,
      deviceType: 3,
      onNotify: (_, queue) => this.work(queue),
    });
    this.watchConfiguration();
    this.watchStatus();
  }

  /** The host sends bytes. They reach the driver as far as it has buffers and the port open. */
  send(number: number, bytes: Uint8Array): void {
    this.state(number).toDriver.push(bytes);
    this.deliver(number);
  }

  /** Returns what the host has read so far. */
  received(number: number): Uint8Array {
    return Buffer.concat(this.state(number).fromDriver);
  }

  /** Returns how many bytes the host has sent that are not in the driver's memory yet. */
  backlog(number: number): number {
    return this.state(number).toDriver.reduce((sum, { length }) => sum + length, 0);
  }

  /** Returns how many chains of the driver's wait for the host to read. */
  heldCount(number: number): number {
    return this.state(number).held.length;
  }

  isGuestOpen(number: number): boolean {
    return this.state(number).isGuestOpen;
  }

  /** The host reads what comes, or stops. */
  setReading(number: number, isReading: boolean): void {
    this.state(number).isReading = isReading;
    this.drain(number);
  }

  open(number: number): void {
    this.state(number).isHostOpen = true;
    this.say(number, 'PORT_OPEN', 1);
    this.deliver(number);
  }

  /** The host closes a port: what it has not read is thrown away. */
  close(number: number): void {
    const state = this.state(number);
    state.isHostOpen = false;
    state.isReading = true;
    if (this.losesChains) state.held.shift();
    this.drain(number);
    this.say(number, 'PORT_OPEN', 0);
  }

  add(port: SimPort): void {
    this.ports.set(port.number, stateOf(port));
    this.say(port.number, 'DEVICE_ADD', 1);
  }

  remove(number: number): void {
    const state = this.state(number);
    state.isHostOpen = false;
    if (this.losesChains) state.held.shift();
    this.drain(number);
    this.ports.delete(number);
    this.say(number, 'DEVICE_REMOVE', 1);
  }

  /** It has a port no more, and does not say so. */
  forget(number: number): void {
    this.ports.delete(number);
  }

  resize(number: number, columns: number, rows: number): void {
    this.say(number, 'RESIZE', 0, [columns & 0xff, columns >> 8, rows & 0xff, rows >> 8]);
  }

  /** Says something by a control message. */
  say(port: number, event: string, value = 0, more: ArrayLike<number> = []): void {
    const bytes = Buffer.alloc(8 + more.length);
    bytes.writeUInt32LE(port, 0);
    bytes.writeUInt16LE(EVENTS.indexOf(event), 4);
    bytes.writeUInt16LE(value, 6);
    bytes.set(Array.from(more), 8);
    this.sayBytes(bytes);
  }

  /** The same with whatever bytes; `length` is what the device says that it wrote. */
  sayBytes(bytes: Uint8Array, length = bytes.length): void {
    if (!this.device.isLive || !this.device.has(MULTIPORT)) return;
    const ring = this.device.rings[CONTROL_RECEIVE]!;
    const chain = ring.takeOne();
    if (chain === undefined) {
      this.machine.violate('a control message found no buffer');
      return;
    }
    this.store(chain, bytes);
    ring.give(chain.head, length);
  }

  private work(queue: number): void {
    const ring = this.device.rings[queue]!;
    ring.askForNotifications(); // It looks when it is notified, and only then.
    if (queue === CONTROL_RECEIVE && this.device.has(MULTIPORT)) return;
    if (queue === CONTROL_TRANSMIT && this.device.has(MULTIPORT)) this.listen(ring);
    else if (queue % 2 === 0) this.deliver(portOf(queue));
    else this.take(ring, portOf(queue));
  }

  private listen(ring: SimRing): void {
    if (this.isDead) return;
    for (const chain of ring.take()) {
      if (chain.writable.length > 0) this.machine.violate('a buffer of a transmit queue is writable');
      const bytes = Buffer.from(this.bytesOf(chain));
      if (bytes.length !== 8) this.machine.violate(`a control message of ${bytes.length} bytes`);
      else this.hear(bytes.readUInt32LE(0), EVENTS[bytes.readUInt16LE(4)] ?? 'unknown', bytes.readUInt16LE(6));
      ring.give(chain.head, 0);
    }
  }

  private hear(port: number, event: string, value: number): void {
    this.messages.push({ port, event, value });
    if (this.isDeaf) return;
    if (event === 'DEVICE_READY') {
      for (const number of this.ports.keys()) this.say(number, 'DEVICE_ADD', 1);
      return;
    }
    const state = this.ports.get(port);
    if (state === undefined) return;
    if (event === 'PORT_READY' && value === 1) this.introduce(port, state);
    else if (event === 'PORT_OPEN') {
      state.isGuestOpen = value !== 0;
      this.deliver(port);
    } else if (event !== 'PORT_READY') this.machine.violate(`the driver says ${event}`);
  }

  private introduce(port: number, { isConsole, name, isHostOpen }: PortState): void {
    if (isConsole) this.say(port, 'CONSOLE_PORT', 1);
    if (name !== undefined) this.say(port, 'PORT_NAME', 1, new TextEncoder().encode(name));
    if (isHostOpen) this.say(port, 'PORT_OPEN', 1);
  }

  private deliver(number: number): void {
    const state = this.ports.get(number);
    if (state === undefined || !state.isHostOpen || !this.device.isLive) return;
    if (this.device.has(MULTIPORT) && !state.isGuestOpen) return;
    const ring = this.device.rings[receiveQueue(number)]!;
    while (state.toDriver.length > 0) {
      const chain = ring.enabled ? ring.takeOne() : undefined;
      if (chain === undefined) return;
      const first = state.toDriver.shift()!;
      const count = Math.min(first.length, lengthOf(chain.writable));
      this.store(chain, first.subarray(0, count));
      if (count < first.length) state.toDriver.unshift(first.subarray(count));
      ring.give(chain.head, count);
    }
  }

  private take(ring: SimRing, number: number): void {
    const state = this.ports.get(number);
    const chains = ring.take();
    for (const chain of chains)
      if (chain.writable.length > 0) this.machine.violate('a buffer of a transmit queue is writable');
    if (state === undefined) {
      for (const chain of chains) ring.give(chain.head, 0);
      return;
    }
    state.held.push(...chains);
    this.drain(number);
  }

  /** Gives back what the host reads, and, unread, what it will never read. */
  private drain(number: number): void {
    const state = this.state(number);
    const ring = this.device.rings[receiveQueue(number) + 1]!;
    if (state.isHostOpen && !state.isReading) return;
    for (const chain of state.held.splice(0)) {
      if (state.isHostOpen) state.fromDriver.push(this.bytesOf(chain));
      ring.give(chain.head, 0);
    }
  }

  private state(number: number): PortState {
    const state = this.ports.get(number);
    if (state === undefined) throw new Error(`the simulated console has no port ${number}`);
    return state;
  }

  private bytesOf(chain: SimChain): Uint8Array {
    return Buffer.concat(chain.readable.map(({ offset, length }) => this.machine.dma.slice(offset, offset + length)));
  }

  private store(chain: SimChain, bytes: Uint8Array): void {
    if (chain.readable.length > 0) this.machine.violate('a buffer of a receive queue is readable');
    let stored = 0;
    for (const { offset, length } of chain.writable) {
      const piece = bytes.subarray(stored, stored + length);
      this.machine.dma.set(piece, offset);
      stored += piece.length;
    }
  }

  private watchConfiguration(): void {
    const { device } = this;
    const write = device.writeConfig.bind(device);
    device.writeConfig = (offset, width, value) => {
      if (offset !== 8 || width !== 4)
        this.machine.violate(`${width} bytes are written at ${offset} of the configuration`);
      if (offset === 8) this.emergency.push(value & 0xff);
      else write(offset, width, value);
    };
  }

  private watchStatus(): void {
    const { device } = this;
    const write = device.writeStatus.bind(device);
    device.writeStatus = (value) => {
      write(value);
      if (value !== 0) return;
      for (const state of this.ports.values()) {
        state.isGuestOpen = false;
        state.held = [];
      }
    };
  }
}

const stateOf = ({ name, isConsole = false, isOpen = true }: SimPort): PortState => ({
  name,
  isConsole,
  isHostOpen: isOpen,
  isGuestOpen: false,
  isReading: true,
  held: [],
  toDriver: [],
  fromDriver: [],
});

const lengthOf = (buffers: readonly SimBuffer[]): number => buffers.reduce((sum, { length }) => sum + length, 0);

// Which queue is whose. §5.3.2

const receiveQueue = (port: number): number => (port === 0 ? 0 : 2 + 2 * port);

const portOf = (queue: number): number => (queue < 2 ? 0 : Math.floor(queue / 2) - 1);

const queueSizes = (portCount: number): number[] =>
  Array.from({ length: 2 + 2 * portCount }, (_, index) =>
    index === CONTROL_RECEIVE || index === CONTROL_TRANSMIT ? CONTROL_QUEUE_SIZE : QUEUE_SIZE,
  );

/** §5.3.4 */
const configuration = ([columns, rows]: readonly [number, number], portCount: number): Uint8Array => {
  const bytes = Buffer.alloc(12);
  bytes.writeUInt16LE(columns, 0);
  bytes.writeUInt16LE(rows, 2);
  bytes.writeUInt32LE(portCount, 4);
  return bytes;
};
