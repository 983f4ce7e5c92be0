// Wrong calls on a real machine: none of the numbers that test/misuse has stops it at the border between the planes.

import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { SECTORS } from '../misuse/disks.ts';
import { bootToEnd, temporaryFolder } from './harness.ts';

const IMAGE = 'test/boot/images/misuse.ts';
const TIMEOUT_MS = 300_000;
const SECTOR = 512;
const PMEM_BYTES = 16 * 2 ** 20;

it('a device of each class refuses each wrong call, and each call once it is closed', {
  timeout: TIMEOUT_MS,
}, async () => {
  const folder = temporaryFolder();
  const files = ['disk', 'unit', 'pmem'].map((name) => path.join(folder, name));
  const [disk, unit, pmem] = files as [string, string, string];
  for (const file of [disk, unit]) writeFileSync(file, Buffer.alloc(SECTORS * SECTOR));
  writeFileSync(pmem, Buffer.alloc(PMEM_BYTES));
  const share = path.join(folder, 'share');
  mkdirSync(share);
  writeFileSync(path.join(share, 'file'), 'some bytes of text');
  const extra = [
    ...['-drive', `if=none,id=d0,format=raw,discard=unmap,file=${disk}`, '-device', 'virtio-blk-pci,drive=d0'],
    ...['-drive', `if=none,id=d1,format=raw,discard=unmap,file=${unit}`, '-device', 'virtio-scsi-pci,id=s0'],
    ...['-device', 'scsi-hd,drive=d1,bus=s0.0'],
    ...['-netdev', 'user,id=n0,restrict=on', '-device', 'virtio-net-pci,netdev=n0'],
    ...[
      '-device',
      'virtio-serial-pci',
      '-chardev',
      'null,id=c0',
      '-device',
      'virtserialport,chardev=c0,name=org.test.0',
    ],
    ...['-device', 'virtio-rng-pci', '-device', 'virtio-keyboard-pci', '-device', 'virtio-gpu-pci'],
    ...['-fsdev', `local,id=f0,path=${share},security_model=none`, '-device', 'virtio-9p-pci,fsdev=f0,mount_tag=host'],
    ...['-object', 'cryptodev-backend-builtin,id=k0', '-device', 'virtio-crypto-pci,cryptodev=k0'],
    ...['-object', `memory-backend-file,id=p0,share=on,mem-path=${pmem},size=${PMEM_BYTES}`],
    ...['-device', 'virtio-pmem-pci,memdev=p0', '-device', 'virtio-balloon-pci'],
  ];
  const { exit, text } = await bootToEnd(IMAGE, { memory: '256M,slots=4,maxmem=8G', extra });
  const lines = text.replaceAll('\r', '').trimEnd().split('\n');
  expect(exit).toEqual({ status: 0, reason: 'success' });
  expect(lines.filter((line) => !/^misuse .*: \d+ wrong calls, \d+ calls of a closed device$/.test(line))).toEqual([]);
  expect(lines).toHaveLength(11);
});
