'use machine';
// Shared-memory regions: memory of the device that the driver may map. VIRTIO 1.2 §2.10, §4.1.4.7, §4.2.2.
//
// They may have gigabytes, so a region is mapped only when a driver asks, and only as much of it as it asks for.

import { HIGH_WORD_LIMIT, joinWords } from '../../../kernel/base/bits.ts';
import type { bool, MmioOffset, PhysicalAddress, u8, u32, u53 } from '../../../kernel/base/machine.ts';
import { MMIO_MAP_FAILED, mmioMap, mmioRead32, mmioWrite32 } from '../../../kernel/hal/mmio.ts';
import { FAULT_SHARED_MEMORY_MAP, FAULT_SHARED_MEMORY_MISSING, setFault } from './fault.ts';
import { MMIO_SHM_BASE, MMIO_SHM_LENGTH, MMIO_SHM_SELECT } from './mmio-registers.ts';
import { TRANSPORT_MMIO, TRANSPORT_PCI, type Transport } from './record.ts';

/** One region. */
export class SharedMemory {
  id: u8 = 0;
  address: PhysicalAddress = 0;
  /** Bytes. */
  length: u53 = 0;
  /** Where its start is in the MMIO window, and how many bytes of it: 0 before mapSharedMemory. */
  mapped: MmioOffset = 0;
  mappedLength: u32 = 0;
}

/** Finds region `id`, whose meaning the type of device defines. False when the device has none. Nothing is mapped yet. */
export const sharedMemory = (transport: Transport, id: u8, out: SharedMemory): bool => {
  out.id = id;
  out.mapped = 0;
  out.mappedLength = 0;
  const isFound: bool = transport.kind === TRANSPORT_MMIO ? readSelected(transport, out) : findListed(transport, out);
  return isFound || setFault(transport.fault, FAULT_SHARED_MEMORY_MISSING, id, 0, 0);
};

/** Maps the first `length` bytes of a region, for ever. False when the MMIO window has no room for them. */
export const mapSharedMemory = (transport: Transport, region: SharedMemory, length: u32): bool => {
  const mapped: MmioOffset = length <= region.length ? mmioMap(region.address, length) : MMIO_MAP_FAILED;
  if (mapped === MMIO_MAP_FAILED) {
    setFault(transport.fault, FAULT_SHARED_MEMORY_MAP, region.id, region.address, length);
    return false;
  }
  region.mapped = mapped;
  region.mappedLength = length;
  return true;
};

/** PCI: the regions were noted when the transport was opened. The first of an id counts: there must be no second. */
const findListed = (transport: Transport, out: SharedMemory): bool => {
  if (transport.kind !== TRANSPORT_PCI) return false;
  for (let i: u32 = 0; i < transport.sharedCount; i++) {
    if (transport.shared[i].id !== out.id) continue;
    out.address = transport.shared[i].address;
    out.length = transport.shared[i].length;
    return true;
  }
  return false;
};

/** virtio-mmio: a length of all ones means that there is no such region. One beyond 2^53 is none that we could reach. */
const readSelected = (transport: Transport, out: SharedMemory): bool => {
  mmioWrite32(transport.registers + MMIO_SHM_SELECT, out.id);
  const lengthLow: u32 = mmioRead32(transport.registers + MMIO_SHM_LENGTH);
  const lengthHigh: u32 = mmioRead32(transport.registers + MMIO_SHM_LENGTH + 4);
  const baseLow: u32 = mmioRead32(transport.registers + MMIO_SHM_BASE);
  const baseHigh: u32 = mmioRead32(transport.registers + MMIO_SHM_BASE + 4);
  if (lengthHigh >= HIGH_WORD_LIMIT / 2 || baseHigh >= HIGH_WORD_LIMIT / 2) return false;
  out.address = joinWords(baseLow, baseHigh);
  out.length = joinWords(lengthLow, lengthHigh);
  return out.length !== 0;
};
