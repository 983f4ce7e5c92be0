// Sound on a real QEMU: what the guest plays is in the file that QEMU writes, sample by sample, and silence is recorded in its time. QEMU has the device since 8.2; a
// simulated one is in test/unit/drivers/sound.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { bootToEnd, deviceProperties, temporaryFolder } from './harness.ts';
import { toneOf, toneOf8 } from './images/sound-tone.ts';
import { onPlatform, PLATFORMS } from './platforms.ts';

const IMAGE = 'test/boot/images/sound.ts';

/** With building the image. */
const TIMEOUT_MS = 300_000;

/** Bytes of the head of the file. */
const WAV_HEAD = 44;

const HAS_SOUND = (await deviceProperties('virtio-sound-pci')).size > 0;

/** What is played on each platform. QEMU's mixer doubles samples of one channel, unless it writes two. */
const PARAMETERS = [
  { rate: 48000, channels: 2, format: 's16' },
  { rate: 22050, channels: 2, format: 'u8' },
  { rate: 44100, channels: 1, format: 's16' },
  { rate: 11025, channels: 2, format: 's16' },
] as const;

const CASES = HAS_SOUND ? PLATFORMS.map((platform, i) => [platform.name, platform, PARAMETERS[i]!] as const) : [];

/** Returns the samples of the file, as they are when its guest has played the tone. */
const expectedOf = ({ rate, channels, format }: (typeof PARAMETERS)[number]): Buffer => {
  const count = Math.floor(rate / 2);
  if (format === 'u8') return Buffer.from(toneOf8(count, channels));
  const tone = toneOf(count, channels);
  const both = channels === 2 ? tone : Int16Array.from({ length: 2 * count }, (_, i) => tone[Math.floor(i / 2)]!);
  return Buffer.from(both.buffer);
};

describe.each(CASES)('on %s', (_, platform, parameters) => {
  const { rate, channels, format } = parameters;

  it(`plays ${channels} channels of ${format} at ${rate} Hz, and records`, { timeout: TIMEOUT_MS }, async () => {
    const file = path.join(temporaryFolder(), 'out.wav');
    const settings = (way: string): string => `${way}.frequency=${rate},${way}.channels=2,${way}.format=${format}`;
    const backends = [`wav,id=a0,path=${file},${settings('out')}`, `none,id=a1,${settings('in')}`];
    const { exit, text } = await bootToEnd(IMAGE, {
      ...onPlatform(
        platform,
        [
          ['sound', 'audiodev=a0'],
          ['sound', 'audiodev=a1'],
        ],
        backends.flatMap((backend) => ['-audiodev', backend]),
      ),
      commandLine: `rate=${rate} channels=${channels} format=${format}`,
    });
    expect(exit).toEqual({ status: 0, reason: 'success' });
    expect(text).toMatch(platform.interrupts);

    const expected = expectedOf(parameters);
    const wav = readFileSync(file);
    expect(Buffer.compare(wav.subarray(WAV_HEAD, WAV_HEAD + expected.length), expected)).toBe(0);

    const silence = Math.floor(rate / 4) + 4096;
    const [, frames, ms] = /^played (\d+) frames in (\d+) ms, stopped, 0 xruns/m.exec(text)!;
    expect(Number(frames)).toBe(Math.floor(rate / 2) + silence);
    expect(Number(ms)).toBeGreaterThan((900 * Number(frames)) / rate - 100); // QEMU's own buffer is 1024 frames.

    const periodBytes = Math.ceil(rate / 50) * channels * (format === 'u8' ? 1 : 2);
    const [, bytes, recordedMs] = /^recorded (\d+) bytes in (\d+) ms, 0 of them not silent, 0 xruns/m.exec(text)!;
    expect(Number(bytes)).toBe(20 * periodBytes);
    expect(Number(recordedMs)).toBeGreaterThan(350);

    const wrong = new Array(4).fill('invalid-argument').join(' ');
    expect(text).toContain(`refused: unsupported unsupported ${wrong}`);
    expect(text).toContain('closed, 0 bytes of memory are missing');
  });
});

it.each(HAS_SOUND ? [] : ['virtio-sound-device'])('this QEMU does not have %s either', async (device) => {
  expect((await deviceProperties(device)).size).toBe(0);
});
