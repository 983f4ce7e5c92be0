// An image that reads and writes the first disk with many requests at a time, for awaited.test.ts. The command line says how:
//
//   counts=1000,8000,64000 seed=7 storm=1           requests at depths 1, 8 and 128
//
// and the console, what came of it:
//
//   depth 8: 8000 requests, 0 wrong, 12 interrupts, 0 ticks, 4711 µs

import { openBlockDevice } from '../../../drivers/open/block.ts';
import { devicePool } from '../../../drivers/open/places.ts';
import { findOption } from '../../../kernel/base/command-line.ts';
import { startLog } from '../../../kernel/base/log.ts';
import { clockNow } from '../../../kernel/hal/clock.ts';
import { consoleWrite } from '../../../kernel/hal/console.ts';
import { dmaReadBytes, dmaWriteBytes } from '../../../kernel/hal/dma.ts';
import { dmaAllocate } from '../../../kernel/hal/dma-pool.ts';
import { interruptCount, VECTOR_FIRST } from '../../../kernel/hal/interrupts.ts';
import { readOptions } from '../../../kernel/hal/options.ts';
import {
  drawRequest,
  fillSectors,
  firstWrong,
  KIND_FLUSH,
  KIND_READ,
  KIND_READ_DMA,
  KIND_WRITE,
  KIND_WRITE_DMA,
  Plan,
  REQUEST_SECTORS_MAX,
  startPlan,
  WORKER_COUNT_MAX,
} from './awaited-machine.ts';

const SECTOR = 512;
const DMA_LENGTH_MAX = 16 * SECTOR;
/** Workers, round by round. */
const DEPTHS = [1, 8, 128];

const STORM_TIMERS = 50;

startLog(consoleWrite, 'info');
const options = readOptions();
const numberOf = (name: string): number => Number(findOption(options, name) ?? '0');

const disk = await openBlockDevice();
const plan = new Plan();
let wrong = 0;
let ticks = 0;
let isStorming = false;

const check = (bytes: Uint8Array, sector: number): void => {
  if (firstWrong(plan, bytes, sector) !== bytes.length) wrong++;
};

const write = async (sector: number, bytes: Uint8Array, memory: number, isDma: boolean): Promise<void> => {
  fillSectors(plan, bytes, sector);
  if (isDma) {
    dmaWriteBytes(memory, bytes);
    await disk.writeDma(sector, memory, bytes.length);
  } else await disk.write(sector, bytes);
};

const read = async (sector: number, bytes: Uint8Array, memory: number, isDma: boolean): Promise<void> => {
  if (isDma) {
    await disk.readDma(sector, memory, bytes.length);
    dmaReadBytes(memory, bytes);
  } else await disk.readInto(sector, bytes);
  check(bytes, sector);
};

/** Sends requests one after the other. */
const work = async (worker: number, requestCount: number, memory: number): Promise<void> => {
  const buffer = new Uint8Array(REQUEST_SECTORS_MAX * SECTOR);
  for (let i = 0; i < requestCount; i++) {
    drawRequest(plan, worker);
    const sector = plan.sector;
    const kind = plan.kind;
    const bytes = buffer.subarray(0, plan.sectorCount * SECTOR);
    const isShort = bytes.length <= DMA_LENGTH_MAX;
    if (kind === KIND_FLUSH) await disk.flush();
    else if (kind === KIND_READ) check(await disk.read(sector, bytes.length / SECTOR), sector);
    else if (kind === KIND_WRITE || kind === KIND_WRITE_DMA) {
      await write(sector, bytes, memory, isShort && kind === KIND_WRITE_DMA);
    } else await read(sector, bytes, memory, isShort && kind === KIND_READ_DMA);
  }
};

/** Timers of all lengths, and immediates, that go on and on. */
const storm = (timer: number): void => {
  if (!isStorming) return;
  ticks++;
  if (timer % 10 === 0) setImmediate(() => storm(timer + 1));
  else setTimeout(() => storm(timer + 1), 1 + (timer % 17));
};

const interrupts = (): number => {
  let sum = 0;
  for (let vector: number = VECTOR_FIRST; vector < VECTOR_FIRST + 8; vector++) sum += interruptCount(vector);
  return sum;
};

const memories: number[] = [];
for (let i = 0; i < WORKER_COUNT_MAX; i++) memories.push(dmaAllocate(devicePool(), DMA_LENGTH_MAX, SECTOR));

const counts = (findOption(options, 'counts') ?? '').split(',').map((text) => Number(text));
for (let round = 0; round < counts.length; round++) {
  const depth = DEPTHS[round]!;
  const requestCount = Math.floor(counts[round]! / depth);
  startPlan(plan, depth, numberOf('seed') + depth);
  isStorming = numberOf('storm') > 0;
  for (let timer = 0; timer < STORM_TIMERS; timer++) storm(timer);
  const interruptsBefore = interrupts();
  const before = clockNow();
  const workers: Promise<void>[] = [];
  for (let worker = 0; worker < depth; worker++) workers.push(work(worker, requestCount, memories[worker]!));
  await Promise.all(workers);
  isStorming = false;
  const microseconds = Math.round((clockNow() - before) / 1000);
  const came = `${interrupts() - interruptsBefore} interrupts, ${ticks} ticks, ${microseconds} µs`;
  console.log(`depth ${depth}: ${requestCount * depth} requests, ${wrong} wrong, ${came}`);
}
await disk.flush();
console.log('all done');
