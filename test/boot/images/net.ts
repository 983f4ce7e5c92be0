// An image with a network device, for net.test.ts. What comes with the type 0x88b5 goes back to its sender; what comes with 0x88b6 is a line of text that says what to do:
//
//   promiscuous 1 · all-multicast 1 · filter MAC,MAC GROUP,GROUP · mac MAC · vlan 7 1 · send 500 · counters · end
//
// The console says what came of it. Both types are for experiments: IEEE 802-2014 §9.2.3.

import { openNetwork } from '../../../drivers/open/network.ts';
import { devicePool } from '../../../drivers/open/places.ts';
import { findOption } from '../../../kernel/base/command-line.ts';
import { hexBytes } from '../../../kernel/base/hex.ts';
import { startLog } from '../../../kernel/base/log.ts';
import { DeviceFailure } from '../../../kernel/device/failure.ts';
import { consoleWrite } from '../../../kernel/hal/console.ts';
import { dmaWriteBytes } from '../../../kernel/hal/dma.ts';
import { dmaAllocate, dmaFreeBytes } from '../../../kernel/hal/dma-pool.ts';
import { readOptions } from '../../../kernel/hal/options.ts';

const TYPE_AT = 12;
const DATA_AT = 14;
const ECHO = 0x88b5;
const ORDER = 0x88b6;
const VLAN = 0x8100;
const MAC_LENGTH = 6;
const TAG_LENGTH = 4;

startLog(consoleWrite, 'info');
const options = readOptions();
const numberOf = (name: string, otherwise: number): number => Number(findOption(options, name) ?? otherwise);
const freeAtFirst = dmaFreeBytes(devicePool());
const network = await openNetwork({ queuePairs: numberOf('pairs', 1), deadlineMs: numberOf('deadline', 10_000) });
console.log(`${network.name}: ${hexBytes(network.macAddress)}, mtu ${network.mtuBytes}, ${network.pairs.length} pairs`);
console.log(`features: ${network.featureNames.join(' ')}`);

const memory = dmaAllocate(devicePool(), 4096, 64);

const macOf = (text: string): Uint8Array => Uint8Array.from(text.split(':').map((byte) => Number.parseInt(byte, 16)));
const macsOf = (text: string | undefined): Uint8Array[] =>
  text === undefined || text === '' ? [] : text.split(',').map((each) => macOf(each));

const wordAt = (frame: Uint8Array, at: number): number => (frame[at] ?? 0) * 256 + (frame[at + 1] ?? 0);

/** Behind the tag of a VLAN, where there is one. */
const typeOf = (frame: Uint8Array): number =>
  wordAt(frame, wordAt(frame, TYPE_AT) === VLAN ? TYPE_AT + TAG_LENGTH : TYPE_AT);

/** Sends a frame back to where it came from. */
const sendBack = (bytes: Uint8Array): void => {
  const frame = bytes.slice();
  frame.set(bytes.subarray(MAC_LENGTH, 2 * MAC_LENGTH), 0);
  frame.set(network.macAddress, MAC_LENGTH);
  void network.send(frame);
};

/** Sends `count` frames to everybody, of all lengths, a third of them from memory of our own. */
const sendMany = async (count: number): Promise<void> => {
  for (let i = 0; i < count; i++) {
    const frame = new Uint8Array(60 + ((i * 37) % 1455));
    frame.fill(0xff, 0, MAC_LENGTH);
    frame.set(network.macAddress, MAC_LENGTH);
    frame[TYPE_AT] = Math.floor(ECHO / 256);
    frame[TYPE_AT + 1] = ECHO % 256;
    for (let at = DATA_AT; at < frame.length; at++) frame[at] = (i + at) % 251;
    if (i % 3 === 0) {
      dmaWriteBytes(memory + 64, frame);
      await network.sendDma(memory + 64, frame.length);
    } else await network.send(frame);
  }
};

const obey = async (order: string): Promise<void> => {
  const [what, first, second] = order.split(' ');
  if (what === 'promiscuous') await network.setPromiscuous(first === '1');
  else if (what === 'all-multicast') await network.setAllMulticast(first === '1');
  else if (what === 'filter') await network.setReceiveFilter(macsOf(first), macsOf(second));
  else if (what === 'mac') await network.setMacAddress(macOf(first ?? ''));
  else if (what === 'vlan') await (second === '1' ? network.addVlan(Number(first)) : network.removeVlan(Number(first)));
  else if (what === 'send') await sendMany(Number(first));
  else if (what === 'counters') {
    const { framesSent, framesReceived, framesMalformed, framesLost } = network.counters;
    console.log(`sent ${framesSent}, received ${framesReceived}, malformed ${framesMalformed}, lost ${framesLost}`);
  } else if (what === 'end') {
    endListening();
    await network.close();
    console.log(`${freeAtFirst - dmaFreeBytes(devicePool())} bytes are missing`);
  } else console.log(`what is '${order}'?`);
};

const carryOut = async (order: string): Promise<void> => {
  try {
    await obey(order);
    console.log(`${order}: done`);
  } catch (error) {
    console.log(`${order}: ${error instanceof DeviceFailure ? error.kind : String(error)}`);
  }
};

const decoder = new TextDecoder();

const endListening = network.onFrame((bytes) => {
  const type = typeOf(bytes);
  if (type === ECHO) sendBack(bytes);
  else if (type === ORDER) void carryOut(decoder.decode(bytes.slice(DATA_AT)).split('\n')[0] ?? '');
});
network.onLinkChange((isUp) => console.log(`link ${isUp ? 'up' : 'down'}`));
network.onAnnounce(() => {
  console.log('announce');
  void sendMany(1);
});
console.log('listening');
