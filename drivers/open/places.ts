// Where the virtio devices of the machine are, and opening one of them to be awaited. The first call brings the buses up and makes the memory that all devices share.
//
// Each class has an opener in a file of its own beside this one, so that a program carries only the drivers that it names. One that polls (table.ts) has
// nothing of this, nor of the event loop.

import { counted } from '../../kernel/base/hex.ts';
import { log } from '../../kernel/base/log.ts';
import { DeviceFailure } from '../../kernel/device/failure.ts';
import { DmaPool, dmaPoolStart } from '../../kernel/hal/dma-pool.ts';
import { enablePath } from '../../kernel/pci/command.ts';
import { formatAddress } from '../../kernel/pci/describe.ts';
import { type PciFunction, PciTree } from '../../kernel/pci/function.ts';
import { startPci } from '../../kernel/pci/start.ts';
import { mmioSlots } from '../slots.ts';
import { describeFault, formatInitializeError, mmioName } from '../virtio/describe.ts';
import { TYPE_NONE, virtioDeviceType } from '../virtio/ids.ts';
import { findMmioInterrupt, findPciInterrupts, Interrupts } from '../virtio/interrupts.ts';
import { type Live, newLive, removeLive } from '../virtio/live.ts';
import { FAULT_MMIO_EMPTY } from '../virtio/transport/fault.ts';
import { openMmio } from '../virtio/transport/mmio.ts';
import { openPci } from '../virtio/transport/pci.ts';
import { shiftAddresses, Transport } from '../virtio/transport/record.ts';

/** A device that takes longer for a request is reset. Long enough for a host that writes its cache to a slow disk. */
export const DEADLINE_MS = 10_000;

/** Which device of its class, and how. */
export interface OpenOptions {
  /** Counts the devices of the class: those on PCI first, as they were found, then those of virtio-mmio, then what was plugged in later. Default: 0. */
  readonly index?: number;
  /** The name of the place where the device is, instead of `index`: `0000:00:02.0`, as watchDevices says it (watch.ts). */
  readonly place?: string;
  /** How long the device may take for a request, in milliseconds, before it is reset. Default: DEADLINE_MS. */
  readonly deadlineMs?: number;
}

/** Where a virtio device is: a function on PCI, or a slot of virtio-mmio. */
export interface Place {
  /** TYPE_… of virtio/ids.ts. */
  readonly type: number;
  /** `0000:00:02.0`, `mmio@0xfeb00e00`. */
  readonly name: string;
  readonly pciFunction: PciFunction | undefined;
  readonly transport: Transport;
  readonly interrupts: Interrupts;
  /** The transport is open, and known by what it interrupts. */
  isReady: boolean;
  /** The device that was opened here, and what its opener returned. */
  live: Live | undefined;
  opened: Promise<unknown> | undefined;
}

/** What all devices share. */
interface Machine {
  readonly tree: PciTree;
  readonly pool: DmaPool;
  readonly places: Place[];
}

let machine: Machine | undefined;

/** Records of places that are gone, for those that come: records live for ever. */
const spares: Pick<Place, 'transport' | 'interrupts'>[] = [];

/** Makes a device that is to be opened reach memory through something: returns what is added to addresses of memory for it. */
type Translation = (place: Place) => Promise<number>;

let translation: Translation | undefined;

/** Has `by` called for each device before it is brought up; undefined: none, as at first. iommu.ts sets it. */
export const setTranslation = (by: Translation | undefined): void => {
  translation = by;
};

/** Returns the memory that devices reach: who takes some of it can have data moved there without a copy (readDma, writeDma). */
export const devicePool = (): DmaPool => theMachine().pool;

/** Returns the PCI functions of the machine, whose buses have been brought up. */
export const deviceTree = (): PciTree => theMachine().tree;

/**
 * Returns where the virtio devices of the machine are: those on PCI first, as they were found, then those of virtio-mmio, then what was plugged in later
 * (watch.ts).
 */
export const devicePlaces = (): readonly Place[] => theMachine().places;

/** Adds the place of a function that was plugged in and has its addresses. Undefined when it is no virtio device. */
export const addPlace = (pciFunction: PciFunction): Place | undefined => {
  const type: number = virtioDeviceType(pciFunction);
  if (type === TYPE_NONE) return undefined;
  const { transport, interrupts } = spares.pop() ?? { transport: new Transport(), interrupts: new Interrupts() };
  const place = placeOf(type, formatAddress(pciFunction.address), pciFunction, transport, interrupts);
  theMachine().places.push(place);
  return place;
};

/** Takes the place of a function away that was, or will be, taken out. Its device has ended, and everything that was asked of it rejects. */
export const removePlace = (place: Place): void => {
  const { places } = theMachine();
  places.splice(places.indexOf(place), 1);
  if (place.live !== undefined) removeLive(place.live);
  // One that is still on its way up is about to use its records, and one that ignored its reset its memory.
  if (place.live?.state !== 'starting' && place.transport.memory.count === 0) spares.push(place);
};

/**
 * Opens device `options.index` of a type with `start`, which brings it up by startLive. Asked for again, it is the same one, with the options of the first time, until it
 * is closed or was given up: then it is brought up anew. `what` is the class in words. Rejects with a DeviceFailure: `no-device`, `device-failed` or
 * `invalid-argument`.
 */
export const openNth = <Opened>(
  type: number,
  what: string,
  options: OpenOptions,
  start: (live: Live) => Promise<Opened>,
): Promise<Opened> => {
  const { index = 0, deadlineMs = DEADLINE_MS, place: name } = options;
  if (!isCount(index) || !isCount(deadlineMs) || deadlineMs === 0) {
    const message = `index ${index} and deadlineMs ${deadlineMs}, expected whole numbers`;
    return Promise.reject(new DeviceFailure('invalid-argument', message));
  }
  const places = devicePlaces().filter((place) => place.type === type && (name === undefined || place.name === name));
  if (places.length <= index) {
    const missing = name === undefined ? `number ${index}` : `one at ${name}`;
    const message = `the machine has ${counted(places.length, `${what} device`)}, there is no ${missing}`;
    return Promise.reject(new DeviceFailure('no-device', message));
  }
  const place = places[index];
  if (place.opened === undefined || !isOpen(place)) place.opened = openPlace(place, deadlineMs, start);
  return place.opened as Promise<Opened>;
};

const isCount = (value: number): boolean => Number.isInteger(value) && value >= 0 && value < 2 ** 32;

/** Returns whether the device at a place is open, or on its way. */
export const isOpen = ({ live }: Place): boolean =>
  live !== undefined && (live.state === 'starting' || live.state === 'live');

const openPlace = async <Opened>(
  place: Place,
  deadlineMs: number,
  start: (live: Live) => Promise<Opened>,
): Promise<Opened> => {
  if (!place.isReady) makeReady(place);
  const live = newLive(place.transport, place.interrupts, devicePool(), deadlineMs);
  place.live = live;
  if (translation === undefined) shiftAddresses(place.transport, 0);
  else await translate(live, place, translation);
  return start(live);
};

const translate = async (live: Live, place: Place, by: Translation): Promise<void> => {
  try {
    shiftAddresses(place.transport, await by(place));
  } catch (error) {
    live.state = 'failed';
    throw error;
  }
};

/** Returns the transport of a place, open, for what can be asked of a device before it is started. Throws a DeviceFailure. */
export const readyTransport = (place: Place): Transport => {
  if (!place.isReady) makeReady(place);
  return place.transport;
};

/** Opens the transport of a function on PCI, and notes by what it can interrupt. */
const makeReady = (place: Place): void => {
  const { pciFunction, transport, interrupts } = place;
  if (pciFunction !== undefined) {
    const { tree } = theMachine();
    enablePath(tree, pciFunction);
    if (!openPci(pciFunction, transport)) {
      const why = formatInitializeError(describeFault(transport, pciFunction.fault));
      throw new DeviceFailure('device-failed', `${place.name}: failed at ${why}`);
    }
    findPciInterrupts(tree, pciFunction, interrupts);
  }
  place.isReady = true;
};

const theMachine = (): Machine => {
  machine ??= findDevices();
  return machine;
};

/** Brings the buses up, and finds what is on them. */
const findDevices = (): Machine => {
  const tree = new PciTree();
  startPci(tree);
  const pool = new DmaPool();
  dmaPoolStart(pool);
  const places: Place[] = [];
  for (let i = 0; i < tree.count; i++) {
    const pciFunction = tree.functions[i];
    const type: number = virtioDeviceType(pciFunction);
    if (type === TYPE_NONE) continue;
    places.push(placeOf(type, formatAddress(pciFunction.address), pciFunction, new Transport(), new Interrupts()));
  }
  for (const { address, length, interrupt } of mmioSlots()) {
    const transport = new Transport();
    const interrupts = new Interrupts();
    if (openMmio(address, length, transport)) {
      findMmioInterrupt(interrupt, interrupts);
      places.push(placeOf(transport.deviceType, mmioName(address), undefined, transport, interrupts));
    } else if (transport.fault.code !== FAULT_MMIO_EMPTY) {
      log('error', mmioName(address), `failed at ${formatInitializeError(describeFault(transport))}`);
    }
  }
  return { tree, pool, places };
};

const placeOf = (
  type: number,
  name: string,
  pciFunction: PciFunction | undefined,
  transport: Transport,
  interrupts: Interrupts,
): Place => ({
  type,
  name,
  pciFunction,
  transport,
  interrupts,
  isReady: false,
  live: undefined,
  opened: undefined,
});
