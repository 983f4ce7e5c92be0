'use machine';
// Notifications to the device: where they go and what they say. VIRTIO 1.2 §2.9, §4.1.5.2, §4.2.3.3. One write each.

import type { bool, u8, u16, u32 } from '../../../kernel/base/machine.ts';
import { mmioWrite16, mmioWrite32 } from '../../../kernel/hal/mmio.ts';
import { portWrite16, portWrite32 } from '../../../kernel/hal/ports.ts';
import { windowWrite16, windowWrite32 } from '../transport/pci-window.ts';
import { packedNext } from './packed.ts';
import {
  DOORBELL_MMIO16,
  DOORBELL_MMIO32,
  DOORBELL_PORT16,
  DOORBELL_WINDOW16,
  QUEUE_PACKED,
  type Queue,
} from './record.ts';

/**
 * Tells the queue where its notifications go: `offset` in the MMIO window or a port, by `kind` (DOORBELL_…), and what `value` stands for it:
 * its index, or queue_notif_config_data. With `hasData` (NOTIFICATION_DATA) they say how far the ring is filled, too. The transport calls it.
 */
export const attach = (queue: Queue, kind: u8, offset: u32, value: u16, hasData: bool): void => {
  queue.doorbellKind = kind;
  queue.doorbell = offset;
  queue.notificationValue = value;
  queue.hasNotificationData = hasData;
};

/** The same for DOORBELL_WINDOW16: says which window of which function leads to which BAR. `attach` gives the offset in it. */
export const attachWindow = (queue: Queue, pciAddress: u32, capability: u16, bar: u8): void => {
  queue.doorbellFunction = pciAddress;
  queue.doorbellWindow = capability;
  queue.doorbellBar = bar;
};

/** Sends one notification, whether or not there is something to tell. What was added is published before. */
export const ringDoorbell = (queue: Queue): void => {
  queue.doorbellCount = (queue.doorbellCount + 1) >>> 0;
  if (queue.hasNotificationData) {
    ringWithData(queue);
    return;
  }
  switch (queue.doorbellKind) {
    case DOORBELL_MMIO16:
      mmioWrite16(queue.doorbell, queue.notificationValue);
      break;
    case DOORBELL_MMIO32:
      mmioWrite32(queue.doorbell, queue.notificationValue);
      break;
    case DOORBELL_WINDOW16:
      windowWrite16(
        queue.doorbellFunction,
        queue.doorbellWindow,
        queue.doorbellBar,
        queue.doorbell,
        queue.notificationValue,
      );
      break;
    default:
      portWrite16(queue.doorbell & 0xffff, queue.notificationValue);
  }
};

/** The available index, or where the next available descriptor goes, in the upper half. All that was added is published. §2.9 */
const ringWithData = (queue: Queue): void => {
  const next: u16 = queue.layout === QUEUE_PACKED ? packedNext(queue) : queue.published & 0xffff;
  const value: u32 = ((next << 16) | queue.notificationValue) >>> 0;
  if (queue.doorbellKind === DOORBELL_PORT16) portWrite32(queue.doorbell & 0xffff, value);
  else if (queue.doorbellKind === DOORBELL_WINDOW16) {
    windowWrite32(queue.doorbellFunction, queue.doorbellWindow, queue.doorbellBar, queue.doorbell, value);
  } else mmioWrite32(queue.doorbell, value);
};
