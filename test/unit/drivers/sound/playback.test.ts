// What is played: samples on their way to a simulated device, and the states of a stream.

import { afterEach, describe, expect, it } from 'vitest';
import type { SoundStreamOptions } from '../../../../kernel/device/sound.ts';
import { dmaFreeBytes } from '../../../../kernel/hal/dma-pool.ts';
import { kindOf, run } from '../virtio/live-harness.ts';
import { closeSounds, openSound, outcomeOf, pass, pattern, type SoundTestOptions } from './harness.ts';

const SET_PARAMS = 0x101;
const PREPARE = 0x102;
const RELEASE = 0x103;
const START = 0x104;
const STOP = 0x105;

/** A period of 20 ms of this is 640 bytes. */
const MONO: SoundStreamOptions = { rate: 8000, channels: 2, format: 's16' };
const PERIOD = 640;

afterEach(closeSounds);

const openPlayback = async (device: SoundTestOptions = {}, options: Partial<SoundStreamOptions> = {}) => {
  const all = await openSound(device);
  const out = await run(all.sound.playback({ ...MONO, ...options }));
  return { ...all, out, played: all.sim.states[out.info.index]! };
};

describe('a stream that is played', () => {
  it.each([
    ['MSI-X', { vectors: 5 }],
    ['its pin', {}],
    ['a line of virtio-mmio', { transport: 'mmio' }],
    ['polling', { isPolled: true }],
    ['polling over virtio-mmio', { transport: 'mmio', isPolled: true }],
    ['a packed ring', { features: [32, 34] }],
    ['indirect tables and the event index', { features: [28, 29, 32] }],
  ] as const)('plays what is written, to the byte, with %s', async (_, device) => {
    const { machine, sim, out, played } = await openPlayback(device);
    const samples = pattern(20 * PERIOD + 12);
    await run(out.write(samples.subarray(0, 1000)));
    await run(out.write(samples.subarray(1000)));
    await run(out.drain());
    expect(Buffer.compare(Uint8Array.from(played.played), samples)).toBe(0);
    expect([out.state, out.xrunCount, out.frameCount, out.latencyBytes]).toEqual([
      'stopped',
      0,
      samples.length / 4,
      123,
    ]);
    expect([sim.asked, machine.violations]).toEqual([[SET_PARAMS, PREPARE, START, STOP], []]);
  });

  it('gives the device whole periods, and a part only at the end', async () => {
    const { out, played } = await openPlayback();
    for (let i = 0; i < 7; i++) await run(out.write(pattern(1000)));
    await run(out.drain());
    expect(played.messages).toEqual([...new Array(10).fill(PERIOD), 600]);
  });

  it('starts by itself when its buffer is full, and no earlier', async () => {
    const { sim, out } = await openPlayback();
    await run(out.write(pattern(8 * PERIOD - 4)));
    await pass(100);
    expect([out.state, sim.asked]).toEqual(['prepared', [SET_PARAMS, PREPARE]]);
    await run(out.write(pattern(4)));
    await pass(1);
    expect([out.state, sim.asked]).toEqual(['running', [SET_PARAMS, PREPARE, START]]);
  });

  it('holds back who writes faster than the device plays', async () => {
    const { machine, out } = await openPlayback();
    const start = machine.now;
    await run(out.write(pattern(8 * PERIOD)));
    expect(machine.now - start).toBeLessThan(2e6);
    await run(out.write(pattern(50 * PERIOD)));
    const elapsed = (machine.now - start) / 20e6; // In periods.
    expect(elapsed).toBeGreaterThan(49);
    expect(elapsed).toBeLessThan(52);
  });

  it('takes writes in the order of the calls', async () => {
    const { out, played } = await openPlayback();
    const writes = Array.from({ length: 30 }, (_, i) => out.write(new Uint8Array(PERIOD).fill(i)));
    await run(Promise.all(writes));
    await run(out.drain());
    expect(played.played.filter((_, i) => i % PERIOD === 0)).toEqual(Array.from({ length: 30 }, (_, i) => i));
  });

  it('takes numbers for the formats that they are of', async () => {
    const { sound, out, sim } = await openPlayback();
    await run(out.write(Int16Array.from([1, -2, 3, -4, 5, -6]).subarray(2)));
    await run(out.drain());
    expect(sim.states[0]!.played).toEqual([3, 0, 252, 255, 5, 0, 250, 255]);
    expect(await kindOf(out.write(new Float32Array(2)))).toBe('invalid-argument');
    await run(out.close());
    const other = await run(sound.playback({ rate: 48000, channels: 1, format: 'float' }));
    await run(other.write(Float32Array.from([0.5])));
    expect(await kindOf(other.write(new Int16Array(2)))).toBe('invalid-argument');
    await run(other.drain());
    expect(sim.states[0]!.played.slice(8)).toEqual([0, 0, 0, 63]);
  });

  it('shares the queue with others, of which each has its own samples and one may pause', async () => {
    const streams = [{ direction: 0 }, { direction: 1 }, { direction: 0 }];
    const { sound, sim, machine } = await openSound({ streams, queueSizes: [64, 64, 8, 64] });
    const [a, b] = await run(
      Promise.all([sound.playback(MONO), sound.playback({ ...MONO, rate: 48000, channels: 1 })]),
    );
    expect([a.info.index, b.info.index]).toEqual([0, 2]);
    const [left, right] = [pattern(30 * PERIOD, 1), pattern(30 * 1920, 2)];
    const writes = Promise.all([a.write(left), b.write(right)]);
    await pass(150);
    await run(a.stop());
    await pass(400);
    await run(a.start());
    await run(writes);
    await run(Promise.all([a.drain(), b.drain()]));
    expect(Buffer.compare(Uint8Array.from(sim.states[0]!.played), left)).toBe(0);
    expect(Buffer.compare(Uint8Array.from(sim.states[2]!.played), right)).toBe(0);
    expect(machine.violations).toEqual([]);
  });

  it('an abort leaves what was taken, and nothing more', async () => {
    const { out, played } = await openPlayback();
    const controller = new AbortController();
    const first = outcomeOf(out.write(new Uint8Array(20 * PERIOD).fill(1), { signal: controller.signal }));
    const second = outcomeOf(out.write(new Uint8Array(PERIOD).fill(2)));
    await pass(5);
    controller.abort(new Error('enough'));
    expect([await first, await run(second)]).toEqual(['Error: enough', 'fulfilled']);
    await run(out.drain());
    expect([played.played.length, played.played.lastIndexOf(1)]).toEqual([9 * PERIOD, 8 * PERIOD - 1]);
    expect(await kindOf(out.write(pattern(4), { signal: controller.signal }))).toBe('Error: enough');
  });

  it('says when the device has finished a period', async () => {
    const { out } = await openPlayback();
    let count = 0;
    const end = out.onPeriod(() => count++);
    await run(out.write(pattern(8 * PERIOD)));
    await pass(50);
    expect(count).toBe(2);
    end();
    await run(out.drain());
    expect([count, out.frameCount]).toEqual([2, 8 * 160]);
  });
});

describe('a stream that runs out of samples', () => {
  it('says so, each time once', async () => {
    const { out, played } = await openPlayback();
    let count = 0;
    out.onXrun(() => count++);
    await run(out.write(pattern(8 * PERIOD)));
    await pass(400);
    expect([out.xrunCount, count, out.state]).toEqual([1, 1, 'running']);
    await run(out.write(pattern(2 * PERIOD)));
    await pass(100);
    expect([out.xrunCount, count]).toEqual([2, 2]);
    await run(out.drain());
    expect([out.xrunCount, played.played.length]).toEqual([2, 10 * PERIOD]);
    expect(played.shortCount).toBeGreaterThan(2);
  });

  it('is counted by the device where that can', async () => {
    const { sim, out } = await openPlayback({ streams: [{ direction: 0, features: 0x1f }] });
    expect(sim.states[0]!.features).toBe(0x10);
    await run(out.write(pattern(8 * PERIOD)));
    await pass(165);
    expect(out.xrunCount).toBe(0);
    await pass(60);
    expect(out.xrunCount).toBe(sim.states[0]!.shortCount);
    expect(out.xrunCount).toBeGreaterThan(1);
  });

  it('what was drained is no such thing', async () => {
    const { out } = await openPlayback();
    await run(out.write(pattern(3 * PERIOD)));
    await run(out.drain());
    await pass(100);
    await run(out.drain());
    expect([out.xrunCount, out.state]).toEqual([0, 'stopped']);
  });
});

describe('the states of a stream', () => {
  it('are those of the specification, and what is out of order is refused before the device hears of it', async () => {
    const { machine, sim, out } = await openPlayback();
    const trouble = async (...calls: (() => Promise<unknown>)[]): Promise<void> => {
      const before = sim.asked.length;
      for (const call of calls) expect(await kindOf(call())).toBe('invalid-argument');
      expect(sim.asked.length).toBe(before);
    };
    await trouble(out.stop, out.prepare);
    await run(out.start());
    expect(out.state).toBe('running');
    await trouble(out.start, out.prepare, out.release);
    await run(out.stop());
    expect(out.state).toBe('stopped');
    await trouble(out.stop, out.prepare);
    await run(out.start());
    await run(out.stop());
    await run(out.release());
    expect(out.state).toBe('released');
    await trouble(out.start, out.stop, out.release, out.drain, () => out.write(pattern(4)));
    await run(out.prepare());
    await run(out.release());
    await run(out.prepare());
    expect(out.state).toBe('prepared');
    const asked = [SET_PARAMS, PREPARE, START, STOP, START, STOP, RELEASE, PREPARE, RELEASE, PREPARE];
    expect([sim.asked, machine.violations]).toEqual([asked, []]);
  });

  it('change in the order of the calls', async () => {
    const { sim, out } = await openPlayback();
    await run(Promise.all([out.start(), out.stop(), out.release(), out.prepare(), out.start()]));
    expect(sim.asked.slice(2)).toEqual([START, STOP, RELEASE, PREPARE, START]);
    expect(out.state).toBe('running');
  });

  it('a pause loses nothing', async () => {
    const { out, played } = await openPlayback();
    const samples = pattern(12 * PERIOD);
    const written = out.write(samples);
    await pass(70);
    await run(out.stop());
    const before = played.played.length;
    await pass(500);
    expect([played.played.length, out.xrunCount]).toEqual([before, 0]);
    await run(out.start());
    await run(written);
    await run(out.drain());
    expect(Buffer.compare(Uint8Array.from(played.played), samples)).toBe(0);
  });

  it('release drops what was not played, and rejects who waits', async () => {
    const { out, played } = await openPlayback();
    const written = outcomeOf(out.write(pattern(20 * PERIOD)));
    await pass(50);
    await run(out.stop());
    await run(out.release());
    expect(await written).toBe('closed');
    await run(out.prepare());
    const before = played.played.length;
    const samples = pattern(9 * PERIOD, 77);
    await run(out.write(samples));
    await run(out.drain());
    expect(Buffer.compare(Uint8Array.from(played.played.slice(before)), samples)).toBe(0);
  });

  it('nothing is written while a stream is drained', async () => {
    const { out } = await openPlayback();
    await run(out.write(pattern(PERIOD)));
    const drained = out.drain();
    await pass(1);
    expect(await kindOf(out.write(pattern(4)))).toBe('invalid-argument');
    await run(drained);
    expect(await kindOf(out.write(pattern(4)))).toBe('fulfilled');
  });
});

describe('a stream that cannot be', () => {
  it('is refused before the device hears of it', async () => {
    const { sound, sim, pool } = await openSound();
    const free = dmaFreeBytes(pool);
    const trouble = async (kind: string, options: Partial<SoundStreamOptions>): Promise<void> =>
      expect(await kindOf(sound.playback({ ...MONO, ...options })), JSON.stringify(options)).toBe(kind);
    for (const rate of [44100, 0, -1, NaN, 8000.5]) await trouble('unsupported', { rate });
    for (const channels of [0, 3, 1.5, NaN, -1]) await trouble('unsupported', { channels });
    await trouble('unsupported', { format: 'u8' });
    await trouble('unsupported', { format: 'nothing' as 'u8' });
    for (const stream of [1, 2, -1, 0.5]) await trouble('unsupported', { stream });
    for (const periodFrames of [0, -1, 1.5, NaN, 1e9]) await trouble('invalid-argument', { periodFrames });
    for (const periodCount of [0, 1, 2.5, NaN, 1025]) await trouble('invalid-argument', { periodCount });
    await trouble('no-memory', { periodFrames: 100_000, periodCount: 16 });
    expect([sim.asked, dmaFreeBytes(pool)]).toEqual([[], free]);
  });

  it('is refused while it is in use, and can be had again', async () => {
    const { sound, pool } = await openSound();
    const free = dmaFreeBytes(pool);
    const out = await run(sound.playback(MONO));
    expect(await kindOf(sound.playback(MONO))).toBe('invalid-argument');
    await run(out.write(pattern(12)));
    await run(out.close());
    expect([out.state, dmaFreeBytes(pool)]).toEqual(['closed', free]);
    for (const call of [out.start, out.stop, out.release, out.prepare, out.drain, () => out.write(pattern(4))]) {
      expect(await kindOf(call())).toBe('closed');
    }
    await run(out.close());
    const again = await run(sound.playback({ ...MONO, stream: 0 }));
    await run(again.close());
    expect(dmaFreeBytes(pool)).toBe(free);
  });

  it('samples that are no whole frames are refused', async () => {
    const { out, played } = await openPlayback();
    for (const length of [1, 2, 3, 5, 6, 7])
      expect(await kindOf(out.write(new Uint8Array(length)))).toBe('invalid-argument');
    await run(out.write(new Uint8Array(0)));
    await run(out.drain());
    expect([played.messages, out.state]).toEqual([[], 'prepared']);
  });

  it('what the device refuses rejects, and gives the memory back', async () => {
    const { sound, sim, pool } = await openSound();
    const free = dmaFreeBytes(pool);
    for (const [status, kind] of [
      [0x8001, 'io-error'],
      [0x8002, 'unsupported'],
      [0x8003, 'io-error'],
    ] as const) {
      const bytes = Uint8Array.from([status & 255, status >> 8, 0, 0]);
      sim.lies = { answer: (code) => (code === PREPARE ? bytes : undefined) };
      expect(await kindOf(sound.playback(MONO))).toBe(kind);
      expect(dmaFreeBytes(pool)).toBe(free);
    }
    sim.lies = {};
    await run(sound.playback(MONO));
  });

  it('a start that the device refuses rejects who waits for room', async () => {
    const { sim, out } = await openPlayback();
    sim.lies = { answer: (code) => (code === START ? Uint8Array.from([3, 0x80, 0, 0]) : undefined) };
    expect(await kindOf(out.write(pattern(20 * PERIOD)))).toBe('io-error');
    expect(out.state).toBe('prepared');
    expect(await kindOf(out.drain())).toBe('io-error');
  });
});
