// Formats, rates and places of channels, by their numbers. VIRTIO 1.2 §5.14.6.6.2, §5.14.6.9.1.

import type { SampleFormat } from '../../kernel/device/sound.ts';

/** By number; undefined is IMA ADPCM, of which two samples share a byte. */
const FORMATS: readonly (SampleFormat | undefined)[] = [
  undefined,
  'mu-law',
  'a-law',
  's8',
  'u8',
  's16',
  'u16',
  's18-3',
  'u18-3',
  's20-3',
  'u20-3',
  's24-3',
  'u24-3',
  's20',
  'u20',
  's24',
  'u24',
  's32',
  'u32',
  'float',
  'float64',
  'dsd-u8',
  'dsd-u16',
  'dsd-u32',
  'iec958-subframe',
];

/** Bytes of a sample, by number of the format. */
const SAMPLE_BYTES: readonly number[] = [0, 1, 1, 1, 1, 2, 2, 3, 3, 3, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4, 8, 1, 2, 4, 4];

/** Frames a second, by number of the rate. */
const RATES: readonly number[] = [
  5512, 8000, 11025, 16000, 22050, 32000, 44100, 48000, 64000, 88200, 96000, 176400, 192000, 384000, 12000, 24000,
];

/** Names of places, by number. */
const POSITIONS =
  'NONE NA MONO FL FR RL RR FC LFE SL SR RC FLC FRC RLC RRC FLW FRW FLH FCH FRH TC TFL TFR TFC TRL TRR TRC TFLC TFRC TSL TSR LLFE RLFE BC BLC BRC';

/** Returns the formats of a bit map, its lower 32 bits; those that nobody knows are left out. */
export const formatsOf = (bits: number): SampleFormat[] => {
  const formats: SampleFormat[] = [];
  for (const [number, format] of FORMATS.entries()) {
    if (format !== undefined && (bits & (1 << number)) !== 0) formats.push(format);
  }
  return formats;
};

/** Returns the rates of a bit map, in the order of their numbers. */
export const ratesOf = (bits: number): number[] => RATES.filter((_, number) => (bits & (1 << number)) !== 0);

/** Returns the number of a format. */
export const formatNumber = (format: SampleFormat): number => FORMATS.indexOf(format);

/** Returns the bytes of a sample. */
export const sampleBytes = (format: SampleFormat): number => SAMPLE_BYTES[formatNumber(format)]!;

/** Returns the number of a rate. */
export const rateNumber = (rate: number): number => RATES.indexOf(rate);

/** Returns the name of a channel's place: `FL`; its number where it has none. */
export const positionName = (position: number): string => POSITIONS.split(' ')[position] ?? `${position}`;
