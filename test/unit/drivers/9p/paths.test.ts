import { describe, expect, it } from 'vitest';
import { FileFailure } from '../../../../kernel/device/file-failure.ts';
import { run } from '../virtio/live-harness.ts';
import { codeOf, openShare } from './harness.ts';

const T_WALK = 110;

describe('a path', () => {
  it.each([
    ['a/b/f'],
    ['/a/b/f'],
    ['//a///b/f'],
    ['./a/./b/./f'],
    ['a/../a/b/../b/f'],
    ['../../a/b/f'],
    ['a/b/../../../../a/b/f'],
    ['link/b/f'],
    ['a/absolute/b/f'],
    ['a/up/f'],
    ['a/outside/a/b/f'],
    ['chain/f'],
    ['a/b/../../chain/../b/f'],
  ])('%s leads to the file', async (path) => {
    const { machine, server, share } = await openShare();
    server.put('a/b/f', 'found');
    server.putLink('link', 'a');
    server.putLink('a/absolute', '/a');
    server.putLink('a/up', '../a/./b/');
    server.putLink('a/outside', '../../../..');
    server.putLink('chain', 'link/up');
    expect(await run(share.readFile(path, 'utf8'))).toBe('found');
    expect([server.fidCount, machine.violations]).toEqual([0, []]);
  });

  it.each([
    ['a/missing/f', 'ENOENT'],
    ['missing/../a/f', 'ENOENT'],
    ['a/f/x', 'ENOTDIR'],
    ['a/f/..', 'ENOTDIR'],
    ['a/f/', 'ENOTDIR'],
    ['a/f/.', 'ENOTDIR'],
    ['loop', 'ELOOP'],
    ['loop/x', 'ELOOP'],
    ['dangling', 'ENOENT'],
    ['empty', 'ENOENT'],
  ])('%s is %s', async (path, code) => {
    const { machine, server, share } = await openShare();
    server.put('a/f');
    server.putLink('loop', 'loop');
    server.putLink('dangling', 'nowhere');
    server.putLink('empty', '');
    expect(await codeOf(share.stat(path))).toBe(code);
    expect([server.fidCount, machine.violations]).toEqual([0, []]);
  });

  it.each([
    ['', 'ENOENT'],
    ['a\0b', 'EINVAL'],
    ['x'.repeat(256), 'ENAMETOOLONG'],
    ['ü'.repeat(128), 'ENAMETOOLONG'],
    ['x/'.repeat(2048), 'ENAMETOOLONG'],
    [new Uint8Array([97, 0]), 'EINVAL'],
    [new Uint8Array(0), 'ENOENT'],
  ])('that no file can have is refused before anything is sent: case %#', async (path, code) => {
    const { server, share } = await openShare();
    const before = server.requests.length;
    const target = `${code} invalid-argument`;
    expect(await codeOf(share.readFile(path))).toBe(target);
    expect(await codeOf(share.writeFile(path, ''))).toBe(target);
    expect(await codeOf(share.open(path, 'w'))).toBe(target);
    expect(await codeOf(share.mkdir(path, { recursive: true }))).toBe(target);
    expect(await codeOf(share.rename('a', path))).toBe(target);
    expect(await codeOf(share.link('a', path))).toBe(target);
    expect(await codeOf(share.rm(path, { force: true }))).toBe(target);
    expect(await codeOf(share.symlink('a', path))).toBe(target);
    expect(server.requests.length).toBe(before);
  });

  it.each(['/', '.', '..', 'a/..'])('%s has no name to make or remove', async (path) => {
    const { server, share } = await openShare();
    expect(await codeOf(share.mkdir(path))).toBe('EINVAL invalid-argument');
    expect(await codeOf(share.rm(path, { recursive: true }))).toBe('EINVAL invalid-argument');
    await run(share.mkdir('/', { recursive: true }));
    expect(server.fidCount).toBe(0);
  });

  it('of more than 16 names is walked in parts', async () => {
    const { machine, server, share } = await openShare();
    const path = Array.from({ length: 50 }, (_, i) => `d${i}`).join('/');
    server.put(`${path}/f`, 'deep');
    expect(await run(share.readFile(`${path}/f`, 'utf8'))).toBe('deep');
    expect(server.requests.filter((type) => type === T_WALK).length).toBe(4);
    expect(await codeOf(share.stat(`${path}/x/y`))).toBe('ENOENT');
    await run(share.writeFile(`${path}/new`, 'new'));
    expect(server.find(`${path}/new`)!.bytes.toString()).toBe('new');
    await run(share.rm('d0', { recursive: true }));
    expect([server.fidCount, machine.violations]).toEqual([0, []]);
  });

  it.each([
    ['ünïcödé ☃ 𝄞', 'ünïcödé ☃ 𝄞'],
    ['line\nfeed', 'line\nfeed'],
    [' ', ' '],
    ['...', '...'],
    ['back\\slash', 'back\\slash'],
    ['x'.repeat(255), 'x'.repeat(255)],
    [new Uint8Array([0xff, 0x80, 0x2e]), '\ufffd\ufffd.'],
  ])('may be any name that a file can have: case %#', async (path, shown) => {
    const { machine, server, share } = await openShare();
    await run(share.writeFile(path, 'content'));
    expect(await run(share.readdir('/'))).toEqual([shown]);
    const [name] = await run(share.readdir('/', { encoding: 'buffer' }));
    expect(name).toEqual(typeof path === 'string' ? new TextEncoder().encode(path) : path);
    expect(await run(share.readFile(name!, 'utf8'))).toBe('content');
    await run(share.rm(path));
    expect([server.root.entries.size, machine.violations]).toEqual([0, []]);
  });

  it('of a link is followed or not', async () => {
    const { server, share } = await openShare();
    server.put('d/f', 'x');
    server.putLink('l', 'd/f');
    server.putLink('m', 'd');
    server.putLink('new', 'd/made');
    expect((await run(share.lstat('l'))).isSymbolicLink()).toBe(true);
    expect((await run(share.lstat('m/'))).isDirectory()).toBe(true);
    expect((await run(share.stat('l'))).isFile()).toBe(true);
    await run(share.writeFile('new', 'through'));
    expect(server.find('d/made')!.bytes.toString()).toBe('through');
    expect(await codeOf(share.open('l', 'wx'))).toBe('EEXIST');
    expect(await codeOf(share.open('d/x/', 'w'))).toBe('EISDIR');
    await run(share.unlink('l'));
    expect(server.find('d/f')).toBeDefined();
    expect(server.fidCount).toBe(0);
  });

  it('is in the message of a refusal, as Node has it', async () => {
    const { share } = await openShare();
    const failure = await run(share.readFile('no/file').catch((error) => error));
    expect(failure).toBeInstanceOf(FileFailure);
    expect(failure).toMatchObject({ code: 'ENOENT', errno: 2, kind: 'io-error' });
    expect(failure.message).toBe("ENOENT: no such file or directory, open 'no/file'");
  });
});
