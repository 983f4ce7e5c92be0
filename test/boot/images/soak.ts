// Requests and timers for as long as the option `seconds` says, with a line for each phase. Each phase has another number of requests in flight; every
// second one has no timers, so that nothing but its own interrupt wakes a request.
//
//   soak 20 s: depth 1: 21345 requests, slowest 3.2 ms; 8123 timers, latest 1.1 ms; heap 19.3 MiB; lost wake-ups 0
//   soak: ok, 165770 requests, no wake-up lost
//
// Each request in flight has a part of the disk to itself, and knows what it has written there last.

import { openBlockDevice } from '../../../drivers/open/block.ts';
import { findOption } from '../../../kernel/base/command-line.ts';
import { SECTOR_SIZE } from '../../../kernel/device/block.ts';
import { missedWakeUps } from '../../../kernel/event/source.ts';
import { uptime } from '../../../kernel/event/time.ts';
import { clockNow } from '../../../kernel/hal/clock.ts';
import { dmaLength } from '../../../kernel/hal/dma.ts';
import { memoryFree, memoryTotal } from '../../../kernel/hal/memory.ts';
import { readOptions } from '../../../kernel/hal/options.ts';
import { EXIT_FAILED, exit } from '../../../kernel/hal/power.ts';
import { fillSectors, wrongSector } from './soak-machine.ts';

const DEPTHS = [1, 8, 32, 128];
/** Once without timers and once with them. */
const ROUND_PHASES = 2 * DEPTHS.length;
const ROUNDS_MIN = 2;
const PHASE_SECONDS_MAX = 10;
const SECTORS_MAX = 64;
const PART_SECTORS_MAX = 256;
const TIMER_COUNT = 32;
const TIMER_DELAY_MAX_MS = 50;

/** What nothing may take, on a host that is busy with other things too: half of what a disk is given for a request. */
const LATE_MS = 5000;
/** What the heap may grow by: what the collector lets it fill before it collects (boot/program.zig), and stacks of functions that wait. */
const NURSERY_BYTES = Math.min(memoryTotal() / 4, 32 * 1024 * 1024);
const HEAP_SLACK = 12 * 1024 * 1024;

const NS_PER_MS = 1000000;
const MIB = 1024 * 1024;

const seconds = Number(findOption(readOptions(), 'seconds') ?? 600);
const phaseSeconds = Math.min(seconds / (ROUNDS_MIN * ROUND_PHASES), PHASE_SECONDS_MAX);

const disk = await openBlockDevice();
const workerCount = Math.max(...DEPTHS);
const partSectors = Math.min(Math.floor(disk.capacitySectors / workerCount), PART_SECTORS_MAX);

/** What one phase has seen. */
class Phase {
  readonly end: number;
  requests = 0;
  slowestNs = 0;
  timers = 0;
  latestNs = 0;

  constructor(phaseEnd: number) {
    this.end = phaseEnd;
  }

  get isOver(): boolean {
    return uptime() >= this.end;
  }
}

/** xorshift, one sequence for all: the same on every run of the same speed. */
let state = 0x2545f491;
const random = (limit: number): number => {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return (state >>> 0) % limit;
};

/** One request after the other, in a part of the disk that nobody else uses. */
class Worker {
  private readonly start: number;
  private readonly bytes = new Uint8Array(SECTORS_MAX * SECTOR_SIZE);
  /** By sector of the part, how often it was written; 0 is never. */
  private readonly generations = new Uint8Array(partSectors);
  private generation = 0;

  constructor(index: number) {
    this.start = index * partSectors;
  }

  async run(phase: Phase): Promise<void> {
    while (!phase.isOver) {
      const before = clockNow();
      await this.request();
      phase.requests += 1;
      phase.slowestNs = Math.max(phase.slowestNs, clockNow() - before);
    }
  }

  private async request(): Promise<void> {
    const count = 1 + random(SECTORS_MAX);
    const first = random(partSectors - count);
    const bytes = this.bytes.subarray(0, count * SECTOR_SIZE);
    const kind = random(100);
    if (kind === 0) return disk.flush();
    if (kind < 50) return this.write(first, count, bytes);
    return this.read(first, bytes);
  }

  private async write(first: number, count: number, bytes: Uint8Array): Promise<void> {
    this.generation = (this.generation % 255) + 1;
    fillSectors(bytes, this.start + first, this.generation);
    await disk.write(this.start + first, bytes);
    this.generations.fill(this.generation, first, first + count);
  }

  private async read(first: number, bytes: Uint8Array): Promise<void> {
    await disk.readInto(this.start + first, bytes);
    const wrong = wrongSector(bytes, this.start + first, this.generations, first);
    if (wrong >= 0) throw new Error(`sector ${this.start + first + wrong} holds other bytes than were written`);
  }

  /** Writes the whole part once, so that all of it can be read. */
  async prepare(): Promise<void> {
    for (let first = 0; first < partSectors; first += SECTORS_MAX) {
      const count = Math.min(SECTORS_MAX, partSectors - first);
      await this.write(first, count, this.bytes.subarray(0, count * SECTOR_SIZE));
    }
  }
}

/** Sets a timer that sets the next one, until the phase is over. */
const startTimer = (phase: Phase): void => {
  const delayMs = 1 + random(TIMER_DELAY_MAX_MS);
  const due = clockNow() + delayMs * NS_PER_MS;
  setTimeout(() => {
    phase.timers += 1;
    phase.latestNs = Math.max(phase.latestNs, clockNow() - due);
    if (!phase.isOver) startTimer(phase);
  }, delayMs);
};

/** All memory that is taken, but for the devices' window. */
const heapBytes = (): number => memoryTotal() - memoryFree() - dmaLength();

const ms = (nanoseconds: number): string => `${(nanoseconds / NS_PER_MS).toFixed(1)} ms`;

const report = (phase: Phase, depth: number, hasTimers: boolean): void => {
  const timers = hasTimers ? `${phase.timers} timers, latest ${ms(phase.latestNs)}; ` : '';
  console.log(
    `soak ${Math.round(uptime())} s: depth ${depth}: ${phase.requests} requests, slowest ${ms(phase.slowestNs)}; ` +
      `${timers}heap ${(heapBytes() / MIB).toFixed(1)} MiB; lost wake-ups ${missedWakeUps()}`,
  );
};

const fail = (why: string): never => {
  console.log(`soak: ${why}`);
  return exit(EXIT_FAILED);
};

const workers: Worker[] = [];
for (let index = 0; index < workerCount; index++) workers.push(new Worker(index));
await Promise.all(workers.map((worker) => worker.prepare()));

let total = 0;
const heapMax = heapBytes() + NURSERY_BYTES + HEAP_SLACK;
for (let number = 0; uptime() < seconds || number < ROUNDS_MIN * ROUND_PHASES; number++) {
  const depth = DEPTHS[(number >> 1) % DEPTHS.length];
  const hasTimers = number % 2 === 1;
  const phase = new Phase(uptime() + phaseSeconds);
  if (hasTimers) for (let index = 0; index < TIMER_COUNT; index++) startTimer(phase);
  await Promise.all(workers.slice(0, depth).map((worker) => worker.run(phase)));
  report(phase, depth, hasTimers);

  total += phase.requests;
  if (phase.slowestNs > LATE_MS * NS_PER_MS) fail(`a request took ${ms(phase.slowestNs)}`);
  if (phase.latestNs > LATE_MS * NS_PER_MS) fail(`a timer was ${ms(phase.latestNs)} late`);
  if (heapBytes() > heapMax) fail(`the heap is larger than ${(heapMax / MIB).toFixed(1)} MiB`);
}
await disk.flush();
if (missedWakeUps() > 0) fail(`${missedWakeUps()} wake-ups were lost`);
console.log(`soak: ok, ${total} requests, no wake-up lost`);
