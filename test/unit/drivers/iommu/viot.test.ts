import { describe, expect, it } from 'vitest';
import { endpointOf, translatedRanges } from '../../../../drivers/iommu/viot.ts';
import { iommuMmio, iommuPci, mmioEndpoint, pciRange, type ViotNode, viotTable } from '../../../sim/viot.ts';

// An IOMMU is 16 bytes long, what it translates for 24: the IOMMU is first, at 48.
const IOMMU = { isPci: true, address: 0x08 };
const FIRST = 48;

const endpoints = (nodes: readonly ViotNode[], options = {}) => {
  const table = viotTable(nodes, options);
  return (isPci: boolean, address: number, iommu = IOMMU) =>
    endpointOf(translatedRanges(table, iommu), { isPci, address });
};

describe('the table of what is behind an IOMMU', () => {
  it('names ranges of functions, which are endpoints in their order', () => {
    const of = endpoints([iommuPci(0x08), pciRange({ endpoint: 100, first: 0x10, last: 0x20 }, FIRST)]);
    expect([0x0f, 0x10, 0x18, 0x20, 0x21].map((address) => of(true, address))).toEqual([
      undefined,
      100,
      108,
      116,
      undefined,
    ]);
    expect([of(false, 0x18), of(true, 0x18, { isPci: true, address: 0x09 })]).toEqual([undefined, undefined]);
  });

  it('names devices that are not on PCI, and IOMMUs that are not', () => {
    const nodes = [iommuMmio(0xfeb0_0000n), mmioEndpoint(7, 0xfeb0_0e00n, FIRST), pciRange({}, FIRST)];
    const of = endpoints(nodes);
    const iommu = { isPci: false, address: 0xfeb0_0000 };
    expect([of(false, 0xfeb0_0e00, iommu), of(false, 0xfeb0_0c00, iommu), of(true, 0x18, iommu)]).toEqual([
      7,
      undefined,
      0x18,
    ]);
    expect(of(true, 0x18)).toBeUndefined();
  });

  it('may name the IOMMU behind what it translates for', () => {
    expect(endpoints([pciRange({}, FIRST + 24), iommuPci(0x08)])(true, 0x18)).toBe(0x18);
  });

  it('leaves other segments out', () => {
    expect(endpoints([iommuPci(0x08), pciRange({ segment: 1 }, FIRST)])(true, 0x18)).toBeUndefined();
    expect(endpoints([iommuPci(0x08, 1), pciRange({}, FIRST)])(true, 0x18)).toBeUndefined();
  });

  it.each<[string, ViotNode[], object]>([
    ['an output beyond the table', [iommuPci(0x08), pciRange({}, 0xffff)], {}],
    ['an output in the header', [iommuPci(0x08), pciRange({}, 8)], {}],
    ['an output that is no IOMMU', [iommuPci(0x08), pciRange({}, FIRST + 16)], {}],
    ['a range that ends before it begins', [iommuPci(0x08), pciRange({ first: 0x20, last: 0x10 }, FIRST)], {}],
    ['a node of no length', [{ ...iommuPci(0x08), length: 0 }, pciRange({}, FIRST)], {}],
    ['a node that is too short', [iommuPci(0x08), { ...pciRange({}, FIRST), length: 16 }], {}],
    ['a node beyond the end', [iommuPci(0x08), { ...pciRange({}, FIRST), length: 25 }], {}],
    ['no nodes', [iommuPci(0x08), pciRange({}, FIRST)], { count: 0 }],
    ['nodes in the header', [iommuPci(0x08), pciRange({}, FIRST)], { offset: 0 }],
    ['nodes beyond the end', [iommuPci(0x08), pciRange({}, FIRST)], { offset: 0xfff0 }],
  ])('that has %s says nothing there', (_, nodes, options) => {
    expect(endpoints(nodes, options)(true, 0x18)).toBeUndefined();
  });

  it('with more nodes said than are there ends with them', () => {
    expect(endpoints([iommuPci(0x08), pciRange({}, FIRST)], { count: 0xffff })(true, 0x18)).toBe(0x18);
  });

  it.each([0, 10, 47])('of %i bytes is none', (length) => {
    expect(translatedRanges(new Uint8Array(length), IOMMU)).toEqual([]);
  });
});
