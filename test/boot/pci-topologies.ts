// PCI topologies that QEMU can build, and what its firmwares leave to the kernel in them.

import type { MachineName } from '../../scripts/qemu/command-line.ts';

/** One machine to be enumerated. */
export interface Topology {
  readonly name: string;
  readonly machine: MachineName;
  /** QEMU's `-device` arguments. */
  readonly devices: readonly string[];
  readonly extra: readonly string[];
  /** The functions that there are at least. */
  readonly functionsMin: number;
  /** Who numbers the buses, and who gives BARs their places: qboot does the first and not the second. */
  readonly numberedBy: 'firmware' | 'kernel';
  readonly placedBy: 'firmware' | 'kernel';
}

interface Board {
  readonly machine: MachineName;
  readonly extra: readonly string[];
  /** The functions that the board has itself. */
  readonly functionCount: number;
  readonly hasFirmware: boolean;
  readonly hasNumbers: boolean;
}

const BOARDS = {
  'q35 with SeaBIOS': { machine: 'q35', extra: [], functionCount: 4, hasFirmware: true, hasNumbers: true },
  'q35 with qboot': {
    machine: 'q35',
    extra: ['-bios', 'qboot.rom'],
    functionCount: 4,
    hasFirmware: false,
    hasNumbers: true,
  },
  microvm: { machine: 'microvm', extra: [], functionCount: 1, hasFirmware: false, hasNumbers: false },
  'pc with SeaBIOS, by ports': {
    machine: 'q35',
    extra: ['-machine', 'pc'],
    functionCount: 4,
    hasFirmware: true,
    hasNumbers: true,
  },
  'pc with qboot, by ports': {
    machine: 'q35',
    extra: ['-machine', 'pc', '-bios', 'qboot.rom'],
    functionCount: 4,
    hasFirmware: false,
    hasNumbers: true,
  },
} satisfies Record<string, Board>;

/** What is plugged in. */
interface Devices {
  readonly devices: readonly string[];
  readonly extra?: readonly string[];
}

const DRIVE = ['-blockdev', 'null-co,node-name=d0,size=1048576,read-zeroes=on'];

/** Root ports, a bridge behind one of them, and devices of two functions. */
const BRIDGES: Devices = {
  devices: [
    'pcie-root-port,id=rp1,chassis=1,addr=8.0,multifunction=on',
    'pcie-root-port,id=rp2,chassis=2,addr=8.1',
    'virtio-blk-pci,drive=d0,bus=rp1',
    'pcie-pci-bridge,id=br1,bus=rp2',
    'virtio-rng-pci,bus=br1,addr=5',
    'e1000,bus=br1,addr=6,romfile=',
    'virtio-rng-pci,addr=9.0,multifunction=on,disable-legacy=on',
    'virtio-rng-pci,addr=9.1,disable-legacy=on',
  ],
  extra: DRIVE,
};

/** Bridges of conventional PCI, three deep, one of them with nothing behind it. */
const CONVENTIONAL: Devices = {
  devices: [
    'i82801b11-bridge,id=b1,addr=5',
    'pci-bridge,id=b2,bus=b1,chassis_nr=1,addr=1',
    'pci-bridge,id=b3,bus=b2,chassis_nr=2,addr=1',
    'pci-bridge,id=b4,bus=b2,chassis_nr=3,addr=2',
    'virtio-rng-pci,bus=b3,addr=1f',
    'e1000,bus=b2,addr=7,romfile=',
    'virtio-net-pci,bus=b1,addr=3,romfile=',
  ],
};

/** The same without PCI Express, which a pc has not. */
const OLD: Devices = {
  devices: [
    'pci-bridge,id=b1,chassis_nr=1,addr=5',
    'pci-bridge,id=b2,bus=b1,chassis_nr=2,addr=1',
    'virtio-rng-pci,bus=b2,addr=1f',
    'e1000,bus=b1,addr=7,romfile=',
    'virtio-scsi-pci,addr=6.0,multifunction=on',
    'virtio-rng-pci,addr=6.5',
  ],
};

/** A switch with two ports, of which one has nothing behind it. */
const SWITCH: Devices = {
  devices: [
    'pcie-root-port,id=rp1,chassis=1,addr=4',
    'x3130-upstream,id=up,bus=rp1',
    'xio3130-downstream,id=down1,bus=up,chassis=2,slot=0',
    'xio3130-downstream,id=down2,bus=up,chassis=3,slot=1',
    'virtio-rng-pci,bus=down2',
  ],
};

const EVERY_SLOT: Devices = {
  devices: Array.from({ length: 30 }, (_, index) => `virtio-rng-pci,addr=${(index + 1).toString(16)}`),
};

const TWENTY_PORTS: Devices = {
  devices: Array.from({ length: 20 }, (_, index) => [
    `pcie-root-port,id=p${index},chassis=${index},slot=${index},addr=${(index + 3).toString(16)}`,
    `virtio-rng-pci,bus=p${index}`,
  ]).flat(),
};

/** BARs of 4 and 8 GiB, on the first bus and behind a root port. */
const HIGH: Devices = {
  devices: [
    'pcie-root-port,id=rp1,chassis=1,addr=4',
    'ivshmem-plain,memdev=m0,addr=5',
    'ivshmem-plain,memdev=m1,bus=rp1',
  ],
  extra: [
    ...['-object', 'memory-backend-ram,id=m0,size=4G,share=on'],
    ...['-object', 'memory-backend-ram,id=m1,size=8G,share=on'],
  ],
};

const GRAPHICS: Devices = { devices: ['virtio-vga,addr=2', 'virtio-gpu-pci,addr=3', 'VGA,addr=4'] };

/** virtio devices of all ages, and with their structures in other places. */
const AGES: Devices = {
  devices: [
    'virtio-net-pci,addr=2,romfile=',
    'virtio-rng-pci,addr=3,disable-modern=on,disable-legacy=off',
    'virtio-serial-pci,addr=4,vectors=0',
    'virtio-balloon-pci,addr=5,modern-pio-notify=on',
    'virtio-9p-pci,fsdev=f0,mount_tag=t,addr=6,page-per-vq=on',
  ],
  extra: ['-fsdev', 'synth,id=f0'],
};

/** Memory of 64 bits that is not prefetchable, ports, ROMs, BARs from 16 bytes to 16 MiB. */
const MIXED: Devices = {
  devices: [
    'nvme,drive=d0,serial=x',
    'qemu-xhci',
    'e1000e',
    'ich9-ahci',
    'pvscsi',
    'edu',

    'sdhci-pci',
    'ich9-usb-uhci1',
  ],
  extra: DRIVE,
};

const on = (board: keyof typeof BOARDS, what: string, { devices, extra = [] }: Devices): Topology => {
  const { machine, extra: own, functionCount, hasFirmware, hasNumbers }: Board = BOARDS[board];
  const hasBridges = devices.some((device) => /-port|-bridge|stream/.test(device));
  return {
    name: `${board}: ${what}`,
    machine,
    devices,
    extra: [...own, ...extra],
    functionsMin: functionCount + devices.length,
    numberedBy: hasNumbers || !hasBridges ? 'firmware' : 'kernel',
    placedBy: hasFirmware || devices.length + functionCount === 1 ? 'firmware' : 'kernel',
  };
};

/** Every topology on every board that can have it. */
export const TOPOLOGIES: readonly Topology[] = [
  on('q35 with SeaBIOS', 'nothing more', { devices: [] }),
  on('microvm', 'nothing more', { devices: [] }),
  on('pc with SeaBIOS, by ports', 'bridges and functions', OLD),
  on('pc with qboot, by ports', 'bridges and functions', OLD),
  ...(['q35 with SeaBIOS', 'q35 with qboot', 'microvm'] as const).flatMap((board) => [
    on(board, 'root ports, bridges and functions', BRIDGES),
    on(board, 'bridges of conventional PCI', CONVENTIONAL),
    on(board, 'a switch', SWITCH),
    on(board, 'a device in every slot', EVERY_SLOT),
    on(board, 'twenty root ports', TWENTY_PORTS),
    on(board, 'BARs of some GiB', HIGH),
    on(board, 'graphics', GRAPHICS),
    on(board, 'virtio devices of all ages', AGES),
    on(board, 'BARs of all kinds', MIXED),
  ]),
];
