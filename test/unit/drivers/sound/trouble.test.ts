// Sound devices that say and do what they must not, that fall silent, that are reset, closed and taken out.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSoundDevice } from '../../../../drivers/sound/driver.ts';
import { newLive, removeLive } from '../../../../drivers/virtio/live.ts';
import { startLog, stopLog } from '../../../../kernel/base/log.ts';
import type { SoundStreamOptions } from '../../../../kernel/device/sound.ts';
import { isAlive } from '../../../../kernel/event/loop.ts';
import { dmaFreeBytes } from '../../../../kernel/hal/dma-pool.ts';
import type { SimSoundLies } from '../../../sim/virtio/sound.ts';
import { interruptsOf, kindOf, run } from '../virtio/live-harness.ts';
import {
  beginOpening,
  closeSounds,
  FAILED,
  openSound,
  outcomeOf,
  pass,
  pattern,
  type SoundTestOptions,
} from './harness.ts';

const STEREO: SoundStreamOptions = { rate: 8000, channels: 2, format: 's16' };
const PERIOD = 640;

const PCM_RELEASE = 0x0103;
const PCM_START = 0x0104;
const NEEDS_RESET = 64;

let logged: string[] = [];

beforeEach(() => {
  logged = [];
  startLog((text) => logged.push(text), 'warn');
});

afterEach(async () => {
  await closeSounds();
  stopLog();
});

/** A stream that plays for longer than its buffer lasts, and one that is read. */
const openBoth = async (options: SoundTestOptions = {}) => {
  const all = await openSound(options);
  const [out, mic] = await run(Promise.all([all.sound.playback(STEREO), all.sound.capture(STEREO)]));
  const waits = Promise.all([outcomeOf(out.write(pattern(100 * PERIOD))), outcomeOf(mic.read())]);
  return { ...all, out, mic, waits };
};

const info = (change: (bytes: Uint8Array) => void, of: number): SimSoundLies => ({
  answer: (code, right) => {
    if (code !== of) return undefined;
    const bytes = right.slice();
    change(bytes);
    return bytes;
  },
});

const set =
  (offset: number, ...values: number[]): ((bytes: Uint8Array) => void) =>
  (bytes) =>
    bytes.set(values, offset);

describe('a sound device that lies about what it has is not opened (W16)', () => {
  const volume = { type: 1, access: 3, value: new Uint8Array(4) };
  it.each([
    ['no channels', info(set(4 + 25, 0), 0x100), 'stream 0 has 0 to 2 channels'],
    ['more channels at least than at most', info(set(4 + 25, 3), 0x100), 'stream 0 has 3 to 2 channels'],
    ['a third direction', info(set(4 + 32 + 24, 2), 0x100), 'stream 1 has direction 2'],
    ['a channel map of 19', info(set(4 + 5, 19), 0x200), 'channel map 0 has 19 channels, expected at most 18'],
    ['a channel map of no direction', info(set(4 + 4, 255), 0x200), 'channel map 0 has direction 255'],
    ['a control of no type', info(set(4 + 8, 6), 0x300), 'control 0 has 1 values of type 6'],
    ['a control of no value', info(set(4 + 16, 0), 0x300), 'control 0 has 0 values of type 1'],
    ['a control of 129 numbers', info(set(4 + 16, 129), 0x300), 'control 0 has 129 values of type 1'],
    [
      'an enumeration of nothing',
      info((bytes) => bytes.set([3], 12) ?? bytes.fill(0, 72, 76), 0x300),
      'control 0 is one of 0 items',
    ],
    ['an answer that is too short (W24)', { answerLength: 3 }, 'status 0x0000 in an answer of 3 bytes'],
    ['half of the items', { answerLength: 30 }, 'status 0x8000 in an answer of 30 bytes'],
    ['more than there is room for (W24)', { answerLength: 100_000 }, '100000 bytes written'],
    ['a status that nobody knows', info(set(0, 0, 0), 0x100), 'status 0x0000'],
    ['a request that it does not have', { answerHead: 999 }, 'head 999'],
  ] as const)('%s', async (_, lies, message) => {
    const { device, free, pool, opening } = beginOpening({ lies, channelMaps: [[0, 3, 4]], controls: [volume] });
    expect(await kindOf(opening)).toBe('wrong-answer');
    expect([device.status, dmaFreeBytes(pool), isAlive()]).toEqual([FAILED, free, false]);
    expect(logged.join('')).toContain(message);
  });

  it.each([
    ['more streams than there can be', [0, 0xffffffff, 0, 0], 'it has 4294967295 streams, of which 256 are used'],
    ['more jacks', [300, 2, 0, 0], 'it has 300 jacks, of which 256 are used'],
  ] as const)('%s', async (_, counts, message) => {
    const { opening } = beginOpening({ counts });
    expect(await kindOf(opening)).toBe('wrong-answer'); // The simulated one has not that many to tell of.
    expect(logged.join('')).toContain(message);
  });

  it('a configuration that is too short', async () => {
    const { opening, free, pool } = beginOpening({
      transport: 'pci',
      config: new Uint8Array(8),
      capabilities: undefined,
    });
    expect(await kindOf(opening)).toMatch(/device-failed|wrong-answer/);
    expect(dmaFreeBytes(pool)).toBe(free);
  });

  it('queues that are missing', async () => {
    const { opening } = beginOpening({ queueSizes: [64, 64, 64] });
    expect(await kindOf(opening)).toBe('device-failed');
  });

  it('QEMU has jacks and maps of which it does not tell: streams go without', async () => {
    const lies: SimSoundLies = {
      answer: (code) => (code === 1 || code === 0x200 ? Uint8Array.from([2, 0x80, 0, 0]) : undefined),
    };
    const { sound } = await openSound({ lies, jacks: [{}], channelMaps: [[0, 3, 4]] });
    expect([sound.jacks, sound.channelMaps, sound.streams.length]).toEqual([[], [], 2]);
    expect(logged.filter((line) => line.includes('does not tell of them'))).toHaveLength(2);
  });
});

describe('a sound device that works and then lies', () => {
  it.each([
    ['a period that it does not have (W16)', { transferHead: 999 }, 'head 999'],
    [
      'a period with half a status (W24)',
      { transferLength: 4 },
      'queue 2: the device wrote 4 bytes, which is no status',
    ],
    ['a period with more than there is room for (W24)', { transferLength: 60_000 }, '60000 bytes written'],
  ] as const)('is given up for %s, and all who wait hear of it', async (_, lies, message) => {
    const { device, free, pool, sim, sound, out, mic, waits } = await openBoth({});
    await pass(30);
    sim.lies = lies;
    expect((await run(waits))[0]).toBe('wrong-answer');
    expect(logged.join('')).toContain(message);
    expect([out.state, mic.state, device.status, dmaFreeBytes(pool)]).toEqual(['closed', 'closed', FAILED, free]);
    for (const call of [() => sound.playback(STEREO), () => out.write(pattern(4)), out.stop, mic.read]) {
      expect(await kindOf(call())).toBe('device-failed');
    }
    expect(isAlive()).toBe(false);
  });

  it.each([
    ['of 4 bytes', { eventLength: 4 }, 'an event of 4 bytes, expected 8'],
    ['that it had no buffer for', { eventHead: 999 }, 'head 999'],
  ] as const)('is given up for an event %s', async (_, lies, message) => {
    const { sim, waits } = await openBoth();
    sim.lies = lies;
    sim.say(0x1101, 0);
    expect(await run(waits)).toEqual(['wrong-answer', 'wrong-answer']);
    expect(logged.join('')).toContain(message);
  });

  it('samples that it could not move are told to who goes on, once', async () => {
    const { sim, out, mic, waits } = await openBoth();
    expect((await Promise.race([run(waits), pass(30)])) ?? []).toEqual([]);
    sim.lies = { status: 0x8003 };
    await pass(60);
    sim.lies = {};
    expect(await kindOf(out.write(pattern(4)))).toBe('io-error');
    expect(await kindOf(mic.read())).toBe('io-error');
    expect(await kindOf(mic.read())).toBe('fulfilled');
  });

  it('a status that was not written is no OK, even where one of before was', async () => {
    const { sim, out, mic } = await openBoth();
    await pass(300); // Each place and each buffer has been used.
    for (let i = 0; i < 6; i++) await run(mic.read());
    sim.lies = { writesNoStatus: true };
    await pass(60);
    expect(await kindOf(out.write(pattern(4)))).toBe('io-error');
    expect(await kindOf(mic.read())).toBe('io-error');
  });

  it('events about nothing are ignored, which the log says some times', async () => {
    const { sim, out } = await openBoth({ jacks: [{}] });
    for (let i = 0; i < 30; i++) sim.say(0x1000 + (i % 2), 1 + i);
    for (const [code, data] of [
      [0x1101, 0],
      [0x1101, 7],
      [0x1200, 0],
      [0x9999, 0],
      [0, 0],
    ] as const)
      sim.say(code, data);
    await pass(5);
    expect(out.xrunCount).toBe(0);
    expect(logged.filter((line) => line.includes('which is ignored'))).toHaveLength(8);
    expect(logged.at(-1)).toContain('no more of this is said');
  });

  it('a storm of events keeps nobody from playing', async () => {
    const { sim, out, machine } = await openBoth({ jacks: [{}] });
    const storm = (): void => {
      while (sim.say(0x1000, 0));
      machine.after(100_000, storm);
    };
    storm();
    await pass(50);
    expect(out.frameCount).toBe(2 * 160);
  });
});

describe('a sound device that falls silent', () => {
  it('for one stream ends that one, and plays the other', async () => {
    const lies = { standsStill: (index: number) => index === 1 };
    const { sim, sound, mic, out, waits, machine } = await openBoth({ deadlineMs: 100, lies });
    expect(await run(waits)).toEqual(['fulfilled', 'timeout']);
    expect([mic.state, out.state, out.xrunCount, await kindOf(mic.read())]).toEqual(['closed', 'running', 0, 'closed']);
    expect([sim.device.statusWrites.filter((value) => value === 0).length, machine.violations]).toEqual([1, []]);
    sim.lies = {};
    const again = await run(sound.capture(STEREO));
    expect((await run(again.read())).length).toBe(PERIOD);
    await run(out.drain());
    expect(Buffer.compare(Uint8Array.from(sim.states[0]!.played), pattern(100 * PERIOD))).toBe(0);
  });

  it.each([
    ['to a request', { silence: (code: number) => code === 0x104 }],
    [
      'to the release of a stream for which it does nothing',
      { standsStill: (): boolean => true, silence: (code: number) => code === 0x105 },
    ],
    [
      'and refuses the release of such a stream',
      {
        standsStill: (): boolean => true,
        answer: (code: number) => (code === 0x105 ? Uint8Array.from([3, 0x80, 0, 0]) : undefined),
      },
    ],
  ] as const)('%s is reset, its streams end, and others can be opened', async (_, lies) => {
    const { device, free, pool, sim, sound, out, mic, waits } = await openBoth({ deadlineMs: 100, lies });
    const [written] = await run(waits);
    expect(written).toBe('timeout');
    await pass(150); // Who waits for samples need not wait until all is given back.
    expect([out.state, mic.state]).toEqual(['closed', 'closed']);
    expect(await kindOf(out.write(pattern(4)))).toBe('closed');
    expect(logged.join('')).toContain('it was reset and works again');
    sim.lies = {};
    const again = await run(sound.playback(STEREO));
    await run(again.write(pattern(20 * PERIOD)));
    await run(again.drain());
    expect(sim.states[0]!.played).toHaveLength(20 * PERIOD);
    await run(sound.close());
    expect([device.status, dmaFreeBytes(pool)]).toEqual([FAILED, free]);
  });

  it('may take its time while a stream pauses', async () => {
    const { out, waits, sim } = await openBoth({ deadlineMs: 100 });
    await pass(30);
    await run(out.stop());
    await pass(2000);
    expect([out.state, sim.device.statusWrites.filter((value) => value === 0).length]).toEqual(['stopped', 1]);
    await run(out.start());
    expect(await run(waits)).toEqual(['fulfilled', 'fulfilled']);
  });

  it('and keeps the periods of a stream that is released is reset', async () => {
    const { out, waits, pool, free, sound } = await openBoth({ deadlineMs: 100, lies: { keepsPeriods: true } });
    await pass(30);
    await run(out.stop());
    expect(await kindOf(out.release())).toBe('timeout');
    await run(waits);
    await run(sound.close());
    expect(dmaFreeBytes(pool)).toBe(free);
  });

  it('and needs a reset gets it', async () => {
    const { device, out, waits } = await openBoth({ vectors: 5 });
    await pass(30);
    device.status |= 64;
    device.interrupts.config();
    expect(await run(waits)).toEqual(['device-reset', 'fulfilled']);
    expect([out.state, device.status & 64]).toEqual(['closed', 0]);
  });

  it('may be reset while it answers the release of a stream, whose memory goes back once', async () => {
    const { device, live, pool, free, sim, sound } = await openSound();
    const stream = await run(sound.playback(STEREO));
    sim.lies.answer = (code) => {
      if (code === PCM_RELEASE) {
        device.status |= NEEDS_RESET;
        device.interrupts.config();
      }
      return undefined;
    };
    expect(await run(outcomeOf(stream.close()))).toBe('fulfilled');
    expect([live.state, stream.state]).toEqual(['live', 'closed']);
    await run(sound.close());
    expect(dmaFreeBytes(pool)).toBe(free);
  });

  it('may end while it starts a stream that is drained: both are heard of', async () => {
    const { device, live, sim, sound } = await openSound();
    const stream = await run(sound.playback(STEREO));
    await run(stream.write(pattern(2 * PERIOD)));
    sim.lies.silence = (code) => code === PCM_START;
    const drained = outcomeOf(stream.drain());
    await pass(5);
    device.rings[2]!.skip(100);
    device.interrupts.queue(2);
    expect([await run(drained), live.state]).toEqual(['wrong-answer', 'failed']);
  });

  it('while it is opened is given up', async () => {
    const { opening, pool, free } = beginOpening({ deadlineMs: 100, lies: { silence: () => true } });
    expect(await kindOf(opening)).toBe('timeout');
    expect(dmaFreeBytes(pool)).toBe(free);
  });
});

describe('the end', () => {
  it('closing releases the streams, resets the device and gives its memory back', async () => {
    const { device, free, pool, sim, sound, out, waits } = await openBoth();
    await pass(30);
    await run(sound.close());
    expect(await run(waits)).toEqual(['closed', 'fulfilled']);
    expect(sim.asked.slice(-4).sort()).toEqual([0x103, 0x103, 0x105, 0x105]);
    expect([out.state, device.status, dmaFreeBytes(pool), isAlive()]).toEqual(['closed', FAILED, free, false]);
    expect(await kindOf(sound.playback(STEREO))).toBe('closed');
    expect(() => sound.onJackChange(() => {})).toThrow('closed');
    await run(sound.close());
  });

  it('it can be opened again', async () => {
    const { sound, pool, ...all } = await openBoth();
    await run(sound.close());
    const again = await run(openSoundDevice(newLive(all.transport, interruptsOf(all), pool, 1000)));
    const out = await run(again.playback(STEREO));
    await run(out.write(pattern(9 * PERIOD)));
    await run(out.drain());
    await run(again.close());
    expect([dmaFreeBytes(pool), all.machine.violations]).toEqual([all.free, []]);
  });

  it('taken out of the machine, everything rejects', async () => {
    const { live, sound, out, mic, waits, free, pool } = await openBoth();
    await pass(30);
    const drained = outcomeOf(out.drain());
    const released = outcomeOf(mic.stop());
    removeLive(live);
    expect(await run(waits)).toEqual(['removed', 'fulfilled']);
    expect([await drained, await released]).toEqual(['removed', 'removed']);
    for (const call of [() => sound.playback(STEREO), out.stop, mic.read]) expect(await kindOf(call())).toBe('removed');
    expect([dmaFreeBytes(pool), isAlive()]).toEqual([free, false]);
  });

  it('a listener may close the stream, or the device', async () => {
    const { sound, out, waits, machine } = await openBoth();
    out.onPeriod(() => void sound.close());
    const [written] = await run(waits);
    expect([written, machine.violations]).toEqual(['closed', []]);
    await pass(50);
    expect(isAlive()).toBe(false);
  });

  it('a program goes on while somebody waits or listens, and ends when nobody does', async () => {
    const { sound } = await openSound({ jacks: [{}] });
    expect(isAlive()).toBe(false);
    const end = sound.onJackChange(() => {});
    expect(isAlive()).toBe(true);
    end();
    expect(isAlive()).toBe(false);
    const out = await run(sound.playback(STEREO));
    const written = out.write(pattern(30 * PERIOD));
    expect(isAlive()).toBe(true);
    await run(written);
    expect(isAlive()).toBe(false);
  });
});
