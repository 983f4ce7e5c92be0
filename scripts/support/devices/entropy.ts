// Entropy devices. VIRTIO 1.2 §5.4.

import type { DeviceClass } from './device.ts';

export const ENTROPY: DeviceClass = {
  type: 4,
  page: 'docs/devices/entropy.md',
  qemu: ['virtio-rng-pci', 'virtio-rng-device'],
  features: [], // It has none of its own. §5.4.3
};
