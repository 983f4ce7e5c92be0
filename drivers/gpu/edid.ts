// What a monitor says of itself: an EDID 1.3 or 1.4 block of 128 bytes (VESA E-EDID Standard A2, §3). Extensions behind it are not looked at.
//
//   0 header    8 maker, product, serial    21 size in cm    54 four descriptors of 18 bytes    127 checksum
//
// The first descriptor is the timing that the monitor is made for; those without a pixel clock hold texts.

import type { Monitor } from '../../kernel/device/gpu.ts';

const BLOCK_LENGTH = 128;
const HEADER = [0, 255, 255, 255, 255, 255, 255, 0];

const MANUFACTURER = 8; // Three letters of 5 bits, the first one uppermost.
const PRODUCT_CODE = 10;
const SERIAL_NUMBER = 12;
const WIDTH_CM = 21;
const HEIGHT_CM = 22;
const DESCRIPTORS = 54;
const DESCRIPTOR_LENGTH = 18;
const DESCRIPTOR_COUNT = 4;

// A descriptor without a pixel clock.
const TAG = 3;
const TAG_SERIAL_NUMBER = 0xff;
const TAG_NAME = 0xfc;
const TEXT = 5;
const LINE_FEED = 0x0a;

const MM_PER_CM = 10;

/** Returns what the first block says; undefined when it is none. Numbers are as they stand there, texts without what is not printable. */
export const parseEdid = (edid: Uint8Array): Monitor | undefined => {
  if (!isBlock(edid)) return undefined;
  const timing = timingOf(edid, DESCRIPTORS);
  const number = word(edid, SERIAL_NUMBER) + word(edid, SERIAL_NUMBER + 2) * 65_536;
  const serialText = textOf(edid, TAG_SERIAL_NUMBER);
  return {
    manufacturer: manufacturerOf(edid),
    productCode: word(edid, PRODUCT_CODE),
    name: textOf(edid, TAG_NAME),
    serialNumber: serialText !== '' || number === 0 ? serialText : `${number}`,
    widthMm: timing?.widthMm || edid[WIDTH_CM]! * MM_PER_CM,
    heightMm: timing?.heightMm || edid[HEIGHT_CM]! * MM_PER_CM,
    preferred: timing === undefined ? undefined : { width: timing.width, height: timing.height },
  };
};

const isBlock = (edid: Uint8Array): boolean => {
  if (edid.length < BLOCK_LENGTH) return false;
  for (let i = 0; i < HEADER.length; i++) if (edid[i] !== HEADER[i]) return false;
  let sum = 0;
  for (let i = 0; i < BLOCK_LENGTH; i++) sum += edid[i]!;
  return sum % 256 === 0;
};

const word = (edid: Uint8Array, at: number): number => edid[at]! + edid[at + 1]! * 256;

const manufacturerOf = (edid: Uint8Array): string => {
  const packed = edid[MANUFACTURER]! * 256 + edid[MANUFACTURER + 1]!;
  return letterOf(Math.floor(packed / 1024)) + letterOf(Math.floor(packed / 32)) + letterOf(packed);
};

const letterOf = (packed: number): string => {
  const number = packed % 32;
  return number >= 1 && number <= 26 ? String.fromCharCode(64 + number) : '?';
};

/** Returns the timing of a descriptor, undefined when it is none. The upper bits of each two sizes share a byte. */
const timingOf = (
  edid: Uint8Array,
  at: number,
): { width: number; height: number; widthMm: number; heightMm: number } | undefined => {
  if (word(edid, at) === 0) return undefined;
  const width = edid[at + 2]! + Math.floor(edid[at + 4]! / 16) * 256;
  const height = edid[at + 5]! + Math.floor(edid[at + 7]! / 16) * 256;
  if (width === 0 || height === 0) return undefined;
  const widthMm = edid[at + 12]! + Math.floor(edid[at + 14]! / 16) * 256;
  const heightMm = edid[at + 13]! + (edid[at + 14]! % 16) * 256;
  return { width, height, widthMm, heightMm };
};

const textOf = (edid: Uint8Array, tag: number): string => {
  for (let i = 0; i < DESCRIPTOR_COUNT; i++) {
    const at = DESCRIPTORS + i * DESCRIPTOR_LENGTH;
    if (word(edid, at) === 0 && edid[at + TAG] === tag) return lineOf(edid, at + TEXT, at + DESCRIPTOR_LENGTH);
  }
  return '';
};

const lineOf = (edid: Uint8Array, start: number, end: number): string => {
  let text = '';
  for (let i = start; i < end && edid[i] !== LINE_FEED; i++) {
    const code = edid[i]!;
    if (code >= 0x20 && code < 0x7f) text += String.fromCharCode(code);
  }
  return text.trimEnd();
};
