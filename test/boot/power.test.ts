// Switching machines off and resetting them: what QEMU says of it, on machines that state how and on machines that do not.

import { describe, expect, it } from 'vitest';
import type { Qemu } from '../../scripts/qemu/start.ts';
import { type BootOptions, boot, bootToEnd } from './harness.ts';

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

describe('poweroff', () => {
  it.each(WITH_ACPI)('switches %s off, and needs no exit device for it', async (_, options) => {
    const qemu = await boot(POWER, { ...options, commandLine: 'poweroff', exitDevice: false });
    expect(await qemu.exit).toEqual({ status: 0, reason: 'the guest switched the machine off' });
    expect(reasonOf(qemu)).toBe('guest-shutdown');
    expect(qemu.serial.text()).toBe('power: poweroff\n');
  });

  it.each(WITHOUT_ACPI)('leaves by the exit device on %s without ACPI', async (_, options) => {
    const { exit } = await bootToEnd(POWER, { ...options, commandLine: 'poweroff' });
    expect(exit).toEqual({ status: 0, reason: 'success' });
  });

  it.each(WITHOUT_ACPI)('halts and says why where nothing switches %s off', async (_, options) => {
    const qemu = await boot(POWER, { ...options, commandLine: 'poweroff', exitDevice: false });
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
    const qemu = await boot(POWER, { ...options, extra, commandLine: 'reboot', accelerator: 'tcg' });
    expect((await qemu.exit).reason).toContain('the guest reset the machine');
    expect(reasonOf(qemu)).toBe('guest-reset');
    expect(qemu.complaints()).not.toContain('Triple fault');
  });

  it('resets a microvm without ACPI by a triple fault', async () => {
    const extra = ['-machine', 'acpi=off', ...logged];
    const qemu = await boot(POWER, { machine: 'microvm', extra, commandLine: 'reboot', accelerator: 'tcg' });
    await qemu.exit;
    expect(reasonOf(qemu)).toBe('guest-reset');
    expect(qemu.complaints()).toContain('Triple fault');
  });

  it.each(['q35', 'microvm'] as const)('brings %s up again where it may', async (machine) => {
    const qemu = await boot(POWER, { machine, extra: ['-action', 'reboot=reset'], commandLine: 'reboot' });
    await qemu.serial.waitFor(/(power: reboot\n(?:.*\n)*){3}/, LIMIT_MS);
    expect(qemu.qmp.events.filter(({ event }) => event === 'RESET').length).toBeGreaterThanOrEqual(2);
  });
});
