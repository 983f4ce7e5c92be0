// Devices behind an IOMMU, on a real QEMU: q35, which has one.

import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { bootToEnd, temporaryDisk } from './harness.ts';

const IMAGE = 'test/boot/images/iommu.ts';
const TIMEOUT_MS = 300_000;

/** Returns the arguments of an IOMMU, and a source of entropy and a disk behind it, at 00:02.0 and 00:03.0. */
const machine = (iommu: string, disk: string, properties = ''): string[] => [
  ...['-device', `virtio-iommu-pci,addr=1.0${iommu}`],
  ...['-object', 'rng-random,filename=/dev/urandom,id=r0'],
  ...['-device', 'virtio-rng-pci,addr=2.0,rng=r0,iommu_platform=on,disable-legacy=on'],
  ...['-drive', `file=${disk},if=none,format=raw,id=d0`],
  ...['-device', `virtio-blk-pci,addr=3.0,drive=d0,iommu_platform=on,disable-legacy=on${properties}`],
];

const linesOf = (text: string): string[] => text.replaceAll('\r', '').split('\n');

/** Returns whether the disk has what the guest writes under a marker. */
const hasPattern = (disk: string, marker: number): boolean =>
  readFileSync(disk)
    .subarray(128 * 512, 256 * 512)
    .every((byte, i) => byte === ((i * 7 + (i >> 8) + marker) & 0xff));

it('a disk is driven through it; what is mapped nowhere is refused, reported, and does not end it', {
  timeout: TIMEOUT_MS,
}, async () => {
  const disk = await temporaryDisk();
  const extra = machine(',boot-bypass=off', disk);
  const { exit, text } = await bootToEnd(IMAGE, { extra, commandLine: 'faults' });
  const lines = linesOf(text);
  expect(exit).toEqual({ status: 0, reason: 'success' });
  expect(lines).toContainEqual(
    expect.stringMatching(/^iommu: 0000:00:01\.0 virtio-iommu, INPUT_RANGE .*BYPASS_CONFIG/),
  );
  expect(lines).toContain('endpoint: 0000:00:03.0 24');
  expect(lines).toContainEqual(expect.stringMatching(/^memory: 0x[0-9a-f]+ is 0x100000000$/));
  expect(lines).toContain('entropy: 16 bytes');
  const hole = lines.find((line) => line.startsWith('hole: '))!.slice('hole: '.length);
  for (const what of ['read into the hole', 'write from the hole']) {
    expect(lines).toContainEqual(
      expect.stringMatching(`^${what}: .*; [1-9]\\d* faults, first mapping by 24 at ${hole}$`),
    );
  }
  expect(lines).toContain('write from a page to read: fulfilled; 0 faults');
  expect(lines).toContainEqual(
    expect.stringMatching(`^read into a page to read: .* faults, first mapping write by 24 at ${hole}$`),
  );
  expect(lines).toContainEqual(expect.stringMatching(/^detached: (device-reset|timeout): .*; [1-9]\d* faults/));
  expect(lines).toContain('attached: fulfilled; 0 faults');
  expect(lines.filter((line) => /^disk: the same bytes, marker [123]$/.test(line))).toHaveLength(3);
  expect(hasPattern(disk, 3)).toBe(true);
  expect(lines).toContainEqual(expect.stringMatching(/^refused: out-of-range: two mappings overlap/));
  expect(lines).toContain('refused: out-of-range: attach: the device answered 6');
  expect(lines).toContain('refused: invalid-argument: 0000:00:03.0 is behind the IOMMU, and open');
  expect(lines).toContain('memory: all back');
  expect(lines).toContain('again: 0000:00:01.0 virtio-iommu');
});

it('without MSI-X, with packed queues, after a disk that was opened too early, and with devices that may pass', {
  timeout: TIMEOUT_MS,
}, async () => {
  const disk = await temporaryDisk();
  const extra = machine(',packed=on', disk, ',packed=on,vectors=0');
  const { exit, text } = await bootToEnd(IMAGE, { extra, commandLine: 'late bypass' });
  const lines = linesOf(text);
  expect(exit).toEqual({ status: 0, reason: 'success' });
  expect(lines).toContain('late: invalid-argument: 0000:00:03.0 is behind the IOMMU, and open already');
  expect(lines).toContain('disk: the same bytes, marker 1');
  expect(hasPattern(disk, 1)).toBe(true);
  expect(lines).toContain('again: 0000:00:01.0 virtio-iommu');
});
