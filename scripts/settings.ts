// What a command is told: by options, which are for people, or by variables of the environment, as make hands them on.

import { parseArgs } from 'node:util';
import { usageError } from './qemu/runner-error.ts';

/** One setting. Without `value` it is a switch. */
interface Option {
  readonly variable: string;
  /** What stands for its value in the help. */
  readonly value?: string;
  readonly help: string;
}

/** Every setting, by the name of its option. */
const OPTIONS = {
  app: { variable: 'APP', value: 'FILE', help: 'the main.ts to build, or its folder; src/main.ts where there is one' },
  release: { variable: 'RELEASE', help: 'optimise, and leave the arithmetic checks out' },
  machine: { variable: 'MACHINE', value: 'NAME', help: 'q35 or microvm' },
  memory: { variable: 'MEMORY', value: 'SIZE', help: 'as 64M or 1G; 256M' },
  disk: { variable: 'DISK', value: 'FILE', help: 'a raw image; one is made in build/' },
  args: { variable: 'ARGS', value: 'TEXT', help: "the kernel's command line" },
  record: { variable: 'RECORD', help: 'keep the run in build/runs, for replay' },
  compare: { variable: 'COMPARE', help: 'play it without gdb, and say whether it is the same' },
  limit: { variable: 'LIMIT', value: 'SECONDS', help: 'stop a guest that is silent for so long; 30, and 0 is never' },
  qemu: { variable: 'QEMU', value: 'PROGRAM', help: 'qemu-system-x86_64' },
  gdb: { variable: 'GDB', value: 'PROGRAM', help: 'gdb' },
  'gdb-port': { variable: 'GDB_PORT', value: 'PORT', help: "wait there for an editor's gdb, and start none" },
  'qemu-args': { variable: 'QEMU_ARGS', value: 'TEXT', help: 'more options for QEMU, split as by a shell' },
} satisfies Readonly<Record<string, Option>>;

/** The name of an option, without its dashes. */
export type OptionName = keyof typeof OPTIONS;

/** The options of a command that builds an image, of one that boots it, and of one that does so in gdb. */
export const BUILD_OPTIONS: readonly OptionName[] = ['app', 'release'];
const BOOT_OPTIONS = (Object.keys(OPTIONS) as OptionName[]).filter((name) => name !== 'compare');
export const DEBUG_OPTIONS: readonly OptionName[] = BOOT_OPTIONS.filter((name) => name !== 'record');
export const RUN_OPTIONS: readonly OptionName[] = BOOT_OPTIONS.filter((name) => !name.startsWith('gdb'));

/** Those of the machine that tests run on: their time limit is that of a test. */
export const TEST_OPTIONS: readonly OptionName[] = RUN_OPTIONS.filter(
  (name) => name !== 'app' && name !== 'limit' && name !== 'record',
);

/** What the commands go by. */
export interface Settings {
  readonly app: string | undefined;
  readonly machine: string;
  readonly memory: string;
  readonly disk: string | undefined;
  readonly commandLine: string | undefined;
  readonly qemu: string;
  readonly qemuArgs: string;
  readonly release: boolean;
  readonly limitSeconds: number | undefined;
  readonly isRecorded: boolean;
  readonly gdb: string | undefined;
  readonly gdbPort: number | undefined;
}

/** Returns the settings in the environment. Throws a RunnerError. */
export const settings = (): Settings => {
  const { APP, MACHINE, MEMORY, DISK, ARGS, QEMU, QEMU_ARGS, RELEASE, RECORD, LIMIT, GDB, GDB_PORT } = process.env;
  if (RELEASE !== undefined && RELEASE !== '' && RELEASE !== '0' && RELEASE !== '1')
    throw usageError(`RELEASE=${RELEASE} is neither 0 nor 1: write RELEASE=1 for an optimised image`);
  if (RECORD && RECORD !== '0' && RECORD !== '1')
    throw usageError(`RECORD=${RECORD} is neither 0 nor 1: write RECORD=1 to keep the run for make replay`);
  if (LIMIT && !/^\d+$/.test(LIMIT))
    throw usageError(
      `LIMIT=${LIMIT} is no number of seconds: write LIMIT=60, or LIMIT=0 for a guest that may be silent for ever`,
    );
  if (GDB_PORT && !(Number(GDB_PORT) > 0 && Number(GDB_PORT) < 65536))
    throw usageError(`GDB_PORT=${GDB_PORT} is no port: write a number below 65536, such as GDB_PORT=1234`);
  return {
    app: APP || undefined,
    machine: MACHINE || 'q35',
    memory: MEMORY || '256M',
    disk: DISK || undefined,
    commandLine: ARGS || undefined,
    qemu: QEMU || 'qemu-system-x86_64',
    qemuArgs: QEMU_ARGS || '',
    release: RELEASE === '1',
    limitSeconds: LIMIT ? Number(LIMIT) : undefined,
    isRecorded: RECORD === '1',
    gdb: GDB || undefined,
    gdbPort: GDB_PORT ? Number(GDB_PORT) : undefined,
  };
};

/** What the Makefile sets where its user does not. */
const DEFAULTS: Readonly<Record<string, string>> = {
  APP: 'probe',
  MACHINE: 'q35',
  MEMORY: '256M',
  QEMU: 'qemu-system-x86_64',
  RELEASE: '0',
  RECORD: '0',
};

/** Returns the shell command that gives a boot the settings that it has now: of make, where make has called. */
export const commandAgain = (): string => {
  const words = RUN_OPTIONS.flatMap((name) => {
    const { variable } = OPTIONS[name];
    const value = process.env[variable];
    if (!value || value === DEFAULTS[variable]) return [];
    if (process.env.MAKELEVEL !== undefined) return [`${variable}=${quote(value)}`];
    return isSwitch(name) ? [`--${name}`] : [`--${name} ${quote(value)}`];
  });
  return [process.env.MAKELEVEL === undefined ? 'npx hedyn run' : 'make qemu', ...words].join(' ');
};

const quote = (word: string): string => (/^[\w./:=,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

/** The variables that were set by an option. */
const given = new Map<string, string>();

/**
 * Puts the options among the words behind `hedyn COMMAND` into the environment, where a command finds its settings. Returns the other words.
 * Throws a RunnerError for an option that the command does not have; one that `passesOn` such options has them among the other words.
 */
export const takeOptions = (
  command: string,
  words: readonly string[],
  names: readonly OptionName[],
  passesOn = false,
): string[] => {
  const options = Object.fromEntries(
    names.map((name) => [name, { type: isSwitch(name) ? ('boolean' as const) : ('string' as const) }]),
  );
  const { tokens, positionals } = parseArgs({ args: [...words], options, strict: false, tokens: true });
  const taken = new Set<number>();
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const name = names.find((known) => known === token.name);
    if (name === undefined && passesOn) continue;
    if (name === undefined)
      throw usageError(`hedyn ${command} has no option ${token.rawName}: hedyn ${command} --help lists them`);
    if (isSwitch(name) ? token.value !== undefined : !token.value)
      throw usageError(`hedyn ${command}: write ${usage(name)}`);
    const { variable } = OPTIONS[name];
    given.set(variable, name);
    process.env[variable] = token.value ?? '1';
    taken.add(token.index);
    if (token.value !== undefined && !token.inlineValue) taken.add(token.index + 1);
  }
  return passesOn ? words.filter((_, index) => !taken.has(index)) : positionals;
};

/** Returns a message about settings as one about options, where it was those that were given. */
export const asGiven = (message: string): string =>
  message.replace(/\b([A-Z_]+)=/g, (text, variable: string) => {
    const name = given.get(variable);
    return name === undefined ? text : `--${name} `;
  });

/** Returns the lines of the help about options. */
export const describeOptions = (names: readonly OptionName[]): string[] =>
  names.map((name) => `  ${usage(name).padEnd(20)} ${OPTIONS[name].help}`);

const isSwitch = (name: OptionName): boolean => !('value' in OPTIONS[name]);

const usage = (name: OptionName): string => {
  const option: Option = OPTIONS[name];
  return option.value === undefined ? `--${name}` : `--${name} ${option.value}`;
};
