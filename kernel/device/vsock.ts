// What a socket device is to those who use one: connections between the program and its host, or another guest, without a network. Types only: a driver implements it.
//
// An end is known by a context id, the host's being 2, and a port. Who reads slowly holds back who writes: a connection has as many bytes in memory as it was given, and
// what goes beyond stays with who sends it.

/** The context id of the host. VIRTIO 1.2 §5.10.4 */
export const HOST_CID = 2;

/** `stream`: bytes without boundaries. `seqpacket`: messages, each read as a whole. */
export type VsockType = 'stream' | 'seqpacket';

/** What a call that waits can be given along. */
export interface VsockOptions {
  /** Aborted, it rejects the promise with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** How to make connections. */
export interface VsockTypeOptions {
  /** Default: `stream`. */
  readonly type?: VsockType;
  /** Bytes that the other end may send before they are read, of each connection: from 4096 to 16 MiB. Default: 64 KiB. */
  readonly receiveBytes?: number;
}

/** How to connect. */
export interface VsockConnectOptions extends VsockOptions, VsockTypeOptions {
  /** How long the other end may take to answer, in milliseconds. Default: 2000. */
  readonly timeoutMs?: number;
}

/** How to listen. */
export interface VsockListenOptions extends VsockTypeOptions {
  /** Connections that may wait to be accepted; more are refused. Default: 16. */
  readonly backlog?: number;
}

/**
 * One connection. Promises reject with a DeviceFailure (failure.ts): `connection-reset` when the other end has aborted the connection, `wrong-answer` when it said what cannot
 * be, `device-reset` when the device was reset or moved to another host, `closed` after `close`, and what can go wrong with every device.
 */
export interface VsockSocket {
  readonly type: VsockType;
  readonly localPort: number;
  readonly peerCid: number;
  readonly peerPort: number;
  /** Everything that the other end has sent was read, and it sends nothing more. */
  readonly isEnded: boolean;

  /**
   * Returns bytes that have come, one at least, as soon as there are any: of a stream some, of a seqpacket connection one message. Returns none when the other end sends no more
   * (`isEnded`). Reads are served in the order of the calls. Bytes that came before the connection was reset can still be read. Aborted, it has read nothing.
   */
  read(options?: VsockOptions): Promise<Uint8Array>;

  /**
   * Puts what has come into `target`, from its start on, and returns how many bytes that were; 0 at the end. A message that is longer than `target` stays where it is, and the promise
   * rejects: `out-of-range`.
   */
  readInto(target: Uint8Array, options?: VsockOptions): Promise<number>;

  /**
   * Sends `bytes`, which must not change until the promise is fulfilled: then the device has all of them. It waits while the other end does not read. Of a seqpacket
   * connection they are one message, of one byte at least, and no longer than the other end's memory (`out-of-range`). Writes go out in the order of the calls. Rejects with `closed` when the
   * other end takes nothing more. Aborted, a part of a stream's bytes may have gone out; a message of which a part has gone out is not aborted.
   */
  write(bytes: Uint8Array, options?: VsockOptions): Promise<void>;

  /** Says that nothing more will be written, behind all that was: the other end reads to the end. Reading goes on. Is fulfilled when that has gone out. */
  shutdown(): Promise<void>;

  /**
   * Ends the connection: reads and writes that wait reject with `closed`, what was not read is gone. Is fulfilled when the other end has confirmed, or has not for as long as the device
   * may take for a request. Until then, or until the other end has ended it, it counts as one of the connections that there can be.
   */
  close(): Promise<void>;
}

/** A port that others connect to. */
export interface VsockListener {
  readonly port: number;
  readonly type: VsockType;
  /** Returns the next connection, the oldest first. Rejects with `closed` after `close`. */
  accept(options?: VsockOptions): Promise<VsockSocket>;
  /** Refuses whoever comes next, and closes the connections that nobody has accepted. */
  close(): void;
}

/** A socket device. */
export interface VsockDevice {
  /** Where it is and what it is: `0000:00:02.0 virtio-vsock`. */
  readonly name: string;
  /** The features that device and driver agreed on, by the names of the specification. */
  readonly featureNames: readonly string[];
  /** The context id of this machine. It changes when the machine is moved to another host, which ends all connections. */
  readonly cid: number;

  /**
   * Connects to a port of the host (HOST_CID) or of another guest. Rejects with `refused` when nobody listens there, `timeout` when there was no answer, `unsupported` for a type that the
   * device does not have, `no-memory` when there are as many connections as there can be.
   */
  connect(cid: number, port: number, options?: VsockConnectOptions): Promise<VsockSocket>;

  /** Listens at a port. Throws a DeviceFailure: `invalid-argument` when somebody listens there already. */
  listen(port: number, options?: VsockListenOptions): VsockListener;

  /** Gives the device back: it is reset, all promises reject with `closed`, and its memory is free again. */
  close(): Promise<void>;
}
