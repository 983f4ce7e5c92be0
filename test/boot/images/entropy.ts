// Reads from an entropy device, and the generator behind crypto, as the command line says:
//
//   read=N          one read of N bytes: its hash
//   pieces=A,B,…    reads of so many bytes one after another, each in hex
//   seed            getRandomValues before and after seedRandom()
//   random=N        the statistics of N bytes of getRandomValues

import { openEntropy, seedRandom } from '../../../drivers/open/entropy.ts';
import { devicePool } from '../../../drivers/open/places.ts';
import { findOption } from '../../../kernel/base/command-line.ts';
import { startLog } from '../../../kernel/base/log.ts';
import { DeviceFailure } from '../../../kernel/device/failure.ts';
import { dmaFreeBytes } from '../../../kernel/hal/dma-pool.ts';
import { readOptions } from '../../../kernel/hal/options.ts';
import { chiSquare, monobit, runs } from '../../statistics.ts';
import { hashOf } from './entropy-hash.ts';

const CALL_LENGTH = 65_536;

const options = readOptions();
startLog((line) => console.log(line.trimEnd()), 'info');

const hex = (bytes: Uint8Array): string => {
  let text = '';
  for (let i = 0; i < bytes.length; i++) text += bytes[i]!.toString(16).padStart(2, '0');
  return text;
};

const showStatistics = (what: string, bytes: Uint8Array): void =>
  console.log(`${what}: ${bytes.length} bytes, ${monobit(bytes)} ${runs(bytes)} ${chiSquare(bytes)}`);

const read = async (length: number): Promise<void> => {
  const free = dmaFreeBytes(devicePool());
  const entropy = await openEntropy({ deadlineMs: 2000 });
  const bytes = await entropy.read(length);
  console.log(`${entropy.name}: ${bytes.length} bytes, hash ${hashOf(bytes)}`);
  showStatistics('device', bytes);
  await entropy.close();
  console.log(`memory: ${dmaFreeBytes(devicePool()) === free ? 'all back' : 'not back'}`);
};

const readPieces = async (lengths: readonly string[]): Promise<void> => {
  const entropy = await openEntropy({ deadlineMs: 500 });
  for (const length of lengths) {
    try {
      console.log(`piece: ${hex(await entropy.read(Number(length)))}`);
    } catch (error) {
      if (!(error instanceof DeviceFailure)) throw error;
      console.log(`piece: ${error.kind}`);
    }
  }
};

const draw = (): string => {
  try {
    return `${crypto.getRandomValues(new Uint8Array(16)).length} bytes, ${crypto.randomUUID()}`;
  } catch (error) {
    return error instanceof DOMException ? `${error.name}: ${error.message}` : String(error);
  }
};

const seed = async (): Promise<void> => {
  console.log(`before: ${draw()}`);
  await seedRandom();
  console.log(`after: ${draw()}`);
};

const random = (length: number): void => {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += CALL_LENGTH) {
    const part = bytes.subarray(at, Math.min(at + CALL_LENGTH, length));
    if (crypto.getRandomValues(part) !== part) throw new Error('another array');
  }
  showStatistics('crypto', bytes);
  const words = crypto.getRandomValues(new Uint32Array(4).subarray(1, 3));
  console.log(
    `words: ${words.length} ${words[0]! !== words[1]!} ${new Set([crypto.randomUUID(), crypto.randomUUID()]).size}`,
  );
  console.log(`first: ${hex(bytes.subarray(0, 16))}`);
};

const readLength = findOption(options, 'read');
const pieces = findOption(options, 'pieces');
if (readLength !== undefined) await read(Number(readLength));
if (pieces !== undefined) await readPieces(pieces.split(','));
if (findOption(options, 'seed') !== undefined) await seed();
const randomLength = findOption(options, 'random');
if (randomLength !== undefined) random(Number(randomLength));
console.log('all done');
