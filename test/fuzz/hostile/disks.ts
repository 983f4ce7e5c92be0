// Disks and folders under attack.

import { startShare } from '../../../drivers/9p/driver.ts';
import { openBlk } from '../../../drivers/blk/awaited.ts';
import { openQueues } from '../../../drivers/blk/queues.ts';
import { startPmem } from '../../../drivers/pmem/driver.ts';
import { openScsiHost } from '../../../drivers/scsi/driver.ts';
import type { BlockDevice } from '../../../kernel/device/block.ts';
import type { FileHandle, OpenFlags } from '../../../kernel/device/share.ts';
import { SimNinepDevice } from '../../sim/virtio/9p.ts';
import { SimBlkDevice } from '../../sim/virtio/block.ts';
import { SimPmemDevice } from '../../sim/virtio/pmem.ts';
import { SimScsiHost } from '../../sim/virtio/scsi.ts';
import { SimUnit } from '../../sim/virtio/scsi-unit.ts';
import { type Program, subject } from './subject.ts';

const SECTOR = 512;

/** Asks a disk of 64 sectors, or so, for something. */
const useDisk = (disk: BlockDevice, program: Program): void => {
  const { random } = program;
  const sector = random.below(60);
  const count = random.pick([1, 1, 2, 8, 9, 20, 70]);
  const options = program.signal();
  const calls: readonly (() => Promise<unknown>)[] = [
    () => disk.read(sector, count, options),
    () => disk.readInto(sector, new Uint8Array(count * SECTOR), options),
    () => disk.write(sector, new Uint8Array(count * SECTOR), options),
    () => disk.flush(options),
    () => disk.readv(sector, [new Uint8Array(700), new Uint8Array(324)], options),
    () => disk.discard(sector, count, options),
    () => disk.writeZeroes(sector, count, { ...options, mayUnmap: random.chance(0.5) }),
    () => disk.secureErase(sector, count, options),
    () => disk.setWriteCache(random.pick(['write-back', 'write-through'])),
    () => disk.lifetime(options),
  ];
  const directCalls: readonly ((memory: number) => Promise<unknown>)[] = [
    (memory) => disk.readDma(sector, memory, 4096, options),
    (memory) => disk.writeDma(sector, memory, 2048, options),
    (memory) =>
      disk.writevDma(
        sector,
        [
          { offset: memory, length: 512 },
          { offset: memory + 2048, length: 512 },
        ],
        options,
      ),
  ];
  if (random.chance(0.25)) program.askWithMemory(random.pick(directCalls));
  else program.ask(random.pick(calls));
};

const BLK_LIMITS = {
  discard: [64, 2, 1],
  writeZeroes: [64, 2],
  secureErase: [64, 2, 1],
  segmentMax: 6,
  sizeMax: 4096,
} as const;

/** Bits 0 to `last`. */
const bits = (last: number): number[] => Array.from({ length: last + 1 }, (_, bit) => bit);

const blk = subject({
  name: 'blk',
  features: bits(16),
  make: (machine, options, random) => {
    const queueCount = random.pick([1, 1, 3]);
    const queueSizes = Array.from({ length: queueCount }, () => random.pick([2, 16, 128]));
    const disk = new SimBlkDevice(machine, { ...options, limits: { ...BLK_LIMITS, queueCount }, queueSizes });
    disk.answer = () =>
      random.chance(0.2) ? { delay: random.below(30) * 1_000_000, status: random.pick([undefined, 1, 2, 255]) } : {};
    return disk;
  },
  open: async (live, random) => (random.chance(0.7) ? await openBlk(live) : await openQueues(live, 3)).block,
  use: useDisk,
  host: ({ device }, random) => device.changeConfig(0, [random.below(128)]),
  close: (disk) => disk.close(),
});

const scsi = subject({
  name: 'scsi',
  features: bits(3),
  make: (machine, options, random) => {
    const units = { '0:0': new SimUnit({}), '1:0': new SimUnit({ type: 5, blockSize: 2048, isRemovable: true }) };
    const host = new SimScsiHost(machine, { ...options, units });
    host.answer = () =>
      random.chance(0.2) ? { delay: random.below(30) * 1_000_000, status: random.pick([undefined, 2, 8, 40]) } : {};
    return host;
  },
  open: openScsiHost,
  use: (bus, program) => {
    const { random } = program;
    const { disks } = bus;
    const choice = random.next();
    if (disks.length === 0 || choice < 0.1) program.ask(() => bus.scan());
    else if (choice < 0.2) program.ask(() => random.pick(disks).checkMedium(program.signal()));
    else useDisk(random.pick(disks), program);
  },
  host: (sim, random) =>
    sim.report(
      random.pick([1, 2, 3, 0x80000001, random.below(2 ** 32)]),
      random.below(3),
      random.below(2),
      random.below(3),
    ),
  close: (bus) => bus.close(),
});

const pmem = subject({
  name: 'pmem',
  features: [0],
  make: (machine, options) => new SimPmemDevice(machine, options),
  open: startPmem,
  use: (memory, program) => {
    const { random } = program;
    const offset = random.below(0x10010);
    const calls: readonly (() => unknown)[] = [
      () => memory.flush(program.signal()),
      () => memory.read(offset, random.below(64)),
      () => memory.write(offset, program.bytes(64)),
    ];
    program.ask(async () => random.pick(calls)());
  },
  close: (memory) => memory.close(),
});

const PATHS = ['f', 'd', 'd/g', 'd/e/h', 'l', 'none', 'new', '/', 'd/l/h'];
const FLAGS: readonly OpenFlags[] = ['r', 'r+', 'w', 'wx', 'w+', 'a', 'a+'];

/** Asks for something of an open file, and closes it. */
const useFile = (file: FileHandle, program: Program): void => {
  const { random } = program;
  const position = random.pick([null, 0, 3, 100_000]);
  const calls: readonly (() => Promise<unknown>)[] = [
    () => file.read(new Uint8Array(random.below(30_000)), 0, undefined, position),
    () => file.write(program.bytes(20_000), 0, undefined, position),
    () => file.readFile(program.signal()),
    () => file.stat(),
    () => file.truncate(random.below(100)),
    () => file.sync(),
    () => file.utimes(1, 2),
  ];
  const choice = random.next();
  if (choice < 0.2) program.askWithMemory((memory) => file.readDma(memory, 5000, 2));
  else if (choice < 0.4) program.askWithMemory((memory) => file.writeDma(memory, 3000, 2));
  else program.ask(random.pick(calls));
  program.ask(() => file.close());
};

const ninep = subject({
  name: '9p',
  features: [0],
  make: (machine, options, random) => {
    const server = new SimNinepDevice(machine, { ...options, entriesEach: random.pick([1, 3, 100]) });
    server.put('f', 'some text '.repeat(random.below(2000)));
    server.put('d/g', 'text');
    server.put('d/e/h', 'text');
    server.putLink('l', 'd/g');
    server.putLink('d/l', 'e');
    server.answer = () =>
      random.chance(0.1) ? { errno: random.pick([1, 2, 5, 28, 30, 95, 222, random.below(2 ** 31)]) } : {};
    return server;
  },
  open: startShare,
  use: (share, program) => {
    const { random } = program;
    const [path, other] = [random.pick(PATHS), random.pick(PATHS)];
    const options = program.signal();
    const calls: readonly (() => Promise<unknown>)[] = [
      () => share.readFile(path, options),
      () => share.writeFile(path, program.bytes(10_000), options),
      () => share.readdir(path, { withFileTypes: true }),
      () => share.mkdir(path, { recursive: random.chance(0.5) }),
      () => share.rm(path, { recursive: random.chance(0.5), force: random.chance(0.5) }),
      () => share.rename(path, other),
      () => share.symlink(path, other),
      () => share.readlink(path),
      () => share.link(path, other),
      () => share.stat(path),
      () => share.statfs(path),
      () => share.truncate(path, 5),
    ];
    if (random.chance(0.3))
      program.ask(
        () => share.open(path, random.pick(FLAGS)),
        (file) => useFile(file, program),
      );
    else program.ask(random.pick(calls));
  },
  close: (share) => share.close(),
});

export const DISKS = [blk, scsi, pmem, ninep];
