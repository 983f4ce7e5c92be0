// A guest that does with its console ports what it is told on the port `commands`, a line each, for console.test.ts:
//
//   send NAME COUNT SEED       writes so many bytes of a stream
//   receive NAME COUNT SEED    reads so many at least, and says how many were wrong; without SEED it goes on with the stream
//   flood NAME COUNT SEED      writes so many bytes in one piece
//   drain NAME                 reads until the host closes the port
//   close NAME · wait NAME · emergency TEXT · ports · quit
//
// and says on the serial line what came of it, and what happens to its ports.

import { openConsole } from '../../../drivers/open/console.ts';
import { startLog } from '../../../kernel/base/log.ts';
import type { Port } from '../../../kernel/device/console.ts';
import { DeviceFailure } from '../../../kernel/device/failure.ts';
import { clockNow } from '../../../kernel/hal/clock.ts';
import { consoleWrite } from '../../../kernel/hal/console.ts';
import { countWrong, fillStream, Stream, startStream } from './console-machine.ts';

const PIECE_LENGTH = 65_536;

startLog(consoleWrite, 'info');
const device = await openConsole();

const portOf = (name: string): Port => device.port(name) ?? device.ports.find(({ number }) => `${number}` === name)!;

const microseconds = (since: number): number => Math.round((clockNow() - since) / 1000);

const send = async (port: Port, count: number, seed: number): Promise<string> => {
  const stream = new Stream();
  startStream(stream, seed);
  const piece = new Uint8Array(PIECE_LENGTH);
  const before = clockNow();
  for (let sent = 0; sent < count; sent += PIECE_LENGTH) {
    const part = count - sent < PIECE_LENGTH ? piece.subarray(0, count - sent) : piece;
    fillStream(stream, part);
    await port.write(part);
  }
  return `${count} bytes, ${microseconds(before)} µs`;
};

const flood = async (port: Port, count: number, seed: number): Promise<string> => {
  const stream = new Stream();
  startStream(stream, seed);
  const bytes = new Uint8Array(count);
  fillStream(stream, bytes);
  await port.write(bytes);
  return `${count} bytes`;
};

const streams = new Map<Port, Stream>();

const receive = async (port: Port, count: number, seed: string | undefined): Promise<string> => {
  const stream = streams.get(port) ?? new Stream();
  streams.set(port, stream);
  if (seed !== undefined) startStream(stream, Number(seed));
  let wrong = 0;
  let received = 0;
  const before = clockNow();
  while (received < count) {
    const bytes = await port.read();
    if (bytes.length === 0) return `${received} bytes and the end`;
    wrong += countWrong(stream, bytes);
    received += bytes.length;
  }
  return `${received} bytes, ${wrong} wrong, ${microseconds(before)} µs`;
};

const drain = async (port: Port): Promise<string> => {
  let received = 0;
  for (;;) {
    const bytes = await port.read();
    if (bytes.length === 0) return `${received} bytes and the end`;
    received += bytes.length;
  }
};

const describePort = (port: Port): string =>
  `${port.number} '${port.name}'${port.isConsole ? ' console' : ''} ${port.isHostOpen ? 'open' : 'closed'}`;

const obey = async ([verb, name = '', count, seed]: string[]): Promise<string> => {
  switch (verb) {
    case 'send':
      return send(portOf(name), Number(count), Number(seed));
    case 'flood':
      return flood(portOf(name), Number(count), Number(seed));
    case 'receive':
      return receive(portOf(name), Number(count), seed);
    case 'drain':
      return drain(portOf(name));
    case 'close':
      await portOf(name).close();
      return 'done';
    case 'wait':
      return describePort(await device.waitForPort(name));
    case 'emergency':
      for (const byte of new TextEncoder().encode(name)) device.emergencyWrite(byte);
      return 'done';
    case 'ports':
      return device.ports.map(describePort).join(', ');
    default:
      return 'unknown';
  }
};

const obeyAloud = async (line: string): Promise<void> => {
  const words = line.split(' ');
  try {
    console.log(`${words[0]} ${words[1] ?? ''}: ${await obey(words)}`);
  } catch (error) {
    console.log(`${words[0]} ${words[1] ?? ''}: ${error instanceof DeviceFailure ? error.kind : String(error)}`);
  }
};

const listenTo = (port: Port): void => {
  port.onOpenChange((isOpen) => console.log(`port ${port.name}: ${isOpen ? 'open' : 'closed'}`));
};

for (const port of device.ports) listenTo(port);
device.onPort((port, isThere) => {
  console.log(`port ${describePort(port)} is ${isThere ? 'there' : 'gone'}`);
  if (isThere) listenTo(port);
});

console.log(`${device.name}: ${device.featureNames.join()}`);
console.log(`ports: ${device.ports.map(describePort).join(', ')}`);

const commands = device.port('commands') ?? device.ports[0]!;
let line = '';

/** Returns what came on the port for commands; nothing when the device was reset meanwhile. */
const readCommands = async (): Promise<string> => {
  try {
    return new TextDecoder().decode(await commands.read());
  } catch (error) {
    if (error instanceof DeviceFailure && error.kind === 'device-reset') return '';
    throw error;
  }
};

while (line !== 'quit') {
  for (const letter of await readCommands()) {
    if (line === 'quit') break;
    if (letter !== '\n') line += letter;
    else {
      void obeyAloud(line);
      line = '';
    }
  }
}
await device.close();
console.log('all done');
