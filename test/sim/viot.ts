// A Virtual I/O Translation table, written from ACPI 6.5 §5.2.33.

/** A node: its type and its bytes from the fifth on. */
export interface ViotNode {
  readonly type: number;
  readonly body: readonly number[];
  /** In place of what is true. */
  readonly length?: number;
}

const HEADER_SIZE = 48;

const u16 = (value: number): number[] => [value & 0xff, value >>> 8];
const u32 = (value: number): number[] => [...u16(value & 0xffff), ...u16(value >>> 16)];
const u64 = (value: bigint): number[] => [...u32(Number(value & 0xffff_ffffn)), ...u32(Number(value >> 32n))];
const zeroes = (count: number): number[] => new Array<number>(count).fill(0);

/** Devices on PCI, of which the first is `endpoint`; `output` is where in the table their IOMMU is. */
export const pciRange = ({ endpoint = 0, first = 0, last = 0xffff, segment = 0 }, output: number): ViotNode => ({
  type: 1,
  body: [...u32(endpoint), ...u16(segment), ...u16(segment), ...u16(first), ...u16(last), ...u16(output), ...zeroes(6)],
});

/** One device whose registers are at `base`. */
export const mmioEndpoint = (endpoint: number, base: bigint, output: number): ViotNode => ({
  type: 2,
  body: [...u32(endpoint), ...u64(base), ...u16(output), ...zeroes(6)],
});

/** An IOMMU on PCI. */
export const iommuPci = (address: number, segment = 0): ViotNode => ({
  type: 3,
  body: [...u16(segment), ...u16(address), ...zeroes(8)],
});

/** An IOMMU whose registers are at `base`. */
export const iommuMmio = (base: bigint): ViotNode => ({ type: 4, body: [...zeroes(4), ...u64(base)] });

/** Returns the table; the first node is at 48. */
export const viotTable = (
  nodes: readonly ViotNode[],
  { count = nodes.length, offset = HEADER_SIZE } = {},
): Uint8Array => {
  const bodies = nodes.flatMap(({ type, body, length }) => [type, 0, ...u16(length ?? body.length + 4), ...body]);
  const header = [...zeroes(36), ...u16(count), ...u16(offset), ...zeroes(8)];
  return Uint8Array.from([...header, ...bodies]);
};
