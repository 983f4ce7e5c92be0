// The runner against a shell script in QEMU's place: fd 3 is QMP, fd 4 the serial line, the exit code is isa-debug-exit's.

import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { startQemu } from '../../../../scripts/qemu/start.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'hedyn-start-'));
afterAll(() => rmSync(folder, { recursive: true }));

let scripts = 0;
const start = (script: string, limitMs = 20_000) => {
  scripts += 1;
  const qemu = path.join(folder, `qemu-${scripts}`);
  writeFileSync(qemu, `#!/bin/sh\n${script}\n`);
  chmodSync(qemu, 0o755);
  return startQemu({ qemu, machine: 'q35', accelerator: 'tcg', memory: '16M', image: 'x.elf', limitMs });
};

describe('a running QEMU', () => {
  it("ends with the guest's status and all of its words", async () => {
    const qemu = start('echo "probe: ok" >&4; exit 129');
    expect(await qemu.exit).toEqual({ status: 0, reason: 'success' });
    expect(qemu.serial.text()).toBe('probe: ok\n');
  });

  it('loses no output that came just before the end', async () => {
    const qemu = start('i=0; while [ $i -lt 2000 ]; do echo "line $i of a long story"; i=$((i+1)); done >&4; exit 193');
    expect((await qemu.exit).status).toBe(32);
    expect(qemu.serial.text()).toMatch(/line 1999 of a long story\n$/);
  });

  it('that says nothing is stopped after the limit, with status 60', async () => {
    const qemu = start('exec sleep 60', 100);
    expect(await qemu.exit).toEqual({
      status: 60,
      reason: 'the guest said nothing for 0.1 s; LIMIT=0 lets it be silent',
    });
  });

  it('that refuses keeps its own words', async () => {
    const qemu = start('echo "qemu: no such device" >&2; exit 1');
    expect(await qemu.exit).toEqual({ status: 61, reason: 'QEMU failed with exit code 1' });
    expect(qemu.complaints()).toBe('qemu: no such device\n');
  });

  it('tells a reset from a success', async () => {
    const qemu = start(`echo '{"event": "SHUTDOWN", "data": {"guest": true, "reason": "guest-reset"}}' >&3; exit 0`);
    expect((await qemu.exit).status).toBe(61);
    expect((await qemu.exit).reason).toContain('the guest reset the machine');
  });

  it('hears what is typed', async () => {
    const qemu = start('read line <&4; echo "heard $line" >&4; exit 129');
    qemu.send('hello\n');
    expect(await qemu.serial.waitFor(/heard hello/, 20_000)).toBeTruthy();
    expect((await qemu.exit).status).toBe(0);
  });

  it('can be stopped', async () => {
    const qemu = start('echo running >&4; exec sleep 60');
    await qemu.serial.waitFor(/running/, 20_000);
    expect(await qemu.stop()).toEqual({ status: 61, reason: 'stopped by the runner' });
  });

  it('that does not exist is a status, not an exception', async () => {
    const qemu = startQemu({
      qemu: '/nowhere/qemu',
      machine: 'q35',
      accelerator: 'tcg',
      memory: '1M',
      image: 'x',
      limitMs: 9000,
    });
    expect((await qemu.exit).status).toBe(61);
  });
});
