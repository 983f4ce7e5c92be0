// A logical unit as those see it who use it: kernel/device/scsi.ts.

import { log } from '../../kernel/base/log.ts';
import type { DmaOffset } from '../../kernel/base/machine.ts';
import { type BlockOptions, type DmaPiece, SECTOR_SIZE, type WriteZeroesOptions } from '../../kernel/device/block.ts';
import type { BlockPlaces } from '../../kernel/device/block-places.ts';
import { type DeviceError, DeviceFailure, failureOf } from '../../kernel/device/failure.ts';
import { type ScsiDisk, ScsiFailure } from '../../kernel/device/scsi.ts';
import { readOnlyError, whyNoCount, whyOutside, whyPiecesRefused } from '../virtio/disk-requests.ts';
import { eachPlace } from '../virtio/each-place.ts';
import { addListener } from '../virtio/listeners.ts';
import { whyEnded } from '../virtio/live.ts';
import { featureNames } from '../virtio/names.ts';
import { modesWithCache } from './answers.ts';
import { CDB_LENGTH, fillModeSelect, fillSynchronizeCache } from './cdbs.ts';
import { type Asked, ask, whenDone, whyUnitEnded } from './line.ts';
import { KEY_ILLEGAL_REQUEST } from './sense.ts';
import type { Mutable, Unit } from './state.ts';

const NO_TOPOLOGY = { physicalBlockBytes: 0, alignmentBytes: 0, ioBytesMin: 0, ioBytesOptimal: 0 };

/** Returns the disk of a unit of which nothing is known but its inquiry. */
export const makeDisk = (unit: Unit, kind: 'disk' | 'cd'): Mutable<ScsiDisk> => {
  const { target, lun, bus, inquiry } = unit;
  const { vendor, product, revision, isRemovable } = inquiry;
  const { live } = bus;
  return {
    name: `${live.name} ${target}:${lun}`,
    kind,
    target,
    lun,
    vendor,
    product,
    revision,
    ids: [],
    isRemovable,
    hasMedium: false,
    capacitySectors: 0,
    blockSizeBytes: kind === 'cd' ? 2048 : SECTOR_SIZE,
    serialNumber: '',
    isReadOnly: kind === 'cd',
    featureNames: featureNames(live.transport.accepted, live.transport.deviceType),
    topology: NO_TOPOLOGY,
    writeCache: 'write-through',
    read: (sector, count, options) => read(unit, sector, count, options),
    readInto: (sector, array, options) => moveArrays(unit, 'read', sector, [array], options),
    write: (sector, array, options) => moveArrays(unit, 'write', sector, [array], options),
    readv: (sector, arrays, options) => moveArrays(unit, 'read', sector, arrays, options),
    writev: (sector, arrays, options) => moveArrays(unit, 'write', sector, arrays, options),
    readDma: (sector, offset, length, options) => movePieces(unit, 'read', sector, [{ offset, length }], options),
    writeDma: (sector, offset, length, options) => movePieces(unit, 'write', sector, [{ offset, length }], options),
    readvDma: (sector, pieces, options) => movePieces(unit, 'read', sector, pieces, options),
    writevDma: (sector, pieces, options) => movePieces(unit, 'write', sector, pieces, options),
    readManyDma: (places, offset, length, options) => moveMany(unit, 'read', places, offset, length, options),
    writeManyDma: (places, offset, length, options) => moveMany(unit, 'write', places, offset, length, options),
    flush: (options) => flush(unit, options),
    discard: (sector, count, options) => discard(unit, sector, count, options),
    writeZeroes: (sector, count, options) => writeZeroes(unit, sector, count, options),
    secureErase: (sector, count) => eraseSecurely(unit, sector, count),
    setWriteCache: (mode) => setWriteCache(unit, mode === 'write-back'),
    lifetime: () => refuse(whyOver(unit) ?? { kind: 'unsupported', message: 'the disk does not tell its lifetime' }),
    checkMedium: (options) => checkMedium(unit, options),
    onCapacityChange: (listener) => addListener(whyOver(unit), unit, 'capacityListeners', listener),
    onMediumChange: (listener) => addListener(whyOver(unit), unit, 'mediumListeners', listener),
    close: () => close(unit),
  };
};

/** Returns why nothing can be asked of a unit any more: the bus has ended, or it has itself. */
const whyOver = (unit: Unit): DeviceError | undefined => whyEnded(unit.bus.live) ?? whyUnitEnded(unit);

const refuse = <T>(error: DeviceError): Promise<T> => Promise.reject(failureOf(error));

/** Returns why nothing can be asked of the unit, or not this of its blocks. */
const whyRefused = (unit: Unit, isWrite: boolean, sector: number, length: number): DeviceError | undefined => {
  const ended = whyOver(unit);
  if (ended !== undefined) return ended;
  if (isWrite && unit.disk.isReadOnly) return readOnlyError();
  return whyOutside(unit.disk, sector, length);
};

/** Asks for something on the medium. Where there was none, it is looked for first. */
const askMedium = (
  unit: Unit,
  isWrite: boolean,
  sector: number,
  length: number,
  asked: Omit<Asked, 'place'>,
): Promise<void> => {
  if (!unit.disk.hasMedium && whyOver(unit) === undefined) {
    return askNewMedium(unit, isWrite, sector, length, asked);
  }
  const refused = whyRefused(unit, isWrite, sector, length);
  if (refused !== undefined) return refuse(refused);
  const { blockSizeBytes } = unit.disk;
  const block = (sector * SECTOR_SIZE) / blockSizeBytes;
  return ask(unit.bus, { ...asked, unit, place: unit, block, blockSize: blockSizeBytes }) as Promise<void>;
};

const askNewMedium = async (
  unit: Unit,
  isWrite: boolean,
  sector: number,
  length: number,
  asked: Omit<Asked, 'place'>,
): Promise<void> => {
  if (!(await checkMedium(unit, asked))) throw new DeviceFailure('no-medium', 'there is no medium');
  return askMedium(unit, isWrite, sector, length, asked);
};

const read = async (unit: Unit, sector: number, sectorCount: number, options?: BlockOptions): Promise<Uint8Array> => {
  const length = sectorCount * SECTOR_SIZE;
  const noCount = whyNoCount(sectorCount);
  if (noCount !== undefined) return refuse(noCount);
  if (unit.disk.hasMedium) {
    const refused = whyRefused(unit, false, sector, length); // Before memory is taken for what nobody can have.
    if (refused !== undefined) return refuse(refused);
  } else if (!(await checkMedium(unit, options))) return refuse({ kind: 'no-medium', message: 'there is no medium' });
  const refused = whyRefused(unit, false, sector, length);
  if (refused !== undefined) return refuse(refused);
  const bytes = new Uint8Array(length);
  await moveArrays(unit, 'read', sector, [bytes], options);
  return bytes;
};

const moveArrays = (
  unit: Unit,
  type: 'read' | 'write',
  sector: number,
  arrays: readonly Uint8Array[],
  options?: BlockOptions,
): Promise<void> => {
  const length = lengthOf(arrays);
  return askMedium(unit, type === 'write', sector, length, { type, length, arrays, signal: options?.signal });
};

const movePieces = (
  unit: Unit,
  type: 'read' | 'write',
  sector: number,
  pieces: readonly DmaPiece[],
  options?: BlockOptions,
): Promise<void> => {
  const refused = unit.disk.hasMedium ? whyPiecesRefused(unit.disk, pieces) : undefined;
  if (refused !== undefined) return refuse(whyOver(unit) ?? refused);
  const length = lengthOf(pieces);
  return askMedium(unit, type === 'write', sector, length, { type, length, pieces, signal: options?.signal });
};

const moveMany = (
  unit: Unit,
  type: 'read' | 'write',
  places: BlockPlaces,
  offset: DmaOffset,
  length: number,
  options?: BlockOptions,
): Promise<void> =>
  eachPlace(
    places,
    offset,
    length,
    (sector) => (unit.disk.hasMedium ? whyRefused(unit, type === 'write', sector, length) : whyOver(unit)),
    (sector, at) => movePieces(unit, type, sector, [{ offset: at, length }], options),
  );

const lengthOf = (parts: readonly { readonly length: number }[]): number => {
  let sum = 0;
  for (const { length } of parts) sum += length;
  return sum;
};

const discard = (unit: Unit, sector: number, count: number, options?: BlockOptions): Promise<void> => {
  const { canUnmap, canUnmapBySame } = unit.provisioning;
  const length = (count * SECTOR_SIZE) / unit.disk.blockSizeBytes;
  const refused = whyRangeRefused(unit, sector, count, canUnmap || canUnmapBySame, 'the disk does not discard');
  if (refused !== undefined) return refuse(refused);
  return askMedium(unit, true, sector, count * SECTOR_SIZE, { type: 'unmap', length, signal: options?.signal });
};

/** Returns why a range cannot be asked for. What is wrong with the call comes before what the disk cannot do. */
const whyRangeRefused = (
  unit: Unit,
  sector: number,
  count: number,
  isPossible: boolean,
  message: string,
): DeviceError | undefined => {
  const noCount = whyNoCount(count);
  if (noCount !== undefined || isPossible) return noCount;
  return whyRefused(unit, true, sector, count * SECTOR_SIZE) ?? { kind: 'unsupported', message };
};

const eraseSecurely = (unit: Unit, sector: number, count: number): Promise<void> =>
  refuse(whyRangeRefused(unit, sector, count, false, 'the disk does not erase securely')!);

const writeZeroes = async (unit: Unit, sector: number, count: number, options?: WriteZeroesOptions): Promise<void> => {
  const refused = whyRangeRefused(unit, sector, count, unit.hasWriteSame, 'the disk does not write zeroes');
  if (refused !== undefined) throw failureOf(refused);
  const length = (count * SECTOR_SIZE) / unit.disk.blockSizeBytes;
  const asked = { type: 'zero', length, mayUnmap: options?.mayUnmap === true, signal: options?.signal } as const;
  try {
    await askMedium(unit, true, sector, count * SECTOR_SIZE, asked);
  } catch (error) {
    if (isUnknownCommand(error)) unit.hasWriteSame = false;
    throw error;
  }
};

const INVALID_OPERATION = 0x20;

const isUnknownCommand = (error: unknown): boolean =>
  error instanceof ScsiFailure && error.sense.key === KEY_ILLEGAL_REQUEST && error.sense.code === INVALID_OPERATION;

/** Is fulfilled when what was written survives a loss of power. Where nothing is cached, it does already. */
const flush = async (unit: Unit, options?: BlockOptions): Promise<void> => {
  const ended = whyOver(unit);
  if (ended !== undefined) throw failureOf(ended);
  if (unit.isCaching) await synchronize(unit, options?.signal);
};

/** A unit that does not know the longer command is asked by the shorter one, which means the same. */
const synchronize = async (unit: Unit, signal?: AbortSignal): Promise<void> => {
  const isLong = unit.hasSynchronizeCache16;
  const cdb = new Uint8Array(CDB_LENGTH);
  fillSynchronizeCache(cdb, isLong);
  try {
    await ask(unit.bus, { type: 'command', place: unit, unit, cdb, length: 0, signal });
  } catch (error) {
    if (!isLong || !isUnknownCommand(error)) throw error;
    unit.hasSynchronizeCache16 = false;
    await synchronize(unit, signal);
  }
};

const setWriteCache = async (unit: Unit, isCaching: boolean): Promise<void> => {
  const { bus, disk, caching } = unit;
  const ended = whyOver(unit);
  if (ended !== undefined) throw failureOf(ended);
  if (isCaching === unit.isCaching) return;
  if (caching === undefined) throw new DeviceFailure('unsupported', 'the disk does not let its write cache be chosen');
  const modes = modesWithCache(caching, isCaching);
  const cdb = new Uint8Array(CDB_LENGTH);
  fillModeSelect(cdb, modes.length);
  await ask(bus, { type: 'command', place: unit, unit, cdb, length: modes.length, isWrite: true, arrays: [modes] });
  // What went out while there was a cache may be in it still: until that is flushed, there is one.
  if (!isCaching) {
    await whenDone(unit);
    await synchronize(unit);
  }
  unit.caching = modes.slice(modes.length - caching.length);
  unit.isCaching = isCaching;
  disk.writeCache = isCaching ? 'write-back' : 'write-through';
};

const checkMedium = async (unit: Unit, options?: BlockOptions): Promise<boolean> => {
  const ended = whyOver(unit);
  if (ended !== undefined) throw failureOf(ended);
  await unit.refresh(options?.signal);
  return unit.disk.hasMedium;
};

/** Is fulfilled when all is done that was asked for until now, and survives a loss of power. */
export const finishUnit = async (unit: Unit): Promise<void> => {
  await whenDone(unit);
  await flush(unit);
};

const close = async (unit: Unit): Promise<void> => {
  if (unit.state !== 'live' || unit.bus.live.state !== 'live') return;
  try {
    await finishUnit(unit);
  } catch (error) {
    if (unit.state === 'live') log('error', unit.disk.name, String(error)); // Else somebody has closed it twice.
  }
  if (unit.state === 'live') unit.bus.closeUnit(unit);
};
