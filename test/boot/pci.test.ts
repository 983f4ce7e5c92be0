// The tree that the probe prints, against what QEMU says it has.

import { describe, expect, it } from 'vitest';
import type { Qemu } from '../../scripts/qemu/start.ts';
import { boot, MACHINES, temporaryDisk } from './harness.ts';

const PROBE = 'apps/probe/main.ts';

/** One device as QMP's query-pci tells it (QEMU documentation, PciDeviceInfo). */
interface QmpDevice {
  readonly bus: number;
  readonly slot: number;
  readonly function: number;
  readonly class_info: { readonly class: number };
  readonly id: { readonly vendor: number; readonly device: number };
  readonly pci_bridge?: { readonly devices?: readonly QmpDevice[] };
}

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');

/** Returns what a line of the probe must begin with: `0000:00:02.0 1af4:1042 01.00`. */
const lineOf = ({ bus, slot, function: index, class_info, id }: QmpDevice): string =>
  `0000:${hex(bus, 2)}:${hex(slot, 2)}.${index} ${hex(id.vendor, 4)}:${hex(id.device, 4)} ` +
  `${hex(class_info.class >> 8, 2)}.${hex(class_info.class & 0xff, 2)}`;

const withChildren = (device: QmpDevice): QmpDevice[] => [
  device,
  ...(device.pci_bridge?.devices ?? []).flatMap(withChildren),
];

/** Returns the lines that QEMU's own list would give, sorted by address. */
const linesOfQemu = async (qemu: Qemu): Promise<string[]> => {
  const buses = (await qemu.qmp.execute('query-pci')) as readonly { readonly devices: readonly QmpDevice[] }[];
  return buses
    .flatMap(({ devices }) => devices.flatMap(withChildren))
    .map(lineOf)
    .sort();
};

/** Returns the functions that the probe printed, sorted by address. Each address is printed once as a line of the tree. */
const linesOfProbe = (text: string): string[] =>
  [...text.matchAll(/^\W*(\w{4}:\w\w:\w\w\.\d \w{4}:\w{4} \w\w\.\w\w)/gm)].map(([, line]) => line as string).sort();

/** What QEMU's PCI can do beyond one flat bus: a root port, a bridge behind another, a device with two functions. */
const DEVICES = [
  'pcie-root-port,id=rp1,chassis=1,addr=8.0,multifunction=on',
  'pcie-root-port,id=rp2,chassis=2,addr=8.1',
  'pcie-pci-bridge,id=br1,bus=rp2',
  'virtio-rng-pci,bus=br1,addr=5',
  'virtio-rng-pci,addr=9.0,multifunction=on,disable-legacy=on',
  'virtio-rng-pci,addr=9.1,disable-legacy=on',
];

describe.each(MACHINES)('the PCI tree of %s', (machine) => {
  it('is what QEMU says it is, behind bridges and in every function', async () => {
    const disks = [{ file: await temporaryDisk() }, { file: await temporaryDisk(), bus: 'rp1' }];
    // Without the exit device the machine stays when the probe has ended, so that QEMU can be asked.
    const qemu = await boot(PROBE, { machine, devices: DEVICES, disks, exitDevice: false });
    await qemu.serial.waitFor(/^halted: status/m, 20_000);
    const ofProbe = linesOfProbe(qemu.serial.text());
    expect(ofProbe).toEqual(await linesOfQemu(qemu));
    expect(ofProbe.length).toBeGreaterThanOrEqual(DEVICES.length + disks.length);
  });
});
