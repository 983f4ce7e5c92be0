// What a request, a frame, and bytes of a console allocate, as images/allocation.ts counts it.

import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Figure } from './figure.ts';
import { expectSuccess, once, releaseOf, type Start } from './guest.ts';

const IMAGE = 'test/bench/images/allocation.ts';

/** The least that can be allocated. What is less for each of thousands is a page more or less in all. */
const BLOCK_BYTES = 16;

/** What awaiting costs, in the image's words. */
const PROMISE = 'promise';
const AWAITED = ['blk-read-dma', 'blk-write-dma', 'blk-read-into', 'blk-write', 'console-write', 'console-read-into'];
const NOT_AWAITED = ['net-bounce-dma', 'net-bounce'];

const ZEROES = Buffer.alloc(65_536);

const DEVICES = [
  ...['-blockdev', JSON.stringify({ 'node-name': 'b0', driver: 'null-co', size: 64 * 1024 * 1024 })],
  ...['-device', 'virtio-blk-pci,drive=b0'],
  ...['-netdev', 'hubport,id=n0,hubid=1', '-device', 'virtio-net-pci,netdev=n0,romfile='],
  ...['-netdev', 'hubport,id=n1,hubid=1', '-device', 'virtio-net-pci,netdev=n1,romfile='],
];

/** Returns what is allocated for each, in bytes: for what is awaited, what comes on top of the promise. */
export const allocationFigures = (start: Start): Figure[] => {
  const count = once(() => countBytes(start));
  const figure = (name: string, limit: number | undefined, base?: string): Figure => ({
    name: `allocated-${name}`,
    unit: 'bytes',
    ...(limit === undefined ? {} : { limit }),
    measure: async () => {
      const bytes = await count();
      const each = bytesOf(bytes, name);
      const above = each - (base === undefined ? 0 : bytesOf(bytes, base));
      return { values: [Math.floor(Math.max(above, 0) / BLOCK_BYTES) * BLOCK_BYTES], detail: { each } };
    },
  });
  return [
    figure(PROMISE, undefined),
    ...AWAITED.map((name) => figure(name, 0, PROMISE)),
    ...NOT_AWAITED.map((name) => figure(name, 0)),
  ];
};

const bytesOf = (counted: ReadonlyMap<string, number>, name: string): number => {
  const found = counted.get(name);
  if (found === undefined) throw new Error(`the guest did not count '${name}'`);
  return found;
};

/** Returns the bytes for each that the guest did, by its name. */
const countBytes = async (start: Start): Promise<ReadonlyMap<string, number>> => {
  const image = await releaseOf(IMAGE);
  const { text } = await withZeroes(async (port) =>
    expectSuccess(await start(image, { extra: [...DEVICES, ...port] })),
  );
  const lines = [...text.matchAll(/^allocated (\S+) (\d+) (-?\d+)/gm)];
  return new Map(lines.map(([, name, count, bytes]) => [name as string, Number(bytes) / Number(count)]));
};

/** Calls `work` with QEMU's arguments for a port of a console at whose other end somebody reads all there is, and writes zeroes without end. */
const withZeroes = async <T>(work: (qemuArguments: string[]) => Promise<T>): Promise<T> => {
  const folder = mkdtempSync(path.join(tmpdir(), 'hedyn-bench-'));
  const file = path.join(folder, 'port');
  const server = createServer((socket) => {
    const write = (): void => {
      while (socket.writable && socket.write(ZEROES));
    };
    socket.on('drain', write).on('error', () => {}); // QEMU has ended.
    socket.resume();
    write();
  });
  await new Promise<void>((resolve) => server.listen(file, resolve));
  try {
    const chardev = ['-chardev', `socket,id=c0,path=${file}`];
    return await work(['-device', 'virtio-serial-pci', ...chardev, '-device', 'virtserialport,chardev=c0,name=zeroes']);
  } finally {
    server.close();
    rmSync(folder, { recursive: true });
  }
};
