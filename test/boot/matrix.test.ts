// Every way in which QEMU offers a virtio queue: machines × firmware × ring layouts × options, all of them, many devices a boot.
// After the guest has read from each disk it halts, and QEMU's own view of device and queue must be what the guest believes.

import { describe, expect, it } from 'vitest';
import type { Qmp } from '../../scripts/qemu/qmp.ts';
import { type BootOptions, boot, deviceProperties, temporaryDisk } from './harness.ts';

const IMAGE = 'test/boot/images/matrix.ts';

/** The longest that a guest takes for all of its disks. */
const LIMIT_MS = 60_000;

/** Short, so that the reads of the image go round it several times. */
const QUEUE_SIZE = 16;

const HALTED = /^halted: status 0/m;

/** One switch of a device: its two spellings as device properties. */
type Switch = readonly [off: string, on: string];

/** The switches that every virtio device has, and those of virtio-pci. */
const RING_SWITCHES: readonly Switch[] = [
  ['packed=off', 'packed=on'],
  ['event_idx=off', 'event_idx=on'],
  ['indirect_desc=off', 'indirect_desc=on'],
  ['queue_reset=off', 'queue_reset=on'],
  ['iommu_platform=off', 'iommu_platform=on'],
];
const PCI_SWITCHES: readonly Switch[] = [
  ['', 'vectors=0'],
  ['page-per-vq=off', 'page-per-vq=on'],
  ['modern-pio-notify=off', 'modern-pio-notify=on'],
];

interface Platform {
  readonly name: string;
  readonly options: BootOptions;
  /** The device without its properties. */
  readonly device: string;
  readonly switches: readonly Switch[];
  readonly devicesPerBoot: number;
}

const PCI_DEVICE = 'virtio-blk-pci,disable-legacy=on';
const ALL_SWITCHES = [...RING_SWITCHES, ...PCI_SWITCHES];

const PLATFORMS: readonly Platform[] = [
  {
    name: 'q35 with SeaBIOS',
    options: { machine: 'q35' },
    device: PCI_DEVICE,
    switches: ALL_SWITCHES,
    devicesPerBoot: 26,
  },
  {
    name: 'q35 with qboot, which places no BAR',
    options: { machine: 'q35', extra: ['-bios', 'qboot.rom'] },
    device: PCI_DEVICE,
    switches: ALL_SWITCHES,
    devicesPerBoot: 26,
  },
  {
    name: 'microvm with PCI',
    options: { machine: 'microvm' },
    device: PCI_DEVICE,
    switches: ALL_SWITCHES,
    devicesPerBoot: 26,
  },
  {
    name: 'microvm with virtio-mmio',
    options: {
      machine: 'microvm',
      extra: ['-machine', 'pcie=off', '-global', 'virtio-mmio.force-legacy=false'],
    },
    device: 'virtio-blk-device',
    switches: RING_SWITCHES,
    devicesPerBoot: 8,
  },
];

/** What the guest says of a disk, or QEMU: the same words for the same things. */
interface View {
  readonly status: readonly string[];
  readonly features: readonly string[];
  readonly size: number;
  readonly descriptors: number;
  readonly driver: number;
  readonly device: number;
}

/** Returns every combination of the switches, each as the properties of a device. */
const combinations = (switches: readonly Switch[]): string[] => {
  let all = [''];
  for (const [off, on] of switches) all = all.flatMap((before) => [`${before},${off}`, `${before},${on}`]);
  return all.map((properties) => properties.replace(/,+/g, ',').replace(/^,|,$/g, ''));
};

const inGroups = <T>(all: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, group) => all.slice(group * size, (group + 1) * size));

/** Returns QEMU's arguments for one read-only disk a variant. All show the same image: it is only read. */
const diskArguments = (platform: Platform, variants: readonly string[], file: string): string[] =>
  variants.flatMap((properties, index) => [
    ...['-drive', `file=${file},if=none,format=raw,id=image${index},readonly=on,file.locking=off`],
    ...[
      '-device',
      `${platform.device},id=disk${index},drive=image${index},serial=disk${index},queue-size=${QUEUE_SIZE},${properties}`,
    ],
  ]);

/** Returns the views that the guest printed, by the serial number of the disk. */
const guestViews = (text: string): Map<string, View> => {
  const views = new Map<string, View>();
  const line = /^view (\S+) status (\S+) features (\S*) size (\d+) descriptors (\d+) driver (\d+) device (\d+)$/gm;
  for (const [, serial, status, features, ...numbers] of text.matchAll(line)) {
    const [size, descriptors, driver, device] = numbers.map(Number) as [number, number, number, number];
    views.set(serial as string, {
      status: (status as string).split(',').sort(),
      features: (features as string).split(',').sort(),
      ...{ size, descriptors, driver, device },
    });
  }
  return views;
};

/** `VIRTIO_BLK_F_FLUSH: Flush command supported` is FLUSH. Bit 33 has in QEMU the name of VIRTIO 1.0. */
const featureName = (text: string): string =>
  text
    .replace(/:.*/, '')
    .replace(/^VIRTIO_([A-Z]+_)?F_/, '')
    .replace('IOMMU_PLATFORM', 'ACCESS_PLATFORM');

interface DeviceStatus {
  readonly status: { readonly statuses: readonly string[] };
  readonly 'guest-features': {
    readonly transports: readonly string[];
    readonly 'dev-features': readonly string[];
    readonly 'unknown-dev-features'?: number;
  };
}

/** A QEMU before 8.1 has no name for RING_RESET, bit 40. */
const RING_RESET_UNNAMED = 2 ** 40;

/** Returns QEMU's view of the device with this id. A virtio-mmio device is its own backend. */
const qemuView = async (qmp: Qmp, id: string): Promise<View> => {
  const known = (await qmp.execute('x-query-virtio')) as { path: string }[];
  const path = known.map((device) => device.path).find((each) => each.split('/').includes(id));
  const status = (await qmp.execute('x-query-virtio-status', { path })) as DeviceStatus;
  const queue = (await qmp.execute('x-query-virtio-queue-status', { path, queue: 0 })) as Record<string, number>;
  const features = status['guest-features'];
  const unnamed = features['unknown-dev-features'] === RING_RESET_UNNAMED ? ['RING_RESET'] : [];
  return {
    status: status.status.statuses.map((text) => text.replace(/:.*/, '').replace('VIRTIO_CONFIG_S_', '')).sort(),
    features: [...features.transports, ...features['dev-features']].map(featureName).concat(unnamed).sort(),
    size: queue['vring-num'] as number,
    descriptors: queue['vring-desc'] as number,
    driver: queue['vring-avail'] as number,
    device: queue['vring-used'] as number,
  };
};

/** Properties that QEMU calls experimental, each the other way round than it is by itself. Newer QEMUs have more of them. */
const EXPERIMENTAL = [
  'x-ats-page-aligned=off',
  'x-disable-legacy-check=on',
  'x-disable-pcie=on',
  'x-enable-wce-if-config-wce=off',
  'x-ignore-backend-features=on',
  'x-pcie-ari-nextfn-1=on',
  'x-pcie-deverr-init=off',
  'x-pcie-err-unc-mask=off',
  'x-pcie-ext-tag=off',
  'x-pcie-extcap-init=off',
  'x-pcie-flr-init=off',
  'x-pcie-lnkctl-init=off',
  'x-pcie-lnksta-dllla=off',
  'x-pcie-pm-init=off',
  'x-pcie-pm-no-soft-reset=on',
];

/** Boots a platform with a disk for each variant, and compares what the guest says of each with what QEMU does. */
const expectSameViews = async (platform: Platform, variants: readonly string[]): Promise<void> => {
  const file = await temporaryDisk();
  const qemu = await boot(IMAGE, {
    memory: '256M',
    ...platform.options,
    exitDevice: false,
    extra: [...(platform.options.extra ?? []), ...diskArguments(platform, variants, file)],
  });
  await qemu.serial.waitFor(HALTED, LIMIT_MS);
  const views = guestViews(qemu.serial.text());
  for (const [index, properties] of variants.entries()) {
    const seen = await qemuView(qemu.qmp, `disk${index}`);
    expect(views.get(`disk${index}`), properties).toEqual(seen);
  }
};

it('drives a disk with each experimental property that this QEMU has', async () => {
  const known = await deviceProperties('virtio-blk-pci');
  const variants = EXPERIMENTAL.filter((property) => known.has(property.split('=')[0]!));
  expect(variants.length).toBeGreaterThan(8);
  await expectSameViews(PLATFORMS[0]!, variants);
});

describe.each(PLATFORMS)('$name', (platform) => {
  const groups = inGroups(combinations(platform.switches), platform.devicesPerBoot);

  it.each(groups.map((variants, group) => ({ variants, group: group + 1 })))(
    'drives every variant of group $group as QEMU sees it',
    ({ variants }) => expectSameViews(platform, variants),
  );
});
