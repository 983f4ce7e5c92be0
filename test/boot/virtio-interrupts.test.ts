// A disk driven by interrupts on a real QEMU: by each kind, over each transport, behind bridges. The guest is halted while it waits, so an interrupt
// that does not come is a test that fails.

import { readFileSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readElf } from '../../scripts/elf.ts';
import type { Disk } from '../../scripts/qemu/command-line.ts';
import { type BootOptions, boot, bootToEnd, imageOf, temporaryDisk } from './harness.ts';

const IMAGE = 'test/boot/images/virtio-interrupts.ts';

/** Reads of the image, for each queue. */
const READS = 12;

/** The longest that a guest takes for them. */
const LIMIT_MS = 20_000;
const HALTED = /^halted: status 0/m;
const SECTOR_SIZE = 512;
const GROWN_BYTES = 1024 * 1024;

/** What a boot is to say. */
interface Expected {
  /** `MSI-X, 2 vectors`, `line N`. */
  readonly kind: RegExp;
  /** By whom the vectors are used: configuration, then each queue. */
  readonly vectors: readonly number[];
}

const MSIX: Expected = { kind: /: MSI-X, 2 vectors$/m, vectors: [0, 1] };
const ONE_VECTOR: Expected = { kind: /: MSI-X, 1 vector$/m, vectors: [0, 0] };
const LINE: Expected = { kind: /: line \d+$/m, vectors: [0, 0] };

/** Boots with one disk, resizes it when the guest waits for that, and checks what the guest counted. */
const expectInterrupts = async (device: string, expected: Expected, options: BootOptions = {}): Promise<string> => {
  const file = await temporaryDisk();
  const qemu = await boot(IMAGE, {
    ...options,
    exitDevice: false, // So that QEMU is still there to answer.
    extra: [
      ...(options.extra ?? []),
      ...['-drive', `file=${file},if=none,format=raw,id=image0`],
      ...['-device', `${device},id=disk0,drive=image0`],
    ],
  });
  await qemu.serial.waitFor(/^(resize\?|failed)/m, LIMIT_MS);
  expect(qemu.serial.text()).toContain('resize?');
  const size = statSync(file).size + GROWN_BYTES;
  await qemu.qmp.execute('block_resize', { device: 'image0', size });
  await qemu.serial.waitFor(HALTED, LIMIT_MS);
  const text = qemu.serial.text().replaceAll('\r', '');

  const [config, ...queues] = expected.vectors;
  const reads = READS * queues.length;
  expect(text).toMatch(expected.kind);
  expect(text).toContain(`vectors: configuration ${config}, queues ${queues.join(' ')}\n`);
  expect(text).toContain(`reads: ${reads} of ${reads}, interrupts ${countsByVector(expected.vectors).join(' ')}\n`);
  expect(text).toContain(`queue causes ${reads}, `);
  // With MSI-X and one vector nobody can tell a changed configuration from a read.
  const isAmbiguous = expected === ONE_VECTOR;
  const causes = isAmbiguous ? reads : 0;
  expect(text).toContain(`, configuration causes ${causes}\n`);
  const resize = countsByVector(expected.vectors).map((_, vector) => (vector === config ? 1 : 0));
  expect(text).toContain(
    `grown by ${GROWN_BYTES / SECTOR_SIZE}, interrupts ${resize.join(' ')}, configuration causes ${causes + 1}, unexpected 0\n`,
  );
  return text;
};

/** Returns how often each vector comes for the reads. */
const countsByVector = ([, ...queues]: readonly number[]): number[] => {
  const counts = new Array<number>(Math.max(0, ...queues) + 1).fill(0);
  for (const vector of queues) counts[vector] = (counts[vector] ?? 0) + READS;
  return counts;
};

const MODERN = 'virtio-blk-pci,disable-legacy=on';
const TRANSITIONAL = 'virtio-blk-pci,disable-legacy=off,disable-modern=off';
const LEGACY = 'virtio-blk-pci,disable-legacy=off,disable-modern=on';

const PCI_CASES: readonly (readonly [device: string, expected: Expected])[] = [MODERN, TRANSITIONAL, LEGACY].flatMap(
  (device): (readonly [string, Expected])[] => [
    [device, MSIX],
    [`${device},vectors=2`, MSIX],
    [`${device},vectors=1`, ONE_VECTOR],
    [`${device},vectors=0`, LINE],
  ],
);

describe('a program that polls', () => {
  it.each(['apps/probe/main.ts', 'apps/hello/main.ts'])('carries nothing of interrupts: %s', async (entry) => {
    const modules = /^m_(drivers_virtio_(interrupts|lines|transport_vectors)|kernel_pci_(msix|intx))__/;
    const functionsOf = async (program: string): Promise<string[]> =>
      readElf(readFileSync((await imageOf(program)).debugElf))
        .functions.map(({ name }) => name)
        .filter((name) => modules.test(name));
    expect(await functionsOf(entry)).toEqual([]);
    expect((await functionsOf(IMAGE)).length).toBeGreaterThan(0);
  });
});

describe('on q35', () => {
  it.each(PCI_CASES)('%s interrupts for every read and for a resize', async (device, expected) => {
    await expectInterrupts(device, expected);
  });

  it.each<[string, Expected]>([
    ['num-queues=3', { kind: /: MSI-X, 4 vectors$/m, vectors: [0, 1, 2, 3] }],
    ['num-queues=4,vectors=3', { kind: /: MSI-X, 3 vectors$/m, vectors: [0, 1, 2, 1, 2] }],
    ['num-queues=3,vectors=2', { kind: /: MSI-X, 2 vectors$/m, vectors: [0, 1, 1, 1] }],
    ['num-queues=3,vectors=0', { kind: /: line \d+$/m, vectors: [0, 0, 0, 0] }],
  ])('queues share vectors where there are fewer: %s', async (properties, expected) => {
    await expectInterrupts(`${MODERN},${properties}`, expected);
  });

  it.each<[string, readonly string[], string]>([
    ['a root port', ['pcie-root-port,id=root0,chassis=1,addr=4.0'], 'bus=root0'],
    [
      'a bridge to conventional PCI',
      ['pcie-root-port,id=root0,chassis=1,addr=4.0', 'pcie-pci-bridge,id=bridge,bus=root0'],
      'bus=bridge,addr=7.0',
    ],
  ])('behind %s, by MSI-X and by the pin, which each bridge turns', async (_, devices, place) => {
    for (const device of [`${MODERN},${place}`, `${LEGACY},${place}`]) {
      await expectInterrupts(device, MSIX, { devices });
      await expectInterrupts(`${device},vectors=0`, LINE, { devices });
    }
  });

  it.each<[string, Expected]>([
    [MODERN, MSIX],
    [`${LEGACY},vectors=0`, LINE],
  ])('%s interrupts again after a reset', async (device, expected) => {
    await expectInterrupts(device, expected, { commandLine: 'again' });
  });

  it('without ACPI the line is the one that the chipset routes', async () => {
    await expectInterrupts(`${MODERN},vectors=0`, LINE, { extra: ['-machine', 'acpi=off'] });
  });

  it('two awaited disks share a line, and neither is forgotten', async () => {
    const disks = [];
    for (const place of ['addr=2.0', 'addr=6.0']) {
      disks.push({ file: await temporaryDisk(), properties: `disable-legacy=on,vectors=0,${place}` });
    }
    const qemu = await boot('test/boot/images/shared-line.ts', { disks, exitDevice: false });
    await qemu.serial.waitFor(/^resize\?/m, LIMIT_MS);
    const size = statSync((disks[1] as Disk).file).size + GROWN_BYTES;
    await qemu.qmp.execute('block_resize', { device: 'image1', size });
    await qemu.serial.waitFor(HALTED, LIMIT_MS);
    const text = qemu.serial.text().replaceAll('\r', '');
    expect([...text.matchAll(/interrupts: line (\d+)$/gm)].map(([, line]) => line)).toEqual(['22', '22']);
    expect(text).toContain('reads: 120 of 120\n');
    expect(text).toContain(`grown by ${GROWN_BYTES / SECTOR_SIZE}\n`);
  });

  it.each([`${MODERN},vectors=0`, `${LEGACY},vectors=0`])('on a pc, without ECAM, too: %s', async (device) => {
    await expectInterrupts(device, LINE, { extra: ['-machine', 'pc'] });
  });

  it.each([MODERN, `${LEGACY},vectors=0`])('without a local APIC %s is polled, and the log says so', async (device) => {
    const file = await temporaryDisk();
    const { text, exit } = await bootToEnd(IMAGE, {
      extra: [
        ...['-cpu', 'qemu64,-apic', '-drive', `file=${file},if=none,format=raw,id=image0`],
        ...['-device', `${device},drive=image0`],
      ],
    });
    expect(exit.status).toBe(0);
    expect(text).toMatch(/^warn .* virtio-blk.*: interrupts: polled: .*the processor has no vector left/m);
    expect(text).toContain(`reads: ${READS} of ${READS}, interrupts 0`);
  });

  it('with qboot, which places no BAR', async () => {
    const options: BootOptions = { extra: ['-bios', 'qboot.rom'] };
    await expectInterrupts(MODERN, MSIX, options);
    await expectInterrupts(`${MODERN},vectors=0`, LINE, options);
  });
});

describe('on microvm', () => {
  it.each(PCI_CASES.filter(([device]) => device.startsWith(MODERN)))(
    '%s interrupts for every read and for a resize',
    async (device, expected) => {
      await expectInterrupts(device, expected, { machine: 'microvm' });
    },
  );

  it.each([
    ['version 2', ['-global', 'virtio-mmio.force-legacy=false']],
    ['version 1', []],
    ['version 2, with a second I/O APIC', ['-global', 'virtio-mmio.force-legacy=false', '-machine', 'ioapic2=on']],
    [
      'version 2 that only the command line names',
      ['-global', 'virtio-mmio.force-legacy=false', '-machine', 'acpi=off'],
    ],
  ])('a slot of virtio-mmio interrupts by its line: %s', async (_, extra) => {
    await expectInterrupts('virtio-blk-device', LINE, {
      machine: 'microvm',
      extra: ['-machine', 'pcie=off', ...extra],
    });
  });
});
