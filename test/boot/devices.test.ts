// apps/devices, on a real QEMU: every device that was put into the machine is shown, on each of the platforms.

import { describe, expect, it } from 'vitest';
import { screenText } from '../../apps/devices/screen.ts';
import { paintCells } from '../../kernel/draw/cells.ts';
import { theFont } from '../../kernel/draw/glyphs.ts';
import { resizeTerminal, Terminal } from '../../kernel/draw/terminal.ts';
import { writeText } from '../../kernel/draw/text-console.ts';
import { screenOf } from '../../scripts/test/picture.ts';
import { canvasOf, machineWithMemory } from '../unit/kernel/draw/harness.ts';
import { boot, bootToEnd, temporaryDisk, temporaryFolder } from './harness.ts';
import { difference, pictureOf } from './pictures.ts';
import { onPlatform, PLATFORMS } from './platforms.ts';

const APP = 'apps/devices/main.ts';
const TIMEOUT_MS = 300_000;
const WAIT_MS = 20_000;

const linesOf = (text: string): string[] =>
  text
    .replaceAll('\r', '')
    .split('\n')
    .filter((line) => line !== '' && !line.endsWith('notified again')); // A host may be slow to answer.

describe.each(PLATFORMS)('on $name', (platform) => {
  it('each device is shown by what its class says', { timeout: TIMEOUT_MS }, async () => {
    const before = [
      ...['-drive', `file=${await temporaryDisk()},if=none,format=raw,id=image`],
      ...['-object', 'rng-random,filename=/dev/urandom,id=r0'],
      ...['-netdev', 'user,id=n0,restrict=on'],
      ...['-chardev', 'null,id=c0'],
      ...['-fsdev', `local,id=f0,path=${temporaryFolder()},security_model=none`],
    ];
    const boot = onPlatform(
      platform,
      [
        ['blk', 'drive=image,serial=HEDYN0009'],
        ['rng', 'rng=r0'],
        ['net', 'netdev=n0,mac=52:54:00:00:00:09'],
        ['serial', 'id=s0'],
        ['gpu', 'xres=800,yres=600'],
        ['9p', 'fsdev=f0,mount_tag=shared'],
        ['scsi', 'id=b0'],
      ],
      before,
    );
    const more = [
      ...['-device', 'scsi-cd,bus=b0.0,scsi-id=3'],
      ...['-device', 'virtserialport,bus=s0.0,chardev=c0,name=org.hedyn.test'],
      ...['-device', platform.device('balloon').replace(',vectors=0', '')], // It has no such property.
    ];
    const { exit, text } = await bootToEnd(APP, { ...boot, extra: [...(boot.extra ?? []), ...more] });
    expect(exit).toEqual({ status: 0, reason: 'success' });
    const lines = linesOf(text).map((line) => line.replace(/^(0000:|mmio@)\S+ /, '').replace(/ +/, ' '));
    for (const expected of [
      /^virtio-blk 4 MiB in blocks of 512 bytes, serial number HEDYN0009$/,
      /^virtio-rng 8 bytes: [0-9a-f]{2}( [0-9a-f]{2}){7}$/,
      /^virtio-net 52:54:00:00:00:09, link up, frames of 1500 bytes$/,
      /^virtio-console 1 port: \d+ org\.hedyn\.test$/,
      /^virtio-gpu 1 screen: 800 x 600 on QEMU Monitor$/,
      /^virtio-9p 'shared', 0 names, \d+ of \d+ MiB free$/,
      /^virtio-balloon the host wants 0 MiB, \d+ MiB are free$/,
      /^virtio-scsi 3:0 QEMU CD-ROM, no medium$/,
      /^8 virtio devices$/,
    ]) {
      expect(lines.filter((line) => expected.test(line))).toHaveLength(1);
    }
    expect(lines).toHaveLength(9);
  });
});

it('what only a PC has is shown: an IOMMU and a persistent memory behind it', { timeout: TIMEOUT_MS }, async () => {
  const file = `${temporaryFolder()}/pmem.img`;
  const extra = [
    ...['-device', 'virtio-iommu-pci'],
    ...['-object', `memory-backend-file,id=p0,share=on,mem-path=${file},size=16M`],
    ...['-device', 'virtio-pmem-pci,memdev=p0,iommu_platform=on'],
  ];
  const { exit, text } = await bootToEnd(APP, { memory: '64M,slots=1,maxmem=1G', extra });
  expect(exit).toEqual({ status: 0, reason: 'success' });
  const lines = linesOf(text).map((line) => line.replace(/^0000:\S+ /, '').replace(/ +/, ' '));
  expect(lines).toEqual([
    expect.stringMatching(/^virtio-iommu pages of 4096 bytes up to 0x[0-9a-f]+, 1 virtio device behind it$/),
    'virtio-pmem 16 MiB, begins with 00 00 00 00 00 00 00 00',
    '2 virtio devices',
  ]);
});

it('a machine without devices has none', { timeout: TIMEOUT_MS }, async () => {
  const { exit, text } = await bootToEnd(APP);
  expect([exit.status, linesOf(text)]).toEqual([0, ['0 virtio devices']]);
});

it('the list is on the screen, too', { timeout: TIMEOUT_MS }, async () => {
  const folder = temporaryFolder();
  const device = ['-device', 'virtio-gpu-pci,id=gpu0,xres=800,yres=600'];
  const qemu = await boot(APP, { commandLine: 'stay', extra: device });
  await qemu.serial.waitFor(/^1 virtio device\r?\n/m, WAIT_MS);
  machineWithMemory();
  const terminal = new Terminal();
  resizeTerminal(terminal, 800, 600);
  writeText(terminal, screenText(linesOf(qemu.serial.text())));
  const canvas = canvasOf(800, 600);
  paintCells(terminal.grid, canvas, theFont());
  const expected = pictureOf(canvas);
  await expect
    .poll(async () => difference(await screenOf(qemu, folder, 'gpu0'), expected), { timeout: WAIT_MS })
    .toBeUndefined();
});
