// One class of device and what becomes of its feature bits. VIRTIO 1.2 §5.

import type { Claim } from '../claim.ts';

/** One feature bit of a type of device. */
export type DeviceFeature = Claim & {
  readonly bit: number;
  /** As in the specification, without its prefix. */
  readonly name: string;
  /** What the driver does with it. */
  readonly use: string;
};

/** A class that has a driver. */
export interface DeviceClass {
  /** TYPE_… of drivers/virtio/ids.ts. */
  readonly type: number;
  /** Its page in docs; undefined as long as there is none. */
  readonly page?: string;
  /** QEMU's devices, over PCI and over virtio-mmio. */
  readonly qemu: readonly string[];
  /** A row for each bit that the specification gives this type. */
  readonly features: readonly DeviceFeature[];
}

/** Returns the row of a feature that no driver asks for. */
export const unused = (bit: number, name: string, open: string): DeviceFeature => ({ bit, name, use: '', open });
