import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { chooseGdbPort, gdbCommand } from '../../../../scripts/qemu/debug.ts';
import { checkDisk, parseMachine, parseMemory, runImage } from '../../../../scripts/qemu/run.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'hedyn-run-'));
afterAll(() => rmSync(folder, { recursive: true }));

const DISK = path.join(folder, 'disk.img');
writeFileSync(DISK, Buffer.alloc(512));

/** A QEMU that has only a q35 and whose guest leaves with `code`. */
const fakeQemu = (name: string, code: number): string => {
  const file = path.join(folder, name);
  writeFileSync(
    file,
    `#!/bin/sh
case "$1 $2" in
  "--version ") echo "QEMU emulator version 7.2.0"; exit 0;;
  "-machine help") echo "Supported machines are:"; echo "q35   a PC"; exit 0;;
esac
exit ${code}
`,
  );
  chmodSync(file, 0o755);
  return file;
};

describe('what make qemu was asked for', () => {
  it('has defaults for all that is empty', () => {
    expect(parseMachine('')).toBe('q35');
    expect(parseMachine(undefined)).toBe('q35');
    expect(parseMemory('')).toBe('256M');
  });

  it('is refused in one line that says what to write', () => {
    expect(() => parseMachine('pc')).toThrow('MACHINE=pc: no such machine; write MACHINE=q35 or MACHINE=microvm');
    expect(() => parseMemory('lots')).toThrow(/^MEMORY=lots: not a size; write .*MEMORY=64M/);
    expect(() => parseMemory('0')).toThrow('not a size');
    expect(() => checkDisk('/nowhere.img')).toThrow('DISK=/nowhere.img: no such file');
    expect(() => checkDisk('/')).toThrow('DISK=/: not a disk image');
  });
});

describe('make qemu', () => {
  let errors: string[];
  beforeEach(() => {
    errors = [];
    vi.spyOn(console, 'error').mockImplementation((line) => void errors.push(String(line)));
  });
  afterEach(() => void vi.restoreAllMocks());

  it("ends with the guest's status", async () => {
    expect(await runImage({ image: 'x.elf', disk: DISK, qemu: fakeQemu('good', 129) })).toBe(0);
    expect(errors).toEqual([]);
    expect(await runImage({ image: 'x.elf', disk: DISK, qemu: fakeQemu('bad', 193) })).toBe(32);
    expect(errors).toEqual(['hedyn: exit status 32: uncaught exception']);
  });

  it('is status 62 and one line for a wrong variable', async () => {
    expect(await runImage({ image: 'x.elf', machine: 'vax' })).toBe(62);
    expect(errors).toHaveLength(1);
  });

  it('is status 61 and one line for a QEMU without the machine', async () => {
    const options = { image: 'x.elf', disk: DISK, machine: 'microvm', qemu: fakeQemu('small', 129) };
    expect(await runImage(options)).toBe(61);
    expect(errors).toEqual([expect.stringMatching(/has no machine 'microvm': set QEMU=/)]);
  });
});

describe('make debug', () => {
  it('prints a command that a shell understands', () => {
    expect(gdbCommand('build/probe debug.elf', 1234, 'apps/probe/main.ts:20')).toBe(
      "gdb -q -x scripts/gdb/hedyn.py 'build/probe debug.elf' -ex 'target remote localhost:1234' -ex 'break apps/probe/main.ts:20' -ex continue",
    );
  });

  it('finds a port that is free', async () => {
    expect(await chooseGdbPort()).toBeGreaterThan(0);
  });

  it('refuses a port that is in use when an editor expects that one', async () => {
    const server = createServer();
    const port = await new Promise<number>((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
    });
    await expect(chooseGdbPort(port)).rejects.toThrow(`GDB_PORT=${port}: the port is in use`);
    await new Promise((resolve) => server.close(resolve));
    expect(await chooseGdbPort(port)).toBe(port);
  });
});
