// Wrong calls of devices that are about memory: balloon, memory, persistent memory, IOMMU.

import type { BalloonDevice } from '../../kernel/device/balloon.ts';
import type { IommuDevice, IommuDomain } from '../../kernel/device/iommu.ts';
import type { MemoryDevice } from '../../kernel/device/memory.ts';
import type { PersistentMemory } from '../../kernel/device/pmem.ts';
import {
  ends,
  listens,
  noCount,
  noNumber,
  outOfRange,
  type RightCall,
  returned,
  right,
  type Table,
  wrong,
} from './table.ts';

export interface BalloonBag {
  readonly balloon: BalloonDevice;
}

/** A balloon: nothing that it is asked has an argument that could be wrong. */
export const BALLOON: Table<BalloonBag> = {
  name: 'a balloon',
  close: ({ balloon }) => balloon.close(),
  calls: [
    returned('balloon.statistics', ({ balloon }) => balloon.statistics()),
    right('balloon.follow', ({ balloon }) => balloon.follow(true), 'closed', 'returned'),
    right('balloon.settled', ({ balloon }) => balloon.settled()),
    listens('balloon.onChange', ({ balloon }) => balloon.onChange(() => {})()),
    ends('balloon.close', ({ balloon }) => balloon.close()),
  ],
  wrong: [],
};

export interface MemoryBag {
  readonly memory: MemoryDevice;
}

/** Memory that comes and goes. */
export const MEMORY: Table<MemoryBag> = {
  name: 'a memory device',
  close: ({ memory }) => memory.close(),
  calls: [
    returned('memory.statistics', ({ memory }) => memory.statistics()),
    right('memory.follow', ({ memory }) => memory.follow(true), 'closed', 'returned'),
    right('memory.settled', ({ memory }) => memory.settled()),
    right('memory.stateOf', ({ memory }) => memory.stateOf(0, 1)),
    listens('memory.onChange', ({ memory }) => memory.onChange(() => {})()),
    ends('memory.close', ({ memory }) => memory.close()),
  ],
  wrong: [
    ...outOfRange('memory.stateOf from', ({ memory }: MemoryBag, first) => memory.stateOf(first, 1)),
    ...outOfRange('memory.stateOf of', ({ memory }: MemoryBag, count) => memory.stateOf(0, count)),
    wrong('memory.stateOf of nothing', 'out-of-range', ({ memory }) => memory.stateOf(0, 0)),
  ],
};

export interface PmemBag {
  readonly pmem: PersistentMemory;
}

const array = new Uint8Array(8);

const pmemCalls: readonly RightCall<PmemBag>[] = [
  right('pmem.read', ({ pmem }) => pmem.read(0, 8), 'closed', 'returned'),
  right('pmem.readInto', ({ pmem }) => pmem.readInto(0, array), 'closed', 'returned'),
  right('pmem.write', ({ pmem }) => pmem.write(0, array), 'closed', 'returned'),
  right('pmem.flush', ({ pmem }) => pmem.flush()),
  ends('pmem.close', ({ pmem }) => pmem.close()),
];

/** Persistent memory, which throws at once. */
export const PMEM: Table<PmemBag> = {
  name: 'a persistent memory',
  close: ({ pmem }) => pmem.close(),
  calls: pmemCalls,
  wrong: [
    ...noCount('pmem.read from', ({ pmem }: PmemBag, offset) => pmem.read(offset, 1)),
    ...noCount('pmem.read of', ({ pmem }: PmemBag, length) => pmem.read(0, length)),
    ...noCount('pmem.readInto from', ({ pmem }: PmemBag, offset) => pmem.readInto(offset, array)),
    ...noCount('pmem.write from', ({ pmem }: PmemBag, offset) => pmem.write(offset, array)),
    wrong('pmem.read beyond the end', 'out-of-range', ({ pmem }) => pmem.read(pmem.lengthBytes, 1)),
    wrong('pmem.read of more than there is', 'out-of-range', ({ pmem }) => pmem.read(0, pmem.lengthBytes + 1)),
    wrong('pmem.readInto beyond the end', 'out-of-range', ({ pmem }) => pmem.readInto(pmem.lengthBytes - 7, array)),
    wrong('pmem.write beyond the end', 'out-of-range', ({ pmem }) => pmem.write(pmem.lengthBytes - 7, array)),
  ],
};

export interface IommuBag {
  readonly iommu: IommuDevice;
  readonly domain: IommuDomain;
  /** The numbers of devices behind it, of which the first is in the domain. */
  readonly endpoint: number;
  readonly other: number;
}

const PAGE = 4096;
const AT = 0x1_0000_0000;

/** An IOMMU and a domain, in which nothing is. */
export const IOMMU: Table<IommuBag> = {
  name: 'an IOMMU',
  close: ({ iommu }) => iommu.close(),
  calls: [
    right('domain.attach', ({ domain, other }) => domain.attach(other)),
    right('domain.map', ({ domain }) => domain.map({ address: 2 * AT, memory: 0, length: PAGE })),
    right('domain.unmap', ({ domain }) => domain.unmap(2 * AT, PAGE)),
    right('domain.detach', ({ domain, endpoint }) => domain.detach(endpoint)),
    right('iommu.probe', ({ iommu, endpoint }) => iommu.probe(endpoint)),
    right('iommu.newDomain', ({ iommu }) => iommu.newDomain(), 'closed', 'returned'),
    listens('iommu.onFault', ({ iommu }) => iommu.onFault(() => {})),
    ends('iommu.close', ({ iommu }) => iommu.close()),
  ],
  wrong: [
    ...noNumber('iommu.probe', 'invalid-argument', ({ iommu }: IommuBag, endpoint) => iommu.probe(endpoint)),
    ...noNumber('domain.attach', 'invalid-argument', ({ domain }: IommuBag, endpoint) => domain.attach(endpoint)),
    ...noNumber('domain.detach', 'invalid-argument', ({ domain }: IommuBag, endpoint) => domain.detach(endpoint)),
    wrong('domain.detach of who is not in it', 'invalid-argument', ({ domain, other }) => domain.detach(other)),
    ...noCount('domain.map at', ({ domain }: IommuBag, address) => domain.map({ address, memory: 0, length: PAGE })),
    ...noCount('domain.map of', ({ domain }: IommuBag, memory) => domain.map({ address: AT, memory, length: PAGE })),
    ...noCount('domain.map of length', ({ domain }: IommuBag, length) =>
      domain.map({ address: AT, memory: 0, length }),
    ),
    wrong('domain.map at half a page', 'misaligned', ({ domain }) =>
      domain.map({ address: AT + 2048, memory: 0, length: PAGE }),
    ),
    wrong('domain.map of half a page', 'misaligned', ({ domain }) =>
      domain.map({ address: AT, memory: 0, length: 2048 }),
    ),
    ...noCount('domain.unmap at', ({ domain }: IommuBag, address) => domain.unmap(address, PAGE)),
    ...noCount('domain.unmap of', ({ domain }: IommuBag, length) => domain.unmap(AT, length)),
  ],
};
