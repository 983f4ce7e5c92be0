import { describe, expect, it } from 'vitest';
import { ChaCha20, chachaBlock } from '../../../../kernel/base/chacha20.ts';

const bytesOf = (hex: string): Buffer => Buffer.from(hex.replace(/\s/g, ''), 'hex');

/** Returns the block of a key, a counter and a nonce, as bytes. */
const blockOf = (key: string, counter: number, nonce: string): string => {
  const cipher = new ChaCha20();
  for (let i = 0; i < 8; i++) cipher.key[i] = bytesOf(key).readUInt32LE(4 * i);
  for (let i = 0; i < 3; i++) cipher.nonce[i] = bytesOf(nonce).readUInt32LE(4 * i);
  cipher.counter = counter;
  chachaBlock(cipher);
  expect(cipher.counter).toBe((counter + 1) >>> 0);
  const block = Buffer.alloc(64);
  for (let i = 0; i < 16; i++) block.writeUInt32LE(cipher.block[i]!, 4 * i);
  return block.toString('hex');
};

const ZEROS = '00'.repeat(32);

describe('the ChaCha20 block function gives what RFC 8439 says', () => {
  it.each([
    {
      place: '§2.3.2',
      key: '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f',
      counter: 1,
      nonce: '000000090000004a00000000',
      block:
        '10f1e7e4d13b5915500fdd1fa32071c4c7d1f4c733c068030422aa9ac3d46c4ed2826446079faa0914c2d705d98b02a2b5129cd1de164eb9cbd083e8a2503c4e',
    },
    {
      place: '§A.1, vector 1',
      key: ZEROS,
      counter: 0,
      nonce: '000000000000000000000000',
      block:
        '76b8e0ada0f13d90405d6ae55386bd28bdd219b8a08ded1aa836efcc8b770dc7da41597c5157488d7724e03fb8d84a376a43b8f41518a11cc387b669b2ee6586',
    },
    {
      place: '§A.1, vector 2',
      key: ZEROS,
      counter: 1,
      nonce: '000000000000000000000000',
      block:
        '9f07e7be5551387a98ba977c732d080dcb0f29a048e3656912c6533e32ee7aed29b721769ce64e43d57133b074d839d531ed1f28510afb45ace10a1f4b794d6f',
    },
    {
      place: '§A.1, vector 3',
      key: `${'00'.repeat(31)}01`,
      counter: 1,
      nonce: '000000000000000000000000',
      block:
        '3aeb5224ecf849929b9d828db1ced4dd832025e8018b8160b82284f3c949aa5a8eca00bbb4a73bdad192b5c42f73f2fd4e273644c8b36125a64addeb006c13a0',
    },
    {
      place: '§A.1, vector 4',
      key: `00ff${'00'.repeat(30)}`,
      counter: 2,
      nonce: '000000000000000000000000',
      block:
        '72d54dfbf12ec44b362692df94137f328fea8da73990265ec1bbbea1ae9af0ca13b25aa26cb4a648cb9b9d1be65b2c0924a66c54d545ec1b7374f4872e99f096',
    },
    {
      place: '§A.1, vector 5',
      key: ZEROS,
      counter: 0,
      nonce: '000000000000000000000002',
      block:
        'c2c64d378cd536374ae204b9ef933fcd1a8b2288b3dfa49672ab765b54ee27c78a970e0e955c14f3a88e741b97c286f75f8fc299e8148362fa198a39531bed6d',
    },
  ])('in $place', ({ key, counter, nonce, block }) => {
    expect(blockOf(key, counter, nonce)).toBe(block);
  });

  it('and counts on from 2^32 - 1 with 0', () => {
    expect(blockOf(ZEROS, 0xffffffff, '000000000000000000000000')).toHaveLength(128);
  });
});
