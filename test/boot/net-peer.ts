// The other end of a guest's network, on the host: QEMU's `dgram` and `stream` backends, frames and what filter-dump has written of them.

import dgram from 'node:dgram';
import { readFileSync } from 'node:fs';
import net from 'node:net';
import { onTestFinished } from 'vitest';

/** One end of a wire. */
export interface Peer {
  /** QEMU's option for the other end, as network `n0`. */
  readonly netdev: string;
  /** Every frame that came, in its order. */
  readonly frames: Buffer[];
  send(frame: Uint8Array): void;
  /** Returns the first frame from `from` on for which `isWanted` says so, when there is one. Throws after `limitMs`. */
  waitFor(isWanted: (frame: Buffer) => boolean, from?: number, limitMs?: number): Promise<Buffer>;
}

const LIMIT_MS = 8_000;
const LENGTH_SIZE = 4;

/** A frame is a datagram of UDP. */
export const dgramPeer = async (): Promise<Peer> => {
  const socket = dgram.createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  socket.setRecvBufferSize(4 * 1024 * 1024);
  const there = await freePort();
  onTestFinished(() => void socket.close());
  const peer = newPeer(
    `dgram,id=n0,local.type=inet,local.host=127.0.0.1,local.port=${there},remote.type=inet,remote.host=127.0.0.1,remote.port=${socket.address().port}`,
    (frame) => socket.send(frame, there, '127.0.0.1'),
  );
  socket.on('message', (frame) => peer.arrived(frame));
  return peer;
};

/** Frames follow each other on a stream, each behind its length. */
export const streamPeer = async (path: string): Promise<Peer> => {
  let rest = Buffer.alloc(0);
  const sockets: net.Socket[] = [];
  const server = net.createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => {}); // A QEMU that ends resets it.
    socket.on('data', (piece) => {
      rest = Buffer.concat([rest, piece as Buffer]);
      while (rest.length >= LENGTH_SIZE && rest.length >= LENGTH_SIZE + rest.readUInt32BE(0)) {
        const end = LENGTH_SIZE + rest.readUInt32BE(0);
        peer.arrived(rest.subarray(LENGTH_SIZE, end));
        rest = rest.subarray(end);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const peer = newPeer(`stream,id=n0,server=off,addr.type=unix,addr.path=${path}`, (frame) => {
    const length = Buffer.alloc(LENGTH_SIZE);
    length.writeUInt32BE(frame.length);
    sockets[0]!.write(Buffer.concat([length, frame]));
  });
  return peer;
};

interface Waiter {
  isWanted(frame: Buffer): boolean;
  resolve(frame: Buffer): void;
}

const newPeer = (netdev: string, send: (frame: Uint8Array) => void) => {
  const frames: Buffer[] = [];
  let waiters: Waiter[] = [];
  return {
    netdev,
    frames,
    send,
    arrived: (frame: Buffer): void => {
      frames.push(frame);
      for (const waiter of waiters.filter(({ isWanted }) => isWanted(frame))) {
        waiters = waiters.filter((each) => each !== waiter);
        waiter.resolve(frame);
      }
    },
    waitFor: (isWanted: (frame: Buffer) => boolean, from = 0, limitMs = LIMIT_MS): Promise<Buffer> => {
      const known = frames.slice(from).find(isWanted);
      if (known !== undefined) return Promise.resolve(known);
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`no such frame in ${limitMs} ms`)), limitMs);
        waiters.push({
          isWanted,
          resolve: (frame) => {
            clearTimeout(timer);
            resolve(frame);
          },
        });
      });
    },
  };
};

/** Returns a port of UDP that is free now. */
const freePort = async (): Promise<number> => {
  const socket = dgram.createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(resolve));
  return port;
};

/** Returns the frames of a file of filter-dump, in their order: libpcap's format. */
export const framesOfPcap = (file: string): Buffer[] => {
  const bytes = readFileSync(file);
  if (bytes.readUInt32LE(0) !== 0xa1b2c3d4) throw new Error(`${file} is no pcap file`);
  const frames: Buffer[] = [];
  for (let at = 24; at < bytes.length; ) {
    const length = bytes.readUInt32LE(at + 8);
    frames.push(bytes.subarray(at + 16, at + 16 + length));
    at += 16 + length;
  }
  return frames;
};

/** Returns the bytes of `52:54:00:12:34:56`. */
export const macOf = (text: string): Buffer => Buffer.from(text.replaceAll(':', ''), 'hex');

/** Returns a frame. */
export const frameOf = (to: Uint8Array, from: Uint8Array, type: number, data: Uint8Array): Buffer => {
  const head = Buffer.alloc(14);
  head.set(to, 0);
  head.set(from, 6);
  head.writeUInt16BE(type, 12);
  return Buffer.concat([head, data]);
};

/** Returns the Internet checksum of bytes; 0 when they hold their own. RFC 1071 */
export const checksumOf = (bytes: Uint8Array): number => {
  let sum = 0;
  for (let i = 0; i < bytes.length; i++) sum += i % 2 === 0 ? bytes[i]! * 256 : bytes[i]!;
  while (sum > 0xffff) sum = (sum % 65536) + Math.floor(sum / 65536);
  return 0xffff - sum;
};

/** Returns a message of ICMP in a packet of IPv4. `type` 8 is an echo request. */
export const icmpPacket = (from: Uint8Array, to: Uint8Array, type: number, body: Uint8Array): Buffer => {
  const message = Buffer.concat([Buffer.from([type, 0, 0, 0]), body]);
  message.writeUInt16BE(checksumOf(message), 2);
  const header = Buffer.from([0x45, 0, 0, 0, 0, 7, 0, 0, 64, 1, 0, 0, ...from, ...to]);
  header.writeUInt16BE(header.length + message.length, 2);
  header.writeUInt16BE(checksumOf(header), 10);
  return Buffer.concat([header, message]);
};
