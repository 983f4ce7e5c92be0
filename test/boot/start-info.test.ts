// What the loader tells is input. The tests stop the guest before it reads the start info, and put something else there.
// Xen public headers, arch-x86/hvm/start_info.h

import { describe, expect, it } from 'vitest';
import { chooseGdbPort } from '../../scripts/qemu/debug.ts';
import { connectGdb } from './gdb-remote.ts';
import { addressOf, type BootResult, boot, FACTS } from './harness.ts';

const RDI = 5;

//    field                     offset
const MAGIC = 0;
const COMMAND_LINE = 24;
const ROOT_POINTER = 32;
const MEMORY_MAP = 40;
const MEMORY_MAP_COUNT = 48;
const START_INFO_SIZE = 56;

const RAM = 1;
const RESERVED = 2;

/** Free RAM where the tests put a map of their own. */
const MAP_ADDRESS = 0x20000;

const KIB = 1024n;
const MIB = 1024n * KIB;

type Region = readonly [start: bigint, length: bigint, type: number];

const encodeMap = (regions: readonly Region[]): Buffer =>
  Buffer.concat(
    regions.map(([start, length, type]) => {
      const bytes = Buffer.alloc(24);
      bytes.writeBigUInt64LE(start, 0);
      bytes.writeBigUInt64LE(length, 8);
      bytes.writeUInt32LE(type, 16);
      return bytes;
    }),
  );

/** Boots with a start info that `change` has been at, and with `map` at MAP_ADDRESS. */
const bootWith = async (change: (info: Buffer) => void, map: readonly Region[] = []): Promise<BootResult> => {
  const gdbPort = await chooseGdbPort();
  const qemu = await boot(FACTS, { gdbPort, accelerator: 'tcg' });
  await qemu.qmp.execute('query-status'); // It answers when the gdb stub is there.
  const gdb = await connectGdb(gdbPort);
  await gdb.runTo(await addressOf(FACTS, 'kernel_main'));
  const address = await gdb.readRegister(RDI);
  const info = await gdb.readMemory(address, START_INFO_SIZE);
  change(info);
  await gdb.writeMemory(address, info);
  if (map.length > 0) await gdb.writeMemory(MAP_ADDRESS, encodeMap(map));
  gdb.goOn();
  return { exit: await qemu.exit, text: qemu.serial.text() };
};

const bootWithMap = (map: readonly Region[]): Promise<BootResult> =>
  bootWith((info) => {
    info.writeBigUInt64LE(BigInt(MAP_ADDRESS), MEMORY_MAP);
    info.writeUInt32LE(map.length, MEMORY_MAP_COUNT);
  }, map);

const expectRefusal = ({ exit, text }: BootResult, reason: string): void => {
  expect(text).toContain(`PANIC machine not usable (status 40)\n  ${reason}\n`);
  expect(exit.status).toBe(40);
};

const expectMemory = ({ exit, text }: BootResult, kibibytes: bigint): void => {
  expect(text).toContain(`memory ${kibibytes} KiB\n`);
  expect(exit.status).toBe(0);
};

describe('the memory map', () => {
  const whole: Region = [1n * MIB, 63n * MIB, RAM];

  it('may list RAM twice: no page is given out twice', async () =>
    expectMemory(
      await bootWithMap([[8n * MIB, 56n * MIB, RAM], whole, [32n * MIB, 16n * MIB, RAM]]),
      (63n * MIB) / KIB,
    ));

  it('may have something else in the middle of RAM', async () =>
    expectMemory(
      await bootWithMap([whole, [40n * MIB, 1n * MIB, RESERVED], [60n * MIB, 10n * MIB, RESERVED]]),
      (58n * MIB) / KIB,
    ));

  it('may name addresses that there cannot be: they are passed over', async () => {
    const impossible: Region[] = [
      [1n << 60n, MIB, RAM],
      [2n * MIB, (1n << 64n) - 1n, RAM],
      [1n << 40n, 1n, RAM],
      [5n * MIB, 0n, RESERVED],
    ];
    expectMemory(await bootWithMap([...impossible, whole]), (63n * MIB) / KIB);
  });

  it('is refused when it has too many regions', async () =>
    expectRefusal(
      await bootWithMap(Array.from({ length: 65 }, () => whole)),
      'the memory map with 65 entries is too long or out of reach',
    ));

  it('is refused when it is out of reach', async () => {
    const { exit, text } = await bootWith((info) => info.writeBigUInt64LE(1n << 40n, MEMORY_MAP));
    expect(text).toMatch(/^ {2}the memory map with \d+ entries is too long or out of reach$/m);
    expect(exit.status).toBe(40);
  });

  it('is refused when it is empty, or shows no RAM', async () => {
    expectRefusal(
      await bootWith((info) => info.writeUInt32LE(0, MEMORY_MAP_COUNT)),
      'the start info has no memory map',
    );
    expectRefusal(await bootWithMap([[1n * MIB, 63n * MIB, RESERVED]]), 'no RAM behind the image');
  });
});

describe('the start info', () => {
  it('is refused without its magic number', async () =>
    expectRefusal(
      await bootWith((info) => info.writeUInt32LE(0x12345678, MAGIC)),
      'the start info has a wrong magic number: not booted through PVH',
    ));

  it('may point nowhere for what the kernel can do without', async () => {
    const { exit, text } = await bootWith((info) => {
      info.writeBigUInt64LE(1n << 40n, COMMAND_LINE);
      info.writeBigUInt64LE(0xfffffff0n, ROOT_POINTER);
    });
    expect(text).toMatch(/^options 0$/m);
    expect(text).toMatch(/^windows by rule$/m);
    expect(exit.status).toBe(0);
  });
});
