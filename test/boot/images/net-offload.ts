// An image that answers datagrams of UDP to 198.18.77.2 and leaves checksums and fragments to the device, for net.test.ts. Each comes back with its bytes turned
// round; what is longer than a frame comes back in one that the device is to cut.
//
//   got 100 bytes: checksum open true valid false

import { look, Station, setStation } from '../../../apps/ping/station.ts';
import { openNetwork } from '../../../drivers/open/network.ts';
import { devicePool } from '../../../drivers/open/places.ts';
import { startLog } from '../../../kernel/base/log.ts';
import { consoleWrite } from '../../../kernel/hal/console.ts';
import { dmaWriteBytes } from '../../../kernel/hal/dma.ts';
import { dmaAllocate } from '../../../kernel/hal/dma-pool.ts';

const STATION = 0xc6124d02; // 198.18.77.2
const IP_AT = 14;
const UDP_AT = 34;
const DATA_AT = 42;
const UDP = 17;
const FRAGMENT_LENGTH = 1480;
const FRAME_LENGTH_MAX = 1514;
/** Of a datagram's own: where it wants its echo to be longer, it says so in its first two bytes. */
const LENGTH_SIZE = 2;
const HEADROOM = 64;

startLog(consoleWrite, 'info');
const network = await openNetwork({ offloads: true });
const pair = network.pairs[0]!;
const memory = dmaAllocate(devicePool(), 32768, 64);
const station = new Station();
setStation(station, network.macAddress, STATION);

const wordAt = (bytes: Uint8Array, at: number): number => (bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0);
const setWord = (bytes: Uint8Array, at: number, value: number): void => {
  bytes[at] = Math.floor(value / 256);
  bytes[at + 1] = value % 256;
};

/** Returns the sum of the words, folded to 16 bits. */
const sumOf = (bytes: Uint8Array, start: number, end: number, first: number): number => {
  let sum = first;
  for (let at = start; at < end; at += 2) sum += wordAt(bytes, at);
  while (sum > 0xffff) sum = (sum % 65536) + Math.floor(sum / 65536);
  return sum;
};

/** Returns the answer to a datagram, of `count` bytes of data, its checksum open: it holds the sum of the pseudo header. */
const answerOf = (bytes: Uint8Array, count: number): Uint8Array => {
  const frame = new Uint8Array(DATA_AT + count);
  frame.set(bytes.subarray(6, 12), 0);
  frame.set(network.macAddress, 6);
  frame.set(bytes.subarray(12, 16), 12);
  setWord(frame, IP_AT + 2, frame.length - IP_AT);
  frame[IP_AT + 8] = 64;
  frame[IP_AT + 9] = UDP;
  frame.set(bytes.subarray(30, 34), 26);
  frame.set(bytes.subarray(26, 30), 30);
  setWord(frame, IP_AT + 10, 0xffff - sumOf(frame, IP_AT, UDP_AT, 0));
  setWord(frame, UDP_AT, wordAt(bytes, UDP_AT + 2));
  setWord(frame, UDP_AT + 2, wordAt(bytes, UDP_AT));
  setWord(frame, UDP_AT + 4, frame.length - UDP_AT);
  setWord(frame, UDP_AT + 6, sumOf(frame, 26, UDP_AT, UDP + frame.length - UDP_AT));
  for (let i = 0; i < count; i++) frame[DATA_AT + i] = (i * 3) % 251;
  return frame;
};

const answer = async (frame: Uint8Array): Promise<void> => {
  const checksum = { checksumStart: UDP_AT, checksumOffset: 6 };
  if (frame.length <= FRAME_LENGTH_MAX) {
    await network.send(frame, { offload: checksum });
    return;
  }
  dmaWriteBytes(memory + HEADROOM, frame);
  const segments = { type: 'udp', lengthBytes: FRAGMENT_LENGTH, headersLengthBytes: DATA_AT } as const;
  await network.sendDma(memory + HEADROOM, frame.length, { offload: { ...checksum, segments } });
};

network.onFrame((bytes, frame) => {
  look(station, pair.transmit, frame);
  const isDatagram = bytes.length > DATA_AT + LENGTH_SIZE && wordAt(bytes, 12) === 0x0800 && bytes[23] === UDP;
  if (!isDatagram || bytes[33] !== 2) return;
  const count = wordAt(bytes, UDP_AT + 4) - 8;
  console.log(`got ${count} bytes: checksum open ${frame.needsChecksum} valid ${frame.hasValidChecksum}`);
  void answer(answerOf(bytes, wordAt(bytes, DATA_AT)));
});
console.log(`offloads: ${network.offloads.join(' ')}`);
