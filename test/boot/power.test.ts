// Switching machines off and resetting them: what QEMU says of it, on machines that state how and on machines that do not.

import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Qemu } from '../../scripts/qemu/start.ts';
import { type BootOptions, boot, bootToEnd, imageOf, MACHINES, temporaryDisk } from './harness.ts';

const POWER = 'test/boot/images/power.ts';
const LIMIT_MS = 20_000;

/** Without ACPI's tables these have the ports of a PC, or nothing at all. */
const WITH_ACPI: readonly (readonly [string, BootOptions])[] = [
  ['q35', {}],
  ['q35 with qboot', { extra: ['-bios', 'qboot.rom'] }],
  ['pc', { extra: ['-machine', 'pc'] }],
  ['microvm', { machine: 'microvm' }],
  ['microvm without PCI', { machine: 'microvm', extra: ['-machine', 'microvm,pcie=off'] }],
];
const WITHOUT_ACPI: readonly (readonly [string, BootOptions])[] = [
  ['q35', { extra: ['-machine', 'acpi=off'] }],
  ['microvm', { machine: 'microvm', extra: ['-machine', 'acpi=off'] }],
];

const reasonOf = (qemu: Qemu): unknown => qemu.qmp.events.find(({ event }) => event === 'SHUTDOWN')?.data?.reason;

beforeAll(() => imageOf(POWER));

describe('poweroff', () => {
  it.each(WITH_ACPI)('switches %s off, and needs no exit device for it', async (_, options) => {
    const qemu = await boot(POWER, { ...options, commandLine: 'poweroff now', exitDevice: false });
    expect(await qemu.exit).toEqual({ status: 0, reason: 'the guest switched the machine off' });
    expect(reasonOf(qemu)).toBe('guest-shutdown');
    expect(qemu.serial.text()).toBe('power: poweroff\n');
  });

  it.each(WITHOUT_ACPI)('leaves by the exit device on %s without ACPI', async (_, options) => {
    const { exit } = await bootToEnd(POWER, { ...options, commandLine: 'poweroff now' });
    expect(exit).toEqual({ status: 0, reason: 'success' });
  });

  it.each(WITHOUT_ACPI)('halts and says why where nothing switches %s off', async (_, options) => {
    const qemu = await boot(POWER, { ...options, commandLine: 'poweroff now', exitDevice: false });
    await qemu.serial.waitFor(/^halted: ACPI does not state how .* no isa-debug-exit device to leave by$/m, LIMIT_MS);
  });
});

describe('reboot', () => {
  const logged = ['-d', 'cpu_reset']; // It says so of a triple fault.

  it.each([
    ...WITH_ACPI,
    ['q35 without ACPI', WITHOUT_ACPI[0]![1]],
    ['isapc, which has nothing but a keyboard controller', { extra: ['-machine', 'isapc', '-cpu', 'max'] }],
  ] as const)('resets %s without a triple fault', async (_, options) => {
    const extra = [...(options.extra ?? []), ...logged];
    const qemu = await boot(POWER, { ...options, extra, commandLine: 'reboot now', accelerator: 'tcg' });
    expect((await qemu.exit).reason).toContain('the guest reset the machine');
    expect(reasonOf(qemu)).toBe('guest-reset');
    expect(qemu.complaints()).not.toContain('Triple fault');
  });

  it('resets a microvm without ACPI by a triple fault', async () => {
    const extra = ['-machine', 'acpi=off', ...logged];
    const qemu = await boot(POWER, { machine: 'microvm', extra, commandLine: 'reboot now', accelerator: 'tcg' });
    await qemu.exit;
    expect(reasonOf(qemu)).toBe('guest-reset');
    expect(qemu.complaints()).toContain('Triple fault');
  });

  it.each(['q35', 'microvm'] as const)('brings %s up again where it may', async (machine) => {
    const qemu = await boot(POWER, { machine, extra: ['-action', 'reboot=reset'], commandLine: 'reboot now' });
    await qemu.serial.waitFor(/(power: reboot\n(?:.*\n)*){3}/, LIMIT_MS);
    expect(qemu.qmp.events.filter(({ event }) => event === 'RESET').length).toBeGreaterThanOrEqual(2);
  });
});

describe('an orderly end', () => {
  const SECTOR = 100;
  const LENGTH = 8 * 512;

  it.each(
    MACHINES.flatMap((machine) => (['poweroff', 'reboot', 'shutdown'] as const).map((end) => [machine, end] as const)),
  )('on %s by %s has every write on the disk', async (machine, end) => {
    const file = await temporaryDisk();
    const qemu = await boot(POWER, { machine, disks: [{ file }], commandLine: end });
    const { status } = await qemu.exit;
    expect(status).toBe({ poweroff: 0, reboot: 61, shutdown: 9 }[end]);
    if (end !== 'shutdown') expect(reasonOf(qemu)).toBe(end === 'poweroff' ? 'guest-shutdown' : 'guest-reset');
    expect(qemu.serial.text()).toBe(`power: ${end}\n`);
    const written = readFileSync(file).subarray(SECTOR * 512, SECTOR * 512 + LENGTH);
    expect(written).toEqual(Buffer.alloc(LENGTH, 0xa5));
  });
});
