// A QEMU that records what comes to it from outside, or plays that back: record/replay of TCG (QEMU documentation, "Execution Record/Replay").
//
//   -icount shift=auto,rr=record,rrfile=…        time is the count of instructions; what comes from the host is noted beside it
//   -drive …,id=image0-outside                   each drive behind a blkreplay, which lets an answer come at the noted instruction
//   -drive driver=blkreplay,image=image0-outside,id=image0
//   -object filter-replay,netdev=…               and each network
//
// What goes another way is not in the record: commands of QMP, and what devices do in threads of their own.

import { usageError } from './runner-error.ts';

/** Whether to make a record or to follow one, and its file. */
export interface Replay {
  readonly mode: 'record' | 'replay';
  readonly file: string;
}

/** Returns QEMU's arguments for a run that is recorded, or played back, under TCG. Throws a RunnerError for what cannot be recorded. */
export const replayArguments = (plain: readonly string[], { mode, file }: Replay): string[] => {
  const refused = reasonAgainst(plain);
  if (refused !== undefined) throw usageError(`this run cannot be recorded: ${refused}`);
  const netdevs = plain.flatMap((word, index) => (plain[index - 1] === '-netdev' ? (valueOf(word, 'id') ?? []) : []));
  return [
    ...plain.flatMap((word, index) => {
      if (plain[index - 1] === '-accel') return ['tcg'];
      return plain[index - 1] === '-drive' ? behindReplay(word) : [word];
    }),
    ...netdevs.flatMap((id) => ['-object', `filter-replay,id=${id}-replay,netdev=${id}`]),
    ...WAY_BACK,
    ...['-icount', `shift=auto,rr=${mode},rrfile=${file.replaceAll(',', ',,')}`],
  ];
};

/**
 * To go back QEMU resets the machine, and the reset of this part of the APIC, which only Windows wants, waits for the processor, which waits for whoever goes back. A
 * machine without it is another one, so a record is made without it, too.
 */
const WAY_BACK = ['-global', 'apic-common.vapic=off'];

/** Returns why a QEMU with these arguments cannot be recorded; undefined when nothing is known against it. */
export const reasonAgainst = (plain: readonly string[]): string | undefined => {
  const values = (option: string): string[] => plain.filter((_, index) => plain[index - 1] === option);
  if (plain.includes('-icount')) return '-icount is given already';
  if (plain.includes('-enable-kvm')) return 'only the emulator records, not -enable-kvm';
  if (plain.includes('-blockdev')) return 'a drive is given by -blockdev; write -drive if=none';
  if (values('-smp').some((count) => !/^(cpus=)?1\b/.test(count))) return 'it has several processors';
  const device = values('-device').find((name) => UNRECORDED.test(name));
  return device === undefined ? undefined : `what ${device.split(',')[0]} gets from the host cannot be noted`;
};

/** Devices that answer from a thread or from another process, when that likes, and not at a noted instruction. */
const UNRECORDED = /^(vhost-|virtio-(9p|sound|pmem)\b)/;

/** Returns the `-drive` of an image and of the blkreplay in front of it, which has the image's name. */
const behindReplay = (drive: string): string[] => {
  const id = valueOf(drive, 'id');
  if (id === undefined || valueOf(drive, 'if') !== 'none') return [drive];
  const outside = drive.replace(`,id=${id}`, `,id=${id}-outside`);
  return [outside, '-drive', `driver=blkreplay,if=none,image=${id}-outside,id=${id}`];
};

/** Returns the value of an option's key; undefined when it has none. */
const valueOf = (word: string, key: string): string | undefined =>
  new RegExp(`(?:^|,)${key}=((?:,,|[^,])*)`).exec(word)?.[1];

/** Returns the files of the drives, and the arguments with others in their places: `rename` says which. */
export const withDriveFiles = (plain: readonly string[], rename: (file: string, index: number) => string): string[] => {
  let count = 0;
  return plain.map((word, index) => {
    const file = plain[index - 1] === '-drive' ? valueOf(word, 'file') : undefined;
    if (file === undefined) return word;
    const isReadOnly = valueOf(word, 'readonly') === 'on';
    const renamed = rename(file.replaceAll(',,', ','), count++).replaceAll(',', ',,');
    return `${word.replace(`file=${file}`, `file=${renamed}`)}${isReadOnly ? '' : ',snapshot=on'}`;
  });
};
