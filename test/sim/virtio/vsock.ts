// A simulated virtio socket device, written from VIRTIO 1.2 §5.10, with the host behind it: ports at which it listens, connections that it asks for, and their bytes. It keeps to its credit
// and watches that the driver does. A test may have it say anything at all.

import type { SimMachine } from '../machine.ts';
import { type SimFaults, SimVirtioDevice, type SimVirtioOptions } from './device.ts';
import type { SimRing } from './ring.ts';
import type { SimChain } from './ring-layout.ts';

const HEADER_SIZE = 44;
const RECEIVE = 0;
const TRANSMIT = 1;
const EVENT = 2;

/** The operations, by their numbers. */
export const OPERATIONS = [
  'INVALID',
  'REQUEST',
  'RESPONSE',
  'RST',
  'SHUTDOWN',
  'RW',
  'CREDIT_UPDATE',
  'CREDIT_REQUEST',
] as const;

type Operation = (typeof OPERATIONS)[number];

/** A packet in either direction. */
export interface SimPacket {
  readonly sourceCid: number;
  readonly targetCid: number;
  readonly sourcePort: number;
  readonly targetPort: number;
  readonly type: number;
  readonly operation: number;
  readonly flags: number;
  readonly bufferLength: number;
  readonly forwardedCount: number;
  readonly payload: Uint8Array;
  /** What the header says, in place of the payload's length. */
  readonly length?: number;
  /** What the ring says that was written. */
  readonly usedLength?: number;
  /** The high halves of the context ids. */
  readonly high?: number;
}

export interface SimVsockOptions extends Partial<Omit<SimVirtioOptions, 'onNotify' | 'deviceType'>> {
  /** Default: 3. */
  readonly guestCid?: number;
  /** The high half of guest_cid. */
  readonly guestCidHigh?: number;
  /** What the host takes of each connection before it reads. Default: 1000. */
  readonly bufferLength?: number;
  readonly faults?: SimFaults;
}

/** The host's end of a connection. */
export class SimVsockConnection {
  readonly device: SimVsockDevice;
  readonly hostPort: number;
  readonly guestPort: number;
  readonly type: number;
  bufferLength: number;
  isConnected = false;
  /** RST came, or went. */
  isOver = false;
  isReset = false;
  /** SHUTDOWN flags of the driver. */
  guestFlags = 0;
  /** It says that it has read what has come. */
  isReading = true;
  /** It answers SHUTDOWN of both directions by RST. */
  confirms = true;
  readonly received: Uint8Array[] = [];
  /** Messages that have ended. */
  readonly messages: Uint8Array[] = [];
  receivedCount = 0;
  forwardedCount = 0;
  private toldCount = 0;
  private sentCount = 0;
  guestBufferLength = 0;
  guestForwardedCount = 0;
  private readonly waiting: { bytes: Uint8Array; flags: number }[] = [];
  private message: Uint8Array[] = [];

  constructor(device: SimVsockDevice, hostPort: number, guestPort: number, type: number) {
    this.device = device;
    this.hostPort = hostPort;
    this.guestPort = guestPort;
    this.type = type;
    this.bufferLength = device.bufferLength;
  }

  /** Sends bytes, as far as the driver has room for them; the others when it has. A seqpacket connection's are a message. */
  send(bytes: Uint8Array): void {
    this.waiting.push({ bytes, flags: this.type === 2 ? 1 : 0 });
    this.flush();
  }

  /** Returns how many bytes wait for room. */
  get backlog(): number {
    return this.waiting.reduce((sum, { bytes }) => sum + bytes.length, 0);
  }

  shutdown(flags: number): void {
    this.say('SHUTDOWN', { flags });
  }

  reset(): void {
    this.isOver = true;
    this.say('RST');
    this.device.forget(this);
  }

  setReading(isReading: boolean): void {
    this.isReading = isReading;
    if (isReading) this.forward();
  }

  /** Says a packet of this connection, right or wrong. */
  say(operation: Operation, fields: Partial<SimPacket> = {}): void {
    this.toldCount = this.forwardedCount;
    this.device.say({
      sourcePort: this.hostPort,
      targetPort: this.guestPort,
      type: this.type,
      operation: OPERATIONS.indexOf(operation),
      bufferLength: this.bufferLength,
      forwardedCount: this.forwardedCount,
      ...fields,
    });
  }

  /** Takes a packet of the driver's. */
  take(packet: SimPacket): void {
    const { machine } = this.device;
    this.guestBufferLength = packet.bufferLength;
    this.guestForwardedCount = packet.forwardedCount;
    if ((this.sentCount - packet.forwardedCount) >>> 0 > packet.bufferLength)
      machine.violate('more was handed on than was sent');
    if (packet.type !== this.type) machine.violate(`a packet of type ${packet.type}`);
    switch (OPERATIONS[packet.operation]) {
      case 'RESPONSE':
        if (this.isConnected) machine.violate('RESPONSE for a connection that there is');
        this.isConnected = true;
        break;
      case 'RW':
        this.takeBytes(packet);
        break;
      case 'CREDIT_REQUEST':
        this.say('CREDIT_UPDATE');
        break;
      case 'CREDIT_UPDATE':
        break;
      case 'SHUTDOWN':
        this.guestFlags |= packet.flags;
        if (this.guestFlags === 3 && this.confirms) this.reset();
        break;
      case 'RST':
        this.isOver = true;
        this.isReset = true;
        this.device.forget(this);
        return;
      default:
        machine.violate(`op ${packet.operation} of a connection that there is`);
    }
    this.flush();
  }

  private takeBytes({ payload, flags }: SimPacket): void {
    const { machine } = this.device;
    if (!this.isConnected) machine.violate('bytes before the connection is agreed on');
    if ((this.guestFlags & 2) !== 0) machine.violate('bytes behind the end');
    this.receivedCount = (this.receivedCount + payload.length) >>> 0;
    if ((this.receivedCount - this.forwardedCount) >>> 0 > this.bufferLength) machine.violate('bytes without credit');
    this.received.push(payload);
    this.message.push(payload);
    if (this.type === 2 && flags === 1) this.messages.push(Buffer.concat(this.message.splice(0)));
    else if (flags !== 0) machine.violate(`flags ${flags}`);
    if (this.isReading) this.forward();
  }

  /** All that has come was read. */
  private forward(): void {
    this.forwardedCount = this.receivedCount;
    if ((this.forwardedCount - this.toldCount) >>> 0 > this.bufferLength / 2) this.say('CREDIT_UPDATE');
  }

  private flush(): void {
    while (this.isConnected && this.waiting.length > 0) {
      const room = this.guestBufferLength - ((this.sentCount - this.guestForwardedCount) >>> 0);
      const { bytes, flags } = this.waiting[0]!;
      const count = Math.min(bytes.length, room, 4000);
      if (count === 0 && bytes.length > 0) return;
      const isLast = count === bytes.length;
      if (isLast) this.waiting.shift();
      else this.waiting[0] = { bytes: bytes.subarray(count), flags };
      this.sentCount = (this.sentCount + count) >>> 0;
      this.say('RW', { payload: bytes.subarray(0, count), flags: isLast ? flags : 0 });
    }
  }
}

/** The device. */
export class SimVsockDevice {
  readonly machine: SimMachine;
  readonly device: SimVirtioDevice;
  readonly bufferLength: number;
  guestCid: number;
  /** What the driver has sent. */
  readonly packets: SimPacket[] = [];
  /** Ports at which the host listens, and the types that it takes there. */
  readonly ports = new Map<number, number>();
  /** All connections that there were, the oldest first. */
  readonly connections: SimVsockConnection[] = [];
  /** It answers nothing of itself. */
  isDeaf = false;
  /** It takes nothing out of the transmit queue. */
  isStuck = false;
  private readonly outbox: SimPacket[] = [];
  private nextPort = 1024;

  constructor(machine: SimMachine, options: SimVsockOptions = {}) {
    this.machine = machine;
    this.bufferLength = options.bufferLength ?? 1000;
    this.guestCid = options.guestCid ?? 3;
    this.device = new SimVirtioDevice(machine, {
      features: [0, 1, 2, 32],
      queueSizes: [128, 128, 128],
      config: cidBytes(this.guestCid, options.guestCidHigh ?? 0),
      ...options,
      deviceType: 19,
      onNotify: (device, queue) => {
        device.rings[queue]!.askForNotifications();
        if (queue === TRANSMIT) this.listen(device.rings[queue]!);
        if (queue === RECEIVE) this.deliver();
      },
    });
  }

  /** The host asks for a connection to a port of the driver's. */
  connect(guestPort: number, type = 1): SimVsockConnection {
    const connection = new SimVsockConnection(this, this.nextPort++, guestPort, type);
    this.connections.push(connection);
    connection.say('REQUEST');
    return connection;
  }

  /** Says a packet, as soon as the driver has a buffer for it. What is not said is as from host to guest. */
  say(fields: Partial<SimPacket>): void {
    this.outbox.push({
      sourceCid: 2,
      targetCid: this.guestCid,
      sourcePort: 0,
      targetPort: 0,
      type: 1,
      operation: 0,
      flags: 0,
      bufferLength: this.bufferLength,
      forwardedCount: 0,
      payload: new Uint8Array(0),
      ...fields,
    });
    this.deliver();
  }

  /** Returns how many packets have found no buffer yet. */
  get backlog(): number {
    return this.outbox.length;
  }

  /** Says an event: the machine has been moved, and has another context id. */
  move(guestCid: number, high = 0): void {
    this.guestCid = guestCid;
    (this.device.options.config as Uint8Array).set(cidBytes(guestCid, high));
    this.connections.splice(0);
    this.outbox.splice(0);
    this.sayEvent(0);
  }

  /** Says any event; `length` is what the ring says that was written. */
  sayEvent(id: number, length = 4): void {
    const ring = this.device.rings[EVENT]!;
    const chain = ring.takeOne();
    if (chain === undefined) {
      this.machine.violate('an event found no buffer');
      return;
    }
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(id);
    this.store(chain, bytes);
    ring.give(chain.head, length);
  }

  /** Takes what waits in the transmit queue. */
  unstick(): void {
    this.isStuck = false;
    this.listen(this.device.rings[TRANSMIT]!);
  }

  forget(connection: SimVsockConnection): void {
    const at = this.connections.indexOf(connection);
    if (at >= 0) this.connections.splice(at, 1);
  }

  private listen(ring: SimRing): void {
    if (this.isStuck) return;
    for (const chain of ring.take()) {
      if (chain.writable.length > 0) this.machine.violate('a buffer of the transmit queue is writable');
      const bytes = Buffer.concat(
        chain.readable.map(({ offset, length }) => this.machine.dma.slice(offset, offset + length)),
      );
      ring.give(chain.head, 0);
      this.hear(parse(bytes));
    }
    ring.askForNotifications();
  }

  private hear(packet: SimPacket): void {
    this.packets.push(packet);
    if (packet.sourceCid !== this.guestCid) this.machine.violate(`a packet from ${packet.sourceCid}`);
    if (packet.payload.length !== packet.length) this.machine.violate(`a packet of ${packet.length} bytes`);
    if (this.isDeaf || packet.targetCid !== 2) return;
    const connection = this.connections.find(
      ({ hostPort, guestPort }) => hostPort === packet.targetPort && guestPort === packet.sourcePort,
    );
    if (connection !== undefined) connection.take(packet);
    else if (OPERATIONS[packet.operation] === 'REQUEST') this.answer(packet);
    else if (OPERATIONS[packet.operation] !== 'RST') this.refuse(packet);
  }

  private answer(packet: SimPacket): void {
    if (this.ports.get(packet.targetPort) !== packet.type) {
      this.refuse(packet);
      return;
    }
    const connection = new SimVsockConnection(this, packet.targetPort, packet.sourcePort, packet.type);
    connection.isConnected = true;
    connection.guestBufferLength = packet.bufferLength;
    this.connections.push(connection);
    connection.say('RESPONSE');
  }

  private refuse({ targetPort, sourcePort, type }: SimPacket): void {
    this.say({ sourcePort: targetPort, targetPort: sourcePort, type, operation: OPERATIONS.indexOf('RST') });
  }

  private deliver(): void {
    if (!this.device.isLive) return;
    const ring = this.device.rings[RECEIVE]!;
    while (this.outbox.length > 0) {
      const chain = ring.takeOne();
      if (chain === undefined) return;
      const packet = this.outbox.shift()!;
      const bytes = format(packet);
      this.store(chain, bytes);
      ring.give(chain.head, packet.usedLength ?? bytes.length);
    }
  }

  private store(chain: SimChain, bytes: Uint8Array): void {
    const room = chain.writable.reduce((sum, { length }) => sum + length, 0);
    if (chain.readable.length > 0) this.machine.violate('a buffer of a receive queue is readable');
    if (room < bytes.length)
      throw new Error(`the simulated device says ${bytes.length} bytes, there is room for ${room}`);
    let stored = 0;
    for (const { offset, length } of chain.writable) {
      const piece = bytes.subarray(stored, stored + length);
      this.machine.dma.set(piece, offset);
      stored += piece.length;
    }
  }
}

/** §5.10.6 */
const format = (packet: SimPacket): Uint8Array => {
  const bytes = Buffer.alloc(HEADER_SIZE + packet.payload.length);
  bytes.writeUInt32LE(packet.sourceCid, 0);
  bytes.writeUInt32LE(packet.high ?? 0, 4);
  bytes.writeUInt32LE(packet.targetCid, 8);
  bytes.writeUInt32LE(packet.sourcePort, 16);
  bytes.writeUInt32LE(packet.targetPort, 20);
  bytes.writeUInt32LE(packet.length ?? packet.payload.length, 24);
  bytes.writeUInt16LE(packet.type, 28);
  bytes.writeUInt16LE(packet.operation, 30);
  bytes.writeUInt32LE(packet.flags, 32);
  bytes.writeUInt32LE(packet.bufferLength, 36);
  bytes.writeUInt32LE(packet.forwardedCount, 40);
  bytes.set(packet.payload, HEADER_SIZE);
  return bytes;
};

const parse = (bytes: Buffer): SimPacket => ({
  sourceCid: Number(bytes.readBigUInt64LE(0)),
  targetCid: Number(bytes.readBigUInt64LE(8)),
  sourcePort: bytes.readUInt32LE(16),
  targetPort: bytes.readUInt32LE(20),
  length: bytes.readUInt32LE(24),
  type: bytes.readUInt16LE(28),
  operation: bytes.readUInt16LE(30),
  flags: bytes.readUInt32LE(32),
  bufferLength: bytes.readUInt32LE(36),
  forwardedCount: bytes.readUInt32LE(40),
  payload: bytes.subarray(HEADER_SIZE),
});

const cidBytes = (cid: number, high: number): Uint8Array => {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32LE(cid, 0);
  bytes.writeUInt32LE(high, 4);
  return bytes;
};
