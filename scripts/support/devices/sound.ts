// Sound devices. VIRTIO 1.2 §5.14, VIRTIO 1.3 for controls.

import { inFile } from '../claim.ts';
import type { DeviceClass } from './device.ts';

const controls = inFile('drivers/sound/controls.ts');
const partsTest = inFile('test/unit/drivers/sound/parts.test.ts');

export const SOUND: DeviceClass = {
  type: 25,
  page: 'docs/devices/sound.md',
  qemu: ['virtio-sound-pci', 'virtio-sound-device'], // Since QEMU 8.2.
  features: [
    {
      bit: 0,
      name: 'CTLS',
      use: 'volumes, switches and other controls are read, written and listened to',
      code: [controls('askControls')],
      tests: [partsTest('are written, and read as they were written')],
    },
  ],
};
