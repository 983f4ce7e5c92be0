import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ensureQemu, GDB, type Host, hasCandidate, planInstall, QEMU } from '../../../../scripts/qemu/install.ts';

const hostWith = (programs: string[], rights: Partial<Host> = {}): Host => ({
  has: (program) => programs.includes(program),
  isRoot: false,
  canSudo: false,
  ...rights,
});

describe('plan of the installation', () => {
  it('uses apt at once as root', () => {
    expect(planInstall(hostWith(['apt-get'], { isRoot: true }), QEMU)).toEqual({ kind: 'apt', prefix: [] });
  });

  it('uses apt through a sudo that asks nothing', () => {
    expect(planInstall(hostWith(['apt-get'], { canSudo: true }), QEMU)).toEqual({
      kind: 'apt',
      prefix: ['sudo', '-n'],
    });
  });

  it.each([
    ['apt-get', 'sudo apt-get install --no-install-recommends qemu-system-x86'],
    ['dnf', 'sudo dnf install qemu-system-x86-core'],
    ['pacman', 'sudo pacman -S qemu-system-x86'],
    ['brew', 'brew install qemu'],
  ])('says the one command to type where %s is', (program, command) => {
    expect(planInstall(hostWith([program]), QEMU)).toEqual({ kind: 'advice', command });
  });

  it('names the package of the tool that is missing', () => {
    const plan = planInstall(hostWith(['apt-get']), GDB);
    expect(plan).toEqual({ kind: 'advice', command: 'sudo apt-get install --no-install-recommends gdb' });
  });

  it('never runs another package manager than apt, not even as root', () => {
    expect(planInstall(hostWith(['dnf'], { isRoot: true, canSudo: true }), QEMU).kind).toBe('advice');
  });

  it('names them all where none is known', () => {
    const plan = planInstall(hostWith([]), QEMU);
    expect(plan).toMatchObject({ kind: 'advice', command: expect.stringMatching(/apt-get.* dnf.* pacman.* brew/) });
  });

  it('reads the candidate of apt-cache policy', () => {
    expect(hasCandidate('qemu-system-x86:\n  Installed: (none)\n  Candidate: 1:7.2+dfsg-7\n')).toBe(true);
    expect(hasCandidate('qemu-system-x86:\n  Installed: (none)\n  Candidate: (none)\n')).toBe(false);
    expect(hasCandidate('')).toBe(false);
  });
});

describe('installation', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'hedyn-install-'));
    vi.stubEnv('PATH', folder);
    vi.spyOn(console, 'error').mockImplementation(() => {});
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
    rmSync(folder, { recursive: true });
  });

  const addProgram = (name: string, script: string): void => {
    const file = path.join(folder, name);
    writeFileSync(file, `#!/bin/sh\n${script}\n`);
    chmodSync(file, 0o755);
  };

  /** An apt whose cache names `candidate`, and which logs what it was told; its install puts a QEMU into PATH. */
  const addApt = (candidate: string): void => {
    addProgram('sudo', 'shift; "$@"');
    addProgram('true', 'exit 0');
    addProgram('apt-cache', `echo "  Candidate: ${candidate}"`);
    addProgram(
      'apt-get',
      `echo "$*" >> ${folder}/log; [ "$1" = install ] && printf '' > ${folder}/qemu-system-x86_64 && /bin/chmod 755 ${folder}/qemu-system-x86_64; exit 0`,
    );
  };
  const log = (): string[] => readFileSync(`${folder}/log`, 'utf8').trim().split('\n');

  it('takes the QEMU that is there', async () => {
    addProgram('qemu-system-x86_64', '');
    expect(await ensureQemu()).toBe(path.join(folder, 'qemu-system-x86_64'));
  });

  it('says what it does, and does not update a package list that knows the package', async () => {
    addApt('1:7.2');
    expect(await ensureQemu('qemu-system-x86_64')).toBe(path.join(folder, 'qemu-system-x86_64'));
    expect(log()).toEqual(['install -y --no-install-recommends qemu-system-x86']);
    expect(console.error).toHaveBeenCalledWith(expect.stringContaining('apt-get install -y --no-install-recommends'));
  });

  it('updates the package list first where it does not know the package', async () => {
    addApt('(none)');
    await ensureQemu();
    expect(log()).toEqual(['update', 'install -y --no-install-recommends qemu-system-x86']);
  });

  it('fails with one line where it may not install', async () => {
    addProgram('brew', '');
    await expect(ensureQemu()).rejects.toThrow(
      'qemu-system-x86_64 is not installed. Install it with: brew install qemu',
    );
  });

  it('never installs in place of a QEMU= that does not exist', async () => {
    addApt('1:7.2');
    await expect(ensureQemu('/nowhere/qemu')).rejects.toThrow('QEMU=/nowhere/qemu: no such program');
  });
});
