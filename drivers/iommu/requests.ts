// The requests of an IOMMU as bytes, and what it says of a device. VIRTIO 1.2 §5.13.6.

import { HIGH_WORD_LIMIT, highWord, joinWords, lowWord } from '../../kernel/base/bits.ts';
import type { IommuMapping, ReservedRegion } from '../../kernel/device/iommu.ts';
import {
  ATTACH_BYPASS,
  ATTACH_DOMAIN,
  ATTACH_ENDPOINT,
  ATTACH_FLAGS,
  ATTACH_SIZE,
  HEAD_TYPE,
  MAP_DOMAIN,
  MAP_FLAGS,
  MAP_MMIO,
  MAP_PHYSICAL_START,
  MAP_READ,
  MAP_SIZE,
  MAP_VIRTUAL_END,
  MAP_VIRTUAL_START,
  MAP_WRITE,
  PROBE_ENDPOINT,
  PROBE_SIZE,
  PROPERTY_HEADER_SIZE,
  PROPERTY_LENGTH,
  PROPERTY_NONE,
  PROPERTY_RESERVED_MEMORY,
  PROPERTY_TYPE,
  PROPERTY_TYPE_MASK,
  RESERVED_END,
  RESERVED_SIZE,
  RESERVED_START,
  RESERVED_SUBTYPE,
  SUBTYPE_MSI,
  TYPE_ATTACH,
  TYPE_DETACH,
  TYPE_MAP,
  TYPE_PROBE,
  TYPE_UNMAP,
  UNMAP_DOMAIN,
  UNMAP_SIZE,
  UNMAP_VIRTUAL_END,
  UNMAP_VIRTUAL_START,
} from './registers.ts';

/** Returns the request that attaches an endpoint to a domain. */
export const attachRequest = (domain: number, endpoint: number, isBypass: boolean): Uint8Array => {
  const { bytes, view } = newRequest(TYPE_ATTACH, ATTACH_SIZE);
  view.setUint32(ATTACH_DOMAIN, domain, true);
  view.setUint32(ATTACH_ENDPOINT, endpoint, true);
  view.setUint32(ATTACH_FLAGS, isBypass ? ATTACH_BYPASS : 0, true);
  return bytes;
};

/** Returns the request that detaches one. */
export const detachRequest = (domain: number, endpoint: number): Uint8Array => {
  const { bytes, view } = newRequest(TYPE_DETACH, ATTACH_SIZE);
  view.setUint32(ATTACH_DOMAIN, domain, true);
  view.setUint32(ATTACH_ENDPOINT, endpoint, true);
  return bytes;
};

/** Returns the request that adds a mapping to a domain. */
export const mapRequest = (domain: number, mapping: IommuMapping): Uint8Array => {
  const { address, memory, length, mayRead = true, mayWrite = true, isMmio = false } = mapping;
  const { bytes, view } = newRequest(TYPE_MAP, MAP_SIZE);
  view.setUint32(MAP_DOMAIN, domain, true);
  setAddress(view, MAP_VIRTUAL_START, address);
  setAddress(view, MAP_VIRTUAL_END, address + length - 1);
  setAddress(view, MAP_PHYSICAL_START, memory);
  view.setUint32(MAP_FLAGS, (mayRead ? MAP_READ : 0) + (mayWrite ? MAP_WRITE : 0) + (isMmio ? MAP_MMIO : 0), true);
  return bytes;
};

/** Returns the request that removes the mappings in a range. */
export const unmapRequest = (domain: number, address: number, length: number): Uint8Array => {
  const { bytes, view } = newRequest(TYPE_UNMAP, UNMAP_SIZE);
  view.setUint32(UNMAP_DOMAIN, domain, true);
  setAddress(view, UNMAP_VIRTUAL_START, address);
  setAddress(view, UNMAP_VIRTUAL_END, address + length - 1);
  return bytes;
};

/** Returns the request that asks for the properties of an endpoint. */
export const probeRequest = (endpoint: number): Uint8Array => {
  const { bytes, view } = newRequest(TYPE_PROBE, PROBE_SIZE);
  view.setUint32(PROBE_ENDPOINT, endpoint, true);
  return bytes;
};

/**
 * Returns the reserved regions among `properties`, by their start; undefined where the list does not hold: a property beyond its end or too short, a region whose start is behind its end.
 * Properties without a meaning are passed over, and so is what lies at 2^53 and above, where nothing is mapped.
 */
export const reservedRegions = (properties: Uint8Array): ReservedRegion[] | undefined => {
  const view = new DataView(properties.buffer, properties.byteOffset, properties.length);
  const regions: ReservedRegion[] = [];
  let at = 0;
  while (at + PROPERTY_HEADER_SIZE <= properties.length) {
    const type = view.getUint16(at + PROPERTY_TYPE, true) & PROPERTY_TYPE_MASK;
    const length = PROPERTY_HEADER_SIZE + view.getUint16(at + PROPERTY_LENGTH, true);
    if (type === PROPERTY_NONE) break;
    if (at + length > properties.length) return undefined;
    if (type === PROPERTY_RESERVED_MEMORY) {
      if (length < RESERVED_SIZE) return undefined;
      const start = addressAt(view, at + RESERVED_START);
      const end = addressAt(view, at + RESERVED_END);
      if (start > end) return undefined;
      const kind = view.getUint8(at + RESERVED_SUBTYPE) === SUBTYPE_MSI ? 'msi' : 'reserved';
      if (start < Number.MAX_SAFE_INTEGER) regions.push({ start, end, kind });
    }
    at += length;
  }
  return regions.sort((left, right) => left.start - right.start);
};

const newRequest = (type: number, size: number): { bytes: Uint8Array; view: DataView } => {
  const bytes = new Uint8Array(size);
  bytes[HEAD_TYPE] = type;
  return { bytes, view: new DataView(bytes.buffer) };
};

const setAddress = (view: DataView, offset: number, address: number): void => {
  view.setUint32(offset, lowWord(address), true);
  view.setUint32(offset + 4, highWord(address), true);
};

/** Returns an address of 64 bits; for one of 2^53 or more the last below. */
const addressAt = (view: DataView, offset: number): number => {
  const high = view.getUint32(offset + 4, true);
  return high >= HIGH_WORD_LIMIT ? Number.MAX_SAFE_INTEGER : joinWords(view.getUint32(offset, true), high);
};
