// Input devices. VIRTIO 1.2 §5.8.

import type { DeviceClass } from './device.ts';

export const INPUT: DeviceClass = {
  type: 18,
  page: 'docs/devices/input.md',
  qemu: [
    'virtio-keyboard-pci',
    'virtio-mouse-pci',
    'virtio-tablet-pci',
    'virtio-multitouch-pci', // Since QEMU 10.0.
    'virtio-keyboard-device',
    'virtio-mouse-device',
    'virtio-tablet-device',
  ],
  features: [], // It has none of its own. §5.8.3
};
