import { describe, expect, it } from 'vitest';
import { parseEdid } from '../../../../drivers/gpu/edid.ts';
import { simEdid } from '../../../sim/virtio/gpu.ts';

/** Returns an EDID with bytes changed, and a checksum that is right again. */
const changed = (changes: Readonly<Record<number, number>>): Uint8Array => {
  const edid = simEdid('Hedyn One', 1920, 1080);
  for (const [at, value] of Object.entries(changes)) edid[Number(at)] = value;
  edid[127] = 0;
  edid[127] = 256 - (edid.reduce((sum, byte) => sum + byte, 0) % 256);
  return edid;
};

const bytes = (start: number, text: string): Record<number, number> =>
  Object.fromEntries([...text].map((letter, i) => [start + i, letter.charCodeAt(0)]));

describe('an EDID', () => {
  it('says what the monitor is', () => {
    expect(parseEdid(simEdid('Hedyn One', 1920, 1080))).toEqual({
      manufacturer: 'RHT',
      productCode: 0x1234,
      name: 'Hedyn One',
      serialNumber: '305419896',
      widthMm: 300,
      heightMm: 200,
      preferred: { width: 1920, height: 1080 },
    });
  });

  it('may be longer: what is behind the first block is not looked at', () => {
    const long = new Uint8Array(256).fill(0xee);
    long.set(simEdid('long', 800, 600));
    expect(parseEdid(long)).toMatchObject({ name: 'long', preferred: { width: 800, height: 600 } });
  });

  it.each([
    ['a text serial number', { 93: 0xff, ...bytes(95, 'SN-7\n') }, { serialNumber: 'SN-7' }],
    ['no serial number', { 12: 0, 13: 0, 14: 0, 15: 0 }, { serialNumber: '' }],
    ['a size in millimetres', { 66: 0x58, 67: 0xc8, 68: 0x21 }, { widthMm: 600, heightMm: 456 }],
    ['no timing', { 54: 0, 55: 0 }, { preferred: undefined, widthMm: 300 }],
    ['a timing without pixels', { 56: 0, 58: 0 }, { preferred: undefined }],
    ['the largest timing', { 56: 255, 58: 0xff, 59: 255, 61: 0xff }, { preferred: { width: 4095, height: 4095 } }],
    ['letters that are none', { 8: 0xff, 9: 0xe0 }, { manufacturer: '???' }],
    ['control characters in its name', bytes(77, '\u001b[2JX\u0000\u00ffY'), { name: '[2JXYe' }],
    ['no end of its name', bytes(77, 'thirteen long'), { name: 'thirteen long' }],
    ['no name', { 75: 0x10 }, { name: '' }],
  ])('with %s says so', (_, changes, expected) => {
    expect(parseEdid(changed(changes as Record<number, number>))).toMatchObject(expected);
  });

  it('is believed in nothing that does not add up', () => {
    const right = simEdid('x', 64, 64);
    expect(parseEdid(right.subarray(0, 127))).toBeUndefined();
    expect(parseEdid(new Uint8Array(0))).toBeUndefined();
    expect(parseEdid(new Uint8Array(128))).toBeUndefined();
    for (let at = 0; at < 128; at++) {
      const wrong = right.slice();
      wrong[at]! ^= 0x10;
      expect(parseEdid(wrong)).toBeUndefined();
    }
    for (let at = 0; at < 8; at++) expect(parseEdid(changed({ [at]: 0x42 }))).toBeUndefined();
  });

  it('of any bytes is a monitor or none', () => {
    let seed = 7;
    for (let round = 0; round < 2000; round++) {
      const changes: Record<number, number> = {};
      for (let at = 8; at < 126; at++) {
        seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
        changes[at] = (seed >> 16) & 255;
      }
      const monitor = parseEdid(changed(changes))!;
      expect(monitor.manufacturer).toMatch(/^[A-Z?]{3}$/);
      expect(`${monitor.name}${monitor.serialNumber}`).toMatch(/^[ -~]*$/);
    }
  });
});
