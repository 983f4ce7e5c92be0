import { equalBytes, fillPattern, readU16, readU32 } from '../../../../kernel/base/bytes.ts';
import { describe, expect, it } from '../../../../kernel/test/index.ts';

describe('bytes', () => {
  it('fields are little endian and unsigned', () => {
    const bytes = new Uint8Array([0x55, 0xaa, 0xff, 0x80, 0xfe]);
    expect(readU16(bytes, 0)).toBe(0xaa55);
    expect(readU32(bytes, 1)).toBe(0xfe80ffaa);
  });

  it('bytes of another length are not equal', () => {
    expect(equalBytes(new Uint8Array([1, 2]), new Uint8Array([1, 2]))).toBe(true);
    expect(equalBytes(new Uint8Array([1, 2]), new Uint8Array([1, 3]))).toBe(false);
    expect(equalBytes(new Uint8Array([1, 2]), new Uint8Array([1, 2, 3]))).toBe(false);
    expect(equalBytes(new Uint8Array([1, 2, 3]), new Uint8Array([1, 2]))).toBe(false);
  });

  it('the pattern differs from itself shifted by a sector', () => {
    const pattern = new Uint8Array(4096);
    fillPattern(pattern, 7);
    expect(equalBytes(pattern.subarray(0, 512), pattern.subarray(512, 1024))).toBe(false);
    expect(pattern[0]).toBe(7);
  });
});
