// `make trace`: what a known program does is in its trace, once; a program that is not traced has nothing of it.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildImage } from '../../scripts/build.ts';
import { makeDisk } from '../../scripts/disk.ts';
import { chooseAccelerator } from '../../scripts/qemu/accelerator.ts';
import { ensureQemu } from '../../scripts/qemu/install.ts';
import { startQemu } from '../../scripts/qemu/start.ts';
import { type ChromeEvent, type ChromeTrace, chromeTrace } from '../../scripts/trace/chrome.ts';
import { record } from '../../scripts/trace/record.ts';
import { TRACE_RING } from '../../scripts/trace/trace.ts';
import { imageOf, placeOf } from './harness.ts';

const TRACED = 'test/boot/images/traced.ts';
/** Those of the program, and one for the serial number of the disk. */
const READS = 43;

/** Runs the program once, and returns its trace as it stands in a file. */
const traceOf = async (entry: string, folder: string): Promise<ChromeTrace> => {
  const { elf, debugElf } = await buildImage({ entry, release: false, traced: true });
  const memoryFile = path.join(folder, 'memory');
  const disk = path.join(folder, 'disk.img');
  await makeDisk(disk, 4 * 1024 * 1024);
  const recorder = record(debugElf, memoryFile, TRACE_RING);
  const qemu = startQemu({
    qemu: await ensureQemu(process.env.QEMU),
    machine: 'q35',
    accelerator: chooseAccelerator(),
    memory: '16M',
    memoryFile,
    image: elf,
    disks: [{ file: disk }],
    limitMs: 20_000,
  });
  const { status } = await qemu.exit;
  expect(status, qemu.serial.text() + qemu.complaints()).toBe(0);
  return JSON.parse(JSON.stringify(chromeTrace('traced', recorder.stop()!))) as ChromeTrace;
};

describe('the trace of a known program', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'hedyn-trace-'));
  let trace: ChromeTrace;
  let events: readonly ChromeEvent[];
  beforeAll(async () => {
    trace = await traceOf(TRACED, folder);
    events = trace.traceEvents.filter(({ ph }) => ph !== 'M');
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  const lane = (name: string): readonly ChromeEvent[] => {
    const found = trace.traceEvents.find(({ ph, args }) => ph === 'M' && args?.['name'] === name);
    return events.filter(({ pid, tid }) => pid === found?.pid && tid === found.tid);
  };

  it('is ordered by time, and nothing of it is lost', () => {
    expect(trace.otherData['lost']).toBe(0);
    for (let index = 1; index < events.length; index++)
      expect(events[index]!.ts).toBeGreaterThanOrEqual(events[index - 1]!.ts!);
    expect(events[0]!.ts).toBeGreaterThanOrEqual(0);
  });

  it('has each request there once, from when it was published to when it came back', () => {
    const begun = events.filter(({ ph }) => ph === 'b');
    const ended = events.filter(({ ph }) => ph === 'e');
    expect(begun).toHaveLength(READS);
    expect(new Set(begun.map(({ id }) => id)).size).toBe(READS);
    expect(ended.map(({ id }) => id).sort()).toEqual(begun.map(({ id }) => id).sort());
    for (const { id, ts, pid, name } of begun) {
      expect(name).toBe('queue 0');
      const end = ended.find((event) => event.id === id);
      expect(end?.ts).toBeGreaterThan(ts!);
      expect(end?.pid).toBe(pid);
    }
    expect(ended.filter(({ args }) => args?.['written'] === 4097)).toHaveLength(READS - 1);
    expect(new Set(begun.map(({ args }) => args?.['chain']))).toEqual(
      new Set(Array.from({ length: READS }, (_, chain) => chain)),
    );
  });

  it('nests what has a duration', () => {
    for (const name of ['boot', 'tasks', 'interrupts', 'collector', 'halted']) {
      const open: number[] = [];
      for (const { ph, ts, dur } of lane(name)) {
        expect(ph).toBe('X');
        expect(dur).toBeGreaterThanOrEqual(0);
        while (open.length > 0 && open.at(-1)! <= ts! + 0.002) open.pop();
        if (open.length > 0) expect(ts! + dur!).toBeLessThanOrEqual(open.at(-1)! + 0.002); // Times are rounded to a nanosecond.
        open.push(ts! + dur!);
      }
    }
  });

  it('shows the steps of the boot, one behind the other', () => {
    const names = lane('boot').map(({ name }) => name);
    const steps = ['console', 'ACPI tables', 'page tables', 'C library', 'module block', 'PCI', 'event loop'];
    expect(names.filter((name) => steps.includes(name))).toEqual(expect.arrayContaining(steps));
    expect(names[0]).toBe('console');
    expect(lane('status').map(({ name }) => name)).toEqual([
      'reset',
      'ACKNOWLEDGE',
      'DRIVER',
      'FEATURES_OK',
      'DRIVER_OK',
    ]);
  });

  it('names tasks by their lines', () => {
    const tasks = lane('tasks').map(({ name, args }) => `${args?.['task']} ${name} ${args?.['at']}`);
    expect(tasks).toContain(`timer (anonymous) ${placeOf(TRACED, 'setTimeout')}`);
    expect(tasks).toContain(`immediate (anonymous) ${placeOf(TRACED, 'setImmediate')}`);
    expect(tasks.filter((task) => task === `async main ${placeOf(TRACED, 'One at a time')}`)).toHaveLength(10);
  });

  it('shows interrupts, halts and collections', () => {
    expect(lane('interrupts').map(({ name }) => name)).toContain('timer');
    expect(lane('halted').length).toBeGreaterThan(0);
    expect(lane('collector').length).toBeGreaterThan(0);
  });
});

it('a program that is not traced has nothing of it', async () => {
  const folder = path.dirname((await imageOf('apps/uptime/main.ts')).elf);
  const machine = readFileSync(path.join(folder, 'machine.c'), 'utf8');
  expect(machine.match(/^#define hed_trace\(.*$/m)?.[0]).toBe('#define hed_trace(kind, a, b, c) ((void)0)');
  expect(machine).not.toContain('hal_traceRing');
  expect(readFileSync(path.join(folder, 'control.c'), 'utf8')).not.toMatch(
    /hed_trace|_beginTimer|_endTask|_endModules/,
  );
});
