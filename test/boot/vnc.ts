// A VNC client: the other end of QEMU's displays, for tests that look at what a user would see and that change the size of his window.
//
//   RFC 6143, version 3.8 without authentication. What the server may send by itself is asked for by pseudo-encodings; the picture itself is never asked for.

import { connect, type Socket } from 'node:net';

const VERSION = 'RFB 003.008\n';
const SECURITY_NONE = 1;
const SERVER_INIT_LENGTH = 24;
const FRAMEBUFFER_UPDATE = 0;
const SET_DESKTOP_SIZE = 251;

/** A rectangle without pixels that the server has sent. */
export interface VncRectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly encoding: number;
}

/** A connection. */
export interface Vnc {
  /** Asks the host for a window of that size. */
  setDesktopSize(width: number, height: number): void;
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

/**
 * Connects to the VNC server at a Unix socket. `encodings` are what it may send; for each rectangle `take` reads with `read` what belongs to it. `fail` is called when the
 * connection ends, and for what cannot be.
 */
export const openVnc = async (
  path: string,
  encodings: readonly number[],
  take: (rectangle: VncRectangle, read: (length: number) => Promise<Buffer>) => Promise<void>,
  fail: (error: Error) => void,
): Promise<Vnc> => {
  const socket = connect(path);
  const read = readerOf(socket);

  await read(VERSION.length);
  socket.write(VERSION);
  const [count = 0] = await read(1);
  if (!(await read(count)).includes(SECURITY_NONE)) throw new Error('the VNC server wants a password');
  socket.write(Buffer.from([SECURITY_NONE]));
  if ((await read(4)).readUInt32BE(0) !== 0) throw new Error('the VNC server refuses');
  socket.write(Buffer.from([1])); // ClientInit: others may be there.
  await read((await read(SERVER_INIT_LENGTH)).readUInt32BE(20));
  const request = Buffer.alloc(4 + 4 * encodings.length);
  request.writeUInt8(2, 0);
  request.writeUInt16BE(encodings.length, 2);
  for (const [i, encoding] of encodings.entries()) request.writeInt32BE(encoding, 4 + 4 * i);
  socket.write(request);

  const receive = async (): Promise<void> => {
    for (;;) {
      const [type] = await read(1);
      if (type !== FRAMEBUFFER_UPDATE) throw new Error(`the VNC server sent a message of type ${type}`);
      const rectangles = (await read(3)).readUInt16BE(1);
      for (let i = 0; i < rectangles; i++) {
        const head = await read(12);
        const [x, y, width, height] = [0, 2, 4, 6].map((at) => head.readUInt16BE(at)) as [
          number,
          number,
          number,
          number,
        ];
        await take({ x, y, width, height, encoding: head.readInt32BE(8) }, read);
      }
    }
  };
  receive().catch(fail);

  return {
    setDesktopSize(width, height) {
      const message = Buffer.alloc(24); // One screen, which is all of it.
      message.writeUInt8(SET_DESKTOP_SIZE, 0);
      message.writeUInt16BE(width, 2);
      message.writeUInt16BE(height, 4);
      message.writeUInt8(1, 6);
      message.writeUInt16BE(width, 16);
      message.writeUInt16BE(height, 18);
      socket.write(message);
    },
    close: () => void socket.destroy(),
  };
};
