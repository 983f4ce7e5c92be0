// An image that plays a tone and records silence, for sound.test.ts. On the command line: rate, channels, format (`s16` or `u8`).
//
// Device 0 plays: the tone, and silence behind it, as QEMU does not write all of what is in its buffers at the end. Device 1 records.

import { devicePool } from '../../../drivers/open/places.ts';
import { openSound } from '../../../drivers/open/sound.ts';
import { findOption } from '../../../kernel/base/command-line.ts';
import { startLog } from '../../../kernel/base/log.ts';
import { DeviceFailure } from '../../../kernel/device/failure.ts';
import type { SampleFormat, SoundDevice, SoundStreamOptions } from '../../../kernel/device/sound.ts';
import { uptime } from '../../../kernel/event/time.ts';
import { consoleWrite } from '../../../kernel/hal/console.ts';
import { dmaFreeBytes } from '../../../kernel/hal/dma-pool.ts';
import { readOptions } from '../../../kernel/hal/options.ts';
import { toneOf, toneOf8 } from './sound-tone.ts';

/** Half a second of periods: the host may be busy with something else for so long. */
const PERIOD_COUNT = 25;
const RECORDED_PERIODS = 20;

startLog(consoleWrite, 'info');
const options = readOptions();
const numberOf = (name: string): number => Number(findOption(options, name));
const rate = numberOf('rate');
const channels = numberOf('channels');
const format = findOption(options, 'format') as SampleFormat;
const parameters: SoundStreamOptions = { rate, channels, format, periodCount: PERIOD_COUNT };
const frameCount = Math.floor(rate / 2);
const silentCount = Math.floor(rate / 4) + 4096;
const freeBytes: number = dmaFreeBytes(devicePool());

const describe = (device: SoundDevice): void => {
  for (const { index, direction, formats, rates, channelsMin, channelsMax } of device.streams) {
    const what = `${formats.join(' ')}; ${rates.length} rates; ${channelsMin} to ${channelsMax} channels`;
    console.log(`stream ${index}: ${direction}; ${what}`);
  }
  console.log(`${device.jacks.length} jacks, ${device.channelMaps.length} maps, ${device.controls.length} controls`);
};

const play = async (device: SoundDevice): Promise<void> => {
  const out = await device.playback(parameters);
  const tone = format === 'u8' ? toneOf8(frameCount, channels) : toneOf(frameCount, channels);
  const start = uptime();
  for (let at = 0; at < tone.length; at += 1000 * channels) await out.write(tone.subarray(at, at + 1000 * channels));
  const silence = new Uint8Array(silentCount * out.frameBytes);
  if (format === 'u8') silence.fill(128);
  await out.write(silence);
  await out.drain();
  const ms = Math.floor((uptime() - start) * 1000);
  console.log(`played ${out.frameCount} frames in ${ms} ms, ${out.state}, ${out.xrunCount} xruns`);
  await out.close();
};

const record = async (device: SoundDevice): Promise<void> => {
  const mic = await device.capture(parameters);
  const start = uptime();
  let byteCount = 0;
  let soundCount = 0;
  for (let i = 0; i < RECORDED_PERIODS; i++) {
    const bytes = await mic.read();
    byteCount += bytes.length;
    for (const byte of bytes) if (byte !== (format === 'u8' ? 128 : 0)) soundCount += 1;
  }
  const ms = Math.floor((uptime() - start) * 1000);
  await mic.stop();
  console.log(`recorded ${byteCount} bytes in ${ms} ms, ${soundCount} of them not silent, ${mic.xrunCount} xruns`);
  await mic.close();
};

const kindOf = async (call: () => Promise<unknown>): Promise<string> => {
  try {
    await call();
    return 'fulfilled';
  } catch (error) {
    return error instanceof DeviceFailure ? error.kind : String(error);
  }
};

/** What is wrong is refused. */
const refuse = async (device: SoundDevice): Promise<void> => {
  const kinds = [
    await kindOf(() => device.playback({ ...parameters, rate: 12345 })),
    await kindOf(() => device.capture({ ...parameters, stream: 0 })),
  ];
  const out = await device.playback(parameters);
  kinds.push(await kindOf(out.stop), await kindOf(() => out.write(new Uint8Array(1))));
  kinds.push(await kindOf(() => device.playback(parameters)));
  await out.start();
  kinds.push(await kindOf(out.release));
  await out.close();
  console.log(`refused: ${kinds.join(' ')}`);
};

const speaker = await openSound();
const microphone = await openSound({ index: 1 });
describe(speaker);
await Promise.all([play(speaker), record(microphone)]);
await refuse(microphone);
await speaker.close();
await microphone.close();
console.log(`closed, ${freeBytes - dmaFreeBytes(devicePool())} bytes of memory are missing`);
