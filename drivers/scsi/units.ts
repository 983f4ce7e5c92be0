// Logical units: what they are, how large, what they can do. SPC-5, SBC-4.
//
//   identify ──▶ INQUIRY, its pages ──▶ refresh ──▶ TEST UNIT READY, READ CAPACITY, MODE SENSE        again whenever the unit says that it has changed

import { log } from '../../kernel/base/log.ts';
import { SECTOR_SIZE } from '../../kernel/device/block.ts';
import { DeviceFailure } from '../../kernel/device/failure.ts';
import { ScsiFailure } from '../../kernel/device/scsi.ts';
import {
  CAPACITY_10_LENGTH,
  CAPACITY_16_LENGTH,
  type Capacity,
  INQUIRY_LENGTH,
  type Inquiry,
  isCachingOf,
  MODE_LENGTH,
  MODE_PAGE_CACHING,
  NO_LIMITS,
  NO_PROVISIONING,
  PAGE_BLOCK_LIMITS,
  PAGE_IDENTIFICATION,
  PAGE_LENGTH,
  PAGE_PROVISIONING,
  PAGE_SERIAL_NUMBER,
  PAGE_SUPPORTED,
  readCapacity10,
  readCapacity16,
  readIds,
  readInquiry,
  readLimits,
  readModes,
  readPage,
  readProvisioning,
  readText,
} from './answers.ts';
import {
  CDB_LENGTH,
  fillInquiry,
  fillInquiryPage,
  fillModeSense,
  fillReadCapacity10,
  fillReadCapacity16,
  fillTestUnitReady,
} from './cdbs.ts';
import { makeDisk } from './disk.ts';
import { ask } from './line.ts';
import { isNoMedium, KEY_ILLEGAL_REQUEST } from './sense.ts';
import type { Bus, Place, Unit } from './state.ts';

const EMPTY = new Uint8Array(0);

/** Has a unit answer a command with `length` bytes at most. Returns as many as it has transferred. */
export const query = async (
  bus: Bus,
  place: Place,
  unit: Unit | undefined,
  cdb: Uint8Array,
  length: number,
  signal?: AbortSignal,
): Promise<Uint8Array> => {
  const bytes = new Uint8Array(length);
  const transferred = await ask(bus, { type: 'command', place, unit, cdb, length, arrays: [bytes], signal });
  return bytes.subarray(0, transferred as number);
};

/** Returns the unit at a place. Undefined: there is none, or it cannot be read block by block. Rejects with a DeviceFailure. */
export const identify = async (bus: Bus, place: Place): Promise<Unit | undefined> => {
  const cdb = new Uint8Array(CDB_LENGTH);
  fillInquiry(cdb, INQUIRY_LENGTH);
  const inquiry = readInquiry(await query(bus, place, undefined, cdb, INQUIRY_LENGTH));
  if (inquiry === undefined) return undefined;
  if (inquiry.kind === undefined) {
    const what = `${inquiry.vendor} ${inquiry.product}, a device of type ${inquiry.type}`;
    log('info', bus.live.name, `unit ${place.target}:${place.lun} is ${what}, which is not used`);
    return undefined;
  }
  const unit = newUnit(bus, place, inquiry, inquiry.kind);
  await readPages(unit);
  await refresh(unit);
  return unit;
};

const newUnit = (bus: Bus, { target, lun }: Place, inquiry: Inquiry, kind: 'disk' | 'cd'): Unit => {
  const unit: Unit = {
    target,
    lun,
    bus,
    inquiry,
    get disk() {
      return disk;
    },
    state: 'live',
    limits: NO_LIMITS,
    provisioning: NO_PROVISIONING,
    capacity: undefined,
    caching: undefined,
    isCaching: false,
    hasSynchronizeCache16: true,
    hasWriteSame: true,
    refresh: (signal) => refresh(unit, signal),
    isRefreshing: false,
    isRefreshDue: false,
    capacityListeners: [],
    mediumListeners: [],
  };
  const disk = makeDisk(unit, kind);
  return unit;
};

/** Reads the pages of vital product data that it has. */
const readPages = async (unit: Unit): Promise<void> => {
  const supported = await pageOf(unit, PAGE_SUPPORTED);
  const read = async (page: number): Promise<Uint8Array> =>
    supported.includes(page) ? await pageOf(unit, page) : EMPTY;
  const [serialNumber, ids, limits, provisioning] = await Promise.all([
    read(PAGE_SERIAL_NUMBER),
    read(PAGE_IDENTIFICATION),
    read(PAGE_BLOCK_LIMITS),
    read(PAGE_PROVISIONING),
  ]);
  unit.disk.serialNumber = readText(serialNumber);
  unit.disk.ids = readIds(ids);
  unit.limits = readLimits(limits);
  unit.provisioning = readProvisioning(provisioning);
};

/** Returns a page; an empty one where the unit says that there is none. */
const pageOf = async (unit: Unit, page: number): Promise<Uint8Array> => {
  const cdb = new Uint8Array(CDB_LENGTH);
  fillInquiryPage(cdb, page, PAGE_LENGTH);
  try {
    return readPage(await query(unit.bus, unit, unit, cdb, PAGE_LENGTH), page) ?? EMPTY;
  } catch (error) {
    return refusalOf(error, EMPTY);
  }
};

/** Returns `value` where a unit does not know a command; throws any other error. */
const refusalOf = <T>(error: unknown, value: T): T => {
  if (error instanceof ScsiFailure && error.sense.key === KEY_ILLEGAL_REQUEST) return value;
  throw error;
};

/** Looks at what may change: medium, capacity, modes. Tells the listeners. Rejects with a DeviceFailure, and all stays as it was. */
export const refresh = async (unit: Unit, signal?: AbortSignal): Promise<void> => {
  const capacity = (await hasMedium(unit, signal)) ? await capacityOf(unit, signal) : undefined;
  if (unit.disk.kind === 'disk') await refreshModes(unit, signal);
  noteCapacity(unit, capacity);
};

const hasMedium = async (unit: Unit, signal?: AbortSignal): Promise<boolean> => {
  const cdb = new Uint8Array(CDB_LENGTH);
  fillTestUnitReady(cdb);
  return withMedium(
    query(unit.bus, unit, unit, cdb, 0, signal).then(() => true),
    false,
  );
};

/** Returns what a command gives; `none` where the unit says that it has no medium. */
const withMedium = async <T>(command: Promise<T>, none: T): Promise<T> => {
  try {
    return await command;
  } catch (error) {
    if (error instanceof ScsiFailure && isNoMedium(error.sense)) return none;
    throw error;
  }
};

const capacityOf = async (unit: Unit, signal?: AbortSignal): Promise<Capacity | undefined> => {
  const capacity = await withMedium(readCapacity(unit, signal), undefined);
  if (capacity === undefined) return undefined;
  if (capacity === 'impossible') throw new DeviceFailure('wrong-answer', 'its capacity cannot be');
  return capacity;
};

/** A disk is asked the longer way, which old ones do not know, and CDs. */
const readCapacity = async (unit: Unit, signal?: AbortSignal): Promise<Capacity | 'impossible'> => {
  if (unit.disk.kind === 'disk') {
    const cdb = new Uint8Array(CDB_LENGTH);
    fillReadCapacity16(cdb, CAPACITY_16_LENGTH);
    try {
      return readCapacity16(await query(unit.bus, unit, unit, cdb, CAPACITY_16_LENGTH, signal)) ?? 'impossible';
    } catch (error) {
      refusalOf(error, undefined);
    }
  }
  const cdb = new Uint8Array(CDB_LENGTH);
  fillReadCapacity10(cdb);
  return readCapacity10(await query(unit.bus, unit, unit, cdb, CAPACITY_10_LENGTH, signal)) ?? 'impossible';
};

/** Reads whether it may be written to, and whether it caches. A unit that does not know is asked for no more. */
const refreshModes = async (unit: Unit, signal?: AbortSignal): Promise<void> => {
  const cdb = new Uint8Array(CDB_LENGTH);
  fillModeSense(cdb, MODE_PAGE_CACHING, MODE_LENGTH);
  const bytes = await query(unit.bus, unit, unit, cdb, MODE_LENGTH, signal).catch((error) => refusalOf(error, EMPTY));
  const { isWriteProtected, caching } = readModes(bytes);
  unit.caching = caching;
  unit.isCaching = caching === undefined || isCachingOf(caching); // One that does not say may.
  unit.disk.isReadOnly = isWriteProtected;
  unit.disk.writeCache = unit.isCaching ? 'write-back' : 'write-through';
};

const noteCapacity = (unit: Unit, capacity: Capacity | undefined): void => {
  const { disk } = unit;
  const before = disk.capacitySectors;
  const hadMedium = disk.hasMedium;
  unit.capacity = capacity;
  disk.hasMedium = capacity !== undefined;
  disk.capacitySectors = capacity === undefined ? 0 : (capacity.blockCount * capacity.blockSize) / SECTOR_SIZE;
  if (capacity !== undefined) {
    disk.blockSizeBytes = capacity.blockSize;
    disk.topology = {
      physicalBlockBytes: capacity.physicalBlocks * capacity.blockSize,
      alignmentBytes: capacity.firstAlignedBlock * capacity.blockSize,
      ioBytesMin: unit.limits.transferMin * capacity.blockSize,
      ioBytesOptimal: unit.limits.transferOptimal * capacity.blockSize,
    };
  }
  if (disk.capacitySectors !== before) {
    for (const listener of unit.capacityListeners) listener(disk.capacitySectors);
  }
  if (disk.hasMedium !== hadMedium) tellMedium(unit);
};

/** Tells who listens that the medium is another one, or gone. */
const tellMedium = (unit: Unit): void => {
  for (const listener of unit.mediumListeners) listener(unit.disk.hasMedium);
};

/** Looks at a unit again that has said that something changed; once more where it says so meanwhile. `isMedium`: it was that. */
export const refreshSoon = async (unit: Unit, isMedium: boolean): Promise<void> => {
  unit.isRefreshDue = true;
  if (unit.isRefreshing) return;
  unit.isRefreshing = true;
  const had = unit.disk.hasMedium;
  while (unit.isRefreshDue && unit.state === 'live') {
    unit.isRefreshDue = false;
    try {
      await refresh(unit);
    } catch (error) {
      if (!(error instanceof DeviceFailure)) throw error;
      if (unit.state === 'live') log('warn', unit.disk.name, `it cannot be looked at again: ${error.message}`);
    }
  }
  unit.isRefreshing = false;
  if (isMedium && had && unit.disk.hasMedium) tellMedium(unit); // Another one: that it was gone between was not seen.
};
