// The entropy device and the generator behind crypto, on a real QEMU: what its backend gives is what the guest reads.

import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { LIMIT } from '../statistics.ts';
import { boot, bootToEnd, temporaryFolder } from './harness.ts';
import { hashOf } from './images/entropy-hash.ts';
import { onPlatform, PLATFORMS } from './platforms.ts';

const IMAGE = 'test/boot/images/entropy.ts';
const TIMEOUT_MS = 300_000;
const LENGTH = 65_536;

const [Q35] = PLATFORMS;

/** Returns the arguments of a backend that reads `file`. */
const backend = (file: string): string[] => ['-object', `rng-random,filename=${file},id=r0`];

const linesOf = (text: string): string[] => text.replaceAll('\r', '').split('\n');

/** Expects a line with the three statistics of `what`, all of them near enough to none. */
const expectRandom = (lines: readonly string[], what: string): void => {
  const line = lines.find((each) => each.startsWith(`${what}: `) && each.includes(' bytes, '));
  const deviations = (line ?? '').split(', ')[1]?.split(' ').map(Number);
  expect(deviations).toHaveLength(3);
  for (const deviation of deviations ?? []) expect(Math.abs(deviation)).toBeLessThan(LIMIT);
};

describe.each(PLATFORMS)('an entropy device, on $name', (platform) => {
  it('gives what is in the file of its backend', { timeout: TIMEOUT_MS }, async () => {
    const bytes = randomBytes(LENGTH + 1000);
    const file = path.join(temporaryFolder(), 'bytes');
    writeFileSync(file, bytes);
    const { exit, text } = await bootToEnd(IMAGE, {
      ...onPlatform(platform, [['rng', 'rng=r0']], backend(file)),
      commandLine: `read=${LENGTH}`,
    });
    const lines = linesOf(text);
    expect(exit).toEqual({ status: 0, reason: 'success' });
    expect(lines).toContainEqual(expect.stringMatching(platform.interrupts));
    expect(lines).toContainEqual(
      expect.stringMatching(`^(0000:|mmio).* ${LENGTH} bytes, hash ${hashOf(bytes.subarray(0, LENGTH))}$`),
    );
    expect(lines).toContain('memory: all back');
    expectRandom(lines, 'device');
  });
});

describe('an entropy device', () => {
  it('whose bytes come in drops is read on, and reset when none come', { timeout: TIMEOUT_MS }, async () => {
    const fifo = path.join(temporaryFolder(), 'fifo');
    execFileSync('mkfifo', [fifo]);
    const end = openSync(fifo, 'r+'); // Also a reader, so that QEMU finds no end of it.
    onTestFinished(() => closeSync(end));
    const bytes = randomBytes(4096);
    let sent = 0;
    let limit = 100;
    const drip = setInterval(() => {
      const length = Math.min(9, limit - sent);
      if (length > 0) sent += writeSync(end, bytes, sent, length);
    }, 10);
    onTestFinished(() => clearInterval(drip));
    const qemu = await boot(IMAGE, {
      ...onPlatform(Q35!, [['rng', 'rng=r0']], backend(fifo)),
      commandLine: 'pieces=100,50,150',
    });
    await qemu.serial.waitFor(new RegExp(`^piece: ${bytes.toString('hex', 0, 100)}`, 'm'), 20_000);
    await qemu.serial.waitFor(/^piece: timeout/m, 20_000);
    expect(qemu.serial.text()).toContain('no answer in 500 ms; it is reset');
    limit = bytes.length;
    const [, last] = await qemu.serial.waitFor(/^piece: timeout\s*^piece: ([0-9a-f]{300})/m, 20_000);
    expect(bytes.toString('hex', 100)).toContain(last); // What QEMU had drawn for the request that was lost is lost with it.
    expect(await qemu.exit).toEqual({ status: 0, reason: 'success' });
  });
});

describe('crypto', () => {
  it('says what is missing where the processor has no generator, and works once it is seeded from a device', {
    timeout: TIMEOUT_MS,
  }, async () => {
    const { exit, text } = await bootToEnd(IMAGE, {
      ...onPlatform(Q35!, [['rng', 'rng=r0']], [...backend('/dev/urandom'), '-cpu', 'qemu64,-rdrand,-rdseed']),
      commandLine: `seed random=${LENGTH}`,
    });
    expect(exit).toEqual({ status: 0, reason: 'success' });
    const lines = linesOf(text);
    expect(lines).toContain(
      'before: OperationError: there is no entropy yet: the processor has no RDRAND; await seedRandom() of drivers/open/entropy.ts first',
    );
    expect(lines).toContainEqual(
      expect.stringMatching(/^after: 16 bytes, [0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
    );
    expectRandom(lines, 'crypto');
  });

  it('works at once where the processor has one, without a device, and differs each time', {
    timeout: TIMEOUT_MS,
  }, async () => {
    const texts = await Promise.all(
      [1, 2].map(async () => {
        const { exit, text } = await bootToEnd(IMAGE, {
          extra: ['-cpu', 'max'],
          commandLine: `random=${LENGTH}`,
        });
        expect(exit).toEqual({ status: 0, reason: 'success' });
        return text;
      }),
    );
    const all = texts.map(linesOf);
    for (const lines of all) {
      expectRandom(lines, 'crypto');
      expect(lines).toContain('words: 2 true 2');
    }
    const firsts = all.map((lines) => lines.find((line) => line.startsWith('first: ')));
    expect(firsts[0]).not.toBe(firsts[1]);
  });
});
