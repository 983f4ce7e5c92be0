// What a sound device has besides its samples: jacks, channel maps, controls, and what it says of them.

import { afterEach, describe, expect, it } from 'vitest';
import type { SoundControl } from '../../../../kernel/device/sound.ts';
import type { SimSoundControl } from '../../../sim/virtio/sound-infos.ts';
import { kindOf, run } from '../virtio/live-harness.ts';
import { closeSounds, openSound, pass } from './harness.ts';

afterEach(closeSounds);

const JACK_CONNECTED = 0x1000;
const JACK_DISCONNECTED = 0x1001;
const PERIOD_ELAPSED = 0x1100;
const CTL_NOTIFY = 0x1200;

const words = (...values: number[]): Uint8Array => {
  const view = new DataView(new ArrayBuffer(4 * values.length));
  values.forEach((value, i) => {
    view.setUint32(4 * i, value >>> 0, true);
  });
  return new Uint8Array(view.buffer);
};

const range = (...values: number[]): Uint8Array => {
  const bytes = new Uint8Array(24);
  bytes.set(words(...values));
  return bytes;
};

describe('the streams', () => {
  it('say what they can', async () => {
    const streams = [
      {
        direction: 0,
        formats: [0, 1, 5, 17, 19, 24, 31],
        rates: [0, 7, 13, 14, 15],
        channels: [2, 8] as const,
        group: 3,
      },
      { direction: 1, formats: [4], rates: [6], features: 0x1f },
    ];
    const { sound } = await openSound({ streams });
    expect(sound.streams).toEqual([
      {
        index: 0,
        direction: 'output',
        group: 3,
        formats: ['mu-law', 's16', 's32', 'float', 'iec958-subframe'],
        rates: [5512, 48000, 384000, 12000, 24000],
        channelsMin: 2,
        channelsMax: 8,
        reportsXruns: false,
      },
      {
        index: 1,
        direction: 'input',
        group: 0,
        formats: ['u8'],
        rates: [44100],
        channelsMin: 1,
        channelsMax: 2,
        reportsXruns: true,
      },
    ]);
  });

  it('may be more than one answer tells of', async () => {
    const streams = Array.from({ length: 100 }, (_, i) => ({ direction: i % 2, group: i }));
    const { sound, machine } = await openSound({ streams });
    expect(sound.streams.map(({ group }) => group)).toEqual(Array.from({ length: 100 }, (_, i) => i));
    const last = await run(sound.capture({ rate: 8000, channels: 1, format: 's16', stream: 99 }));
    expect((await run(last.read())).length).toBe(320);
    expect(machine.violations).toEqual([]);
  });

  it('that use every width of a sample have periods of whole frames', async () => {
    const { sound, machine } = await openSound({
      streams: [{ direction: 0, formats: Array.from({ length: 25 }, (_, i) => i) }],
    });
    const { formats } = sound.streams[0]!;
    expect(formats).toHaveLength(24);
    const widths: number[] = [];
    for (const format of formats) {
      const out = await run(sound.playback({ rate: 8000, channels: 1, format }));
      await run(out.write(new Uint8Array(200 * out.frameBytes)));
      await run(out.drain());
      widths.push(out.frameBytes);
      await run(out.close());
    }
    expect(widths).toEqual([1, 1, 1, 1, 2, 2, 3, 3, 3, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4, 8, 1, 2, 4, 4]);
    expect(machine.violations).toEqual([]);
  });
});

it('no order is agreed on: a stream that pauses must not hold others back', async () => {
  const { sound } = await openSound({ features: [28, 32, 35] });
  expect(sound.featureNames).toEqual(['INDIRECT_DESC', 'VERSION_1']);
});

describe('channel maps', () => {
  it('name the place of each channel', async () => {
    const { sound } = await openSound({
      channelMaps: [
        [0, 3, 4],
        [1, 2],
        [0, 0, 1, 36, 37],
      ],
    });
    expect(sound.channelMaps).toEqual([
      { group: 0, direction: 'output', positions: ['FL', 'FR'] },
      { group: 0, direction: 'input', positions: ['MONO'] },
      { group: 0, direction: 'output', positions: ['NONE', 'NA', 'BRC', '37'] },
    ]);
  });
});

describe('jacks', () => {
  const jacks = [
    { group: 1, features: 1, configuration: 0x01014010, capabilities: 0x10, connected: 1 },
    { group: 2, configuration: 0x02a19020 },
  ];

  it('say what they are, and when something is plugged in or out', async () => {
    const { sound, sim } = await openSound({ jacks });
    expect(sound.jacks).toMatchObject([
      { index: 0, group: 1, isConnected: true, canRemap: true, pinConfiguration: 0x01014010, pinCapabilities: 0x10 },
      { index: 1, group: 2, isConnected: false, canRemap: false, pinConfiguration: 0x02a19020, pinCapabilities: 0 },
    ]);
    const heard: string[] = [];
    const end = sound.onJackChange(({ index, isConnected }) => heard.push(`${index} ${isConnected}`));
    sim.say(JACK_CONNECTED, 1);
    sim.say(JACK_DISCONNECTED, 0);
    await pass(5);
    expect([heard, sound.jacks.map(({ isConnected }) => isConnected)]).toEqual([
      ['1 true', '0 false'],
      [false, true],
    ]);
    end();
    sim.say(JACK_CONNECTED, 0);
    await pass(5);
    expect([heard.length, sound.jacks[0]!.isConnected]).toEqual([2, true]);
  });

  it('can be mapped otherwise where the device can', async () => {
    const { sound, sim } = await openSound({ jacks });
    const [first, second] = sound.jacks;
    await run(first!.remap(3, 14));
    expect(sim.remaps).toEqual([[0, 3, 14]]);
    for (const number of [-1, 16, 1.5, NaN]) {
      expect(await kindOf(first!.remap(number, 0))).toBe('invalid-argument');
      expect(await kindOf(first!.remap(0, number))).toBe('invalid-argument');
    }
    expect([await kindOf(second!.remap(1, 1)), sim.remaps.length]).toEqual(['unsupported', 1]);
    await run(sound.close());
    expect(await kindOf(first!.remap(3, 14))).toBe('closed');
  });

  it('more events than the device has buffers come, as those go back to it', async () => {
    const { sound, sim } = await openSound({ jacks });
    let count = 0;
    sound.onJackChange(() => count++);
    for (let round = 0; round < 20; round++) {
      for (let i = 0; i < 20; i++) expect(sim.say(JACK_CONNECTED + (i % 2), 0)).toBe(true);
      await pass(1);
    }
    expect(count).toBe(400);
  });
});

it('a period that has elapsed is told by an event, too', async () => {
  const { sound, sim } = await openSound();
  const out = await run(sound.playback({ rate: 8000, channels: 1, format: 's16' }));
  let count = 0;
  out.onPeriod(() => count++);
  sim.say(PERIOD_ELAPSED, 0);
  await pass(2);
  expect(count).toBe(1);
});

describe('controls', () => {
  const READ_WRITE = 3;
  const volume: SimSoundControl = {
    role: 2,
    type: 1,
    access: READ_WRITE | 0x70,
    count: 2,
    name: 'Master Playback Volume',
    range: range(-100, 50, 5),
    value: words(-7, 12),
    metadata: words(1, 8, 0xdeadbeef, 5),
  };
  const mute: SimSoundControl = {
    role: 5,
    type: 0,
    access: READ_WRITE,
    name: 'Capture Switch',
    index: 4,
    value: words(1),
  };
  const source: SimSoundControl = {
    type: 3,
    access: READ_WRITE | 4,
    name: 'Source',
    range: range(3),
    items: ['Line', 'Mic', 'x'.repeat(70)],
    value: words(2),
  };
  const wide: SimSoundControl = {
    type: 2,
    access: READ_WRITE,
    range: range(1, -1, 0, 0x100000, 1),
    value: words(5, -2),
  };
  const bytes: SimSoundControl = { type: 4, access: READ_WRITE | 8, count: 512, value: new Uint8Array(512).fill(7) };
  const digital: SimSoundControl = { type: 5, access: READ_WRITE, value: new Uint8Array(176).fill(9) };
  const locked: SimSoundControl = { role: 6, type: 1, access: 0, value: words(0) };
  const all = (): SimSoundControl[] =>
    [volume, mute, source, wide, bytes, digital, locked].map((each) => ({ ...each }));

  const openControls = async () => {
    const controls = all();
    const opened = await openSound({ controls });
    return {
      ...opened,
      simControls: controls,
      controls: opened.sound.controls as readonly [SoundControl, ...SoundControl[]],
    };
  };

  it('say what they are', async () => {
    const { sound, controls, machine } = await openControls();
    expect(sound.featureNames).toContain('CTLS');
    expect(controls).toMatchObject([
      {
        index: 0,
        name: 'Master Playback Volume',
        role: 'volume',
        direction: 'output',
        type: 'integer',
        count: 2,
        minimum: -100,
        maximum: 50,
        step: 5,
      },
      { index: 1, nameIndex: 4, role: 'mute', direction: 'input', type: 'boolean', count: 1, minimum: 0, maximum: 1 },
      {
        index: 2,
        role: 'undefined',
        direction: undefined,
        type: 'enumerated',
        items: ['Line', 'Mic', 'x'.repeat(64)],
        maximum: 2,
        isVolatile: true,
      },
      { index: 3, type: 'integer64', minimum: -(2 ** 32) + 1, maximum: 2 ** 52, step: 1 },
      { index: 4, type: 'bytes', count: 512, isInactive: true, maximum: 255 },
      { index: 5, type: 'iec958', count: 176 },
      { index: 6, role: 'gain', canRead: false, canWrite: false, canReadMetadata: false },
    ]);
    expect(controls[0]).toMatchObject({
      canRead: true,
      canWrite: true,
      canReadMetadata: true,
      canWriteMetadata: true,
      canCommandMetadata: true,
    });
    expect(machine.violations).toEqual([]);
  });

  it('are read', async () => {
    const { controls } = await openControls();
    const values = await run(Promise.all(controls.slice(0, 6).map((control) => control.read())));
    expect(values).toEqual([[-7, 12], [1], [2], [-(2 ** 33) + 5], new Array(512).fill(7), new Array(176).fill(9)]);
  });

  it('are written, and read as they were written', async () => {
    const { controls, machine } = await openControls();
    const values = [
      [-100, 50],
      [0],
      [1],
      [-(2 ** 32) + 1],
      Array.from({ length: 512 }, (_, i) => i % 256),
      new Array(176).fill(0),
    ];
    for (const [i, value] of values.entries()) {
      await run(controls[i]!.write(value));
      expect(await run(controls[i]!.read())).toEqual(value);
    }
    await run(controls[3]!.write([2 ** 52]));
    expect(await run(controls[3]!.read())).toEqual([2 ** 52]);
    expect(machine.violations).toEqual([]);
  });

  it('what they cannot be is refused before the device hears of it', async () => {
    const { controls, sim } = await openControls();
    const [volume, mute, source, wide, bytes, , locked] = controls as [
      SoundControl,
      SoundControl,
      SoundControl,
      SoundControl,
      SoundControl,
      SoundControl,
      SoundControl,
    ];
    const before = sim.asked.length;
    for (const value of [[], [1], [1, 2, 3]]) expect(await kindOf(volume.write(value))).toBe('invalid-argument');
    for (const number of [-101, 51, 0.5, NaN, 2 ** 40])
      expect(await kindOf(volume.write([0, number]))).toBe('out-of-range');
    expect(await kindOf(mute.write([2]))).toBe('out-of-range');
    expect(await kindOf(source.write([3]))).toBe('out-of-range');
    expect(await kindOf(wide.write([2 ** 53]))).toBe('out-of-range');
    expect(await kindOf(bytes.write(new Array(512).fill(256)))).toBe('out-of-range');
    for (const call of [locked.read, () => locked.write([0]), locked.readMetadata, mute.readMetadata]) {
      expect(await kindOf(call())).toBe('unsupported');
    }
    const metadata = { type: 1, value: new Uint8Array(4) };
    for (const call of [mute.writeMetadata, mute.commandMetadata])
      expect(await kindOf(call(metadata))).toBe('unsupported');
    expect(await kindOf(volume.writeMetadata({ type: 1, value: new Uint8Array(5) }))).toBe('misaligned');
    expect(await kindOf(volume.writeMetadata({ type: 1, value: new Uint8Array(4100) }))).toBe('out-of-range');
    expect(sim.asked.length).toBe(before);
  });

  it('have metadata', async () => {
    const { controls, sim, machine } = await openControls();
    const [volume] = controls;
    expect(await run(volume.readMetadata())).toEqual({ type: 1, value: words(0xdeadbeef, 5) });
    const value = new Uint8Array(4088).fill(3);
    await run(volume.writeMetadata({ type: 9, value }));
    expect(await run(volume.readMetadata())).toEqual({ type: 9, value });
    await run(volume.commandMetadata({ type: 4, value: words(1) }));
    expect(sim.commands).toEqual([words(4, 4, 1)]);
    expect(machine.violations).toEqual([]);
  });

  it('metadata of a length that is not there are as long as what came', async () => {
    const { controls, simControls } = await openControls();
    simControls[0]!.metadata = words(1, 0xffffffff, 2);
    const { value } = await run(controls[0].readMetadata());
    expect(value.subarray(0, 4)).toEqual(words(2));
    expect(value.length).toBeLessThanOrEqual(4096);
  });

  it('tell when they have changed, and what they are is read again', async () => {
    const { sound, controls, simControls, sim } = await openControls();
    const heard: unknown[] = [];
    const end = sound.onControlChange((control, change) => heard.push([control.index, change]));
    sim.say(CTL_NOTIFY, 1 * 65536 + 1);
    (simControls[2] as { range: Uint8Array }).range = range(2);
    (simControls[2] as { items: readonly string[] }).items = ['A', 'B'];
    sim.say(CTL_NOTIFY, 6 * 65536 + 2);
    await pass(5);
    expect(heard).toEqual([
      [1, { value: true, info: false, metadata: false }],
      [2, { value: false, info: true, metadata: true }],
    ]);
    expect([controls[2]!.items, controls[2]!.maximum]).toEqual([['A', 'B'], 1]);
    end();
    sim.say(CTL_NOTIFY, 65536);
    await pass(5);
    expect(heard).toHaveLength(2);
  });

  it('what they become may be refused, which gives the device up and nothing else', async () => {
    const { controls, simControls, sim } = await openControls();
    (simControls[0] as { count: number }).count = 4000;
    sim.say(CTL_NOTIFY, 2 * 65536);
    await pass(5);
    expect(await kindOf(controls[0].read())).toBe('device-failed');
  });

  it('with more items than an answer has room for are chosen by number', async () => {
    const many = { ...source, range: range(1000), items: new Array(1000).fill('item') };
    const { sound } = await openSound({ controls: [many] });
    const [control] = sound.controls;
    expect([control!.items, control!.maximum]).toEqual([[], 999]);
    await run(control!.write([999]));
    expect(await run(control!.read())).toEqual([999]);
  });
});
