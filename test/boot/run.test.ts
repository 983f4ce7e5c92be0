// `make qemu` as its user sees it: what is printed, the exit status, and that no QEMU is left behind. The command behind the Makefile's target
// is run, because make itself would look after node_modules first.

import { type ChildProcess, spawn } from 'node:child_process';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { boot, FACTS, imageOf, MACHINES, PROVOKE } from './harness.ts';
import { childrenOf, isRunning } from './processes.ts';

const LIMIT_MS = 30_000;

interface Finished {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const start = (variables: Readonly<Record<string, string>>): ChildProcess => {
  const child = spawn(process.execPath, ['scripts/start.mjs', 'run'], {
    env: { ...process.env, ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
};

const run = (variables: Readonly<Record<string, string>>): Promise<Finished> =>
  new Promise((resolve) => {
    const child = start(variables);
    let stdout = '';
    let stderr = '';
    child.stdout?.on('data', (piece) => {
      stdout += piece;
    });
    child.stderr?.on('data', (piece) => {
      stderr += piece;
    });
    child.once('close', (status) => resolve({ status, stdout, stderr }));
  });

describe('make qemu', () => {
  it.each(MACHINES)('boots the probe on %s and leaves with its status', async (MACHINE) => {
    const { status, stdout } = await run({ MACHINE });
    expect(stdout).toMatch(/^0000:00:02\.0 1af4:1042 01\.00 virtio-blk/m);
    expect(stdout).toMatch(/^probe: ok$/m);
    expect(status).toBe(0);
  });

  it('takes further arguments for QEMU', async () => {
    const { status, stdout } = await run({ QEMU_ARGS: '-device virtio-rng-pci,addr=7.0,disable-legacy=on' });
    expect(stdout).toMatch(/^0000:00:07\.0 1af4:1044 /m);
    expect(status).toBe(0);
  });

  it('hands ARGS on to the kernel as its command line', async () => {
    const { status, stdout } = await run({ APP: FACTS, ARGS: 'verbose text="two words"' });
    expect(stdout).toMatch(/^option verbose$/m);
    expect(stdout).toMatch(/^option text is 'two words'$/m);
    expect(status).toBe(0);
  });

  it('stops a guest that is silent for LIMIT seconds, and shows where it was', async () => {
    const { status, stdout, stderr } = await run({ APP: PROVOKE, ARGS: 'hang', LIMIT: '5' });
    expect(stdout).toMatch(/^PANIC CPU exception .*\n {2}non-maskable interrupt: /m);
    expect(stdout).toMatch(/^ {2}at (?:hang|provoke) \(test\/boot\/images\/provoke\.ts:\d+:\d+\)$/m);
    // In the words in which it was asked for: by make, when that runs the tests.
    expect(stderr).toMatch(
      /^hedyn: again: (?:make qemu APP=|npx hedyn run --app )\S*provoke\.ts (?:ARGS=|--args )hang (?:LIMIT=|--limit )5$/m,
    );
    expect(stderr).toContain('the guest said nothing for 5 s; LIMIT=0 lets it be silent');
    expect(status).toBe(60);
  });

  it.each([
    ['an unknown app', { APP: 'nonsense' }, /there is no app nonsense: .*probe/],
    ['an unknown machine', { MACHINE: 'vax' }, /MACHINE=vax: .*q35.*microvm/],
    ['a missing disk', { DISK: '/nowhere/disk.img' }, /DISK=\/nowhere\/disk\.img: no such file/],
    ['a limit that is no number', { LIMIT: 'never' }, /LIMIT=never is no number of seconds: .*LIMIT=0/],
  ])('refuses %s in one line that says what to do', async (_, variables, line) => {
    const { status, stderr } = await run(variables);
    expect(stderr).toMatch(line);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(status).toBe(62);
  });

  it('hands on the words of a QEMU that refuses', async () => {
    const { status, stderr } = await run({ QEMU_ARGS: '-device nonsense' });
    expect(stderr).toContain("'nonsense' is not a valid device model name");
    expect(status).toBe(61);
  });

  it('stops a guest that does not answer, with status 60', async () => {
    const qemu = await boot(PROVOKE, { commandLine: 'hang', limitMs: 1000 });
    expect(await qemu.exit).toEqual({
      status: 60,
      reason: 'the guest said nothing for 1 s; LIMIT=0 lets it be silent',
    });
    expect(qemu.serial.text()).toContain('provoke: hang');
  });
});

/** Returns when `text` was printed, in one piece or in several. */
const seen = (child: ChildProcess, text: string): Promise<void> =>
  new Promise((resolve) => {
    let printed = '';
    child.stdout?.on('data', (piece) => {
      printed += piece;
      if (printed.includes(text)) resolve();
    });
  });

describe.skipIf(process.platform !== 'linux')('no QEMU is left behind', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)('when the runner ends by %s', async (signal) => {
    await imageOf(PROVOKE);
    const runner = start({ APP: PROVOKE, QEMU_ARGS: '-append hang' });
    const pid = runner.pid as number;
    await seen(runner, 'provoke: hang');
    const started = childrenOf(pid);
    expect(started.length).toBeGreaterThan(0);
    runner.kill(signal);
    await vi.waitFor(() => expect(started.filter(isRunning)).toEqual([]), { timeout: LIMIT_MS });
  });
});
