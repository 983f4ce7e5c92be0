// QMP, QEMU's control protocol: one JSON object a line, both ways (QEMU documentation, "QEMU Machine Protocol").
//
//   QEMU → {"QMP": …}                      greeting
//   us   → {"execute": …, "id": n}         QEMU → {"return": …, "id": n} or {"error": …, "id": n}
//                                          QEMU → {"event": …, "data": …} at any time

import type { Duplex } from 'node:stream';

/** Something that happened in QEMU, such as SHUTDOWN or RESET. */
export interface QmpEvent {
  readonly event: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

/** A conversation with one QEMU. */
export interface Qmp {
  /** Returns what the command returns. Rejects with QEMU's own words when it refuses, or when QEMU ends first. */
  execute(command: string, argumentsOf?: Readonly<Record<string, unknown>>): Promise<unknown>;
  /** What has happened so far, in order. */
  readonly events: readonly QmpEvent[];
}

interface Message {
  readonly QMP?: unknown;
  readonly id?: number;
  readonly return?: unknown;
  readonly error?: { readonly desc: string };
  readonly event?: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

interface Pending {
  readonly command: string;
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** Starts the conversation on `stream`: after the greeting leaves the negotiation mode, so that commands and events flow. */
export const openQmp = (stream: Duplex): Qmp => {
  const events: QmpEvent[] = [];
  const pending = new Map<number, Pending>();
  let lastId = 0;
  let unsent: string[] | undefined = []; // Until the greeting. A write to a QEMU that has failed to start would lose what it said.
  let ended = false;

  // What is said in one turn goes out in one piece.
  const send = (line: string): void => {
    if (unsent === undefined) {
      stream.cork();
      stream.write(line);
      process.nextTick(() => stream.uncork());
    } else unsent.push(line);
  };

  const receive = (message: Message): void => {
    if (message.QMP !== undefined) {
      for (const line of unsent ?? []) stream.write(line);
      unsent = undefined;
    }
    if (message.event !== undefined) events.push({ event: message.event, data: message.data });
    const asked = message.id === undefined ? undefined : pending.get(message.id);
    if (asked === undefined) return;
    pending.delete(message.id as number);
    if (message.error === undefined) asked.resolve(message.return);
    else asked.reject(new Error(`QMP ${asked.command}: ${message.error.desc}`));
  };

  const end = (): void => {
    ended = true;
    for (const { command, reject } of pending.values()) reject(new Error(`QMP ${command}: QEMU ended first`));
    pending.clear();
  };

  const execute = (command: string, argumentsOf?: Readonly<Record<string, unknown>>): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (ended) return reject(new Error(`QMP ${command}: QEMU has ended`));
      lastId += 1;
      pending.set(lastId, { command, resolve, reject });
      send(`${JSON.stringify({ execute: command, arguments: argumentsOf, id: lastId })}\n`);
    });

  const split = createLineSplitter((line) => receive(JSON.parse(line) as Message));
  stream.setEncoding('utf8').on('data', split).on('close', end);
  stream.on('error', () => {}); // A QEMU that ends resets the socket; 'close' follows and tells who waits.
  execute('qmp_capabilities').catch(() => {}); // It fails only when QEMU ends first, which the exit status tells.
  return { execute, events };
};

/** Returns a sink for pieces of text that calls `line` for each whole, non-empty line in them. */
const createLineSplitter = (line: (text: string) => void): ((piece: string) => void) => {
  let partial = '';
  return (piece) => {
    const lines = (partial + piece).split('\n');
    partial = lines.pop() as string;
    for (const text of lines) if (text.trim() !== '') line(text);
  };
};
