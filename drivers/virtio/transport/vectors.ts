'use machine';
// Which entry of the MSI-X table a virtio PCI device uses for what. VIRTIO 1.2 §4.1.5.1.2, §4.1.4.10.
//
// A device may be unable to use an entry that its table has. It then shows NO_VECTOR, so every vector is read back.

import type { bool, u16 } from '../../../kernel/base/machine.ts';
import { portRead16, portWrite16 } from '../../../kernel/hal/ports.ts';
import { FAULT_CONFIG_VECTOR, FAULT_QUEUE_VECTOR, setFault } from './fault.ts';
import { LEGACY_CONFIG_VECTOR, LEGACY_QUEUE_SELECT, LEGACY_QUEUE_VECTOR } from './legacy-registers.ts';
import { regionRead16, regionWrite16 } from './pci-access.ts';
import { CONFIG_MSIX_VECTOR, QUEUE_MSIX_VECTOR, QUEUE_SELECT } from './pci-registers.ts';
import { TRANSPORT_PCI_LEGACY, type Transport } from './record.ts';

/** Has the device send `entry` when its configuration changes; NO_VECTOR: nothing. MSI-X is on. False when the device did not take it. */
export const writeConfigVector = (transport: Transport, entry: u16): bool => {
  let shown: u16 = 0;
  if (transport.kind === TRANSPORT_PCI_LEGACY) {
    portWrite16(transport.port + LEGACY_CONFIG_VECTOR, entry);
    shown = portRead16(transport.port + LEGACY_CONFIG_VECTOR);
  } else {
    regionWrite16(transport, transport.common, CONFIG_MSIX_VECTOR, entry);
    shown = regionRead16(transport, transport.common, CONFIG_MSIX_VECTOR);
  }
  return shown === entry || setFault(transport.fault, FAULT_CONFIG_VECTOR, 0, shown, entry);
};

/** The same for what happens in queue `index`, which is not enabled yet. */
export const writeQueueVector = (transport: Transport, index: u16, entry: u16): bool => {
  let shown: u16 = 0;
  if (transport.kind === TRANSPORT_PCI_LEGACY) {
    portWrite16(transport.port + LEGACY_QUEUE_SELECT, index);
    portWrite16(transport.port + LEGACY_QUEUE_VECTOR, entry);
    shown = portRead16(transport.port + LEGACY_QUEUE_VECTOR);
  } else {
    regionWrite16(transport, transport.common, QUEUE_SELECT, index);
    regionWrite16(transport, transport.common, QUEUE_MSIX_VECTOR, entry);
    shown = regionRead16(transport, transport.common, QUEUE_MSIX_VECTOR);
  }
  return shown === entry || setFault(transport.fault, FAULT_QUEUE_VECTOR, index, shown, entry);
};
