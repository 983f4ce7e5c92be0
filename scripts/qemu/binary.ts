// Which QEMU, and whether it can do what is asked of it.

import type { MachineName } from './command-line.ts';
import { findProgram, outputOf } from './program.ts';
import { qemuError } from './runner-error.ts';

export const QEMU_PROGRAM = 'qemu-system-x86_64';

/** The oldest QEMU that the tests have seen. An older one is tried, with a warning. */
const OLDEST_TESTED = [7, 2] as const;

/** What a QEMU says about itself. */
export interface QemuBinary {
  readonly program: string;
  /** As QEMU prints it: `7.2.22`. */
  readonly version: string;
  readonly machines: ReadonlySet<string>;
}

const inspected = new Map<string, Promise<QemuBinary>>();

/** Returns the path of the QEMU that `chosen` names (a path, or a name in PATH), by default of the usual one; undefined when absent. */
export const findQemu = (chosen?: string): string | undefined => findProgram(chosen || QEMU_PROGRAM);

/** Asks a QEMU for its version and machines, once a process. Throws a RunnerError when the program is no QEMU for x86_64. */
export const inspectQemu = (program: string): Promise<QemuBinary> => {
  const known = inspected.get(program) ?? askQemu(program);
  inspected.set(program, known);
  return known;
};

const askQemu = async (program: string): Promise<QemuBinary> => {
  const [versionText, machineText] = await Promise.all([
    outputOf(program, ['--version']),
    outputOf(program, ['-machine', 'help']),
  ]);
  const version = parseVersion(versionText ?? '');
  if (version === undefined) throw qemuError(`${program} is not a QEMU that runs here: set QEMU= to a ${QEMU_PROGRAM}`);
  return { program, version, machines: parseMachines(machineText ?? '') };
};

/** Returns the names of the properties that a QEMU's device has, none when it has no such device. */
export const propertiesOf = async (program: string, device: string): Promise<Set<string>> =>
  parseProperties((await outputOf(program, ['-device', `${device},help`])) ?? '');

/** Returns the names in the output of `-device DEVICE,help`. */
export const parseProperties = (text: string): Set<string> =>
  new Set(Array.from(text.matchAll(/^\s+([\w.-]+)=</gm), ([, name]) => name as string));

/** Returns the version in the output of `--version`, or undefined when there is none. */
export const parseVersion = (text: string): string | undefined =>
  /QEMU emulator version (\d+\.\d+(?:\.\d+)?)/.exec(text)?.[1];

/** Returns the names in the output of `-machine help`. */
export const parseMachines = (text: string): Set<string> =>
  new Set(
    text
      .split('\n')
      .slice(1)
      .flatMap((line) => /^(\S+)/.exec(line)?.[1] ?? []),
  );

/** Throws a RunnerError that says what to do when `binary` has no such machine. */
export const requireMachine = (binary: QemuBinary, machine: MachineName): void => {
  if (binary.machines.has(machine)) return;
  throw qemuError(
    `${binary.program} (${binary.version}) has no machine '${machine}': set QEMU= to a ${QEMU_PROGRAM} that has, or choose another MACHINE=`,
  );
};

/** Returns a warning when `version` is older than any that is tested. */
export const versionWarning = (version: string): string | undefined => {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_TESTED;
  const isOlder = major < oldestMajor || (major === oldestMajor && minor < oldestMinor);
  return isOlder ? `QEMU ${version} is older than ${OLDEST_TESTED.join('.')}, the oldest that is tested` : undefined;
};
