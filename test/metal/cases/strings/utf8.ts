// TextEncoder and TextDecoder, UTF-8.
const encoder = new TextEncoder();
const decoder = new TextDecoder();
for (const text of ['', 'abc', 'hé€😀', '\ud800x', 'a\udc00', '\ufeffx'])
  console.log(encoder.encode(text), decoder.decode(encoder.encode(text)).length);
const broken = [
  [0xff],
  [0xc3],
  [0xc3, 0x28],
  [0xe2, 0x82],
  [0xe2, 0x82, 0x41],
  [0xf0, 0x9f, 0x98],
  [0xed, 0xa0, 0x80],
  [0xc0, 0xaf],
  [0xf4, 0x90, 0x80, 0x80],
  [0xef, 0xbb, 0xbf, 0x41],
  [0x80, 0x41],
  [0xe0, 0x80, 0x80],
];
for (const bytes of broken) console.log(JSON.stringify(decoder.decode(new Uint8Array(bytes))));
console.log(new TextDecoder('utf-8').decode(), encoder.encoding, decoder.encoding);
