// A VNC client that only looks at the keyboard's LEDs: they are what QEMU tells its displays of what a guest has told a keyboard.
//
//   RFC 6143, version 3.8 without authentication, and the pseudo-encoding for LEDs (-261): a rectangle with one byte, scroll 1, num 2, caps 4.

import { connect, type Socket } from 'node:net';

const VERSION = 'RFB 003.008\n';
const SECURITY_NONE = 1;
const LED_STATE = -261;
const SERVER_INIT_LENGTH = 24;

/** What LEDs are lit, as VNC sees it. */
export interface LedWatch {
  /** Each state that QEMU told, the first one included. */
  readonly states: number[];
  /** Is fulfilled when the last state told is `state`; rejects when the connection ends before. */
  waitFor(state: number): Promise<void>;
  close(): void;
}

/** Returns a stream's bytes in pieces of the length that is asked for. */
const readerOf = (socket: Socket): ((length: number) => Promise<Buffer>) => {
  const pieces = socket[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let bytes = Buffer.alloc(0);
  return async (length) => {
    while (bytes.length < length) {
      const { value, done } = await pieces.next();
      if (done) throw new Error('the VNC server has closed the connection');
      bytes = Buffer.concat([bytes, value]);
    }
    const piece = bytes.subarray(0, length);
    bytes = bytes.subarray(length);
    return piece;
  };
};

/** Connects to the VNC server at a Unix socket, and watches the LEDs from then on. */
export const watchLeds = async (path: string): Promise<LedWatch> => {
  const socket = connect(path);
  const read = readerOf(socket);
  const states: number[] = [];
  let look = (): void => {};
  let failure: Error | undefined;

  await read(VERSION.length);
  socket.write(VERSION);
  const [count = 0] = await read(1);
  if (!(await read(count)).includes(SECURITY_NONE)) throw new Error('the VNC server wants a password');
  socket.write(Buffer.from([SECURITY_NONE]));
  if ((await read(4)).readUInt32BE(0) !== 0) throw new Error('the VNC server refuses');
  socket.write(Buffer.from([1])); // ClientInit: others may be there.
  await read((await read(SERVER_INIT_LENGTH)).readUInt32BE(20));
  const encodings = Buffer.from([2, 0, 0, 1, 0, 0, 0, 0]);
  encodings.writeInt32BE(LED_STATE, 4);
  socket.write(encodings);

  const receive = async (): Promise<void> => {
    for (;;) {
      const [type] = await read(1);
      if (type !== 0) throw new Error(`the VNC server sent a message of type ${type}`);
      const rectangles = (await read(3)).readUInt16BE(1);
      for (let i = 0; i < rectangles; i++) {
        const encoding = (await read(12)).readInt32BE(8);
        if (encoding !== LED_STATE) throw new Error(`the VNC server sent a rectangle of encoding ${encoding}`);
        states.push((await read(1))[0]!);
        look();
      }
    }
  };
  receive().catch((error: Error) => {
    failure = error;
    look();
  });

  return {
    states,
    waitFor: (state) =>
      new Promise((resolve, reject) => {
        look = () => {
          if (states.at(-1) === state) resolve();
          else if (failure !== undefined) reject(failure);
        };
        look();
      }),
    close: () => void socket.destroy(),
  };
};
