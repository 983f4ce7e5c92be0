// A crypto device on a real QEMU, whose own backend ciphers: what comes back is what NIST says, and what Node's library makes of the same bytes.

import { createCipheriv } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { AES_IV, AES_VECTORS } from '../aes-vectors.ts';
import { bootToEnd } from './harness.ts';
import { hashOf } from './images/entropy-hash.ts';
import { onPlatform, PLATFORMS } from './platforms.ts';

const IMAGE = 'test/boot/images/crypto.ts';
const TIMEOUT_MS = 300_000;
const LENGTH = 100_000;

const BACKEND = ['-object', 'cryptodev-backend-builtin,id=c0'];

/** What Node makes of the bytes that the guest has. */
const expectedHash = (): number => {
  const cipher = createCipheriv('aes-256-cbc', Buffer.from(AES_VECTORS[2]!.key, 'hex'), Buffer.from(AES_IV, 'hex'));
  cipher.setAutoPadding(false);
  const data = Uint8Array.from({ length: LENGTH }, (_, i) => i % 251);
  return hashOf(Buffer.concat([cipher.update(data), cipher.final()]));
};

describe.each(PLATFORMS)('a crypto device, on $name', (platform) => {
  it('ciphers as NIST and Node do', { timeout: TIMEOUT_MS }, async () => {
    const { exit, text } = await bootToEnd(IMAGE, {
      ...onPlatform(platform, [['crypto', 'cryptodev=c0']], BACKEND),
      commandLine: `length=${LENGTH}`,
    });
    const lines = text.replaceAll('\r', '').split('\n');
    expect(exit).toEqual({ status: 0, reason: 'success' });
    expect(lines).toContainEqual(expect.stringMatching(platform.interrupts));
    expect(lines).toContain('true AES_CBC 64');
    for (const { name, ciphertext } of AES_VECTORS) expect(lines).toContain(`${name}: ${ciphertext} true`);
    expect(lines).toContain(`${LENGTH} bytes: ${expectedHash()} true`);
    expect(lines).toContainEqual(
      expect.stringMatching(/^128 keys: true, then (io-error|no-memory|unsupported), then fulfilled$/),
    );
    expect(lines).toContain('misuse: invalid-argument misaligned invalid-argument closed');
    expect(lines).toContain('closed, 0 bytes of memory are missing');
  });
});
