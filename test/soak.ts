// `make soak`: what must hold for long. PART= names one of the parts; without it they run one after the other, as long as all is well.
//
//   requests    requests and timers on a disk for MINUTES=10 (test/boot/images/soak.ts)
//   memory      values of all kinds, made and dropped for MINUTES=10 (test/boot/images/allocate.ts)
//   kills       QEMU killed KILLS=200 times while it writes and flushes (test/boot/crash.ts)
//
// Without ioeventfd QEMU interrupts in the same breath as it answers, so that a wake-up that is not there is lost, and not on its way.

import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { buildImage } from '../scripts/build.ts';
import { makeDisk } from '../scripts/disk.ts';
import { STATUS_USAGE } from '../scripts/qemu/exit-status.ts';
import { runImage } from '../scripts/qemu/run.ts';
import { buildCrashImage, CRASH_DISKS, crash } from './boot/crash.ts';

const DEFAULT_MINUTES = 10;
const DEFAULT_KILLS = 200;
const DISK_BYTES = 32 * 1024 * 1024;
const STATUS_FAILED = 1;

const NO_IOEVENTFD = '-global virtio-blk-pci.ioeventfd=off';

const { MINUTES, KILLS, PART, RELEASE, MACHINE, MEMORY, QEMU, QEMU_ARGS } = process.env;
const release = RELEASE === '1';

/** Returns a number above zero that a variable says, `otherwise` where it says none, undefined where it says something else. */
const numberOf = (name: string, text: string | undefined, otherwise: number): number | undefined => {
  const number = Number(text || otherwise);
  if (number > 0 && Number.isFinite(number)) return number;
  console.error(`${name}=${text} is no number above zero: write ${name}=${otherwise}`);
  return undefined;
};

/** Runs an image for MINUTES, with a disk of its own. Returns the status to leave with. */
const runFor = async (entry: string): Promise<number> => {
  const minutes = numberOf('MINUTES', MINUTES, DEFAULT_MINUTES);
  if (minutes === undefined) return STATUS_USAGE;
  const { elf, debugElf } = await buildImage({ entry, release });
  const disk = path.join('build', 'soak.img');
  await makeDisk(disk, DISK_BYTES);
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

/** Kills QEMU KILLS times, over one disk after the other. Returns the status to leave with. */
const killAgainAndAgain = async (): Promise<number> => {
  const kills = numberOf('KILLS', KILLS, DEFAULT_KILLS);
  if (kills === undefined) return STATUS_USAGE;
  const image = await buildCrashImage(release);
  const folder = path.join('build', 'kills');
  mkdirSync(folder, { recursive: true });
  let all = { flushed: 0, checked: 0, lost: 0 };
  for (let kill = 0; kill < kills; kill++) {
    const disk = CRASH_DISKS[kill % CRASH_DISKS.length]!;
    const { flushed, checked, lost } = await crash(image, disk, folder, kill);
    all = { flushed: all.flushed + flushed, checked: all.checked + checked, lost: all.lost + lost.length };
    if (lost.length > 0) console.log(`kill ${kill}, ${disk.name}: blocks ${lost.slice(0, 10).join()} are lost`);
    if ((kill + 1) % CRASH_DISKS.length === 0)
      console.log(`kill ${kill + 1}: ${all.flushed} blocks flushed, ${all.lost} lost`);
  }
  console.log(`kills: ${kills}, ${all.flushed} blocks flushed, ${all.checked} looked for, ${all.lost} lost or torn`);
  return all.lost === 0 ? 0 : STATUS_FAILED;
};

const PARTS: Readonly<Record<string, () => Promise<number>>> = {
  requests: () => runFor('test/boot/images/soak.ts'),
  memory: () => runFor('test/boot/images/allocate.ts'),
  kills: killAgainAndAgain,
};

const soak = async (): Promise<number> => {
  if (PART && PARTS[PART] === undefined) {
    console.error(`PART=${PART}: no such part; write PART=${Object.keys(PARTS).join(' or PART=')}`);
    return STATUS_USAGE;
  }
  for (const [name, run] of Object.entries(PARTS)) {
    if (PART && PART !== name) continue;
    const status = await run();
    if (status !== 0) return status;
  }
  return 0;
};

process.exitCode = await soak();
