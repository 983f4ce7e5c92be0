// A server that lies, in each way: it is given up, everything rejects, and its memory is back.

import { describe, expect, it } from 'vitest';
import { dmaFreeBytes } from '../../../../kernel/hal/dma-pool.ts';
import { kindOf, run } from '../virtio/live-harness.ts';
import { codeOf, openShare, unopened } from './harness.ts';

const T_LOPEN = 12;
const T_READLINK = 22;
const T_GETATTR = 24;
const T_READDIR = 40;
const T_VERSION = 100;
const T_ATTACH = 104;
const T_WALK = 110;
const T_READ = 116;
const T_WRITE = 118;

type Change = (answer: Buffer) => Buffer;

const set =
  (at: number, ...bytes: number[]): Change =>
  (answer) => {
    answer.set(bytes, at);
    return answer;
  };

/** Changes the length of an answer, and its size with it. */
const resized =
  (length: (old: number) => number): Change =>
  (answer) => {
    const other = Buffer.alloc(length(answer.length));
    answer.copy(other);
    other.writeUInt32LE(other.length);
    return other;
  };

const LIES: readonly (readonly [what: string, type: number, change: Change])[] = [
  ['the size of an answer is too large', T_WALK, set(0, 255)],
  ['the size of an answer is too small', T_WALK, set(0, 7)],
  ['an answer is shorter than its header', T_WALK, (answer) => answer.subarray(0, 6)],
  ['an answer is empty', T_GETATTR, () => Buffer.alloc(0)],
  ['the type of an answer is another', T_LOPEN, set(4, 15)],
  ['the type of an answer is that of the request', T_LOPEN, set(4, 12)],
  ['the type of an answer is Rerror of 9P2000', T_LOPEN, set(4, 107)],
  ['the tag of an answer is another', T_WALK, set(5, 77)],
  ['Rwalk has more qids than were asked for', T_WALK, set(7, 200)],
  ['Rwalk has no qid, and is no error', T_WALK, resized(() => 9)],
  ['Rwalk counts other qids than it has', T_WALK, set(7, 1)],
  ['Rwalk passes through what is no directory', T_WALK, set(9, 0)],
  ['Rlopen is longer', T_LOPEN, resized((old) => old + 1)],
  ['Rlopen is shorter', T_LOPEN, resized((old) => old - 1)],
  ['Rgetattr is shorter', T_GETATTR, resized((old) => old - 8)],
  ['Rread has more than was asked for', T_READ, set(7, 255, 255, 255, 127)],
  ['Rread counts more than it has', T_READ, set(7, 6)],
  ['Rread counts less than it has', T_READ, set(7, 1)],
  ['Rreadlink is cut off', T_READLINK, set(7, 200)],
  ['Rreadlink has a zero byte', T_READLINK, set(9, 0)],
  ['an Rlerror has no error', T_WALK, () => Buffer.from([11, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0])],
  ['an Rlerror has an error that nobody knows', T_WALK, () => Buffer.from([11, 0, 0, 0, 7, 0, 0, 255, 255, 255, 255])],
  ['an Rlerror is cut off', T_WALK, () => Buffer.from([9, 0, 0, 0, 7, 0, 0, 2, 0])],
  [
    'Rreaddir has an entry that is cut off',
    T_READDIR,
    (answer) => resized((old) => old - 1)(set(7, answer[7]! - 1)(answer)),
  ],
  ['Rreaddir has an entry without a name', T_READDIR, set(33, 0)],
  ['Rreaddir has a name that leads elsewhere', T_READDIR, set(35, 0x2f)],
  ['Rreaddir has a name with a zero byte', T_READDIR, set(35, 0)],
  ['Rreaddir has a name that is too long', T_READDIR, set(33, 255, 255)],
];

describe('a server that lies', () => {
  it.each(LIES)('is given up when %s', async (_, type, change) => {
    const { free, pool, server, share } = await openShare();
    server.put('d/f', 'text');
    server.putLink('l', 'd');
    server.answer = (each) => (each === type ? { change } : {});
    const work = async (): Promise<void> => {
      await share.stat('d/f');
      await share.readFile('l/f');
      await share.readdir('d');
    };
    expect(await kindOf(work())).toBe('wrong-answer');
    expect(await kindOf(share.stat('d'))).toBe('device-failed');
    expect(dmaFreeBytes(pool)).toBe(free);
  });

  it.each([
    ['returns more than there is room for (W24)', { usedLength: 100_000 }],
    ['returns a head that it does not have (W16)', { usedHead: 5 }],
    ['returns a head that there is not (W16)', { usedHead: 60_000 }],
    ['answers twice (W16)', { times: 2 }],
  ])('or %s is given up', async (_, answer) => {
    const { free, pool, server, share } = await openShare();
    server.put('f', 'text');
    server.answer = () => answer;
    const kinds = [await kindOf(share.readFile('f')), await kindOf(share.readFile('f'))];
    expect(kinds).toContain('device-failed');
    expect(dmaFreeBytes(pool)).toBe(free);
  });

  it('and writes nothing, or more than it was given, is given up', async () => {
    for (const count of [0, 5]) {
      const { server, share } = await openShare();
      server.answer = (type) => (type === T_WRITE ? { change: set(7, count) } : {});
      expect(await kindOf(share.writeFile('f', 'text'))).toBe('wrong-answer');
    }
  });

  it('and has a directory without an end is given up', async () => {
    const { server, share } = await openShare();
    server.put('f');
    server.answer = (type, message) => {
      if (type === T_READDIR) message.fill(0, 11, 19);
      return {};
    };
    expect(await kindOf(share.readdir('/'))).toBe('wrong-answer');
  });

  it.each([
    ['speaks another version', T_VERSION, set(13, 0x38)],
    ['wants longer messages', T_VERSION, set(7, 255, 255, 255, 255)],
    ['wants messages that are too short', T_VERSION, set(7, 0, 16, 0, 0)],
    ['has a version that is cut off', T_VERSION, set(11, 200)],
    ['shares a file', T_ATTACH, set(7, 0)],
    ['refuses', T_ATTACH, () => Buffer.from([11, 0, 0, 0, 7, 0, 0, 13, 0, 0, 0])],
  ] as [string, number, Change][])('or %s from the start is no share', async (_, type, change) => {
    const { free, open, pool, server } = unopened();
    server.answer = (each) => (each === type ? { change } : {});
    expect(await kindOf(open())).toMatch(/device-failed|wrong-answer/);
    expect(dmaFreeBytes(pool)).toBe(free);
  });

  it.each([
    ['a tag that is longer than its configuration', new Uint8Array([255, 255, 65])],
    ['a configuration without a tag', new Uint8Array([4])],
  ])('or with %s does not come up', async (_, config) => {
    const { open } = unopened({ config });
    expect(await kindOf(open())).toBe('device-failed');
  });
});

describe('a server that refuses', () => {
  it.each([
    [1, 'EPERM'],
    [13, 'EACCES'],
    [28, 'ENOSPC'],
    [30, 'EROFS read-only'],
    [95, 'EOPNOTSUPP unsupported'],
    [222, 'E222'],
  ])('with %d rejects with %s, at each step, and no fid is left', async (errno, code) => {
    const { machine, server, share } = await openShare();
    server.put('a/f', 'text');
    server.putLink('a/l', 'f');
    const work = async (): Promise<void> => {
      await share.readFile('a/l');
      await share.writeFile('a/new', 'x');
      await share.mkdir('a/d/e', { recursive: true });
      await share.readdir('a', { withFileTypes: true });
      await share.rename('a/new', 'a/d/moved');
      await share.symlink('x', 'a/d/s');
      await share.link('a/f', 'a/d/h');
      await share.rm('a/d', { recursive: true });
    };
    const first = server.requests.length;
    await run(work());
    const total = server.requests.length - first;
    for (let step = 0; step < total; step++) {
      let left = step;
      await run(share.rm('a/d', { recursive: true, force: true }));
      server.answer = () => (left-- === 0 ? { errno } : {});
      expect(['fulfilled', code]).toContain(await codeOf(work())); // A refused Tclunk is no failure.
      server.answer = () => ({});
      expect(server.fidCount).toBe(0);
    }
    expect(machine.violations).toEqual([]);
  });
});
