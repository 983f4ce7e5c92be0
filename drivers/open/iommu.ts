// Opens an IOMMU, and has the devices behind it that are opened afterwards reach memory through it: the DMA memory, and nothing else.
//
//   device ── address ─▶ IOMMU ── address - shift ─▶ DMA memory          all of them are in one domain, in which that memory lies at `memoryStart`
//
// Its addresses are not those of memory: what passes the IOMMU by is seen at once. They are above 4 GiB where the IOMMU translates those, so that they are of no RAM on a small
// machine. Which devices are behind it, and their endpoints, is what ACPI says (VIOT).

import { alignUp, larger } from '../../kernel/base/bits.ts';
import { hex } from '../../kernel/base/hex.ts';
import { log } from '../../kernel/base/log.ts';
import { DeviceFailure } from '../../kernel/device/failure.ts';
import type { IommuDevice, IommuDomain, ReservedRegion } from '../../kernel/device/iommu.ts';
import { acpiTableBytes, acpiTableLength } from '../../kernel/hal/acpi.ts';
import { dmaBusAddress, dmaLength } from '../../kernel/hal/dma.ts';
import { interruptMessageAddress } from '../../kernel/hal/interrupts.ts';
import { HEADER_BRIDGE } from '../../kernel/pci/registers.ts';
import { startIommu } from '../iommu/driver.ts';
import { type DeviceLocation, endpointOf, type TranslatedRange, translatedRanges, VIOT } from '../iommu/viot.ts';
import { TYPE_IOMMU } from '../virtio/ids.ts';
import type { Live } from '../virtio/live.ts';
import { TRANSPORT_MMIO, type Transport } from '../virtio/transport/record.ts';
import { devicePlaces, deviceTree, isOpen, type OpenOptions, openNth, type Place, setTranslation } from './places.ts';

/** Which IOMMU, and how. */
export interface IommuOptions extends OpenOptions {
  /** Devices that are in no domain, as those that the program does not open, reach all memory. Default: false, they reach nothing. */
  readonly isBypass?: boolean;
}

/** An IOMMU and the domain of the devices behind it. */
export interface OpenIommu extends IommuDevice {
  /** The domain in which the devices are that are opened. */
  readonly domain: IommuDomain;
  /** Where they see the DMA memory: the address of offset 0. */
  readonly memoryStart: number;
  /** Returns the endpoint of a virtio device by the name of its place, `0000:00:02.0`; undefined where it is not behind this IOMMU. */
  endpointOf(place: string): number | undefined;
}

const FOUR_GIB = 2 ** 32;

/** Of the address in the devices' domain. */
const MEMORY_ALIGNMENT = 2 ** 21;

/** Where processors take messages of interrupts: nothing else may lie there. Intel SDM vol. 3, §11.11 */
const MESSAGES: ReservedRegion = { start: 0xfee00000, end: 0xfeefffff, kind: 'msi' };

/**
 * Opens an IOMMU, as openNth of places.ts does, before any device behind it: `invalid-argument` where one is open. Devices behind it that are opened from now on, and that
 * offer ACCESS_PLATFORM, reach the DMA memory through it.
 */
export const openIommu = (options: IommuOptions = {}): Promise<OpenIommu> =>
  openNth(TYPE_IOMMU, 'IOMMU', options, (live) => start(live, options.isBypass ?? false));

const start = async (live: Live, isBypass: boolean): Promise<OpenIommu> => {
  const ranges = readRanges(locationOf(live.transport));
  const early = devicePlaces().find((place) => endpointOfPlace(ranges, place) !== undefined && isOpen(place));
  if (early !== undefined) {
    live.state = 'failed';
    throw new DeviceFailure('invalid-argument', `${early.name} is behind the IOMMU, and open already`);
  }
  if (ranges.length === 0) log('warn', live.name, 'ACPI names nothing behind it (VIOT): it translates for none');
  const iommu = startIommu(live, isBypass);
  try {
    if (!isBypass) await attachBridges(iommu, ranges);
    return await withDomain(iommu, ranges);
  } catch (error) {
    await iommu.close();
    throw error;
  }
};

const withDomain = async (iommu: IommuDevice, ranges: readonly TranslatedRange[]): Promise<OpenIommu> => {
  const taken: ReservedRegion[] = [MESSAGES];
  for (const place of devicePlaces()) {
    const endpoint = endpointOfPlace(ranges, place);
    if (endpoint !== undefined) taken.push(...(await iommu.probe(endpoint)));
  }
  const memory: number = dmaBusAddress(0);
  const length: number = dmaLength();
  const memoryStart = freeStart(iommu, taken, memory, length);
  const domain = iommu.newDomain();
  await domain.map({ address: memoryStart, memory, length });
  const space = { iommu, domain, hasMessages: false };
  setTranslation((place) => attach(space, memoryStart, endpointOfPlace(ranges, place)));
  return {
    ...iommu,
    domain,
    memoryStart,
    endpointOf(name) {
      const place = devicePlaces().find((each) => each.name === name);
      return place === undefined ? undefined : endpointOfPlace(ranges, place);
    },
    close: () => close(iommu, ranges),
  };
};

/** A domain whose devices send messages of interrupts. */
interface Space {
  readonly iommu: IommuDevice;
  readonly domain: IommuDomain;
  /** The place of messages is mapped: some device needs it. */
  hasMessages: boolean;
}

/** Attaches a device that is to be opened. Returns what is to be added to addresses of memory for it: 0 where it is not behind the IOMMU. */
const attach = async (space: Space, memoryStart: number, endpoint: number | undefined): Promise<number> => {
  if (endpoint === undefined) return 0;
  const regions = await space.iommu.probe(endpoint);
  checkFree(regions, memoryStart);
  await join(space, endpoint, regions);
  return memoryStart - dmaBusAddress(0);
};

/** Lets the bridges behind it send the messages of their slots, and nothing else: they are in a domain without memory. */
const attachBridges = async (iommu: IommuDevice, ranges: readonly TranslatedRange[]): Promise<void> => {
  const tree = deviceTree();
  let space: Space | undefined;
  for (let i = 0; i < tree.count; i++) {
    const address: number = tree.functions[i].address;
    const endpoint = endpointOf(ranges, { isPci: true, address });
    if (endpoint === undefined || tree.functions[i].headerLayout !== HEADER_BRIDGE) continue;
    space ??= { iommu, domain: iommu.newDomain(), hasMessages: false };
    await join(space, endpoint, await iommu.probe(endpoint));
  }
};

const join = async (space: Space, endpoint: number, regions: readonly ReservedRegion[]): Promise<void> => {
  const { iommu, domain } = space;
  const message = interruptMessageAddress();
  const passesMessages = regions.some(({ kind, start, end }) => kind === 'msi' && start <= message && message <= end);
  if (!passesMessages && !space.hasMessages && message !== 0) {
    await domain.map(messageMapping(iommu, message));
    space.hasMessages = true;
  }
  await domain.attach(endpoint);
};

/** A device that came later may have regions that nobody knew of when the memory was given its place. */
const checkFree = (regions: readonly ReservedRegion[], memoryStart: number): void => {
  const met = regions.find(({ start, end }) => start < memoryStart + dmaLength() && memoryStart <= end);
  if (met === undefined) return;
  const message = `0x${hex(met.start, 1)} to 0x${hex(met.end, 1)} is reserved for it, where the memory is`;
  throw new DeviceFailure('unsupported', message);
};

/** Where an IOMMU does not pass messages on by itself, they are written to the address that they have. */
const messageMapping = ({ pageLength, featureNames }: IommuDevice, message: number) => {
  const address = Math.floor(message / pageLength) * pageLength;
  const isMmio = featureNames.includes('MMIO');
  return { address, memory: address, length: pageLength, mayRead: false, mayWrite: true, isMmio };
};

const close = async (iommu: IommuDevice, ranges: readonly TranslatedRange[]): Promise<void> => {
  const user = devicePlaces().find((place) => endpointOfPlace(ranges, place) !== undefined && isOpen(place));
  if (user !== undefined) throw new DeviceFailure('invalid-argument', `${user.name} is behind the IOMMU, and open`);
  setTranslation(undefined);
  await iommu.close();
};

/** Returns where `length` bytes are free of `taken`: above the address that they have in memory, and above 4 GiB if possible. Throws a DeviceFailure. */
const freeStart = (
  { inputStart, inputEnd, pageLength }: IommuDevice,
  taken: readonly ReservedRegion[],
  memory: number,
  length: number,
): number => {
  const lowest = larger(inputStart, memory + pageLength);
  const alignment = larger(pageLength, MEMORY_ALIGNMENT);
  for (const from of [larger(lowest, FOUR_GIB), lowest]) {
    const start = behindTaken(taken, alignUp(from, alignment), length, alignment);
    if (start + length - 1 <= inputEnd) return start;
  }
  const message = `${length} bytes have no place behind 0x${hex(lowest, 1)}: it translates up to 0x${hex(inputEnd, 1)}`;
  throw new DeviceFailure('unsupported', message);
};

/** Returns the first start from `from` on at which `length` bytes meet no region. Ends: each step leaves one behind. */
const behindTaken = (taken: readonly ReservedRegion[], from: number, length: number, alignment: number): number => {
  let start = from;
  for (let step = 0; step < taken.length; step++) {
    const met = taken.find((region) => region.start < start + length && start <= region.end);
    if (met === undefined) break;
    if (met.end === Number.MAX_SAFE_INTEGER) return met.end;
    start = alignUp(met.end + 1, alignment);
  }
  return start;
};

/** Returns what ACPI says of the devices behind an IOMMU. */
const readRanges = (iommu: DeviceLocation): TranslatedRange[] => {
  const table = new Uint8Array(acpiTableLength(VIOT));
  if (table.length > 0) acpiTableBytes(VIOT, table);
  return translatedRanges(table, iommu);
};

/** Returns the endpoint of the device at a place; undefined where that is not behind the IOMMU, or an IOMMU itself. */
const endpointOfPlace = (ranges: readonly TranslatedRange[], place: Place): number | undefined => {
  const { type, transport, pciFunction } = place;
  if (type === TYPE_IOMMU) return undefined;
  const isPci = pciFunction !== undefined;
  return endpointOf(ranges, isPci ? { isPci, address: pciFunction.address } : locationOf(transport));
};

const locationOf = (transport: Transport): DeviceLocation => {
  const isPci = transport.kind !== TRANSPORT_MMIO;
  return { isPci, address: isPci ? transport.pciAddress : transport.address };
};
