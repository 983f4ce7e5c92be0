// QEMU's command line for one machine.
//
//   fd 3  QMP, newline-separated JSON
//   fd 4  the first serial port
//
// Both are sockets that the runner hands down when it starts QEMU (spawn.ts), so there is no socket file to name, to wait for or to
// clean up. Addresses on the PCI bus are fixed: disk n is device 2 + n of bus 0, on every machine and every QEMU.

import type { Accelerator } from './accelerator.ts';

/** The machines that the runner has a command line for. */
export type MachineName = 'q35' | 'microvm';

/** The machines that Hedyn runs on, the default first. */
export const MACHINE_NAMES: readonly MachineName[] = ['q35', 'microvm'];

/** QEMU's `-machine` argument. A microvm has PCI only when asked; its ACPI tables tell where. */
const MACHINE_ARGUMENTS: Readonly<Record<MachineName, string>> = { q35: 'q35', microvm: 'microvm,pcie=on' };

export const QMP_FD = 3;
export const SERIAL_FD = 4;

const FIRST_DISK_DEVICE = 2;

/** One raw image behind one virtio-blk-pci device. */
export interface Disk {
  readonly file: string;
  readonly readOnly?: boolean;
  /** At most 20 bytes. Default: `HEDYN0001` for the first disk. */
  readonly serial?: string;
  /** The id of a bridge or root port from `devices`. Default: bus 0, device 2 + index. */
  readonly bus?: string;
  /** More properties of the device. Default `disable-legacy=on`: on bus 0 QEMU would make a transitional device. */
  readonly properties?: string;
}

/** What is to be started. */
export interface MachineOptions {
  readonly machine: MachineName;
  readonly accelerator: Accelerator;
  /** QEMU's notation: `16M`, `4G`. */
  readonly memory: string;
  /** A file that is the guest's memory, made when it is not there: what the guest has in it, others can read. Default: memory of QEMU's own. */
  readonly memoryFile?: string;
  /** The ELF to boot. */
  readonly image: string;
  /** What the guest finds as its command line. */
  readonly commandLine?: string;
  readonly disks?: readonly Disk[];
  /** Further `-device` arguments, made before the disks so that disks can sit behind them. */
  readonly devices?: readonly string[];
  /** False leaves the exit device out: a guest that has ended then stays, halted, to be looked at. Default true. */
  readonly exitDevice?: boolean;
  /** Halts before the first instruction, with the gdb stub on this TCP port of the loopback interface. */
  readonly gdbPort?: number;
  /** Further arguments, last. An accelerator among them replaces the chosen one. */
  readonly extra?: readonly string[];
}

/** Returns QEMU's arguments, without the program's name. */
export const buildCommandLine = (options: MachineOptions): string[] => {
  const extra = options.extra ?? [];
  const ownAccelerator = extra.some((argument) => /^--?(accel|enable-kvm)$/.test(argument));
  return [
    ...memoryArguments(options),
    ...(ownAccelerator ? [] : ['-accel', options.accelerator]),
    ...['-m', options.memory, '-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot'],
    ...['-chardev', `socket,id=qmp,fd=${QMP_FD}`, '-mon', 'chardev=qmp,mode=control'],
    ...['-chardev', `socket,id=serial,fd=${SERIAL_FD}`, '-serial', 'chardev:serial'],
    ...(options.exitDevice === false ? [] : ['-device', 'isa-debug-exit,iobase=0xf4,iosize=0x4']),
    ...['-kernel', options.image],
    ...(options.commandLine === undefined ? [] : ['-append', options.commandLine]),
    ...(options.devices ?? []).flatMap((device) => ['-device', device]),
    ...(options.disks ?? []).flatMap(diskArguments),
    ...(options.gdbPort === undefined ? [] : ['-S', '-gdb', `tcp:127.0.0.1:${options.gdbPort}`]),
    ...extra,
  ];
};

const memoryArguments = ({ machine, memory, memoryFile }: MachineOptions): string[] => {
  const argument = MACHINE_ARGUMENTS[machine];
  if (memoryFile === undefined) return ['-machine', argument];
  // A size without a unit is mebibytes for -m and bytes for an object.
  const size = /\d$/.test(memory) ? `${memory}M` : memory;
  const object = `memory-backend-file,id=memory,size=${size},share=on,mem-path=${escapeValue(memoryFile)}`;
  return ['-object', object, '-machine', `${argument},memory-backend=memory`];
};

const diskArguments = (disk: Disk, index: number): string[] => {
  const place = disk.bus === undefined ? `addr=${(FIRST_DISK_DEVICE + index).toString(16)}.0` : `bus=${disk.bus}`;
  const serial = disk.serial ?? `HEDYN${String(index + 1).padStart(4, '0')}`;
  const properties = disk.properties ?? 'disable-legacy=on';
  const readOnly = disk.readOnly === true ? ',readonly=on' : '';
  return [
    ...['-drive', `file=${escapeValue(disk.file)},if=none,format=raw,id=image${index}${readOnly}`],
    ...[
      '-device',
      `virtio-blk-pci,id=disk${index},drive=image${index},${place},serial=${escapeValue(serial)},${properties}`,
    ],
  ];
};

/** QEMU separates options with commas; a comma inside a value is written twice. */
const escapeValue = (value: string): string => value.replaceAll(',', ',,');

/** Returns the words of `text` as a shell would split them: blanks separate, quotes and backslashes protect. */
export const splitArguments = (text: string): string[] => {
  const words = text.match(/(?:"(?:\\.|[^"\\])*"|'[^']*'|\\.|[^\s"'\\])+/gs) ?? [];
  return words.map((word) =>
    word.replace(/"((?:\\.|[^"\\])*)"|'([^']*)'|\\(.)/gs, (_, double?: string, single?: string, escaped?: string) =>
      double !== undefined ? double.replace(/\\(["\\$`])/g, '$1') : (single ?? escaped ?? ''),
    ),
  );
};

/** Returns a word as one types it in a shell. */
export const quoted = (word: string): string =>
  /^[\w./:=,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
