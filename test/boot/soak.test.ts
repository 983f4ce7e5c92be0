// A few seconds of `make soak`.

import { describe, expect, it } from 'vitest';
import { bootToEnd, MACHINES, temporaryDisk } from './harness.ts';

const SOAK = 'test/boot/images/soak.ts';
const ALLOCATE = 'test/boot/images/allocate.ts';
const DISK_BYTES = 32 * 1024 * 1024;

/** With building the image. */
const TIMEOUT_MS = 300_000;

/** Without it QEMU interrupts in the same breath as it answers: a wake-up that is not there is lost. */
const NO_IOEVENTFD = ['-global', 'virtio-blk-pci.ioeventfd=off'];

describe('a short soak', { timeout: TIMEOUT_MS }, () => {
  it.each(MACHINES)('on %s loses no wake-up and keeps its heap', async (machine) => {
    const disks = [{ file: await temporaryDisk(DISK_BYTES) }];
    const { exit, text } = await bootToEnd(SOAK, { machine, disks, extra: NO_IOEVENTFD, commandLine: 'seconds=6' });
    expect(
      text.match(/^soak \d+ s: depth (1|8|32|128): [1-9]\d* requests, .*heap \d+\.\d MiB; lost wake-ups 0$/gm),
    ).toHaveLength(16);
    expect(text).toMatch(/^soak: ok, \d+ requests, no wake-up lost$/m);
    expect(exit.status).toBe(0);
  });

  it('of values of all kinds goes round in 32 MiB', async () => {
    const { exit, text } = await bootToEnd(ALLOCATE, { memory: '32M', commandLine: 'seconds=8' });
    expect(text.match(/^allocate \d+ s: .*: [1-9]\d* made, heap \d+\.\d MiB$/gm)).toHaveLength(24);
    expect(text).toMatch(/^allocate: ok, \d+ made, heap at most \d+\.\d MiB$/m);
    expect(exit.status).toBe(0);
  });
});
