// Talks with the host of test/boot/vsock-host.zig: sends `length=` bytes to its echo, has itself called back, is refused; and shows what became of it.

import { devicePool } from '../../../drivers/open/places.ts';
import { openVsock } from '../../../drivers/open/vsock.ts';
import { equalBytes, fillPattern } from '../../../kernel/base/bytes.ts';
import { findOption } from '../../../kernel/base/command-line.ts';
import { startLog } from '../../../kernel/base/log.ts';
import { DeviceFailure } from '../../../kernel/device/failure.ts';
import { HOST_CID, type VsockDevice, type VsockSocket } from '../../../kernel/device/vsock.ts';
import { dmaFreeBytes } from '../../../kernel/hal/dma-pool.ts';
import { readOptions } from '../../../kernel/hal/options.ts';
import { hashOf } from './entropy-hash.ts';

const ECHO_PORT = 7;
const CALL_PORT = 8;
const OWN_PORT = 80;
const NOBODY_PORT = 9;

/** Returns all that comes until the end. */
const readAll = async (socket: VsockSocket, most: number): Promise<Uint8Array> => {
  const bytes = new Uint8Array(most);
  let length = 0;
  while (length < most) {
    const count = await socket.readInto(bytes.subarray(length));
    if (count === 0) break;
    length += count;
  }
  return bytes.subarray(0, length);
};

const showEcho = async (vsock: VsockDevice, length: number): Promise<void> => {
  const socket = await vsock.connect(HOST_CID, ECHO_PORT);
  const sent = new Uint8Array(length);
  fillPattern(sent, 5);
  const writing = socket.write(sent).then(() => socket.shutdown());
  const echoed = await readAll(socket, length + 1);
  await writing;
  await socket.close();
  console.log(`echo: ${echoed.length} bytes, ${equalBytes(echoed, sent)}, hash ${hashOf(sent)}`);
};

const showCall = async (vsock: VsockDevice): Promise<void> => {
  const listener = vsock.listen(OWN_PORT);
  const line = await vsock.connect(HOST_CID, CALL_PORT);
  const caller = await listener.accept();
  const bytes = await readAll(caller, 1_000_000);
  console.log(`called by ${caller.peerCid}: ${bytes.length} bytes, hash ${hashOf(bytes)}`);
  await caller.close();
  await line.close();
  listener.close();
};

/** Connections at a time, each with bytes of its own. */
const showMany = async (vsock: VsockDevice, count: number): Promise<void> => {
  const sockets = await Promise.all(Array.from({ length: count }, () => vsock.connect(HOST_CID, ECHO_PORT)));
  const answers = await Promise.all(
    sockets.map(async (socket, i) => {
      await socket.write(new TextEncoder().encode(`number ${i}`));
      return new TextDecoder().decode(await socket.read());
    }),
  );
  await Promise.all(sockets.map((socket) => socket.close()));
  console.log(`many: ${answers.join(', ')}`);
};

const showRefusal = async (vsock: VsockDevice): Promise<void> => {
  try {
    await vsock.connect(HOST_CID, NOBODY_PORT);
  } catch (error) {
    if (!(error instanceof DeviceFailure)) throw error;
    console.log(`nobody: ${error.kind}`);
  }
};

startLog((line) => console.log(line.trimEnd()), 'info');
const free = dmaFreeBytes(devicePool());
for (let round = 0; round < 2; round++) {
  const vsock = await openVsock();
  console.log(`context id ${vsock.cid}`);
  await showEcho(vsock, Number(findOption(readOptions(), 'length')));
  await showCall(vsock);
  await showMany(vsock, 3);
  await showRefusal(vsock);
  await vsock.close();
  console.log(`closed, ${free - dmaFreeBytes(devicePool())} bytes of memory are missing`);
}
