// `make profile`: samples of both planes, and a flame graph of them.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildImage } from '../../scripts/build.ts';
import { makeDisk } from '../../scripts/disk.ts';
import { chooseAccelerator } from '../../scripts/qemu/accelerator.ts';
import { ensureQemu } from '../../scripts/qemu/install.ts';
import { startQemu } from '../../scripts/qemu/start.ts';
import { profileTable, SAMPLE_RING, type Sample, samplesOf, speedscopeOf } from '../../scripts/trace/profile.ts';
import { record } from '../../scripts/trace/record.ts';

interface Speedscope {
  readonly shared: { readonly frames: readonly { readonly name: string; readonly file?: string }[] };
  readonly profiles: readonly {
    readonly type: string;
    readonly unit: string;
    readonly endValue: number;
    readonly samples: readonly (readonly number[])[];
    readonly weights: readonly number[];
  }[];
}

describe('the profile of apps/uptime', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'hedyn-profile-'));
  let samples: readonly Sample[];
  beforeAll(async () => {
    const { elf, debugElf } = await buildImage({ entry: 'apps/uptime/main.ts', release: false, sampled: true });
    const memoryFile = path.join(folder, 'memory');
    const disk = path.join(folder, 'disk.img');
    await makeDisk(disk, 4 * 1024 * 1024);
    const recorder = record(debugElf, memoryFile, SAMPLE_RING);
    const qemu = startQemu({
      qemu: await ensureQemu(process.env.QEMU),
      machine: 'q35',
      accelerator: chooseAccelerator(),
      memory: '64M',
      memoryFile,
      image: elf,
      commandLine: 'seconds=1',
      disks: [{ file: disk }],
      limitMs: 20_000,
    });
    const { status } = await qemu.exit;
    expect(status, qemu.serial.text() + qemu.complaints()).toBe(0);
    samples = samplesOf(recorder.stop()!);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('has a sample a millisecond, of the sleep and of the work', () => {
    const time = samples.reduce((sum, { microseconds }) => sum + microseconds, 0);
    expect(time).toBeGreaterThan(1_000_000);
    expect(samples.length).toBeGreaterThan((time / 1e6) * 100); // A loaded machine loses some.
    expect(samples.every(({ microseconds }) => microseconds > 0)).toBe(true);
    const asleep = samples.filter(({ frames }) => frames.at(-1)?.name === 'halted');
    expect(asleep.length).toBeGreaterThan(0);
    expect(asleep.length).toBeLessThan(samples.length);
  });

  it('names functions and files, from the main module inwards', () => {
    const frames = samples.flatMap((sample) => sample.frames);
    expect(frames.some(({ name, file }) => name === 'main' && file === 'apps/uptime/main.ts')).toBe(true);
    expect(frames.some(({ file }) => file.startsWith('kernel/event/'))).toBe(true);
    expect(frames.some(({ file }) => file.startsWith('boot/'))).toBe(true);
    expect(profileTable(samples)).toMatch(/^\d+ samples: \d+\.\d\d s of work, \d+\.\d\d s halted\n/);
  });

  it('is a file that speedscope opens', () => {
    const { shared, profiles } = JSON.parse(JSON.stringify(speedscopeOf('uptime', samples))) as Speedscope;
    const profile = profiles[0]!;
    expect(profile.type).toBe('sampled');
    expect(profile.samples).toHaveLength(profile.weights.length);
    expect(profile.weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(profile.endValue, 0);
    for (const index of new Set(profile.samples.flat())) expect(shared.frames[index]?.name).toMatch(/./);
  });
});
