import { formatBytes, hex, hexBytes, printableText } from '../../../../kernel/base/hex.ts';
import { describe, expect, it } from '../../../../kernel/test/index.ts';

describe('hexadecimal', () => {
  it('is padded to the digits asked for, and longer when it must be', () => {
    expect(hex(0, 1)).toBe('0');
    expect(hex(0x1af4, 4)).toBe('1af4');
    expect(hex(2, 4)).toBe('0002');
    expect(hex(0xfe000000, 2)).toBe('fe000000');
    expect(hex(2 ** 53 - 1, 8)).toBe('1fffffffffffff');
  });

  it('bytes have two digits and a space between', () => {
    expect(hexBytes(new Uint8Array([0, 0x0a, 0xff]))).toBe('00 0a ff');
    expect(hexBytes(new Uint8Array())).toBe('');
  });

  it('what is not printable is a full stop', () => {
    expect(printableText(new Uint8Array([0x48, 0x69, 0x00, 0x7f, 0x7e, 0x1f]))).toBe('Hi..~.');
  });

  it('a size is in the largest unit that divides it', () => {
    expect(formatBytes(512)).toBe('512 B');
    expect(formatBytes(1536)).toBe('1536 B');
    expect(formatBytes(16384)).toBe('16 KiB');
    expect(formatBytes(64 * 1024 * 1024)).toBe('64 MiB');
    expect(formatBytes(2 ** 33)).toBe('8 GiB');
    expect(formatBytes(0)).toBe('0 B');
  });
});
