'use machine';
// What each queue was doing when the machine stopped: a line of the panic.
//
//   0000:00:02.0 virtio-blk queue 0: 3 of 128 in flight, 17 sent, 14 back, 9 notifications

import type { bool, MmioOffset, u8, u32, u53 } from '../../../kernel/base/machine.ts';
import { panicWrite, panicWriteHex, panicWriteNumber } from '../../../kernel/hal/panic.ts';
import {
  TYPE_9P,
  TYPE_BALLOON,
  TYPE_BLOCK,
  TYPE_CONSOLE,
  TYPE_CRYPTO,
  TYPE_ENTROPY,
  TYPE_GPU,
  TYPE_INPUT,
  TYPE_IOMMU,
  TYPE_MEM,
  TYPE_NET,
  TYPE_PMEM,
  TYPE_RTC,
  TYPE_SCSI,
  TYPE_SOUND,
  TYPE_VSOCK,
} from '../ids.ts';
import {
  TRANSPORT_MMIO,
  TRANSPORT_MMIO_LEGACY,
  TRANSPORT_PCI,
  TRANSPORT_PCI_LEGACY,
  type Transport,
} from '../transport/record.ts';
import { DOORBELL_PORT16, DOORBELL_WINDOW16, type Queue } from './record.ts';
import { countWithDevice } from './slots.ts';

/** Where the registers of a virtio-mmio device end. §4.2.2 */
const MMIO_LENGTH: u32 = 0x100;
/** The ports of a legacy device that all of them have. §4.1.4.10 */
const PORT_COUNT: u32 = 20;

/** Says what a queue of a device was doing; nothing of one that is another device's, or none's. */
export const atPanic = (transport: Transport, queue: Queue): void => {
  if (queue.size === 0 || !isOf(transport, queue)) return;
  writeName(transport);
  panicWrite(' queue ');
  panicWriteNumber(queue.index);
  panicWrite(': ');
  panicWriteNumber(countWithDevice(queue));
  panicWrite(' of ');
  panicWriteNumber(queue.size);
  panicWrite(' in flight, ');
  panicWriteNumber(queue.published);
  panicWrite(' sent, ');
  panicWriteNumber(queue.added - queue.inFlight);
  panicWrite(' back, ');
  panicWriteNumber(queue.doorbellCount);
  panicWrite(' notifications');
  if (queue.added !== queue.published) panicWrite(', some not sent yet');
  if (queue.rekickCount !== 0) panicWrite(', some of them again');
  if (queue.interruptsAllowed) panicWrite(', waits for an interrupt');
  if (queue.broken) panicWrite(', broken');
};

/** Returns whether a queue's notifications go to this device. */
const isOf = (transport: Transport, queue: Queue): bool => {
  const doorbell: u32 = queue.doorbell;
  const kind: u8 = queue.doorbellKind;
  if (kind === DOORBELL_WINDOW16) return queue.doorbellFunction === transport.pciAddress;
  switch (transport.kind) {
    case TRANSPORT_PCI:
      return kind !== DOORBELL_PORT16 && isWithin(doorbell, transport.notify.mapped, transport.notify.length);
    case TRANSPORT_PCI_LEGACY:
      return kind === DOORBELL_PORT16 && isWithin(doorbell, transport.port, PORT_COUNT);
    default:
      return kind !== DOORBELL_PORT16 && isWithin(doorbell, transport.registers, MMIO_LENGTH);
  }
};

const isWithin = (offset: u32, start: MmioOffset, length: u53): bool => offset >= start && offset - start < length;

const writeName = (transport: Transport): void => {
  if (transport.kind === TRANSPORT_MMIO || transport.kind === TRANSPORT_MMIO_LEGACY) {
    panicWrite('mmio@0x');
    panicWriteHex(transport.address, 8);
  } else {
    const address: u32 = transport.pciAddress;
    panicWrite('0000:');
    panicWriteHex(address >>> 8, 2);
    panicWrite(':');
    panicWriteHex((address >>> 3) & 31, 2);
    panicWrite('.');
    panicWriteHex(address & 7, 1);
  }
  panicWrite(' ');
  writeType(transport.deviceType);
};

/** The names of names.ts, of devices that there are drivers for. */
const writeType = (type: u32): void => {
  switch (type) {
    case TYPE_NET:
      panicWrite('virtio-net');
      break;
    case TYPE_BLOCK:
      panicWrite('virtio-blk');
      break;
    case TYPE_CONSOLE:
      panicWrite('virtio-console');
      break;
    case TYPE_ENTROPY:
      panicWrite('virtio-rng');
      break;
    case TYPE_BALLOON:
      panicWrite('virtio-balloon');
      break;
    case TYPE_SCSI:
      panicWrite('virtio-scsi');
      break;
    case TYPE_9P:
      panicWrite('virtio-9p');
      break;
    case TYPE_GPU:
      panicWrite('virtio-gpu');
      break;
    case TYPE_RTC:
      panicWrite('virtio-rtc');
      break;
    case TYPE_INPUT:
      panicWrite('virtio-input');
      break;
    case TYPE_VSOCK:
      panicWrite('virtio-vsock');
      break;
    case TYPE_CRYPTO:
      panicWrite('virtio-crypto');
      break;
    case TYPE_IOMMU:
      panicWrite('virtio-iommu');
      break;
    case TYPE_MEM:
      panicWrite('virtio-mem');
      break;
    case TYPE_SOUND:
      panicWrite('virtio-sound');
      break;
    case TYPE_PMEM:
      panicWrite('virtio-pmem');
      break;
    default:
      panicWrite('virtio device of type ');
      panicWriteNumber(type);
  }
};
