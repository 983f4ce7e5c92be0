// Gets QEMU and gdb onto the host: with apt where that needs no question, else by saying the one command to type.

import { spawn } from 'node:child_process';
import { findQemu, QEMU_PROGRAM } from './binary.ts';
import { findProgram, outputOf } from './program.ts';
import { qemuError } from './runner-error.ts';

const PACKAGE_MANAGERS = ['apt-get', 'dnf', 'pacman', 'brew'] as const;

/** A program that the host must have, and the package that brings it, by package manager. */
export interface Tool {
  readonly program: string;
  readonly packages: Readonly<Record<(typeof PACKAGE_MANAGERS)[number], string>>;
}

export const QEMU: Tool = {
  program: QEMU_PROGRAM,
  packages: { 'apt-get': 'qemu-system-x86', dnf: 'qemu-system-x86-core', pacman: 'qemu-system-x86', brew: 'qemu' },
};

export const GDB: Tool = { program: 'gdb', packages: { 'apt-get': 'gdb', dnf: 'gdb', pacman: 'gdb', brew: 'gdb' } };

/** What the host offers for an installation. */
export interface Host {
  /** Whether a program is in PATH. */
  has(program: string): boolean;
  readonly isRoot: boolean;
  /** Whether sudo works without asking for a password. */
  readonly canSudo: boolean;
}

/** Either the words before an `apt-get …` that may be run now, or the command that the user must type. */
export type InstallPlan =
  | { readonly kind: 'apt'; readonly prefix: readonly string[] }
  | { readonly kind: 'advice'; readonly command: string };

const aptCommand = (tool: Tool): string => `apt-get install --no-install-recommends ${tool.packages['apt-get']}`;

const commandOf = (manager: (typeof PACKAGE_MANAGERS)[number], tool: Tool): string => {
  if (manager === 'apt-get') return `sudo ${aptCommand(tool)}`;
  if (manager === 'pacman') return `sudo pacman -S ${tool.packages.pacman}`;
  return manager === 'dnf' ? `sudo dnf install ${tool.packages.dnf}` : `brew install ${tool.packages.brew}`;
};

/**
 * Returns the path of a QEMU. Where there is none and `chosen` (QEMU=) does not name another than the usual one, installs it if it may and
 * says what it does. Throws a RunnerError with the one command to type when it may not, or when the chosen one does not exist.
 */
export const ensureQemu = async (chosen?: string): Promise<string> => {
  const found = findQemu(chosen);
  if (found !== undefined) return found;
  if (chosen && chosen !== QEMU_PROGRAM)
    throw qemuError(`QEMU=${chosen}: no such program; name a ${QEMU_PROGRAM}, or leave QEMU= out`);

  return install(QEMU);
};

/** Returns the path of a gdb: of `chosen` (GDB=), or of the usual one, installed as QEMU is. Throws a RunnerError as ensureQemu does. */
export const ensureGdb = async (chosen?: string): Promise<string> => {
  const found = findProgram(chosen || GDB.program);
  if (found !== undefined) return found;
  if (chosen && chosen !== GDB.program)
    throw qemuError(`GDB=${chosen}: no such program; name a gdb for x86_64, or leave GDB= out`);
  return install(GDB);
};

const install = async (tool: Tool): Promise<string> => {
  const plan = planInstall(await inspectHost(), tool);
  if (plan.kind === 'advice') throw qemuError(`${tool.program} is not installed. Install it with: ${plan.command}`);
  await installWithApt(plan.prefix, tool);
  const installed = findProgram(tool.program);
  if (installed === undefined)
    throw qemuError(`apt-get installed ${tool.packages['apt-get']}, but ${tool.program} is not in PATH`);
  return installed;
};

/** Returns how a tool gets onto this host. */
export const planInstall = (host: Host, tool: Tool): InstallPlan => {
  if (host.has('apt-get') && host.isRoot) return { kind: 'apt', prefix: [] };
  if (host.has('apt-get') && host.canSudo) return { kind: 'apt', prefix: ['sudo', '-n'] };
  const known = PACKAGE_MANAGERS.find((manager) => host.has(manager));
  if (known !== undefined) return { kind: 'advice', command: commandOf(known, tool) };
  return { kind: 'advice', command: PACKAGE_MANAGERS.map((manager) => commandOf(manager, tool)).join('  or  ') };
};

const inspectHost = async (): Promise<Host> => ({
  has: (program) => findProgram(program) !== undefined,
  isRoot: process.getuid?.() === 0,
  canSudo: findProgram('sudo') !== undefined && (await outputOf('sudo', ['-n', 'true'])) !== undefined,
});

/** A package list that is absent or too old to name the package's current files is refreshed, and only then. */
const installWithApt = async (prefix: readonly string[], tool: Tool): Promise<void> => {
  const name = tool.packages['apt-get'];
  const run = (words: readonly string[]): Promise<boolean> => runAloud([...prefix, ...words], tool);
  const command = ['apt-get', 'install', '-y', '--no-install-recommends', name];
  const policy = (await outputOf('apt-cache', ['policy', name])) ?? '';
  if (hasCandidate(policy) && (await run(command))) return;
  if ((await run(['apt-get', 'update'])) && (await run(command))) return;
  throw qemuError(`apt-get could not install ${name}. When it can, type: sudo ${aptCommand(tool)}`);
};

/** Returns whether the output of `apt-cache policy` names a version to install. */
export const hasCandidate = (policy: string): boolean => /^\s*Candidate: (?!\(none\))\S/m.test(policy);

/** Runs a command after printing it; returns whether it succeeded. */
const runAloud = (words: readonly string[], tool: Tool): Promise<boolean> =>
  new Promise((resolve) => {
    console.error(`${tool.program} is not installed; running: ${words.join(' ')}`);
    const [program = '', ...rest] = words;
    const child = spawn(program, rest, {
      stdio: ['ignore', 2, 2], // What apt prints is no output of ours.
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
    child.once('error', () => resolve(false));
    child.once('close', (code) => resolve(code === 0));
  });
