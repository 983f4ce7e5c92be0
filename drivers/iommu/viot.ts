// The Virtual I/O Translation table of ACPI: which devices are behind which IOMMU, and by which endpoint each is known to it. ACPI 6.5 §5.2.33.
//
//   header │ node count, offset of the first │ … │ node { type, length, … } │ node │ …          PCI range, MMIO endpoint ─ output node ─▶ an IOMMU
//
// QEMU's q35 has one when it has a virtio-iommu-pci. Firmware wrote it: every length and offset is checked, and a node that does not hold counts as absent.

import { HIGH_WORD_LIMIT, joinWords } from '../../kernel/base/bits.ts';

/** The table's signature: "VIOT". */
export const VIOT: number = 0x544f4956;

const NODE_COUNT = 36;
const NODE_OFFSET = 38;
const HEADER_SIZE = 48;

// Types of nodes, and their fields.
const NODE_TYPE = 0;
const NODE_LENGTH = 2;
const NODE_PCI_RANGE = 1;
const NODE_MMIO_ENDPOINT = 2;
const NODE_IOMMU_PCI = 3;
const NODE_IOMMU_MMIO = 4;
const NODE_SIZE_MIN = 16;
const ENDPOINT_SIZE = 24;

/** Where a device is: a function on PCI (bus << 8 | device << 3 | function), or the address of its registers. */
export interface DeviceLocation {
  readonly isPci: boolean;
  readonly address: number;
}

/** Devices from `first` to `last` inclusive, of which the first is known as `endpoint`, and so on. */
export interface TranslatedRange {
  readonly isPci: boolean;
  readonly first: number;
  readonly last: number;
  readonly endpoint: number;
}

/** Returns what a table, its header with it, says of the devices behind an IOMMU. PCI segments other than 0 are left out. */
export const translatedRanges = (table: Uint8Array, iommu: DeviceLocation): TranslatedRange[] => {
  if (table.length < HEADER_SIZE) return [];
  const view = new DataView(table.buffer, table.byteOffset, table.length);
  const ranges: TranslatedRange[] = [];
  let at = view.getUint16(NODE_OFFSET, true);
  for (let left = view.getUint16(NODE_COUNT, true); left > 0 && holdsNode(view, at); left--) {
    const range = rangeAt(view, at, iommu);
    if (range !== undefined) ranges.push(range);
    at += view.getUint16(at + NODE_LENGTH, true);
  }
  return ranges;
};

/** Returns the endpoint by which the IOMMU knows a device; undefined where it does not translate for it. */
export const endpointOf = (ranges: readonly TranslatedRange[], device: DeviceLocation): number | undefined => {
  for (const { isPci, first, last, endpoint } of ranges) {
    if (isPci === device.isPci && first <= device.address && device.address <= last)
      return endpoint + device.address - first;
  }
  return undefined;
};

const holdsNode = (view: DataView, at: number): boolean => {
  if (at < HEADER_SIZE || at + NODE_SIZE_MIN > view.byteLength) return false;
  const length = view.getUint16(at + NODE_LENGTH, true);
  return length >= NODE_SIZE_MIN && at + length <= view.byteLength;
};

const rangeAt = (view: DataView, at: number, wanted: DeviceLocation): TranslatedRange | undefined => {
  const type = view.getUint8(at + NODE_TYPE);
  if (type !== NODE_PCI_RANGE && type !== NODE_MMIO_ENDPOINT) return undefined;
  if (view.getUint16(at + NODE_LENGTH, true) < ENDPOINT_SIZE) return undefined;
  const iommu = iommuAt(view, view.getUint16(at + 16, true));
  if (iommu === undefined || iommu.isPci !== wanted.isPci || iommu.address !== wanted.address) return undefined;
  const endpoint = view.getUint32(at + 4, true);
  if (type === NODE_MMIO_ENDPOINT) {
    const address = addressAt(view, at + 8);
    return address === undefined ? undefined : { isPci: false, first: address, last: address, endpoint };
  }
  const segment = view.getUint16(at + 8, true);
  const first = view.getUint16(at + 12, true);
  const last = view.getUint16(at + 14, true);
  return segment !== 0 || first > last ? undefined : { isPci: true, first, last, endpoint };
};

const iommuAt = (view: DataView, at: number): DeviceLocation | undefined => {
  if (!holdsNode(view, at)) return undefined;
  const type = view.getUint8(at + NODE_TYPE);
  if (type === NODE_IOMMU_PCI) {
    const segment = view.getUint16(at + 4, true);
    return segment === 0 ? { isPci: true, address: view.getUint16(at + 6, true) } : undefined;
  }
  const address = type === NODE_IOMMU_MMIO ? addressAt(view, at + 8) : undefined;
  return address === undefined ? undefined : { isPci: false, address };
};

const addressAt = (view: DataView, at: number): number | undefined => {
  const high = view.getUint32(at + 4, true);
  return high >= HIGH_WORD_LIMIT ? undefined : joinWords(view.getUint32(at, true), high);
};
