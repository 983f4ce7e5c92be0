// A persistent memory, as the command line says:
//
//   write=N     a pattern over N bytes, written in pieces from byte 1000 on, and flushed
//   stay        four bytes are written, and the machine ends by shutdown()

import { devicePool } from '../../../drivers/open/places.ts';
import { openPmem } from '../../../drivers/open/pmem.ts';
import { findOption } from '../../../kernel/base/command-line.ts';
import { startLog } from '../../../kernel/base/log.ts';
import { DeviceFailure } from '../../../kernel/device/failure.ts';
import { shutdown } from '../../../kernel/event/shutdown.ts';
import { configBase } from '../../../kernel/hal/config.ts';
import { DEVICE_MEMORY_MAP_FAILED, deviceMemoryMap, deviceMemoryRead32 } from '../../../kernel/hal/device-memory.ts';
import { dmaFreeBytes } from '../../../kernel/hal/dma-pool.ts';
import { readOptions } from '../../../kernel/hal/options.ts';
import { hashOf } from './entropy-hash.ts';

const PIECE = 65_536;
const FIRST = 1000;

const options = readOptions();
const has = (name: string): boolean => findOption(options, name) !== undefined;
startLog((line) => console.log(line.trimEnd()), 'info');

const free = dmaFreeBytes(devicePool());
const memory = await openPmem();
console.log(`pmem: ${memory.name}, ${memory.lengthBytes} bytes`);
console.log(`first: ${deviceMemoryRead32(memory.start)}`);
console.log(`middle: ${hashOf(memory.read(memory.lengthBytes / 2 - 1000, 10_000))}`);
const last = new Uint8Array(16);
memory.readInto(memory.lengthBytes - last.length, last);
console.log(`last: ${last.join(' ')}`);

const writeLength = Number(findOption(options, 'write') ?? 0);
const piece = new Uint8Array(PIECE);
for (let at = 0; at < writeLength; at += PIECE) {
  for (let i = 0; i < PIECE; i++) piece[i] = ((at + i) * 7 + ((at + i) >> 8)) & 0xff;
  memory.write(FIRST + at, piece);
}
await Promise.all([memory.flush(), memory.flush(), memory.flush()]);
console.log('flushed');

const kindOf = (action: () => unknown): string => {
  try {
    action();
    return 'done';
  } catch (error) {
    return error instanceof DeviceFailure ? error.kind : String(error);
  }
};

/** What is no memory of a device: RAM, the registers of local APICs, configuration space, and what is beyond all addresses or has no end. */
const noMemory: [number, number][] = [
  [0x100000, 4096],
  [0xfee00000, 4096],
  [configBase(), 4096],
  [2 ** 52, 4096],
  [2 ** 33, 2 ** 42],
  [2 ** 33, 0],
];
const mapped = noMemory.filter(([address, length]) => deviceMemoryMap(address, length) !== DEVICE_MEMORY_MAP_FAILED);
console.log(`no memory: ${mapped.length} of ${noMemory.length} are mapped`);

const { lengthBytes } = memory;
console.log(`refused: ${kindOf(() => memory.read(lengthBytes - 1, 2))} ${kindOf(() => memory.read(-1, 2))}`);
await memory.close();
console.log(`closed: ${kindOf(() => memory.read(0, 2))}`);
const again = await openPmem();
console.log(`again: ${again.start === memory.start ? 'at the same place' : 'elsewhere'}`);
if (has('stay')) {
  again.write(0, Uint8Array.of(9, 8, 7, 6));
  console.log('all done');
  await shutdown(0); // It flushes.
}
await again.close();
console.log(`memory: ${dmaFreeBytes(devicePool()) === free ? 'all back' : 'not back'}`);
console.log('all done');
