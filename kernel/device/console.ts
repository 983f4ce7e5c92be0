// What a console device is to those who use one: ports, each a stream of bytes in both directions between the program and somebody on the host.
// Types only: a driver implements it.
//
// Each stream is held back by who reads it slowly: bytes that the program does not read stay with the host, and a write is done when the device has
// taken its bytes, which it does not while the host does not read. So nothing is lost, and of each port no more than a fixed number of bytes is in memory.

/** Columns and rows of a text console. */
export interface ConsoleSize {
  readonly columns: number;
  readonly rows: number;
}

/** What a call that waits can be given along. */
export interface ConsoleOptions {
  /** Aborted, it rejects the promise with the signal's reason. */
  readonly signal?: AbortSignal;
}

/**
 * One port. It is open for the host to see from the first `read` or `write` on, one that the host uses as a console from the start. Promises reject with a
 * DeviceFailure (failure.ts): `removed` when the host takes the port away, `closed` after `close`, and what can go wrong with every device.
 */
export interface Port {
  /** Its number with the device. */
  readonly number: number;
  /** What the host calls it; empty when it has no name. */
  readonly name: string;
  /** Whether the host uses it as a text console. */
  readonly isConsole: boolean;
  /** Whether somebody on the host has it open; true where the device does not tell. */
  readonly isHostOpen: boolean;
  /** Undefined where the device does not tell. */
  readonly size: ConsoleSize | undefined;

  /**
   * Returns the bytes that are there, one at least, as soon as there are any; and none at all, once, when the host has closed the port and all that it sent
   * before was read. After that it waits for what comes when the host opens the port again. Aborted, it has read nothing.
   */
  read(options?: ConsoleOptions): Promise<Uint8Array>;

  /**
   * The same into an array of the caller's, which is the driver's until then. Returns how many bytes it has put there, as many as there are and as there is room for;
   * the others are for the next read. 0 where `read` returns none.
   */
  readInto(target: Uint8Array, options?: ConsoleOptions): Promise<number>;

  /**
   * Is fulfilled when the device has taken all of `bytes`, which must not change until then. Writes are sent in the order of the calls. While the host does not
   * have the port open it waits, unless the port is a console, whose output is thrown away then. Rejects with `closed` when the host closes the port in the
   * middle: a part may have been read. Aborted, what the device has got already is sent, and nothing more.
   */
  write(bytes: Uint8Array, options?: ConsoleOptions): Promise<void>;

  /** Calls `listener` whenever the host has opened or closed the port. Returns the function that ends it. */
  onOpenChange(listener: (isHostOpen: boolean) => void): () => void;

  /** Calls `listener` with the new size whenever it changes. Returns the function that ends it. */
  onResize(listener: (size: ConsoleSize) => void): () => void;

  /**
   * Closes the port for the host to see. Reads and writes that wait reject with `closed`, later ones too, and what was received and not read is gone. It can
   * be had again, as a new Port, from the device. Is fulfilled when the host has been told.
   */
  close(): Promise<void>;
}

/** A console device and its ports. */
export interface ConsoleDevice {
  /** Where it is and what it is: `0000:00:02.0 virtio-console`. */
  readonly name: string;
  /** The features that device and driver agreed on, by the names of the specification. */
  readonly featureNames: readonly string[];
  /** The ports that there are, by their numbers. */
  readonly ports: readonly Port[];

  /** Returns the port of that name, undefined when there is none. */
  port(name: string): Port | undefined;

  /** Returns the port of that name, when there is one: the host may add it later. */
  waitForPort(name: string, options?: ConsoleOptions): Promise<Port>;

  /** Calls `listener` when the host has added a port, and when it has taken one away. Returns the function that ends it. */
  onPort(listener: (port: Port, isThere: boolean) => void): () => void;

  /**
   * Has the host show one byte, other than 0, through a register: it needs no queue, and works when all else has failed. Throws a DeviceFailure, `unsupported`,
   * where the device cannot.
   */
  emergencyWrite(byte: number): void;

  /** Gives the device back: it is reset, all promises reject with `closed`, and its memory is free again. */
  close(): Promise<void>;
}
