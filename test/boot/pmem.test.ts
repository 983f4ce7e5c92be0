// A persistent memory on a real QEMU: its file is what the guest sees, and the other way round. q35, which has such memory.

import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { boot, bootToEnd, temporaryFolder } from './harness.ts';
import { hashOf } from './images/entropy-hash.ts';

const IMAGE = 'test/boot/images/pmem.ts';
const TIMEOUT_MS = 300_000;
const LENGTH = 16 * 2 ** 20;
const FIRST = 1000;

/** Returns a file of random bytes, and them. */
const makeFile = (length: number): { file: string; bytes: Buffer } => {
  const file = path.join(temporaryFolder(), 'pmem.img');
  const bytes = randomBytes(length);
  writeFileSync(file, bytes);
  return { file, bytes };
};

const machine = (file: string, length: number, properties = ''): { memory: string; extra: string[] } => ({
  memory: '128M,slots=4,maxmem=8G',
  extra: [
    ...['-object', `memory-backend-file,id=p0,share=on,mem-path=${file},size=${length}`],
    ...['-device', `virtio-pmem-pci,memdev=p0${properties}`],
  ],
});

const linesOf = (text: string): string[] => text.replaceAll('\r', '').split('\n');

describe('a persistent memory', () => {
  it('is the file of the host, and the file has what was written and flushed', { timeout: TIMEOUT_MS }, async () => {
    const { file, bytes } = makeFile(LENGTH);
    const length = 2 ** 20;
    const { exit, text } = await bootToEnd(IMAGE, { ...machine(file, LENGTH), commandLine: `write=${length}` });
    const lines = linesOf(text);
    expect(exit).toEqual({ status: 0, reason: 'success' });
    expect(lines).toContainEqual(expect.stringMatching(`^pmem: 0000:00:.* virtio-pmem, ${LENGTH} bytes$`));
    expect(lines).toContain(`first: ${bytes.readUInt32LE(0)}`);
    expect(lines).toContain(`middle: ${hashOf(bytes.subarray(LENGTH / 2 - 1000, LENGTH / 2 + 9000))}`);
    expect(lines).toContain(`last: ${[...bytes.subarray(-16)].join(' ')}`);
    expect(lines).toContain('flushed');
    const expected = Buffer.from(bytes);
    for (let i = 0; i < length; i++) expected[FIRST + i] = (i * 7 + (i >> 8)) & 0xff;
    expect(Buffer.compare(readFileSync(file), expected)).toBe(0);
    expect(lines).toContain('no memory: 0 of 6 are mapped');
    expect(lines).toContain('refused: out-of-range invalid-argument');
    expect(lines).toContain('closed: closed');
    expect(lines).toContain('again: at the same place');
    expect(lines).toContain('memory: all back');
  });

  it('of any number of pages, far up, with packed queues, is flushed by a shutdown', {
    timeout: TIMEOUT_MS,
  }, async () => {
    const length = LENGTH - 3 * 4096;
    const { file, bytes } = makeFile(length);
    const options = machine(file, length, ',packed=on,memaddr=0x180001000');
    const extra = [...options.extra, '-trace', 'virtio_pmem_flush_done'];
    const qemu = await boot(IMAGE, { ...options, extra, commandLine: 'stay' });
    expect((await qemu.exit).status).toBe(0);
    expect(qemu.complaints().match(/fsync return=0/g)).toHaveLength(5); // Three, one by close() and one by shutdown().
    const lines = linesOf(qemu.serial.text());
    expect(lines).toContain(`last: ${[...bytes.subarray(-16)].join(' ')}`);
    expect(lines).toContain('all done');
    expect([...readFileSync(file).subarray(0, 4)]).toEqual([9, 8, 7, 6]);
  });
});
