// Crypto devices. VIRTIO 1.2 §5.9.

import { type DeviceClass, unused } from './device.ts';

const NOT_OFFERED = 'no QEMU offers it';

export const CRYPTO: DeviceClass = {
  type: 20,
  page: 'docs/devices/crypto.md',
  qemu: ['virtio-crypto-pci', 'virtio-crypto-device'],
  features: [
    unused(
      0,
      'REVISION_1',
      `${NOT_OFFERED}; requests have the layout of before, which every device takes that has not agreed on it`,
    ),
    unused(1, 'CIPHER_STATELESS_MODE', NOT_OFFERED),
    unused(2, 'HASH_STATELESS_MODE', NOT_OFFERED),
    unused(3, 'MAC_STATELESS_MODE', NOT_OFFERED),
    unused(4, 'AEAD_STATELESS_MODE', NOT_OFFERED),
    unused(5, 'AKCIPHER_STATELESS_MODE', NOT_OFFERED),
  ],
};
