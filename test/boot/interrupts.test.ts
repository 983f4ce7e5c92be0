// Interrupts: which come, what they leave alone, and the halt that they end.

import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { chooseGdbPort } from '../../scripts/qemu/debug.ts';
import { connectGdb } from './gdb-remote.ts';
import { addressOf, type BootOptions, boot, bootToEnd, MACHINES } from './harness.ts';
import { compute } from './images/computation.ts';
import { Cells } from './images/interrupts-machine.ts';

const INTERRUPTS = 'test/boot/images/interrupts.ts';

/** Guest time is the number of instructions then, one a nanosecond: an interrupt can be aimed at any of them. */
const exact = { accelerator: 'tcg', extra: ['-icount', 'shift=0,sleep=off'] } as const;

const said = async (commandLine: string, options: BootOptions): Promise<string> => {
  const { exit, text } = await bootToEnd(INTERRUPTS, { commandLine, ...options });
  expect(exit).toEqual({ status: 0, reason: 'success' });
  return text;
};

describe.each(MACHINES)('on %s', (machine) => {
  it('there are 208 vectors, and an address for messages', async () =>
    expect(await said('vectors', { machine })).toBe('vectors 208 from 32 to 239 messages to 0xfee00000\n'));

  it('a message is noted once, in its turn, and counted each time', async () =>
    expect(await said('messages', { machine })).toBe('messages true true true counted 1 2\n'));

  it('a vector that nobody has is counted, and keeps no other from coming', async () =>
    expect(await said('strangers', { machine })).toBe('strangers true counted 2 1 3 0\n'));

  it('a level line comes once, and again when it is armed again, until its device is content', async () =>
    expect(await said('line', { machine })).toBe('line true false taken true false true false counted 1 2\n'));

  it('a halt ends by an interrupt that comes at any instruction before it', async () => {
    const text = await said('sweep=2000', { machine, ...exact });
    expect(text).toBe('sweep 10000 failures 0\n');
  });

  it('a halt ends by each of many thousand interrupts', async () =>
    expect(await said('sent=20000', { machine })).toBe('sent 20000 failures 0\n'));

  it('a wait ends at its deadline, not before it and 10 µs later at most', async () => {
    const text = await said('times', { machine, ...exact });
    expect(text).not.toContain('early');
    expect(Number(/^latest (\d+)$/m.exec(text)?.[1])).toBeLessThan(10_000);
  });

  it.each([
    ['a development build', false],
    ['a release build', true],
  ])('a storm of interrupts changes nothing in %s', async (_, release) => {
    const text = await said('storm=1009', { machine, release, ...exact });
    expect(Number(/^storm (\d+)$/m.exec(text)?.[1])).toBeGreaterThan(10_000);
    expect(/^result (.*)$/m.exec(text)?.[1]).toBe(compute(new Cells(), 1500));
  });

  it.each([
    ['throw', 32, 'PANIC uncaught exception (status 32)\n  Error: disk on fire\n', 'failInStorm'],
    ['stack', 36, 'PANIC stack overflow (status 36)\n', 'recurse'],
  ])('a panic in a storm of interrupts is said to its end: %s', async (how, status, words, place) => {
    const { exit, text } = await bootToEnd(INTERRUPTS, { machine, commandLine: `fail=${how}` });
    expect(exit.status).toBe(status);
    expect(text).toContain(words);
    expect(text).toContain(`\n  at ${place} (${INTERRUPTS}:`);
  });

  it('vectors, lines and timer work without ACPI', async () => {
    const text = await said('line times vectors', {
      machine,
      extra: ['-machine', 'acpi=off', ...exact.extra],
      accelerator: 'tcg',
    });
    expect(text).toMatch(
      /^line true .* counted 1 2\nlatest \d{1,4}\nvectors 207 from 33 to 239 messages to 0xfee00000\n$/,
    );
  });

  it.skipIf(!existsSync('/proc/self/schedstat'))('a wait costs the host next to nothing', async () => {
    const qemu = await boot(INTERRUPTS, { machine, commandLine: 'seconds=6' });
    const cpus = (await qemu.qmp.execute('query-cpus-fast')) as { 'thread-id': number }[];
    const runNanoseconds = (): number =>
      Number(readFileSync(`/proc/${cpus[0]!['thread-id']}/schedstat`, 'utf8').split(' ')[0]);
    await qemu.serial.waitFor(/^second 1 /m, 10_000);
    const before = runNanoseconds();
    await qemu.serial.waitFor(/^second 5 /m, 10_000);
    expect((runNanoseconds() - before) / 4e9).toBeLessThan(0.02);
  });
});

describe('a vector that no controller has sent', () => {
  it('is not acknowledged: spurious where such come, else unexpected', async () => {
    const gdbPort = await chooseGdbPort();
    const qemu = await boot(INTERRUPTS, { commandLine: 'strangers', gdbPort, accelerator: 'tcg' });
    await qemu.qmp.execute('query-status'); // It answers when the gdb stub is there.
    const gdb = await connectGdb(gdbPort);
    const victim = await addressOf(INTERRUPTS, 'hal_fenceDevices');
    await gdb.runTo(victim);
    await gdb.writeMemory(victim, Uint8Array.from([0xcd, 0xff, 0xcd, 0xf7, 0xcd, 0xa0, 0xc3])); // int 0xff, 0xf7, 0xa0; ret
    gdb.goOn();
    expect((await qemu.exit).status).toBe(0);
    expect(qemu.serial.text()).toBe('strangers true counted 3 2 4 2\n');
  });
});

describe('the pins of PCI devices', () => {
  const places = [3, 4, 0x1b, 0x1e];
  const devices = places.map((device) => `edu,addr=${device.toString(16)}`);

  it.each([
    ['by the DSDT of a q35', 'q35', [], [23, 20, 16, 20]],
    ['by the DSDT of a q35 with qboot', 'q35', ['-bios', 'qboot.rom'], [23, 20, 16, 20]],
    ['by the DSDT of a microvm', 'microvm', [], [19, 16, 19, 18]],
    ['by the DSDT of a microvm with one I/O APIC', 'microvm', ['-machine', 'ioapic2=off'], [15, 12, 15, 14]],
    ['by the chipset of a q35 without ACPI', 'q35', ['-machine', 'acpi=off'], [23, 20, 16, 20]],
    ['by the chipset of a pc, whose DSDT computes it', 'q35', ['-machine', 'pc'], [11, 11, 11, 10]],
  ] as const)('interrupt where they are routed: %s', async (_, machine, extra, lines) => {
    const text = await said('pins', { machine, extra, devices });
    expect(text).toBe(
      places
        .map(
          (device, index) => `pin of device ${device} is line ${lines[index]} routed true taken true true counted 2\n`,
        )
        .join(''),
    );
  });
});

describe('a processor without a local APIC', () => {
  const without = { accelerator: 'tcg', extra: ['-cpu', 'qemu64,-apic'] } as const;

  it('has no vector', async () =>
    expect(await said('vectors', without)).toBe('vectors 0 from 0 to 0 messages to 0x0\n'));

  it('waits for a deadline awake', async () =>
    expect(await said('seconds=1', without)).toMatch(/^second 1 late \d+\n$/));
});
