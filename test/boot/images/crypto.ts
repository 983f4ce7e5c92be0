// Has a crypto device cipher what NIST has answers for, and `length=` bytes more, and shows what became of it.

import { openCrypto } from '../../../drivers/open/crypto.ts';
import { devicePool } from '../../../drivers/open/places.ts';
import { findOption } from '../../../kernel/base/command-line.ts';
import { startLog } from '../../../kernel/base/log.ts';
import type { AesCbc, CryptoDevice } from '../../../kernel/device/crypto.ts';
import { DeviceFailure } from '../../../kernel/device/failure.ts';
import { dmaFreeBytes } from '../../../kernel/hal/dma-pool.ts';
import { readOptions } from '../../../kernel/hal/options.ts';
import { AES_IV, AES_PLAINTEXT, AES_VECTORS } from '../../aes-vectors.ts';
import { hashOf } from './entropy-hash.ts';

/** Keys that QEMU's own backend has at a time: 256 sessions, two of them a key. */
const KEY_COUNT_MAX = 128;

const bytesOf = (hex: string): Uint8Array => {
  const bytes = new Uint8Array(hex.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16);
  return bytes;
};

const hexOf = (bytes: Uint8Array): string => {
  let text = '';
  for (let i = 0; i < bytes.length; i++) text += bytes[i]!.toString(16).padStart(2, '0');
  return text;
};

const kindOf = async (promise: Promise<unknown>): Promise<string> => {
  try {
    await promise;
    return 'fulfilled';
  } catch (error) {
    if (!(error instanceof DeviceFailure)) throw error;
    return error.kind;
  }
};

const IV = bytesOf(AES_IV);

const showVectors = async (crypto: CryptoDevice): Promise<void> => {
  for (const { name, key, ciphertext } of AES_VECTORS) {
    const aes = await crypto.aesCbc(bytesOf(key));
    const encrypted = hexOf(await aes.encrypt(IV, bytesOf(AES_PLAINTEXT)));
    const decrypted = hexOf(await aes.decrypt(IV, bytesOf(ciphertext)));
    console.log(`${name}: ${encrypted} ${decrypted === AES_PLAINTEXT}`);
    await aes.close();
  }
};

const showLong = async (crypto: CryptoDevice, length: number): Promise<void> => {
  const aes = await crypto.aesCbc(bytesOf(AES_VECTORS[2]!.key));
  const data = new Uint8Array(length);
  for (let i = 0; i < length; i++) data[i] = i % 251;
  const encrypted = await aes.encrypt(IV, data);
  const decrypted = await aes.decrypt(IV, encrypted);
  console.log(`${length} bytes: ${hashOf(encrypted)} ${hashOf(decrypted) === hashOf(data)}`);
  await aes.close();
};

/** As many keys as the device has room for, and one more. */
const showKeys = async (crypto: CryptoDevice): Promise<void> => {
  const keys: AesCbc[] = [];
  const key = bytesOf(AES_VECTORS[0]!.key);
  let refusal = '';
  while (refusal === '' && keys.length <= KEY_COUNT_MAX) {
    const more = crypto.aesCbc(key);
    const kind = await kindOf(more);
    if (kind === 'fulfilled') keys.push(await more);
    else refusal = kind;
  }
  const last = await keys.at(-1)!.encrypt(IV, bytesOf(AES_PLAINTEXT));
  for (const each of keys) await each.close();
  const again = await kindOf(crypto.aesCbc(key));
  console.log(`${keys.length} keys: ${hexOf(last) === AES_VECTORS[0]!.ciphertext}, then ${refusal}, then ${again}`);
};

const showMisuse = async (crypto: CryptoDevice): Promise<void> => {
  const aes = await crypto.aesCbc(new Uint8Array(16));
  const kinds = [
    await kindOf(crypto.aesCbc(new Uint8Array(20))),
    await kindOf(aes.encrypt(IV, new Uint8Array(17))),
    await kindOf(aes.decrypt(new Uint8Array(12), new Uint8Array(16))),
  ];
  await aes.close();
  console.log(`misuse: ${kinds.join(' ')} ${await kindOf(aes.encrypt(IV, IV))}`);
};

startLog((line) => console.log(line.trimEnd()), 'info');
const free = dmaFreeBytes(devicePool());
const crypto = await openCrypto();
console.log(`${crypto.services.includes('CIPHER')} ${crypto.ciphers.join()} ${crypto.keyLengthMax}`);
await showVectors(crypto);
await showLong(crypto, Number(findOption(readOptions(), 'length')));
await showKeys(crypto);
await showMisuse(crypto);
await crypto.close();
console.log(`closed, ${free - dmaFreeBytes(devicePool())} bytes of memory are missing`);
