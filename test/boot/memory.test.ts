// Memory that comes and goes, on a real QEMU: what its monitor says is plugged is what the driver says, and what is put there is kept.

import { describe, expect, it } from 'vitest';
import type { Qemu } from '../../scripts/qemu/start.ts';
import { boot } from './harness.ts';

const IMAGE = 'test/boot/images/memory.ts';
const MIB = 1024 * 1024;
const WAIT_MS = 30_000;

/** The same with building the image. */
const TIMEOUT_MS = 300_000;

/** Boots a machine with 128 MiB and a device of 1 GiB. QEMU 7.2 and 10.0 have it on PCI and on q35 alone. */
const start = (commandLine: string, properties: string): Promise<Qemu> =>
  boot(IMAGE, {
    memory: '128M,maxmem=4G,slots=2',
    commandLine,
    limitMs: WAIT_MS,
    extra: [
      ...['-object', 'memory-backend-ram,id=m0,size=1G'],
      ...['-device', `virtio-mem-pci,id=v0,memdev=m0,disable-legacy=on${properties}`],
    ],
  });

const wish = (qemu: Qemu, mib: number): Promise<unknown> =>
  qemu.qmp.execute('qom-set', { path: '/machine/peripheral/v0', property: 'requested-size', value: mib * MIB });

/** Returns how much is plugged, as QEMU has it. */
const plugged = async (qemu: Qemu): Promise<number> => {
  const [device] = (await qemu.qmp.execute('query-memory-devices')) as [{ data: { size: number } }];
  return device.data.size / MIB;
};

describe('a memory device', { timeout: TIMEOUT_MS }, () => {
  it('plugs and unplugs what the host wants, and all of it is memory', async () => {
    const qemu = await start('until=256,64,0,384 fill=16 then=0', ',requested-size=256M');
    await qemu.serial.waitFor(/^plugged: 256 MiB, total 256 more, plugged unplugged/m, WAIT_MS);
    expect(await plugged(qemu)).toBe(256);
    await wish(qemu, 64);
    await qemu.serial.waitFor(/^plugged: 64 MiB, total 64 more, plugged unplugged/m, WAIT_MS);
    expect(await plugged(qemu)).toBe(64);
    await wish(qemu, 0);
    await qemu.serial.waitFor(/^plugged: 0 MiB, total 0 more/m, WAIT_MS);
    expect(await plugged(qemu)).toBe(0);
    await wish(qemu, 384);
    const [, used] = await qemu.serial.waitFor(/^used: (\d+) MiB, zero, /m, WAIT_MS);
    expect(Number(used)).toBeGreaterThan(384); // More than the machine has without it.
    expect(await plugged(qemu)).toBe(384);
    await qemu.serial.waitFor(/^looked: all is kept/m, WAIT_MS);
    await wish(qemu, 0);
    const [, stays] = await qemu.serial.waitFor(/^in use: (\d+) MiB/m, WAIT_MS);
    expect(Number(stays)).toBeGreaterThan(350); // It is in use, all but what was kept free.
    expect(await qemu.exit).toEqual({ status: 0, reason: 'success' });
    expect(qemu.serial.text()).toContain(`closed, 0 bytes of memory are missing, ${stays} MiB stay`);
    expect(qemu.serial.text().match(/^looked: all is kept/gm)).toHaveLength(2);
  });

  it('has large blocks and packed queues, and is not touched where nothing is plugged, where the host says so', async () => {
    const qemu = await start('until=512,0', ',requested-size=512M,block-size=128M,packed=on,unplugged-inaccessible=on');
    await qemu.serial.waitFor(/^plugged: 512 MiB, total 512 more, plugged unplugged/m, WAIT_MS);
    expect(await plugged(qemu)).toBe(512);
    expect(qemu.serial.text()).toMatch(/virtio-mem: .*UNPLUGGED_INACCESSIBLE.*RING_PACKED/);
    await wish(qemu, 0);
    expect(await qemu.exit).toEqual({ status: 0, reason: 'success' });
    expect(qemu.serial.text()).toContain('closed, 0 bytes of memory are missing, 0 MiB stay');
  });
});
