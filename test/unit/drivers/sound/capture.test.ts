// What is recorded: periods that a simulated device fills.

import { afterEach, describe, expect, it } from 'vitest';
import type { CaptureStream, SoundStreamOptions } from '../../../../kernel/device/sound.ts';
import { kindOf, run } from '../virtio/live-harness.ts';
import { closeSounds, openSound, outcomeOf, pass, pattern, type SoundTestOptions } from './harness.ts';

/** A period of 20 ms of this is 640 bytes. */
const STEREO: SoundStreamOptions = { rate: 8000, channels: 2, format: 's16' };
const PERIOD = 640;

afterEach(closeSounds);

const openCapture = async (device: SoundTestOptions = {}, options: Partial<SoundStreamOptions> = {}) => {
  const all = await openSound(device);
  const mic = await run(all.sound.capture({ ...STEREO, ...options }));
  return { ...all, mic, recording: all.sim.states[mic.info.index]! };
};

const readAll = async (mic: CaptureStream, count: number): Promise<Uint8Array> => {
  const parts: number[] = [];
  for (let i = 0; i < count; i++) parts.push(...(await mic.read()));
  return Uint8Array.from(parts);
};

describe('a stream that is recorded', () => {
  it.each([
    ['MSI-X', { vectors: 5 }],
    ['its pin', {}],
    ['a line of virtio-mmio', { transport: 'mmio' }],
    ['polling', { isPolled: true }],
    ['a packed ring', { features: [32, 34] }],
  ] as const)('gives all that the device recorded, in order and in its time, with %s', async (_, device) => {
    const { machine, sim, mic } = await openCapture(device);
    const start = machine.now;
    const bytes = await run(readAll(mic, 40));
    expect(Buffer.compare(bytes, pattern(40 * PERIOD, 0))).toBe(0);
    const elapsed = (machine.now - start) / 20e6; // In periods.
    expect(elapsed).toBeGreaterThan(39);
    expect(elapsed).toBeLessThan(42);
    await run(mic.stop());
    expect([mic.xrunCount, mic.frameCount, mic.latencyBytes]).toEqual([0, 40 * 160, 123]);
    expect([sim.asked, machine.violations]).toEqual([[0x101, 0x102, 0x104, 0x105], []]);
  });

  it('has its periods with the device before it starts, and starts with the first who reads', async () => {
    const { sim, mic, recording } = await openCapture();
    await pass(100);
    expect([mic.state, recording.messages]).toEqual(['prepared', []]);
    const first = mic.read();
    await run(first);
    expect([mic.state, recording.messages.slice(0, 8), sim.asked]).toEqual([
      'running',
      new Array(8).fill(PERIOD),
      [0x101, 0x102, 0x104],
    ]);
  });

  it('readers get their periods in the order in which they asked', async () => {
    const { mic } = await openCapture();
    const reads = await run(Promise.all([mic.read(), mic.read(), mic.read()]));
    expect(reads.map(([first]) => first)).toEqual([0, PERIOD % 251, (2 * PERIOD) % 251]);
  });

  it('what comes while nobody reads is kept, and beyond that it is an xrun', async () => {
    const { mic, recording } = await openCapture();
    let count = 0;
    mic.onXrun(() => count++);
    await run(mic.start());
    await pass(150);
    expect([mic.xrunCount, mic.frameCount]).toEqual([0, 7 * 160]);
    await pass(200);
    expect([mic.xrunCount, count, mic.frameCount]).toEqual([1, 1, 8 * 160]);
    expect(recording.shortCount).toBeGreaterThan(5);
    expect(Buffer.compare(await run(readAll(mic, 12)), pattern(12 * PERIOD, 0))).toBe(0);
  });

  it('gives what it has when it was stopped, and then nothing', async () => {
    const { mic } = await openCapture();
    await run(mic.start());
    await pass(45);
    const waiting = Promise.all([mic.read(), mic.read(), mic.read(), mic.read()]);
    await run(mic.stop());
    expect((await run(waiting)).map(({ length }) => length)).toEqual([PERIOD, PERIOD, 0, 0]);
    expect((await run(mic.read())).length).toBe(0);
    await run(mic.start());
    expect((await run(mic.read())).length).toBe(PERIOD);
  });

  it('an abort takes nothing away from who reads next', async () => {
    const { mic } = await openCapture();
    const controller = new AbortController();
    const first = outcomeOf(mic.read({ signal: controller.signal }));
    const second = mic.read();
    await pass(1);
    controller.abort(new Error('enough'));
    expect([await first, (await run(second))[0]]).toEqual(['Error: enough', 0]);
    expect(await kindOf(mic.read({ signal: controller.signal }))).toBe('Error: enough');
  });

  it.each([false, true])(
    'a part of a period is read, whole frames of it: status at the end %s',
    async (hasStatusAtEnd) => {
      for (const cutAt of [0, 1, 4, 37, 636, 640]) {
        const { mic, machine } = await openCapture({ cutAt, hasStatusAtEnd });
        await run(mic.read());
        await run(mic.stop());
        expect(await run(mic.read())).toEqual(pattern(PERIOD + cutAt - (cutAt % 4), 0).subarray(PERIOD));
        expect((await run(mic.read())).length).toBe(0);
        await run(mic.start());
        expect(await run(mic.read())).toEqual(pattern(2 * PERIOD + cutAt, 0).subarray(PERIOD + cutAt));
        await run(mic.stop());
        await run(mic.release());
        await run(mic.prepare());
        expect((await run(mic.read())).length).toBe(PERIOD);
        expect([mic.xrunCount, machine.violations]).toEqual([0, []]);
        await closeSounds();
      }
    },
  );

  it('is refused what another direction has', async () => {
    const { sound, mic } = await openCapture();
    expect(await kindOf(sound.capture({ ...STEREO, stream: 0 }))).toBe('unsupported');
    expect(await kindOf(sound.capture(STEREO))).toBe('invalid-argument');
    await run(mic.close());
    expect(await kindOf(mic.read())).toBe('closed');
    const again = await run(sound.capture({ ...STEREO, format: 'float', channels: 1, rate: 48000, periodFrames: 100 }));
    expect((await run(again.read())).length).toBe(400);
  });
});

it('playing and recording go on at the same time', async () => {
  const { sound, mic, machine, sim } = await openCapture();
  const out = await run(sound.playback(STEREO));
  const samples = pattern(30 * PERIOD);
  const written = out.write(samples).then(() => out.drain());
  expect(Buffer.compare(await run(readAll(mic, 35)), pattern(35 * PERIOD, 0))).toBe(0);
  await run(written);
  expect(Buffer.compare(Uint8Array.from(sim.states[0]!.played), samples)).toBe(0);
  expect([out.xrunCount, mic.xrunCount, machine.violations]).toEqual([0, 0, []]);
});
