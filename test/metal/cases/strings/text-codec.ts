// TextEncoder and TextDecoder.
import { test } from '../../test.ts';

test('new TextEncoder: is UTF-8', () => {
  console.log(new TextEncoder().encoding);
});

test('new TextEncoder: encode, one to four bytes', () => {
  console.log(
    new TextEncoder().encode('aé€😀'),
    new TextEncoder().encode(''),
    new TextEncoder().encode(),
    new TextEncoder().encode('\0\x7f\x80\u07ff\u0800\uffff'),
  );
});

test('new TextEncoder: encode, lone surrogates become U+FFFD', () => {
  console.log(
    new TextEncoder().encode('\ud83d'),
    new TextEncoder().encode('\ude00a'),
    new TextEncoder().encode('\ud83d\ud83d\ude00'),
  );
});

test('new TextDecoder: of a label', () => {
  console.log(new TextDecoder().encoding, new TextDecoder('utf8').encoding, new TextDecoder('utf-8').encoding);
});

test('new TextDecoder: decode, one to four bytes', () => {
  console.log(
    new TextDecoder().decode(new Uint8Array([97, 195, 169, 226, 130, 172, 240, 159, 152, 128])),
    new TextDecoder().decode() === '',
    new TextDecoder().decode(new Uint8Array(0)) === '',
  );
});

test('new TextDecoder: decode, drops the byte order mark', () => {
  console.log(
    new TextDecoder().decode(new Uint8Array([0xef, 0xbb, 0xbf, 97])).length,
    new TextDecoder().decode(new Uint8Array([97, 0xef, 0xbb, 0xbf])).length,
  );
});

test('new TextDecoder: decode, broken sequences become U+FFFD', () => {
  const codes = (...bytes: number[]): string[] =>
    [...new TextDecoder().decode(new Uint8Array(bytes))].map((c) => c.codePointAt(0)!.toString(16));
  console.log(
    codes(0xff),
    codes(0xc3),
    codes(0xc3, 0x28),
    codes(0xe2, 0x82),
    codes(0xe2, 0x82, 0x41),
    codes(0xf0, 0x9f, 0x98),
    codes(0x80, 0x80),
  );
  console.log(
    codes(0xc0, 0x80),
    codes(0xed, 0xa0, 0x80),
    codes(0xf4, 0x90, 0x80, 0x80),
    codes(0xf8, 0x80),
    codes(0xe0, 0x80, 0x80),
    codes(0xf0, 0x80, 0x80, 0x80),
  );
});

test('new TextDecoder: decode, undoes encode', () => {
  let text = '';
  for (let code = 0; code < 0x11000; code += 97) if (code < 0xd800 || code > 0xdfff) text += String.fromCodePoint(code);
  console.log(new TextDecoder().decode(new TextEncoder().encode(text)) === text, new TextEncoder().encode(text).length);
});

test('new TextDecoder: decode, a part of a buffer', () => {
  const bytes = new TextEncoder().encode('hello');
  console.log(new TextDecoder().decode(bytes.subarray(1, 4)));
});
