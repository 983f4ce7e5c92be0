import { describe, expect, it } from 'vitest';
import type { OpenFlags } from '../../../../kernel/device/share.ts';
import { dmaAllocate } from '../../../../kernel/hal/dma-pool.ts';
import { run } from '../virtio/live-harness.ts';
import { TRANSPORTS } from '../virtio/transport/harness.ts';
import { codeOf, expectBytes, openShare, pattern } from './harness.ts';

const T_CLUNK = 120;

describe('a share', () => {
  it.each(TRANSPORTS)('reads and writes files, over %s', async (transport) => {
    const { machine, server, share } = await openShare({ transport });
    server.put('a/b.txt', 'hello');
    expect(await run(share.readFile('a/b.txt', 'utf8'))).toBe('hello');
    await run(share.writeFile('/a/c', pattern(5000)));
    expectBytes(server.find('a/c')!.bytes, pattern(5000));
    expect([machine.violations, server.fidCount]).toEqual([[], 0]);
  });

  it('says what it is', async () => {
    const { share } = await openShare({ tag: 'größe', features: [0, 28, 29, 32] });
    expect(share).toMatchObject({
      name: '0000:00:02.0 virtio-9p',
      tag: 'größe',
      featureNames: ['MOUNT_TAG', 'INDIRECT_DESC', 'EVENT_IDX', 'VERSION_1'],
    });
    expect(share.messageSizeBytes).toBe(65_536 + 24);
  });

  it('has no tag where the device does not tell', async () => {
    const { share } = await openShare({ features: [32], config: new Uint8Array(0) });
    expect(share.tag).toBe('');
  });

  it('takes the msize of a server that wants less', async () => {
    const { machine, server, share } = await openShare({ messageSizeMax: 8192 });
    server.put('f', pattern(50_000));
    expectBytes(await run(share.readFile('f')), pattern(50_000));
    await run(share.writeFile('g', pattern(50_000)));
    expectBytes(server.find('g')!.bytes, pattern(50_000));
    expect([share.messageSizeBytes, machine.violations]).toEqual([8192, []]);
  });

  it('moves what is longer than a message in several at a time', async () => {
    const { machine, server, share } = await openShare();
    server.put('f', pattern(400_000));
    let [now, most] = [0, 0];
    server.answer = (type) => {
      if (type !== 116) return {};
      most = Math.max(most, ++now);
      machine.after(1000, () => now--);
      return { delay: 1000 };
    };
    expectBytes(await run(share.readFile('f')), pattern(400_000));
    expect(most).toBeGreaterThan(1);
    await run(share.writeFile('g', pattern(400_000)));
    expectBytes(server.find('g')!.bytes, pattern(400_000));
    expect(machine.violations).toEqual([]);
  });

  it('does many things at once', async () => {
    const { machine, server, share } = await openShare();
    for (let i = 0; i < 200; i++) server.put(`d/${i}`, `${i}`);
    server.answer = (_, message) => ({ delay: (message[5]! % 7) * 1000 });
    const texts = await run(Promise.all(Array.from({ length: 200 }, (_, i) => share.readFile(`d/${i}`, 'utf8'))));
    expect(texts).toEqual(Array.from({ length: 200 }, (_, i) => `${i}`));
    expect([machine.violations, server.fidCount]).toEqual([[], 0]);
  });

  it('reads a file that does not say how long it is', async () => {
    const { server, share } = await openShare();
    const node = server.put('proc', pattern(100_000));
    server.answer = (type) =>
      type === 24
        ? { change: (answer) => Buffer.concat([answer.subarray(0, 56), Buffer.alloc(8), answer.subarray(64)]) }
        : {};
    expectBytes(await run(share.readFile('proc')), node.bytes);
  });

  it('has what there is when a file has become shorter meanwhile', async () => {
    const { server, share } = await openShare();
    const node = server.put('f', pattern(300_000));
    server.answer = (type) => {
      if (type === 116) node.bytes = node.bytes.subarray(0, 100_000);
      return {};
    };
    expectBytes(await run(share.readFile('f')), pattern(300_000).slice(0, 100_000));
  });

  it.each([
    ['r', 'ENOENT', 'fulfilled', 'old'],
    ['r+', 'ENOENT', 'fulfilled', 'old'],
    ['w', 'fulfilled', 'fulfilled', ''],
    ['wx', 'fulfilled', 'EEXIST', 'old'],
    ['w+', 'fulfilled', 'fulfilled', ''],
    ['wx+', 'fulfilled', 'EEXIST', 'old'],
    ['a', 'fulfilled', 'fulfilled', 'old'],
    ['ax', 'fulfilled', 'EEXIST', 'old'],
    ['a+', 'fulfilled', 'fulfilled', 'old'],
    ['ax+', 'fulfilled', 'EEXIST', 'old'],
  ] as [OpenFlags, string, string, string][])(
    'opens with %s: one that is not there %s, one that is %s',
    async (flags, absent, present, content) => {
      const { machine, server, share } = await openShare();
      server.put('d/old', 'old');
      expect(await codeOf(share.open('d/new', flags))).toBe(absent);
      expect(await codeOf(share.open('d/old', flags))).toBe(present);
      expect(server.find('d/old')!.bytes.toString()).toBe(content);
      expect(server.find('d/new') !== undefined).toBe(absent === 'fulfilled');
      expect(machine.violations).toEqual([]);
    },
  );

  it.each(['', 'rx', 'x', 'wa', 'w++', 'r+x', 'rw'])('refuses the flags %j', async (flags) => {
    const { server, share } = await openShare();
    const before = server.requests.length;
    expect(await codeOf(share.open('f', flags as OpenFlags))).toBe('invalid-argument');
    expect(server.requests.length).toBe(before);
  });

  it('makes, renames, links and removes', async () => {
    const { machine, server, share } = await openShare();
    await run(share.mkdir('a/b/c', { recursive: true }));
    await run(share.mkdir('a/b/c', { recursive: true }));
    expect(await codeOf(share.mkdir('a/b'))).toBe('EEXIST');
    expect(await codeOf(share.mkdir('x/y'))).toBe('ENOENT');
    await run(share.writeFile('a/b/f', 'text', { mode: 0o600 }));
    expect(server.find('a/b/f')!.mode).toBe(0o100600);
    await run(share.rename('a/b/f', 'a/g'));
    await run(share.symlink('g', 'a/l'));
    await run(share.link('a/g', 'a/h'));
    expect(await run(share.readFile('a/l', 'utf8'))).toBe('text');
    expect(await run(share.readlink('a/l'))).toBe('g');
    expect(await codeOf(share.readlink('a/g'))).toBe('EINVAL');
    expect(await run(share.readdir('a'))).toEqual(['b', 'g', 'l', 'h']);
    expect(await codeOf(share.rmdir('a'))).toBe('ENOTEMPTY');
    expect(await codeOf(share.unlink('a/b'))).toBe('EISDIR');
    await run(share.unlink('a/l'));
    await run(share.rmdir('a/b/c'));
    await run(share.rm('a', { recursive: true }));
    expect(await codeOf(share.rm('a'))).toBe('ENOENT');
    await run(share.rm('a', { force: true }));
    expect([server.root.entries.size, server.fidCount, machine.violations]).toEqual([0, 0, []]);
  });

  it('says what is known of a file, and changes it', async () => {
    const { server, share } = await openShare();
    server.put('f', 'x'.repeat(1000));
    server.putDirectory('d');
    await run(share.truncate('f', 600));
    await run(share.chmod('f', 0o640));
    await run(share.utimes('f', -1.5, new Date(2_000_000_000_123)));
    const stats = await run(share.stat('f'));
    expect(stats).toMatchObject({
      size: 600,
      mode: 0o100640,
      uid: 1000,
      gid: 100,
      blocks: 2,
      atimeMs: -1500,
      mtimeMs: 2_000_000_000_123,
    });
    expect([stats.isFile(), stats.isDirectory(), stats.mtime.toISOString()]).toEqual([
      true,
      false,
      '2033-05-18T03:33:20.123Z',
    ]);
    expect((await run(share.stat('/'))).isDirectory()).toBe(true);
    expect(await run(share.statfs('d'))).toMatchObject({ bsize: 4096, blocks: 1000, ffree: 2 ** 64 });
  });

  it.each([[{ entriesEach: 3 }], [{ hidesTypes: true }]])(
    'lists a directory with what is in it, %j',
    async (options) => {
      const { machine, server, share } = await openShare(options);
      server.put('file');
      server.putDirectory('directory');
      server.putLink('link', 'file');
      for (let i = 0; i < 20; i++) server.put(`${i}`);
      const entries = await run(
        share.readdir('', { withFileTypes: true }).catch(() => share.readdir('/', { withFileTypes: true })),
      );
      expect(entries.length).toBe(23);
      const [file, directory, link] = entries;
      expect([file!.name, directory!.name, link!.name]).toEqual(['file', 'directory', 'link']);
      expect([file!.isFile(), directory!.isDirectory(), link!.isSymbolicLink(), link!.isFile()]).toEqual([
        true,
        true,
        true,
        false,
      ]);
      expect([server.fidCount, machine.violations]).toEqual([0, []]);
    },
  );

  it('lists many', async () => {
    const { server, share } = await openShare();
    const names = Array.from({ length: 10_000 }, (_, i) => `name-${i}`);
    for (const name of names) server.put(name);
    expect(await run(share.readdir('.'))).toEqual(names);
  });
});

describe('an open file', () => {
  it('is read and written where it was left, or at a position', async () => {
    const { machine, server, share } = await openShare();
    const file = await run(share.open('f', 'w+'));
    await run(file.write(new TextEncoder().encode('hello world')));
    const target = new Uint8Array(20);
    expect((await run(file.read(target))).bytesRead).toBe(0);
    expect((await run(file.read(target, 2, 5, 6))).bytesRead).toBe(5);
    expect(Buffer.from(target).toString('latin1', 0, 8)).toBe('\0\0world\0');
    await run(file.write(new TextEncoder().encode('xHEx'), 1, 2, 0));
    await run(file.write(new TextEncoder().encode('!')));
    expect(server.find('f')!.bytes.toString()).toBe('HEllo world!');
    await run(Promise.all([file.sync(), file.datasync(), file.chmod(0o600), file.truncate(5), file.utimes(1, 2)]));
    expect(await run(file.stat())).toMatchObject({ size: 5, mode: 0o100600, mtimeMs: 2000 });
    expect(await run(file.readFile())).toEqual(new TextEncoder().encode('HEllo'));
    await run(file.close());
    expect([server.fidCount, machine.violations]).toEqual([0, []]);
  });

  it('appends in order', async () => {
    const { server, share } = await openShare({ messageSizeMax: 8192 });
    server.put('f', 'x');
    server.answer = () => ({ delay: Math.round(Math.random() * 1000) });
    await run(share.appendFile('f', pattern(60_000)));
    expectBytes(server.find('f')!.bytes.subarray(1), pattern(60_000));
  });

  it('writes all of its bytes to a server that takes fewer at a time', async () => {
    const { server, share } = await openShare();
    server.answer = (type, message) => {
      if (type === 118) message.writeUInt32LE(Math.min(message.readUInt32LE(19), 1000), 19);
      return {};
    };
    await run(share.writeFile('f', pattern(10_000)));
    expectBytes(server.find('f')!.bytes, pattern(10_000));
  });

  it('moves DMA memory without a copy', async () => {
    const { machine, pool, server, share } = await openShare();
    const memory = dmaAllocate(pool, 300_000, 4096);
    machine.dma.set(pattern(300_000), memory);
    const file = await run(share.open('f', 'w+'));
    expect(await run(file.writeDma(memory, 300_000, 0))).toBe(300_000);
    expectBytes(server.find('f')!.bytes, pattern(300_000));
    machine.dma.fill(0, memory, memory + 300_000);
    expect(await run(file.readDma(memory + 1000, 200_000, 100_000))).toBe(200_000);
    expectBytes(machine.dma.slice(memory + 1000, memory + 201_000), pattern(300_000).slice(100_000));
    expect(await codeOf(file.readDma(2 ** 31, 10, 0))).toBe('invalid-argument');
  });

  it('that is closed takes nothing more, and is closed when all is done', async () => {
    const { machine, server, share } = await openShare();
    server.put('f', pattern(500_000));
    const file = await run(share.open('f'));
    server.answer = (type) => ({ delay: type === 116 ? 5000 : 0 });
    const target = new Uint8Array(500_000);
    const read = file.read(target);
    const closed = file.close();
    expect(await codeOf(file.read(target))).toBe('EBADF invalid-argument');
    expect((await run(read)).bytesRead).toBe(500_000);
    await run(closed);
    expect(server.requests.at(-1)).toBe(T_CLUNK);
    expect(await codeOf(file.close())).toBe('EBADF invalid-argument');
    expect([server.fidCount, machine.violations]).toEqual([0, []]);
  });

  it.each([
    [-1, 1, 0],
    [0.5, 1, 0],
    [0, Number.NaN, 0],
    [0, 1, -1],
    [0, 1, 2 ** 53],
  ])('is not read with %d, %d, %d', async (offset, length, position) => {
    const { server, share } = await openShare();
    server.put('f');
    const file = await run(share.open('f'));
    const before = server.requests.length;
    expect(await codeOf(file.read(new Uint8Array(10), offset, length, position))).toBe('invalid-argument');
    expect(await codeOf(file.read(new Uint8Array(10), 5, 6))).toBe('out-of-range');
    expect(server.requests.length).toBe(before);
  });

  it('that is a directory is not read', async () => {
    const { server, share } = await openShare();
    server.putDirectory('d');
    const file = await run(share.open('d'));
    expect(await codeOf(file.read(new Uint8Array(10)))).toBe('EISDIR invalid-argument');
    expect(await codeOf(share.readFile('d'))).toBe('EISDIR invalid-argument');
    expect(await codeOf(share.writeFile('d', 'x'))).toBe('EISDIR');
    await run(file.close());
    expect(server.fidCount).toBe(0);
  });
});
