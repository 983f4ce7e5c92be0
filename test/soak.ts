// `make soak`: requests and timers for MINUTES= (10), on a disk of its own. test/boot/images/soak.ts is what runs.
//
// Without ioeventfd QEMU interrupts in the same breath as it answers, so that a wake-up that is not there is lost, and not on its way.

import path from 'node:path';
import { buildImage } from '../scripts/build.ts';
import { makeDisk } from '../scripts/disk.ts';
import { STATUS_USAGE } from '../scripts/qemu/exit-status.ts';
import { runImage } from '../scripts/qemu/run.ts';

const DEFAULT_MINUTES = 10;
const DISK_BYTES = 32 * 1024 * 1024;

const NO_IOEVENTFD = '-global virtio-blk-pci.ioeventfd=off';

/** Returns the status to leave with. */
const soak = async (minutes: number): Promise<number> => {
  if (!(minutes > 0 && Number.isFinite(minutes))) {
    console.error(`MINUTES=${process.env.MINUTES} is no number of minutes: write MINUTES=10, or MINUTES=0.5`);
    return STATUS_USAGE;
  }
  const release = process.env.RELEASE === '1';
  const { elf, debugElf } = await buildImage({ entry: 'test/boot/images/soak.ts', release });
  const disk = path.join('build', 'soak.img');
  await makeDisk(disk, DISK_BYTES);
  const { MACHINE, MEMORY, QEMU, QEMU_ARGS } = process.env;
  return runImage({
    image: elf,
    debugImage: debugElf,
    disk,
    commandLine: `seconds=${minutes * 60}`,
    machine: MACHINE,
    memory: MEMORY,
    qemu: QEMU,
    qemuArgs: `${NO_IOEVENTFD} ${QEMU_ARGS ?? ''}`,
  });
};

process.exitCode = await soak(Number(process.env.MINUTES || DEFAULT_MINUTES));
