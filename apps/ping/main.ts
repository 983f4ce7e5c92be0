// A station that answers pings, and sends them.
//
//   make qemu APP=ping ARGS='ping=10.0.2.2 count=3' QEMU_ARGS='-netdev user,id=n0 -device virtio-net-pci,netdev=n0,romfile='
//
//   address=10.0.2.15   who it is. Default: what QEMU's user networking calls its guest
//   ping=10.0.2.2       asks who has that address, and sends echo requests to it: `count` of them, default 3, with `bytes` of data, default 56
//   stay=1              goes on answering afterwards; without `ping` it always does
//
// What it answers, it answers in a machine module, station.ts, where the frames lie.

import { kickTransmit } from '../../drivers/net/transmit.ts';
import { openNetwork } from '../../drivers/open/network.ts';
import { findOption } from '../../kernel/base/command-line.ts';
import { hex } from '../../kernel/base/hex.ts';
import { startLog } from '../../kernel/base/log.ts';
import { fulfil, pendingPromise } from '../../kernel/event/pending.ts';
import { clockNow } from '../../kernel/hal/clock.ts';
import { consoleWrite } from '../../kernel/hal/console.ts';
import { readOptions } from '../../kernel/hal/options.ts';
import { formatAddress, parseAddress } from './address.ts';
import { askAddress, askEcho, LOOK_ECHO, LOOK_RESOLVED, look, Station, setStation } from './station.ts';

const ANSWER_TIMEOUT_MS = 1000;
const TRY_COUNT = 5;
const MAC_LENGTH = 6;
/** Bytes of data that fit a frame at most. */
const BYTES_MAX = 1472;

startLog(consoleWrite, 'info');
const options = readOptions();
const numberOf = (name: string, otherwise: number): number => Number(findOption(options, name) ?? otherwise);

const addressOf = (name: string, otherwise: string): number => {
  const text = findOption(options, name) ?? otherwise;
  const address = parseAddress(text);
  if (address === undefined) throw new Error(`${name}=${text}: expected an address such as 10.0.2.15`);
  return address;
};

const network = await openNetwork();
const pair = network.pairs[0]!;
const station = new Station();
setStation(station, network.macAddress, addressOf('address', '10.0.2.15'));

/** Who waits for an answer. */
let waiting: Promise<boolean> | undefined;
let awaited = 0;

const endListening = network.onFrameDma((frame) => {
  const found: number = look(station, pair.transmit, frame);
  if (found === awaited && waiting !== undefined) fulfil(waiting, true);
});

/** Sends what `ask` sends, again while there is no answer of the kind `found`. Returns the microseconds until there was one, undefined without. */
const answerTo = async (found: number, tryCount: number, ask: () => boolean): Promise<number | undefined> => {
  for (let i = 0; i < tryCount; i++) {
    const answer = pendingPromise<boolean>();
    awaited = found;
    waiting = answer;
    const timer = setTimeout(() => fulfil(answer, false), ANSWER_TIMEOUT_MS);
    const before = clockNow();
    ask();
    kickTransmit(pair.transmit);
    const isAnswered = await answer;
    clearTimeout(timer);
    if (isAnswered) return (clockNow() - before) / 1000;
  }
  return undefined;
};

const ping = async (target: number): Promise<void> => {
  const name = formatAddress(target);
  if ((await answerTo(LOOK_RESOLVED, TRY_COUNT, () => askAddress(station, pair.transmit, target))) === undefined) {
    console.log(`nobody has ${name}`);
    return;
  }
  let mac = '';
  for (let i = 0; i < MAC_LENGTH; i++) mac += `${i === 0 ? '' : ':'}${hex(station.foundMac[i], 2)}`;
  console.log(`${name} is at ${mac}`);
  const count = numberOf('count', 3);
  const bytes = Math.min(numberOf('bytes', 56), BYTES_MAX);
  let answered = 0;
  for (let sequence = 1; sequence <= count; sequence++) {
    const time = await answerTo(LOOK_ECHO, 1, () => askEcho(station, pair.transmit, sequence, bytes));
    if (time === undefined || station.foundSequence !== sequence) console.log(`no answer to echo ${sequence}`);
    else {
      answered += 1;
      console.log(
        `${station.foundLength} bytes from ${formatAddress(station.foundAddress)}: echo ${sequence}, ${time.toFixed(0)} µs`,
      );
    }
  }
  console.log(`${answered} of ${count} answered`);
};

console.log(`${network.name}: ${formatAddress(station.address)} answers`);
if (findOption(options, 'ping') !== undefined) {
  await ping(addressOf('ping', ''));
  if (numberOf('stay', 0) === 0) {
    endListening();
    await network.close();
  }
}
