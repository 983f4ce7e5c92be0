// The kernel's enumeration of the PCI buses against QEMU's own, field by field, on many topologies and with all firmwares.

import { describe, expect, it } from 'vitest';
import { boot, bootToEnd } from './harness.ts';
import { type Told, toldByGuest, toldByQemu } from './pci-qmp.ts';
import { TOPOLOGIES, type Topology } from './pci-topologies.ts';

const PCI = 'test/boot/images/pci.ts';

/** Boots a topology and returns what the guest said, what it told and what QEMU tells. */
const enumerate = async ({
  machine,
  devices,
  extra,
}: Topology): Promise<{ text: string; guest: Told[]; qemu: Told[] }> => {
  // Without the exit device the machine stays when the program has ended, so that QEMU can be asked.
  const qemu = await boot(PCI, { machine, devices, extra, memory: '128M', exitDevice: false });
  await qemu.serial.waitFor(/^halted: status 0/m, 20_000);
  const text = qemu.serial.text();
  return { text, guest: toldByGuest(text), qemu: toldByQemu(await qemu.qmp.execute('query-pci')) };
};

/** Returns the BARs of memory and of ports that lie, even in part, where another does. */
const overlaps = (told: readonly Told[]): string[] => {
  const placed = told.flatMap(({ address, regions }) =>
    regions.flatMap(({ bar, type, size, address: start }) =>
      start === undefined ? [] : [{ name: `${address} bar ${bar}`, type, start, end: start + size }],
    ),
  );
  return placed.flatMap((one, index) =>
    placed
      .slice(index + 1)
      .filter((other) => one.type === other.type && one.start < other.end && other.start < one.end)
      .map((other) => `${one.name} and ${other.name}`),
  );
};

describe.each(TOPOLOGIES)('PCI on $name', (topology) => {
  it('is what QEMU says that it is', async () => {
    const { text, guest, qemu } = await enumerate(topology);
    expect(guest).toEqual(qemu);
    expect(guest.length).toBeGreaterThanOrEqual(topology.functionsMin);
    expect(text).toContain(`numbered by ${topology.numberedBy}, placed by ${topology.placedBy}`);
    expect(text).not.toMatch(/^error/m);

    const memory = guest.flatMap(({ regions }) => regions.filter(({ type, bar }) => type === 'memory' && bar < 6));
    expect(memory.filter(({ address }) => address === undefined)).toEqual([]);
    expect(overlaps(guest)).toEqual([]);
  });
});

describe('a function that is put to sleep, woken and reset', () => {
  it.each(['q35', 'microvm'] as const)('is where it was before, on %s', async (machine) => {
    const devices = ['pcie-root-port,id=rp1,chassis=1,addr=8.0', 'virtio-rng-pci,bus=rp1'];
    const qemu = await boot(PCI, { machine, devices, commandLine: 'reset', exitDevice: false });
    await qemu.serial.waitFor(/^halted: status 0/m, 20_000);
    const text = qemu.serial.text();
    expect(text).toMatch(/^wake 256 from D3: ok$/m);
    expect(text).toMatch(/^reset 256: ok$/m);
    expect(toldByGuest(text)).toEqual(toldByQemu(await qemu.qmp.execute('query-pci')));
  });
});

describe('the verbose listing of the probe', () => {
  it('tells what QEMU gave its devices: capabilities, windows, a slot with something in it', async () => {
    const devices = ['pcie-root-port,id=rp1,chassis=1,slot=5,addr=8.0', 'virtio-rng-pci,bus=rp1'];
    const { exit, text } = await bootToEnd('apps/probe/main.ts', {
      machine: 'microvm',
      devices,
      commandLine: 'verbose',
    });
    expect(exit.status).toBe(0);
    expect(text).toMatch(/^ {4}buses: 0, behind it 1 to 1$/m);
    expect(text).toMatch(/^ {4}memory window: 0xc0000000 to 0xc00fffff \(1 MiB\)$/m);
    expect(text).toMatch(/^ {4}\[\w+\] PCI Express \(10\), version 2, root port, .*, slot 5 occupied, hot-plug/m);
    expect(text).toMatch(/^ {4}\[100\] advanced error reporting \(0001\), version 2$/m);
    expect(text).toMatch(/^ {6}\[\w+\] MSI-X \(11\), 2 vectors, off, table in bar1 \+ 0x0 \(32 B\)/m);
    expect(text).toMatch(/^ {6}\[\w+\] power management \(01\), version 3, states D0 D3, now D0$/m);
    expect(text).toMatch(/^ {6}\[\w+\] vendor \(09\), NOTIFY_CFG in bar4 \+ 0x3000 \(0x1000 bytes\), multiplier 4$/m);
  });
});
