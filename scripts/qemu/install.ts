// Gets a QEMU onto the host: with apt where that needs no question, else by saying the one command to type.

import { spawn } from 'node:child_process';
import { findQemu, QEMU_PROGRAM } from './binary.ts';
import { findProgram, outputOf } from './program.ts';
import { qemuError } from './runner-error.ts';

const APT_PACKAGE = 'qemu-system-x86';

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

const APT_COMMAND = `apt-get install --no-install-recommends ${APT_PACKAGE}`;

/** The command of each package manager, in the order in which they are looked for. */
const COMMANDS = [
  { program: 'apt-get', command: `sudo ${APT_COMMAND}` },
  { program: 'dnf', command: 'sudo dnf install qemu-system-x86-core' },
  { program: 'pacman', command: 'sudo pacman -S qemu-system-x86' },
  { program: 'brew', command: 'brew install qemu' },
] as const;

/**
 * Returns the path of a QEMU. Where there is none and `chosen` (QEMU=) does not name another than the usual one, installs it if it may and
 * says what it does. Throws a RunnerError with the one command to type when it may not, or when the chosen one does not exist.
 */
export const ensureQemu = async (chosen?: string): Promise<string> => {
  const found = findQemu(chosen);
  if (found !== undefined) return found;
  if (chosen && chosen !== QEMU_PROGRAM)
    throw qemuError(`QEMU=${chosen}: no such program; name a ${QEMU_PROGRAM}, or leave QEMU= out`);

  const plan = planInstall(await inspectHost());
  if (plan.kind === 'advice') throw qemuError(`${QEMU_PROGRAM} is not installed. Install it with: ${plan.command}`);
  await installWithApt(plan.prefix);
  const installed = findQemu();
  if (installed === undefined) throw qemuError(`apt-get installed ${APT_PACKAGE}, but ${QEMU_PROGRAM} is not in PATH`);
  return installed;
};

/** Returns how QEMU gets onto this host. */
export const planInstall = (host: Host): InstallPlan => {
  if (host.has('apt-get') && host.isRoot) return { kind: 'apt', prefix: [] };
  if (host.has('apt-get') && host.canSudo) return { kind: 'apt', prefix: ['sudo', '-n'] };
  const known = COMMANDS.find(({ program }) => host.has(program));
  if (known !== undefined) return { kind: 'advice', command: known.command };
  return { kind: 'advice', command: COMMANDS.map(({ command }) => command).join('  or  ') };
};

const inspectHost = async (): Promise<Host> => ({
  has: (program) => findProgram(program) !== undefined,
  isRoot: process.getuid?.() === 0,
  canSudo: findProgram('sudo') !== undefined && (await outputOf('sudo', ['-n', 'true'])) !== undefined,
});

/** A package list that is absent or too old to name the package's current files is refreshed, and only then. */
const installWithApt = async (prefix: readonly string[]): Promise<void> => {
  const install = ['apt-get', 'install', '-y', '--no-install-recommends', APT_PACKAGE];
  const policy = (await outputOf('apt-cache', ['policy', APT_PACKAGE])) ?? '';
  if (hasCandidate(policy) && (await runAloud([...prefix, ...install]))) return;
  if ((await runAloud([...prefix, 'apt-get', 'update'])) && (await runAloud([...prefix, ...install]))) return;
  throw qemuError(`apt-get could not install ${APT_PACKAGE}. When it can, type: sudo ${APT_COMMAND}`);
};

/** Returns whether the output of `apt-cache policy` names a version to install. */
export const hasCandidate = (policy: string): boolean => /^\s*Candidate: (?!\(none\))\S/m.test(policy);

/** Runs a command after printing it; returns whether it succeeded. */
const runAloud = (words: readonly string[]): Promise<boolean> =>
  new Promise((resolve) => {
    console.error(`${QEMU_PROGRAM} is not installed; running: ${words.join(' ')}`);
    const [program = '', ...rest] = words;
    const child = spawn(program, rest, {
      stdio: ['ignore', 2, 2], // What apt prints is no output of ours.
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
    child.once('error', () => resolve(false));
    child.once('close', (code) => resolve(code === 0));
  });
