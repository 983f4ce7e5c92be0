// GPUs. VIRTIO 1.2 §5.7.

import { inFile } from '../claim.ts';
import { type DeviceClass, unused } from './device.ts';

const bringUp = inFile('drivers/gpu/bring-up.ts');
const displays = inFile('drivers/gpu/displays.ts');
const edid = inFile('drivers/gpu/edid.ts');
const driverTest = inFile('test/unit/drivers/gpu/driver.test.ts');
const edidTest = inFile('test/unit/drivers/gpu/edid.test.ts');
const bootTest = inFile('test/boot/gpu.test.ts');

export const GPU: DeviceClass = {
  type: 16,
  page: 'docs/devices/gpu.md',
  qemu: ['virtio-gpu-pci', 'virtio-vga', 'virtio-gpu-device'],
  features: [
    unused(
      0,
      'VIRGL',
      '3D commands of a Gallium driver: there is none here, and QEMU has the feature only with OpenGL',
    ),
    {
      bit: 1,
      name: 'EDID',
      use: '`monitor` of a scanout; without it there is none',
      code: [bringUp('beginGpu'), displays('readDisplays'), edid('parseEdid')],
      tests: [
        driverTest('have monitors with names and the resolution that they like'),
        driverTest('are not asked for monitors without EDID'),
        edidTest('is believed in nothing that does not add up'),
        bootTest('what is drawn is seen, and only where it was flushed; cursors, consoles and other resolutions, too'),
      ],
    },
    unused(2, 'RESOURCE_UUID', 'names resources for other devices, none of which has a driver here'),
    unused(3, 'RESOURCE_BLOB', 'resources that need no transfer: QEMU has them only with /dev/udmabuf'),
    unused(4, 'CONTEXT_INIT', 'kinds of 3D contexts, and there is no 3D'),
    unused(5, 'BLOB_ALIGNMENT', 'goes with RESOURCE_BLOB'),
  ],
};
