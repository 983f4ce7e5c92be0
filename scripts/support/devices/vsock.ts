// Socket devices. VIRTIO 1.2 §5.10, NO_IMPLIED_STREAM of 1.3.

import { inFile } from '../claim.ts';
import type { DeviceClass } from './device.ts';

const flow = inFile('drivers/vsock/flow.ts');
const bootTest = inFile('test/boot/vsock.test.ts');
const socketsTest = inFile('test/unit/drivers/vsock/sockets.test.ts');

export const VSOCK: DeviceClass = {
  type: 19,
  page: 'docs/devices/vsock.md',
  qemu: ['vhost-vsock-pci', 'vhost-user-vsock-pci', 'vhost-vsock-device', 'vhost-user-vsock-device'],
  features: [
    {
      bit: 0,
      name: 'STREAM',
      use: 'connections that are streams of bytes',
      code: [flow('setUpVsock')],
      tests: [
        socketsTest('moves megabytes both ways at once, through small windows'),
        socketsTest('lose and mix nothing up, seed %d'),
        bootTest('connects, is connected to, and loses nothing either way'),
      ],
    },
    {
      bit: 1,
      name: 'SEQPACKET',
      use: 'connections whose messages keep their boundaries',
      code: [flow('setUpVsock')],
      tests: [socketsTest('keep their boundaries both ways, be they longer than a packet')],
    },
    {
      bit: 2,
      name: 'NO_IMPLIED_STREAM',
      use: 'without it there are streams whatever the other bits say',
      code: [flow('setUpVsock')],
      tests: [socketsTest('offers %s where the features say so')],
    },
  ],
};
