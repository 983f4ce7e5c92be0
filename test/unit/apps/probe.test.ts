import { beforeEach, describe, expect, it, vi } from 'vitest';
import { installMachine, SimMachine } from '../../sim/machine.ts';
import { SimBridge, SimBus, SimFunction } from '../../sim/pci.ts';
import { sameBytes } from '../../sim/setup.ts';
import { SimBlkDevice, type SimBlkOptions } from '../../sim/virtio/block.ts';

const TEXT = 'Hello from the disk image\n';
const SECTORS = 4096;

let machine: SimMachine;
let root: SimBus;

beforeEach(() => {
  machine = installMachine(new SimMachine());
  root = new SimBus();
  machine.pci = root;
  vi.resetModules();
});

/** Runs the probe from its first line. Returns how it left and what it printed. */
const probe = async (): Promise<{ status: number; text: string }> => {
  // Fresh modules mean a fresh simulation too: hand the machine over to it.
  const fresh = await import('../../sim/machine.ts');
  fresh.installMachine(machine);
  try {
    await import('../../../apps/probe/main.ts');
  } catch (stopped) {
    if (stopped instanceof fresh.MachineStopped) return { status: stopped.status, text: machine.consoleText };
    throw stopped;
  }
  throw new Error(`the probe returned without leaving:\n${machine.consoleText}`);
};

/** Makes a disk with a partition at sector 2048 that begins with a text. */
const addDisk = (bus: SimBus, device: number, options: SimBlkOptions = {}): SimBlkDevice => {
  const disk = new SimBlkDevice(machine, {
    sectors: SECTORS,
    serialNumber: `disk-${device}`,
    address: 0xfe000000 + device * 0x10000,
    ...options,
  });
  bus.add(device, 0, disk.device.pciFunction);
  const view = new DataView(disk.disk.buffer);
  disk.disk[446 + 4] = 0x83;
  view.setUint32(446 + 8, 2048, true);
  view.setUint32(446 + 12, SECTORS - 2048, true);
  view.setUint16(510, 0xaa55, true);
  disk.disk.set(new TextEncoder().encode(TEXT), 2048 * 512);
  return disk;
};

describe('the probe', () => {
  it('prints machine, tree, disk and times, and leaves with success', async () => {
    root.add(0, 0, new SimFunction({ vendorId: 0x8086, deviceId: 0x29c0, classCode: 6, subclass: 0 }));
    const disk = addDisk(root, 2);
    const before = disk.disk.slice();
    const { status, text } = await probe();
    expect(text).toMatch(/^machine: GenuineIntel, 128 MiB RAM/m);
    expect(text).toMatch(/^pci: 2 functions, placed by firmware$/m);
    expect(text).toMatch(/^0000:00:00\.0 8086:29c0 06\.00 q35-host-bridge$/m);
    expect(text).toMatch(/^0000:00:02\.0 1af4:1042 01\.00 virtio-blk, bar4 memory64 prefetchable 0xfe020000 16 KiB$/m);
    expect(text).toMatch(
      /^disk 0000:00:02\.0 virtio-blk: 4096 sectors \(2 MiB\), block size 512 bytes, serial number disk-2, writable$/m,
    );
    expect(text).toMatch(/^disk 0000:00:02\.0 virtio-blk: features BLK_SIZE FLUSH VERSION_1$/m);
    expect(text).toMatch(/^disk .*: sector 0: 00 00 .* \|\.{16}\|$/m);
    expect(text).toMatch(/^disk .*: partition 1: type 0x83, sector 2048, 2048 sectors$/m);
    expect(text).toMatch(/^disk .*: partition 1: text: Hello from the disk image$/m);
    expect(text).toMatch(/^disk .*: write, flush, read, compare, restore: ok \(4096 bytes from sector 4088\)$/m);
    for (const stage of ['machine', 'pci', 'drivers', 'disks'])
      expect(text).toMatch(new RegExp(`^time: ${stage} \\d+ us$`, 'm'));
    expect(text.endsWith('probe: ok\n')).toBe(true);
    expect(status).toBe(0);
    expect(sameBytes(disk.disk, before)).toBe(true);
    expect([disk.flushes, machine.violations]).toEqual([2, []]);
  });

  it('is content without a disk, and without PCI', async () => {
    machine.pci = undefined;
    const { status, text } = await probe();
    expect(text).toMatch(/^pci: 0 functions/m);
    expect(text).toMatch(/^disk: none$/m);
    expect(status).toBe(0);
  });

  it('finds a disk behind a bridge that no firmware has seen', async () => {
    const behind = new SimBus();
    root.add(1, 0, new SimBridge(behind));
    const disk = addDisk(behind, 0, { address: 0 });
    const { status, text } = await probe();
    expect(text).toMatch(/^pci: 2 functions, placed by kernel$/m);
    expect(text).toMatch(/^0000:00:01\.0 .* qemu-pcie-root-port, bus 1$/m);
    expect(text).toMatch(/^ {2}0000:01:00\.0 1af4:1042 01\.00 virtio-blk, /m);
    expect(status).toBe(0);
    expect(disk.requests.length).toBeGreaterThan(0);
  });

  it('leaves a read-only disk alone, and says so', async () => {
    const disk = addDisk(root, 2, { features: [5, 6, 9, 32] });
    const { status, text } = await probe();
    expect(text).toMatch(/write round left out, the disk is read-only/);
    expect(disk.requests.some(({ type }) => type === 1)).toBe(false);
    expect(status).toBe(0);
  });

  it('says at which step a device failed, goes on with the others, and fails', async () => {
    addDisk(root, 2, { faults: { refuseFeatures: true } });
    addDisk(root, 3);
    const { status, text } = await probe();
    expect(text).toMatch(/^device 0000:00:02\.0: failed at step 6 \(check FEATURES_OK\): /m);
    expect(text).toContain('serial number disk-3');
    expect(text.endsWith('probe: failed\n')).toBe(true);
    expect(status).toBe(1);
  });

  it('says which capability a legacy disk lacks', async () => {
    addDisk(root, 2, { deviceId: 0x1001, capabilities: [[0x11, 0, 0, 0]] });
    const { status, text } = await probe();
    expect(text).toMatch(/^device 0000:00:02\.0: failed at step 0 \(open the transport\): no capability COMMON_CFG/m);
    expect(status).toBe(1);
  });

  it('puts the old contents back when what it reads is not what it wrote', async () => {
    const disk = addDisk(root, 2);
    const before = disk.disk.slice();
    let writes = 0;
    disk.answer = ({ type }) => (type === 1 && ++writes === 1 ? { writesNothing: false, status: 0 } : {});
    const { status, text } = await probe();
    expect(text).toMatch(/write round failed .*compare/);
    expect(sameBytes(disk.disk, before)).toBe(true);
    expect(status).toBe(1);
  });

  it('fails when a disk does not answer, and examines the next one', async () => {
    machine.clockStep = 10_000_000;
    const disk = addDisk(root, 2);
    disk.answer = ({ type }) => (type === 0 ? { delay: Number.POSITIVE_INFINITY } : {});
    addDisk(root, 3);
    const { status, text } = await probe();
    expect(text).toMatch(/^error 0000:00:02\.0 virtio-blk: request type 0 at sector 0: no answer in 10000 ms$/m);
    expect(text).toMatch(/^disk 0000:00:03\.0 .*: ok/m);
    expect(status).toBe(1);
  });

  it('copes with a disk without a sector, without a partition, and with a partition outside', async () => {
    addDisk(root, 2, { capacity: [0, 0] });
    addDisk(root, 3).disk.fill(0);
    new DataView(addDisk(root, 4).disk.buffer).setUint32(446 + 8, 0x80000000, true);
    const { status, text } = await probe();
    expect(text).toMatch(/^disk 0000:00:02\.0 .*: empty/m);
    expect(text).toMatch(/^disk 0000:00:04\.0 .*: partition 1: begins outside the disk$/m);
    expect(status).toBe(0);
  });
});
