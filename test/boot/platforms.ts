// The four ways in which a virtio device stands in a machine. What a driver does must hold in each.

import type { BootOptions } from './harness.ts';

/** One of the ways. */
export interface Platform {
  readonly name: string;
  readonly machine: NonNullable<BootOptions['machine']>;
  /** QEMU's arguments for the machine. */
  readonly extra: readonly string[];
  /** What the log says of how a device interrupts. */
  readonly interrupts: RegExp;
  /** Returns the `-device` argument of a device: `rng` and its properties. */
  readonly device: (name: string, properties?: string) => string;
}

const MMIO = ['-machine', 'pcie=off', '-global', 'virtio-mmio.force-legacy=false'];

const onPci =
  (more: string) =>
  (name: string, properties = ''): string =>
    joined(`virtio-${name}-pci`, 'disable-legacy=on', more, properties);

const joined = (...parts: readonly string[]): string => parts.filter((part) => part !== '').join();

/** All four. */
export const PLATFORMS: readonly Platform[] = [
  { name: 'q35 with MSI-X', machine: 'q35', extra: [], interrupts: /interrupts: MSI-X/, device: onPci('') },
  { name: 'q35 with INTx', machine: 'q35', extra: [], interrupts: /interrupts: line/, device: onPci('vectors=0') },
  { name: 'microvm with PCI', machine: 'microvm', extra: [], interrupts: /interrupts: MSI-X/, device: onPci('') },
  {
    name: 'microvm with virtio-mmio',
    machine: 'microvm',
    extra: MMIO,
    interrupts: /interrupts: line/,
    device: (name, properties = '') => joined(`virtio-${name}-device`, properties),
  },
];

/** Returns what boots a device on a platform: `devices` are its names and properties, `before` arguments that must come first, such as `-object`. */
export const onPlatform = (
  { machine, extra, device }: Platform,
  devices: readonly (readonly [name: string, properties?: string])[],
  before: readonly string[] = [],
): BootOptions => ({
  machine,
  extra: [...extra, ...before, ...devices.flatMap(([name, properties]) => ['-device', device(name, properties)])],
});
