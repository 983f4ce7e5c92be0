// Kills QEMU while an image writes numbered blocks and flushes them, and looks for what was flushed in the host's file.
//
// A file alone would show nothing: what QEMU has written is the host's, and survives the end of a process without any flush. Two kinds of disk tell a flush from
// none. A qcow2 image keeps in QEMU's memory where its clusters are, until it is flushed. And of a disk whose writes and flushes QEMU logs, everything is dropped, kept
// or torn by chance that no flush came behind: a loss of power.

import { closeSync, openSync, truncateSync } from 'node:fs';
import path from 'node:path';
import { buildImage } from '../../scripts/build.ts';
import { chooseAccelerator } from '../../scripts/qemu/accelerator.ts';
import { ensureQemu } from '../../scripts/qemu/install.ts';
import { startQemu } from '../../scripts/qemu/start.ts';
import { Random } from '../native/random.ts';
import { BLOCK_BYTES, isBlock } from './images/crash-block.ts';
import { AHEAD_MAX, PLACE_COUNT, placeOfBlock } from './images/crash-plan.ts';
import { makeQcow2, readQcow2 } from './qcow2.ts';
import { contentAfterPowerLoss } from './write-log.ts';

const IMAGE = 'test/boot/images/crash.ts';
const DISK_BYTES = PLACE_COUNT * BLOCK_BYTES;
const LIMIT_MS = 30_000;
/** The longest time from the first flush to the kill. */
const KILL_MS_MAX = 400;

/** A disk to be killed under. */
export interface CrashDisk {
  readonly name: string;
  readonly bus: 'blk' | 'scsi';
  readonly store: 'qcow2' | 'log';
  /** Properties of the device. */
  readonly device?: string;
  /** QEMU's `cache.…` options of the file. */
  readonly cache?: Readonly<Record<string, boolean>>;
}

/**
 * Disks of each kind whose flush means something: write-back and write-through, through the host's cache and past it. QEMU's log lacks flushes of its own that follow a
 * write at once, so it is of no use with write-through. Not every folder lets its files be used past the host's cache: that one is last.
 */
export const CRASH_DISKS: readonly CrashDisk[] = [
  { name: 'virtio-blk, qcow2', bus: 'blk', store: 'qcow2' },
  { name: 'virtio-scsi, power lost', bus: 'scsi', store: 'log' },
  { name: 'virtio-blk, packed queue, power lost', bus: 'blk', store: 'log', device: 'packed=on' },
  { name: 'virtio-scsi, qcow2', bus: 'scsi', store: 'qcow2' },
  { name: 'virtio-blk, write-through, qcow2', bus: 'blk', store: 'qcow2', device: 'write-cache=off' },
  { name: 'virtio-scsi, write-through, qcow2', bus: 'scsi', store: 'qcow2', device: 'write-cache=off' },
  { name: 'virtio-blk, power lost', bus: 'blk', store: 'log' },
  { name: 'virtio-blk, qcow2 past the host’s cache', bus: 'blk', store: 'qcow2', cache: { direct: true } },
];

/** What a kill has shown. */
export interface Crash {
  /** Blocks that were flushed, by what the guest said. */
  readonly flushed: number;
  /** How many of them could be looked for: the others were written over by later ones. */
  readonly checked: number;
  /** Those that are not there whole. */
  readonly lost: readonly number[];
}

/** Builds what is booted; `release` as it is shipped. */
export const buildCrashImage = async (release = false): Promise<string> =>
  (await buildImage({ entry: IMAGE, release })).elf;

/** Boots `image` with a new disk in `folder`, kills QEMU at a moment that follows from `seed`, and returns what is lost. Throws when the guest does not write. */
export const crash = async (image: string, disk: CrashDisk, folder: string, seed: number): Promise<Crash> => {
  const random = new Random(seed);
  const files = { disk: path.join(folder, 'disk'), log: path.join(folder, 'log') };
  makeFiles(disk, files);
  const qemu = startQemu({
    machine: 'q35',
    accelerator: chooseAccelerator(),
    memory: '64M',
    limitMs: LIMIT_MS,
    qemu: await ensureQemu(process.env.QEMU),
    image,
    commandLine: `bus=${disk.bus}`,
    extra: diskArguments(disk, files),
  });
  try {
    await qemu.serial.waitFor(/^flushed .*\n/m, LIMIT_MS);
    await new Promise((resolve) => setTimeout(resolve, random.below(KILL_MS_MAX)));
  } catch (error) {
    throw new Error(`${qemu.complaints()}${(error as Error).message}`);
  } finally {
    await qemu.stop(); // By SIGKILL.
  }
  const said = qemu.serial.text().match(/^flushed \d+(?=\r?\n)/gm)!;
  const flushed = Number(said.at(-1)!.slice('flushed '.length));
  const content =
    disk.store === 'qcow2'
      ? readQcow2(files.disk).content
      : contentAfterPowerLoss(files.log, DISK_BYTES, BLOCK_BYTES, random);
  return { flushed, ...lostOf(content, flushed) };
};

/** Looks for all blocks below `flushed` over which no later one can have been written: the guest may be one flush further than its last whole line. */
const lostOf = (content: Uint8Array, flushed: number): Pick<Crash, 'checked' | 'lost'> => {
  const first = Math.max(0, flushed + 2 * AHEAD_MAX - PLACE_COUNT);
  const lost: number[] = [];
  for (let number = first; number < flushed; number++) {
    if (!isBlock(content, placeOfBlock(number) * BLOCK_BYTES, number)) lost.push(number);
  }
  return { checked: flushed - first, lost };
};

interface Files {
  readonly disk: string;
  readonly log: string;
}

const makeFiles = ({ store }: CrashDisk, files: Files): void => {
  if (store === 'qcow2') makeQcow2(files.disk, DISK_BYTES);
  else {
    for (const file of [files.disk, files.log]) closeSync(openSync(file, 'w'));
    truncateSync(files.disk, DISK_BYTES);
  }
};

const diskArguments = ({ bus, store, device = '', cache }: CrashDisk, files: Files): string[] => {
  const fileNode = (filename: string): object => ({ driver: 'file', filename, cache });
  const node =
    store === 'qcow2'
      ? { driver: 'qcow2', file: fileNode(files.disk), cache }
      : { driver: 'blklogwrites', file: fileNode(files.disk), log: fileNode(files.log), 'log-sector-size': 512, cache };
  const properties = device === '' ? '' : `,${device}`;
  const devices =
    bus === 'scsi'
      ? ['-device', 'virtio-scsi-pci,id=bus,disable-legacy=on', '-device', `scsi-hd,bus=bus.0,drive=disk${properties}`]
      : ['-device', `virtio-blk-pci,drive=disk,disable-legacy=on,request-merging=off${properties}`];
  return ['-blockdev', JSON.stringify({ 'node-name': 'disk', ...node }), ...devices];
};
