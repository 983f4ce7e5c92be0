// The few words of gdb's remote protocol that tests need: stop at an address, read a register, read and write memory, go on.
// GDB manual, appendix E: `$` data `#` two digits of checksum; each packet is answered by `+` and then by its reply.

import { createConnection, type Socket } from 'node:net';

/** A halted machine in QEMU's gdb stub. */
export interface GdbRemote {
  /** Runs until the instruction at `address` is next. */
  runTo(address: number): Promise<void>;
  /** Returns a general register by gdb's number for it: 5 is rdi. */
  readRegister(number: number): Promise<number>;
  /** Returns `length` bytes. */
  readMemory(address: number, length: number): Promise<Buffer>;
  /** Writes `bytes`, whatever the page's rights. */
  writeMemory(address: number, bytes: Uint8Array): Promise<void>;
  /** Lets the machine run, with nobody watching. */
  goOn(): void;
}

/** Connects to the stub of a halted QEMU. */
export const connectGdb = (port: number): Promise<GdbRemote> =>
  new Promise((resolve, reject) => {
    const socket = createConnection(port, '127.0.0.1', () => resolve(speak(socket)));
    socket.once('error', reject);
  });

const speak = (socket: Socket): GdbRemote => {
  let received = '';
  let waiting: ((reply: string) => void) | undefined;
  socket.setEncoding('latin1').on('data', (piece: string) => {
    received += piece;
    const packet = /\$([^#]*)#[0-9a-f]{2}/.exec(received);
    if (packet === null) return;
    received = received.slice(packet.index + packet[0].length);
    socket.write('+');
    waiting?.(packet[1] as string);
  });

  const send = (data: string): void => {
    const sum = [...Buffer.from(data, 'latin1')].reduce((total, byte) => (total + byte) & 0xff, 0);
    socket.write(`$${data}#${sum.toString(16).padStart(2, '0')}`);
  };
  const ask = async (data: string, expected: RegExp): Promise<string> => {
    const reply = await new Promise<string>((resolve) => {
      waiting = resolve;
      send(data);
    });
    if (!expected.test(reply)) throw new Error(`gdb stub: ${data} was answered by '${reply}'`);
    return reply;
  };

  return {
    async runTo(address) {
      const breakpoint = `0,${address.toString(16)},1`;
      await ask(`Z${breakpoint}`, /^OK$/);
      await ask('c', /^T05/);
      await ask(`z${breakpoint}`, /^OK$/);
    },
    async readRegister(number) {
      const all = Buffer.from(await ask('g', /^[0-9a-fx]+$/), 'hex');
      return Number(all.readBigUInt64LE(number * 8));
    },
    async readMemory(address, length) {
      return Buffer.from(await ask(`m${address.toString(16)},${length.toString(16)}`, /^([0-9a-f]{2})+$/), 'hex');
    },
    async writeMemory(address, bytes) {
      await ask(`M${address.toString(16)},${bytes.length.toString(16)}:${Buffer.from(bytes).toString('hex')}`, /^OK$/);
    },
    goOn() {
      waiting = () => {}; // The next reply says that the machine has ended.
      send('c');
    },
  };
};
