// Shares on a real QEMU: what the host has in a folder is what the guest reads, and what the guest writes is what the host finds there.
//
// BIG=1 has the file of 1 GiB and the content of all 10,000 files read; else it is 64 MiB and each 16th.

import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  ftruncateSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  readSync,
  statSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { type BootResult, bootToEnd, temporaryFolder } from './harness.ts';
import { fillContent, HASH_START, hashBytes, sumOf } from './images/9p-machine.ts';
import { onPlatform, PLATFORMS, type Platform } from './platforms.ts';

const IMAGE = 'test/boot/images/9p.ts';
const TIMEOUT_MS = 300_000;
/** It says nothing while it reads. */
const LIMIT_MS = 100_000;
const ALL = process.env.BIG === '1';
const BIG_LENGTH = ALL ? 2 ** 30 : 2 ** 26;
const COPIED_PIECES = 16;
const PIECE = 524_288;
const MANY = 10_000;
const STEP = ALL ? 1 : 16;
const MIB = 2 ** 20;

const [Q35] = PLATFORMS;

/** Names that a host may have. */
const NAMES: readonly Buffer[] = [
  ...[
    'plain',
    ' ',
    '...',
    'ünïcödé ☃ 𝄞',
    'line\nfeed',
    '\\',
    '"\'`$(x)',
    '-rf',
    '\x01\x7f',
    'x'.repeat(255),
    'e\u0301',
  ].map((name) => Buffer.from(name)),
  Buffer.from([0xff, 0xfe, 0x80]), // No UTF-8.
  Buffer.from([0xc3]),
  Buffer.from([0xed, 0xa0, 0x80]),
];

/** Boots the image with a share of a folder. */
const bootWith = (
  platform: Platform,
  folder: string,
  commandLine: string,
  { model = 'mapped-xattr', more = '' } = {},
): Promise<BootResult> => {
  const fsdev = ['-fsdev', `local,id=f0,path=${folder},security_model=${model}${more}`];
  return bootToEnd(IMAGE, {
    ...onPlatform(platform, [['9p', 'fsdev=f0,mount_tag=host']], fsdev),
    commandLine,
    memory: '128M',
    release: ALL,
    limitMs: LIMIT_MS,
  });
};

const linesOf = ({ text }: BootResult): string[] => text.replaceAll('\r', '').split('\n');

const inside = (folder: string, name: Buffer): Buffer => Buffer.concat([Buffer.from(`${folder}/`), name]);

/** A file with content here and there, the last byte included. */
const writeBig = (file: string): void => {
  const descriptor = openSync(file, 'w');
  ftruncateSync(descriptor, BIG_LENGTH);
  const bytes = randomBytes(MIB);
  for (let at = 0; at < BIG_LENGTH; at += 16 * MIB) writeSync(descriptor, bytes, 0, MIB, at + (at % 5) * 4096);
  writeSync(descriptor, bytes, 0, 8, BIG_LENGTH - 8);
  closeSync(descriptor);
};

const hashOfFile = (file: string): number => {
  const descriptor = openSync(file, 'r');
  const bytes = new Uint8Array(MIB);
  let hash = HASH_START as number;
  for (let length = readSync(descriptor, bytes); length > 0; length = readSync(descriptor, bytes)) {
    hash = hashBytes(hash, bytes.subarray(0, length));
  }
  closeSync(descriptor);
  return hash;
};

describe.each(PLATFORMS)('a share, on $name', (platform) => {
  it('is the folder of the host, which finds in it what the guest made', { timeout: TIMEOUT_MS }, async () => {
    const folder = temporaryFolder();
    writeFileSync(path.join(folder, 'big'), 'not so big');
    mkdirSync(path.join(folder, 'names'));
    writeFileSync(path.join(folder, 'names', 'one'), '');
    symlinkSync('loop', path.join(folder, 'loop'));
    symlinkSync('/etc/passwd', path.join(folder, 'outside'));
    const result = await bootWith(platform, folder, 'tag=host tour refusals', { model: 'none' });
    const lines = linesOf(result);
    expect(result.exit).toEqual({ status: 0, reason: 'success' });
    expect(lines).toContainEqual(expect.stringMatching(platform.interrupts));
    expect(lines).toContainEqual(expect.stringMatching(/^share: .*virtio-9p 'host' 524312$/));
    expect(lines).toContain('tour: text and more, 2500000, 2, 2017-07-14T02:40:00.250Z, true');
    expect(lines).toContain(
      'refusals: ENOENT ENOENT ENOENT ENOENT EISDIR EEXIST ENOTEMPTY ENOTDIR ENOTDIR ELOOP ENAMETOOLONG EINVAL ENOENT EEXIST done TimeoutError: The operation was aborted due to timeout',
    );
    expect(lines).toContain('memory: all back');

    const made = path.join(folder, 'made');
    expect(readdirSync(made).sort()).toEqual(['deep', 'filled', 'hard']);
    expect(readdirSync(path.join(made, 'deep')).sort()).toEqual(['er', 'link', 'moved']);
    expect(readlinkSync(path.join(made, 'deep', 'link'))).toBe('../deep/moved');
    const moved = statSync(path.join(made, 'deep', 'moved'));
    expect([moved.mode & 0o7777, moved.nlink, moved.mtimeMs]).toEqual([0o640, 2, 1_500_000_000_250]);
    expect(lstatSync(path.join(made, 'deep', 'er')).mode & 0o7777).toBe(0o750);
    const filled = new Uint8Array(2_500_000);
    fillContent(filled, 0);
    expect(Buffer.compare(readFileSync(path.join(made, 'filled')), filled)).toBe(0);
    expect(readFileSync(path.join(folder, 'x'.repeat(255)), 'utf8')).toBe('longest');
  });
});

describe('a share', () => {
  it('of many files, of a long one, and of names that are hostile is read and written whole', {
    timeout: TIMEOUT_MS,
  }, async () => {
    const folder = temporaryFolder();
    const many = path.join(folder, 'many');
    mkdirSync(many);
    for (let i = 0; i < MANY; i++) writeFileSync(path.join(many, `file-${i}`), `content ${i}\n`.repeat((i % 37) ** 2));
    mkdirSync(path.join(folder, 'names'));
    for (const name of NAMES) writeFileSync(inside(path.join(folder, 'names'), name), randomBytes(name.length * 100));
    const big = path.join(folder, 'big');
    writeBig(big);
    let [names, contents] = [0, 0];
    readdirSync(many).forEach((name) => {
      names = sumOf(names, hashBytes(HASH_START, Buffer.from(name)));
    });
    // The guest takes each STEPth in the order of the directory, which is that of the host's own list.
    const ordered = execFileSync('ls', ['-U', many], { encoding: 'utf8', maxBuffer: MIB }).trimEnd().split('\n');
    for (let i = 0; i < MANY; i += STEP) {
      const hash = hashBytes(HASH_START, Buffer.from(ordered[i]!));
      contents = sumOf(contents, hashBytes(hash, readFileSync(path.join(many, ordered[i]!))));
    }

    const result = await bootWith(Q35!, folder, `many=${STEP} names big=${COPIED_PIECES}`);
    const lines = linesOf(result);
    expect(result.exit).toEqual({ status: 0, reason: 'success' });
    expect(lines).toContain(`many: ${MANY} names, ${names}, ${contents}`);
    expect(lines).toContain(`big: ${BIG_LENGTH} bytes, ${hashOfFile(big)}`);
    expect(lines).toContain(`names: ${NAMES.length} names, ${NAMES.length} files`);
    const copied = readFileSync(path.join(folder, 'copy'));
    expect(copied.length).toBe(COPIED_PIECES * PIECE);
    const start = Buffer.alloc(copied.length);
    const descriptor = openSync(big, 'r');
    readSync(descriptor, start);
    closeSync(descriptor);
    expect(copied.equals(start)).toBe(true);
    const back = path.join(folder, 'back');
    expect(
      readdirSync(back, 'buffer')
        .map((name) => name.toString('hex'))
        .sort(),
    ).toEqual(NAMES.map((name) => name.toString('hex')).sort());
    for (const name of NAMES) {
      const original = readFileSync(inside(path.join(folder, 'names'), name));
      expect(readFileSync(inside(back, name)).equals(original)).toBe(true);
    }
  });

  it('that is read-only refuses what would change it', { timeout: TIMEOUT_MS }, async () => {
    const folder = temporaryFolder();
    const { exit, text } = await bootWith(Q35!, folder, 'read_only', { more: ',readonly=on' });
    expect(exit).toEqual({ status: 0, reason: 'success' });
    expect(text).toContain('read-only: EROFS read-only, EROFS read-only');
    expect(existsSync(path.join(folder, 'x'))).toBe(false);
  });
});
