// Devices of every class are taken from who uses them again and again, and leave no memory and no records behind: also those that QEMU does not plug in, or does not give back.
// A SCSI host, which is asked for 256 targets each time, and a sound device, which forgets its periods in no reset, are left to hotplug.test.ts.

import { expect, it } from 'vitest';
import { addressOf, boot } from './harness.ts';
import { plugHosts } from './plug-hosts.ts';

const IMAGE = 'test/boot/images/hotplug.ts';
const MEMORY = '128M';
const CYCLES = 12;
const WAIT_MS = 60_000;
const TIMEOUT_MS = 300_000;

const DEVICES = [
  ...['virtio-blk-pci,drive=disk', 'virtio-net-pci,netdev=net,romfile=', 'virtio-rng-pci,rng=entropy'],
  ...['virtio-keyboard-pci', 'virtio-serial-pci', 'virtio-9p-pci,fsdev=folder,mount_tag=plugged'],
  ...['virtio-balloon-pci', 'virtio-crypto-pci,cryptodev=cipher', 'virtio-gpu-pci'],
  ...['virtio-pmem-pci,memdev=pmem', 'virtio-mem-pci,memdev=mem,requested-size=4M', 'virtio-iommu-pci,addr=1e.0'],
];

/** Records that a device leaves each time: a picture, on which programs may still draw. */
const LEFT: Readonly<Record<string, number>> = { 'virtio-gpu': 1 };

/** The guest goes on while its records are counted. */
const SLACK = 4;
const SAMPLE_MS = 20;

it('a class leaves no memory and no record behind, however often its device goes', {
  timeout: TIMEOUT_MS,
}, async () => {
  const qemu = await boot(IMAGE, {
    memory: `${MEMORY},slots=4,maxmem=8G`,
    limitMs: WAIT_MS,
    commandLine: `cycles=${CYCLES}`,
    extra: [...plugHosts(MEMORY), ...DEVICES.flatMap((device) => ['-device', device])],
  });
  const address = await addressOf(IMAGE, 'hed_handleCount'); // Each record has a handle; the image lies where it was linked to.
  const recordCount = async (): Promise<number> => {
    const command = { 'command-line': `xp /1wd 0x${address.toString(16)}` };
    return Number(String(await qemu.qmp.execute('human-monitor-command', command)).split(':')[1]);
  };
  /** Returns whose lines have come. */
  const cycled = (): string[] => [...qemu.serial.text().matchAll(/^cycled (\S+) .*\n/gm)].map(([, name]) => name!);
  /** Waits until line `index` has come. Returns how many records there were shortly before, and how many after. */
  const countAt = async (index: number): Promise<[before: number, after: number]> => {
    const deadline = Date.now() + WAIT_MS;
    for (let before = 0; ; ) {
      const count = await recordCount();
      if (cycled().length > index) return [before, count];
      if (Date.now() > deadline) throw new Error(`${index} devices were cycled, and then none in ${WAIT_MS} ms`);
      before = count;
      await new Promise((resolve) => setTimeout(resolve, SAMPLE_MS));
    }
  };
  for (let device = 0; device < DEVICES.length; device++) {
    const [, first] = await countAt(2 * device);
    const [last] = await countAt(2 * device + 1);
    const name = cycled()[2 * device]!;
    const grownBy = Math.max(last - first, 0);
    expect([name, grownBy <= (LEFT[name] ?? 0) * CYCLES + SLACK, grownBy]).toEqual([name, true, grownBy]);
  }
  const pools = [...qemu.serial.text().matchAll(/^cycled (\S+) \S+ pool (\d+)/gm)];
  expect(new Set(pools.map(([, , bytes]) => bytes)).size).toBe(1);
  await qemu.stop();
});
