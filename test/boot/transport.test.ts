// Disks behind each of the four virtio transports, on a real QEMU.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DISK_TEXT } from '../../scripts/disk.ts';
import { type BootOptions, type BootResult, bootToEnd, temporaryDisk } from './harness.ts';

const PROBE = 'apps/probe/main.ts';
const IMAGE = 'test/boot/images/transport.ts';

/** One disk, as QEMU's arguments. */
const disk = async (device: string): Promise<{ file: string; extra: string[] }> => {
  const file = await temporaryDisk();
  return {
    file,
    extra: ['-drive', `file=${file},if=none,format=raw,id=x0`, '-device', `${device},drive=x0,serial=FOUR`],
  };
};

const expectDisk = ({ exit, text }: BootResult, name: RegExp, hasVersion1: boolean): void => {
  expect(text).toMatch(/^probe: ok$/m);
  expect(exit).toEqual({ status: 0, reason: 'success' });
  expect(text).toContain('serial number FOUR');
  expect(text).toContain(DISK_TEXT.trim());
  const features = text.split('\n').find((line) => /^disk .*: features/.test(line)) ?? '';
  expect(features).toMatch(name);
  expect(features.includes('VERSION_1')).toBe(hasVersion1);
};

/** A microvm without PCI. */
const MMIO: BootOptions = { machine: 'microvm' };
const WITHOUT_PCI = ['-machine', 'pcie=off'];

describe('the probe with a disk', () => {
  it('behind modern virtio-pci', async () => {
    const { extra } = await disk('virtio-blk-pci,disable-legacy=on');
    expectDisk(await bootToEnd(PROBE, { extra }), /0000:00:..\.. virtio-blk: /, true);
  });

  it('behind legacy virtio-pci', async () => {
    const { extra } = await disk('virtio-blk-pci,disable-legacy=off,disable-modern=on');
    expectDisk(await bootToEnd(PROBE, { extra }), /0000:00:..\.. virtio-blk \(legacy\): /, false);
  });

  it('behind virtio-mmio version 2', async () => {
    const { extra } = await disk('virtio-blk-device');
    const all = [...WITHOUT_PCI, '-global', 'virtio-mmio.force-legacy=false', ...extra];
    expectDisk(await bootToEnd(PROBE, { ...MMIO, extra: all }), /mmio@0xfeb0.* virtio-blk: /, true);
  });

  it('behind virtio-mmio version 1', async () => {
    const { extra } = await disk('virtio-blk-device');
    const result = await bootToEnd(PROBE, { ...MMIO, extra: [...WITHOUT_PCI, ...extra] });
    expectDisk(result, /mmio@0xfeb0.* virtio-blk \(legacy\): /, false);
  });

  it('that only the command line names, because there is no ACPI', async () => {
    const { extra } = await disk('virtio-blk-device');
    const all = [...WITHOUT_PCI, '-machine', 'acpi=off', ...extra];
    expectDisk(await bootToEnd(PROBE, { ...MMIO, extra: all }), /mmio@0xfeb0.* virtio-blk \(legacy\): /, false);
  });

  it('behind a page for each queue, and with a doorbell in an I/O BAR listed first', async () => {
    for (const option of ['page-per-vq=on', 'modern-pio-notify=on']) {
      const { extra } = await disk(`virtio-blk-pci,disable-legacy=on,${option}`);
      expectDisk(await bootToEnd(PROBE, { extra }), /virtio-blk: /, true);
    }
  });
});

describe('a disk on PCI', () => {
  const run = async (commandLine: string, properties = 'disable-legacy=on'): Promise<string[]> => {
    const { file, extra } = await disk(`virtio-blk-pci,${properties}`);
    const sum = readFileSync(file)
      .subarray(0, 512)
      .reduce((total, byte) => total + byte, 0);
    const { text, exit } = await bootToEnd(IMAGE, { commandLine, extra });
    expect(exit.status).toBe(0);
    return text.replaceAll('\r', '').replaceAll(`sector ${sum}`, 'sector as on disk').trim().split('\n');
  };

  it('works through PCI_CFG when its BARs cannot be mapped', async () => {
    expect(await run('window')).toEqual(['kind 0000:00:01.0 virtio-blk through PCI_CFG', 'sector as on disk']);
  });

  it('has its queue reset and made again, with another size', async () => {
    expect(await run('reset')).toEqual([
      'kind 0000:00:01.0 virtio-blk',
      'sector as on disk',
      'queue 8',
      'sector as on disk',
    ]);
  });

  it('comes up again after it was given up', async () => {
    for (const properties of ['disable-legacy=on', 'disable-legacy=off,disable-modern=on']) {
      expect((await run('twice', properties)).slice(1)).toEqual(['sector as on disk', 'sector as on disk']);
    }
  });
});
