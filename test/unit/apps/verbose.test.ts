// The probe's listing of all that is known of the PCI functions: `verbose` on the command line.

import { beforeEach, describe, expect, it, vi } from 'vitest';
import { installMachine, SimMachine } from '../../sim/machine.ts';
import { SimBridge, SimBus, SimFunction } from '../../sim/pci.ts';

const le16 = (value: number): number[] => [value & 0xff, value >> 8];
const le32 = (value: number): number[] => [...le16(value & 0xffff), ...le16(value >>> 16)];

/** A virtio_pci_cap with what may lie behind it. */
const virtio = (type: number, bar: number, offset: number, length: number, ...more: number[]): number[] => [
  ...[0x09, 0, 16 + more.length, type, bar, 7, 0, 0],
  ...[...le32(offset), ...le32(length), ...more],
];

let machine: SimMachine;
let root: SimBus;

beforeEach(() => {
  machine = installMachine(new SimMachine());
  machine.commandLine = 'quiet verbose';
  root = new SimBus();
  machine.pci = root;
  vi.resetModules();
});

/** Runs the probe and returns the lines of its listing, without what is before and behind. */
const list = async (): Promise<string[]> => {
  const fresh = await import('../../sim/machine.ts');
  fresh.installMachine(machine);
  try {
    await import('../../../apps/probe/main.ts');
  } catch (stopped) {
    if (!(stopped instanceof fresh.MachineStopped)) throw stopped;
  }
  const lines = machine.consoleText.split('\n');
  const first = lines.findIndex((line) => line.startsWith('pci:'));
  return lines.slice(
    first + 1,
    lines.findIndex((line) => line.startsWith('time: pci')),
  );
};

describe('the verbose listing', () => {
  it('tells the header, the BARs and the ROM of a device', async () => {
    const sim = root.add(
      3,
      0,
      new SimFunction({
        vendorId: 0x8086,
        deviceId: 0x100e,
        classCode: 2,
        bars: [
          { index: 0, size: 0x1000, address: 0xfe000000 },
          { index: 1, size: 0x40, type: 1, address: 0xc000 },
        ],
      }),
    );
    sim.config.setUint16(0x04, 0x0507, true);
    sim.config.setUint16(0x06, 0x2008, true);
    sim.config.setUint8(0x08, 3);
    sim.config.setUint32(0x2c, 0x11001af4, true);
    sim.config.setUint16(0x3c, 0x010b, true);
    sim.writable.setUint32(0x30, 0xfffc0000, true);
    expect(await list()).toEqual([
      '0000:00:03.0 8086:100e 02.00 e1000',
      '    device, revision 03, programming interface 00, subsystem 1af4:1100',
      '    command 0x0507 io memory master serr no-interrupt',
      '    status 0x2008 interrupt received-master-abort',
      '    interrupt: pin A, line 11',
      '    bar0 memory32 0xfe000000 4 KiB',
      '    bar1 io 0x0000c000 64 B',
      '    rom 256 KiB, not decoded',
    ]);
  });

  it('tells what every capability says', async () => {
    const behind = new SimBus();
    const bridge = root.add(
      1,
      0,
      new SimBridge(behind, {
        bars: [{ index: 0, size: 0x1000, address: 0xfe001000 }],
        capabilities: [
          [
            0x10,
            0,
            ...le16(0x142),
            ...le32(1 << 28),
            0,
            0,
            0,
            0,
            ...le32(0x203),
            0,
            0,
            ...le16(0x11),
            ...le32(0x180060),
            0,
            0,
            ...le16(0x40),
          ],
          [0x11, 0, ...le16(0), ...le32(0), ...le32(0x800)],
          [0x0d, 0, 0, 0, ...le16(0x1b36), ...le16(7)],
          [0x01, 0, ...le16(0x0203), ...le16(3), 0, 0],
          [0x13, 0, 6, 3, 0, 0],
          [0x0c, 0, 0, 0],
          [0x05, 0, ...le16(0x01ab), ...Array<number>(20).fill(0)],
          [0x77, 0, 0, 0],
        ],
      }).number(0, 1, 1),
    );
    bridge.config.setUint32(0x20, 0xfe5ffe40, true);
    bridge.config.setUint32(0x100, 0x14820001, true);
    bridge.config.setUint32(0x148, 0x00010019, true);
    const lines = await list();
    expect(lines.slice(0, 1)).toEqual(['0000:00:01.0 1b36:000c 06.04 qemu-pcie-root-port']);
    expect(lines.slice(4)).toEqual([
      '    buses: 0, behind it 1 to 1',
      '    I/O window: closed',
      '    memory window: 0xfe400000 to 0xfe5fffff (2 MiB)',
      '    prefetchable window: closed',
      '    bar0 memory32 0xfe001000 4 KiB',
      '    [40] PCI Express (10), version 2, root port, can be reset alone, link 2.5 GT/s x1 of 8 GT/s x32, slot 3 occupied, hot-plug by surprise',
      '    [5c] MSI-X (11), 1 vector, off, table in bar0 + 0x0 (16 B), pending bits in bar0 + 0x800 (8 B)',
      '    [68] bridge subsystem (0d), 1b36:0007',
      '    [70] power management (01), version 3, states D0 D1 D3, now D3',
      '    [78] advanced features (13), can be reset alone, tells what is pending',
      '    [80] hot-plug (0c), slots for hot-plug',
      '    [84] MSI (05), 32 vectors, on with 4, 64-bit addresses, each can be masked',
      '    [9c] unknown (77)',
      '    [100] advanced error reporting (0001), version 2',
      '    [148] secondary PCI Express (0019), version 1',
    ]);
  });

  it('tells where the structures of a virtio device lie, also when they cannot be there', async () => {
    root.add(
      2,
      0,
      new SimFunction({
        vendorId: 0x1af4,
        deviceId: 0x1050,
        capabilities: [
          virtio(1, 4, 0, 0x1000),
          virtio(2, 4, 0x3000, 0x1000, ...le32(4)),
          virtio(8, 2, 0x1000, 0x2000, ...le32(1), ...le32(2)),
          virtio(3, 6, 0, 1),
          virtio(77, 0, 0, 0),
        ],
      }),
    );
    root.add(4, 0, new SimFunction({ vendorId: 0x1b36, capabilities: [[0x09, 0, 32, 1]] }));
    const lines = (await list()).filter((line) => line.includes('vendor'));
    expect(lines.map((line) => line.slice(line.indexOf(',') + 2))).toEqual([
      'COMMON_CFG in bar4 + 0x0 (0x1000 bytes)',
      'NOTIFY_CFG in bar4 + 0x3000 (0x1000 bytes), multiplier 4',
      'SHARED_MEMORY_CFG in bar2 + 0x100001000 (0x200002000 bytes), id 7',
      'ISR_CFG in reserved bar6 + 0x0 (0x1 bytes)',
      'structure 77 in bar0 + 0x0 (0x0 bytes)',
      '32 bytes',
    ]);
  });

  it('says what is wrong, and goes on with the next function', async () => {
    const sim = root.add(1, 0, new SimFunction({ bars: [{ index: 0, size: 0x1000, type: 6 }] }));
    sim.config.setUint16(0x06, 0x0010, true);
    sim.config.setUint8(0x34, 0x10);
    root.add(
      2,
      0,
      new SimFunction({ bars: [{ index: 2, size: 0x1000 }], capabilities: [[0x11, 0, 0, 0, ...le32(1), ...le32(2)]] }),
    );
    machine.hostWindows = [];
    const text = (await list()).join('\n');
    expect(text).toMatch(/^ {4}BAR 0 reads 0x00000006: memory type 3 is reserved/m);
    expect(text).toMatch(/^ {4}capability pointer 0x10: it points into the header/m);
    expect(text).toMatch(/^ {4}bar2 memory32 0x00000000 4 KiB, not placed$/m);
    expect(text).toMatch(/^ {4}\[40\] MSI-X \(11\), MSI-X: the table is at 0x0 \+ 0x10 bytes in BAR 1, expected/m);
  });

  it('is left out without the word', async () => {
    machine.commandLine = 'verbosely';
    root.add(1, 0, new SimFunction());
    expect(await list()).toEqual(['0000:00:01.0 1234:5678 ff.00 unknown']);
  });
});
