import { newPieceDecoder } from '../../../../apps/tty/utf8.ts';
import { expect, it } from '../../../../kernel/test/index.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

it.each([1, 2, 3, 5])('text in pieces of %i bytes is the text', (length) => {
  const text = 'aä€😀z';
  const bytes = bytesOf(text);
  const decoder = newPieceDecoder();
  let decoded = '';
  for (let at = 0; at < bytes.length; at += length) decoded += decoder.decode(bytes.subarray(at, at + length));
  expect(decoded + decoder.end()).toBe(text);
});

it('what is no UTF-8 is replaced, and keeps nothing back', () => {
  const decoder = newPieceDecoder();
  expect(decoder.decode(Uint8Array.of(0x80, 0x80, 0x80, 0x80, 0x41))).toBe('\ufffd\ufffd\ufffd\ufffdA');
  expect(decoder.end()).toBe('');
});

it('a character without its end is one that is replaced, at the end', () => {
  const decoder = newPieceDecoder();
  expect(decoder.decode(Uint8Array.of(0x41, 0xe2, 0x82))).toBe('A');
  expect(decoder.end()).toBe('\ufffd');
});
