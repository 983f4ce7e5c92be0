'use machine';
// How a device comes up. VIRTIO 1.2 §3.1.1, step by step. Every boot does it for each device.
//
//   begin (1 to 6) ──► the driver's own set-up (7): configuration, queues ──► finish (8)
//
// The order of things is here and nowhere else. Whatever goes wrong, the device is given up and the transport's fault says at which step. A driver
// whose own step fails calls giveUp of reset.ts. Nothing is sent to the device before `finish` has returned true.

import type { bool, u8, u32 } from '../../kernel/base/machine.ts';
import { dropUnsatisfied } from './feature-rules.ts';
import {
  addFeature,
  FEATURE_ACCESS_PLATFORM,
  FEATURE_ANY_LAYOUT,
  FEATURE_NOTIF_CONFIG_DATA,
  FEATURE_NOTIFICATION_DATA,
  FEATURE_ORDER_PLATFORM,
  FEATURE_RING_RESET,
  FEATURE_VERSION_1,
  FEATURE_WORD_COUNT,
  FEATURE_WORD_COUNT_COMMON,
  type Features,
  removeFeature,
} from './features.ts';
import { giveUp, resetDevice } from './reset.ts';
import {
  STATUS_ACKNOWLEDGE,
  STATUS_DEVICE_NEEDS_RESET,
  STATUS_DRIVER,
  STATUS_DRIVER_OK,
  STATUS_FEATURES_OK,
} from './status.ts';
import {
  FAULT_FEATURES_MISSING,
  FAULT_FEATURES_REFUSED,
  FAULT_NEEDS_RESET,
  FAULT_NONE,
  FAULT_NOT_DRIVER_OK,
  setFault,
} from './transport/fault.ts';
import { writeMmioPageSize } from './transport/mmio.ts';
import {
  COMMON_LENGTH_NOTIF_CONFIG_DATA,
  COMMON_LENGTH_RING_RESET,
  NOTIFICATION_DATA_SIZE,
} from './transport/pci-registers.ts';
import { isLegacy, TRANSPORT_MMIO_LEGACY, TRANSPORT_PCI, type Transport } from './transport/record.ts';
import {
  featureWordCount,
  readDeviceFeatures,
  readStatus,
  setDma,
  writeDriverFeatures,
  writeStatus,
} from './transport/transport.ts';

/** The step of the driver's own, for faults that it finds. */
export const STEP_SET_UP: u8 = 7;

/** The step of faults that come up in a device that works. */
export const STEP_LIVE: u8 = 9;

/**
 * Steps 1 to 6: resets the device and agrees on features. `wanted` are those that the driver can use; what it cannot do without it puts into the
 * transport's `required` before. VERSION_1 and what the transport itself understands are added here. Returns with `accepted` filled, or false.
 */
export const begin = (transport: Transport, wanted: Features): bool => {
  // 1. Reset the device. Firmware may have driven it, so it is not allowed to reach our memory before it has forgotten its queues.
  transport.fault.step = 1;
  if (!resetDevice(transport)) return fails(transport);
  setDma(transport, true);

  // 2. The guest has noticed the device.
  addStatus(transport, STATUS_ACKNOWLEDGE);

  // 3. The guest knows how to drive it.
  addStatus(transport, STATUS_DRIVER);

  // 4. Read what the device offers, write the part that is understood.
  transport.fault.step = 4;
  readOffered(transport, wanted);
  if (!choose(transport, wanted)) return fails(transport);
  writeAccepted(transport);
  if (transport.kind === TRANSPORT_MMIO_LEGACY) writeMmioPageSize(transport);

  // Devices from before VIRTIO 1.0 do not know the next two steps. §3.1.2
  if (!isLegacy(transport)) {
    // 5. No more feature bits are accepted from here on.
    addStatus(transport, STATUS_FEATURES_OK);

    // 6. The device takes the bit back when it cannot work with the features chosen.
    transport.fault.step = 6;
    const status: u8 = readStatus(transport);
    if ((status & STATUS_FEATURES_OK) === 0) {
      setFault(transport.fault, FAULT_FEATURES_REFUSED, 0, status, 0);
      return fails(transport);
    }
  }
  transport.fault.step = STEP_SET_UP;
  return true;
};

/** Step 8: the device is live. False when it says at once that it is not. */
export const finish = (transport: Transport): bool => {
  transport.fault.step = 8;
  addStatus(transport, STATUS_DRIVER_OK);
  if (needsReset(transport)) return fails(transport);
  setFault(transport.fault, FAULT_NONE, 0, 0, 0);
  transport.fault.step = STEP_LIVE;
  return true;
};

/** Returns whether the device has met an error from which only a reset brings it back, or was reset behind our back. Drivers ask when in doubt. §2.1.2 */
export const needsReset = (transport: Transport): bool => {
  const status: u8 = readStatus(transport);
  if ((status & STATUS_DEVICE_NEEDS_RESET) !== 0) return !setFault(transport.fault, FAULT_NEEDS_RESET, 0, status, 0);
  return (status & STATUS_DRIVER_OK) === 0 && !setFault(transport.fault, FAULT_NOT_DRIVER_OK, 0, status, 0);
};

/** Sets status bits. The driver never clears one, other than by a reset. §2.1.1 */
const addStatus = (transport: Transport, bits: u8): void => writeStatus(transport, readStatus(transport) | bits);

/** Gives the device up after a step that failed. */
const fails = (transport: Transport): bool => {
  giveUp(transport);
  return false;
};

/** Reads the features that every device has, and those of VIRTIO 1.4 where the driver could use one. */
const readOffered = (transport: Transport, wanted: Features): void => {
  for (let word: u32 = 0; word < FEATURE_WORD_COUNT; word++) {
    const isOfUse: bool =
      word < FEATURE_WORD_COUNT_COMMON || wanted.words[word] !== 0 || transport.required.words[word] !== 0;
    transport.offered.words[word] = isOfUse ? readDeviceFeatures(transport, word) : 0;
  }
};

/** Fills `accepted` with what is offered and wanted. False when something required is not among it. */
const choose = (transport: Transport, wanted: Features): bool => {
  if (!isLegacy(transport)) addFeature(transport.required, FEATURE_VERSION_1); // Without it the device is a legacy one. §6.1
  for (let word: u32 = 0; word < FEATURE_WORD_COUNT; word++) {
    const understood: u32 = (wanted.words[word] | transport.required.words[word] | ofTransport(transport, word)) >>> 0;
    transport.accepted.words[word] = (transport.offered.words[word] & understood) >>> 0;
  }
  dropUnusable(transport);
  dropUnsatisfied(transport.accepted, transport.deviceType);

  let missing: u32 = 0;
  for (let word: u32 = 0; word < FEATURE_WORD_COUNT; word++) {
    transport.missing.words[word] = (transport.required.words[word] & ~transport.accepted.words[word]) >>> 0;
    missing = (missing | transport.missing.words[word]) >>> 0;
  }
  return missing === 0 || setFault(transport.fault, FAULT_FEATURES_MISSING, 0, 0, 0);
};

/**
 * Returns what the transport understands by itself, for word `word`. Our memory is where the device sees it, with or without ACCESS_PLATFORM, and
 * our fences are those for hardware, so ORDER_PLATFORM is kept by all drivers. §6.1 A legacy device may say that it does not mind how requests are
 * divided: no driver divides them in a way that it could. §6.3
 */
const ofTransport = (transport: Transport, word: u32): u32 => {
  if (isLegacy(transport)) return word === 0 ? LEGACY_FEATURES : 0;
  return word === 1 ? TRANSPORT_FEATURES : 0;
};

/** As bits of word 0. */
const LEGACY_FEATURES: u32 = 1 << FEATURE_ANY_LAYOUT;

/** As bits of word 1. */
const TRANSPORT_FEATURES: u32 =
  (1 << (FEATURE_VERSION_1 - 32)) |
  (1 << (FEATURE_ACCESS_PLATFORM - 32)) |
  (1 << (FEATURE_ORDER_PLATFORM - 32)) |
  (1 << (FEATURE_NOTIFICATION_DATA - 32)) |
  (1 << (FEATURE_NOTIF_CONFIG_DATA - 32)) |
  (1 << (FEATURE_RING_RESET - 32));

/** Takes out the features for which the device's registers have no room, before it is told of them. §4.1.4.3, §4.1.4.4 */
const dropUnusable = (transport: Transport): void => {
  const accepted: Features = transport.accepted;
  if (transport.kind !== TRANSPORT_PCI) {
    removeFeature(accepted, FEATURE_NOTIF_CONFIG_DATA); // A register of PCI alone.
    return;
  }
  if (transport.common.length < COMMON_LENGTH_NOTIF_CONFIG_DATA) removeFeature(accepted, FEATURE_NOTIF_CONFIG_DATA);
  if (transport.common.length < COMMON_LENGTH_RING_RESET) removeFeature(accepted, FEATURE_RING_RESET);
  if (!hasRoomForData(transport)) removeFeature(accepted, FEATURE_NOTIFICATION_DATA);
};

/** Returns whether notifications of 32 bits have a place: the region and every step in it are multiples of 4. §4.1.4.4.1 */
const hasRoomForData = (transport: Transport): bool =>
  transport.notify.length >= NOTIFICATION_DATA_SIZE &&
  transport.notify.address % NOTIFICATION_DATA_SIZE === 0 &&
  transport.notify.multiplier % NOTIFICATION_DATA_SIZE === 0;

/** Writes what was chosen. Words that a device may not have are written only where they say something. */
const writeAccepted = (transport: Transport): void => {
  const count: u32 = featureWordCount(transport);
  for (let word: u32 = 0; word < count; word++) {
    const bits: u32 = transport.accepted.words[word];
    if (word < FEATURE_WORD_COUNT_COMMON || bits !== 0) writeDriverFeatures(transport, word, bits);
  }
};
