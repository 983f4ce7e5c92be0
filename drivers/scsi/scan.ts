// Which units are on the bus: all targets are asked for theirs, and what has come or gone is told. SPC-5 §6.33, VIRTIO 1.2 §5.6.6.3
//
// One scan at a time; what makes another one necessary while it runs has it run once more.

import { log } from '../../kernel/base/log.ts';
import { DeviceFailure, failureOf } from '../../kernel/device/failure.ts';
import type { ScsiSense } from '../../kernel/device/scsi.ts';
import { whyEnded } from '../virtio/live.ts';
import { lunCountOf, readLuns } from './answers.ts';
import { CDB_LENGTH, fillReportLuns } from './cdbs.ts';
import { endUnit } from './line.ts';
import { LUN_SIZE } from './registers.ts';
import { attentionOf } from './sense.ts';
import type { Bus, Place, Unit } from './state.ts';
import { identify, query, refreshSoon } from './units.ts';

/** Units that an answer has room for at first. */
const LUN_COUNT = 64;

/** Units that are looked at of one target, and that one bus has. */
const LUN_COUNT_MAX = 1024;
const UNIT_COUNT_MAX = 1024;

const LIST_HEADER = 8;

/** Failures that concern one unit alone: the others are looked at all the same. */
const UNIT_KINDS: readonly string[] = [
  'io-error',
  'unsupported',
  'removed',
  'out-of-range',
  'no-medium',
  'read-only',
  'wrong-answer',
];

/** Is fulfilled when the list of disks is as the bus is now. Rejects with a DeviceFailure when that cannot be found out. */
export const scan = (bus: Bus): Promise<void> => {
  const ended = whyEnded(bus.live);
  if (ended !== undefined) return Promise.reject(failureOf(ended));
  bus.isScanDue = true;
  bus.scan ??= scanWhileDue(bus).finally(() => {
    bus.scan = undefined;
  });
  return bus.scan;
};

/** The same for when nobody waits: what goes wrong is logged. */
export const scanSoon = (bus: Bus): void => {
  scan(bus).catch((error: unknown) => {
    if (!(error instanceof DeviceFailure)) throw error;
    if (bus.live.state === 'live') log('warn', bus.live.name, `the bus cannot be scanned: ${error.message}`);
  });
};

const scanWhileDue = async (bus: Bus): Promise<void> => {
  while (bus.isScanDue) {
    bus.isScanDue = false;
    const targets = Array.from({ length: bus.controller.targetMax + 1 }, (_, target) => scanTarget(bus, target));
    await Promise.all(targets);
  }
};

const scanTarget = async (bus: Bus, target: number): Promise<void> => {
  const luns = await lunsOf(bus, target);
  for (const unit of bus.units) if (unit.target === target && !luns.includes(unit.lun)) removeUnit(bus, unit);
  for (const lun of luns) await look(bus, { target, lun });
};

/** Asks a target for its units: none where there is no target. It is asked at unit 0, which need not be there. */
const lunsOf = async (bus: Bus, target: number): Promise<number[]> => {
  try {
    const answer = await reportLuns(bus, target, LUN_COUNT);
    const count = lunCountOf(answer);
    const all = count > LUN_COUNT ? await reportLuns(bus, target, Math.min(count, LUN_COUNT_MAX)) : answer;
    return readLuns(all, bus.controller.lunMax);
  } catch (error) {
    if (error instanceof DeviceFailure && error.kind === 'removed' && bus.live.state === 'live') return [];
    if (!isOfUnit(error)) throw error;
    log('warn', bus.live.name, `target ${target} does not tell its units: ${error.message}`);
    return [];
  }
};

const isOfUnit = (error: unknown): error is DeviceFailure =>
  error instanceof DeviceFailure && UNIT_KINDS.includes(error.kind);

const reportLuns = (bus: Bus, target: number, count: number): Promise<Uint8Array> => {
  const length = LIST_HEADER + count * LUN_SIZE;
  const cdb = new Uint8Array(CDB_LENGTH);
  fillReportLuns(cdb, length);
  return query(bus, { target, lun: 0 }, undefined, cdb, length);
};

/** Looks at one unit. What is still the same stays as it is. */
const look = async (bus: Bus, place: Place): Promise<void> => {
  const known = bus.units.find(({ target, lun }) => target === place.target && lun === place.lun);
  if (known === undefined && bus.units.length >= UNIT_COUNT_MAX) return;
  try {
    const found = await identify(bus, place);
    if (known !== undefined && found !== undefined && isSame(known, found) && known.state === 'live') return;
    if (known !== undefined) removeUnit(bus, known);
    if (found !== undefined) addUnit(bus, found);
  } catch (error) {
    if (bus.live.state !== 'live' || !isOfUnit(error)) throw error;
    if (known !== undefined && error.kind === 'removed') removeUnit(bus, known);
    else if (known === undefined && error.kind !== 'removed') {
      log('warn', bus.live.name, `unit ${place.target}:${place.lun} is not used: ${error.message}`);
    }
  }
};

const isSame = ({ disk: left }: Unit, { disk: right }: Unit): boolean =>
  left.kind === right.kind &&
  left.vendor === right.vendor &&
  left.product === right.product &&
  left.serialNumber === right.serialNumber &&
  left.ids.join() === right.ids.join();

const addUnit = (bus: Bus, unit: Unit): void => {
  bus.units = [...bus.units, unit].sort((a, b) => a.target - b.target || a.lun - b.lun);
  noteChange(bus, unit, true);
};

/** Rejects what a unit still has to do, and takes it off the list. */
export const removeUnit = (bus: Bus, unit: Unit): void => {
  if (!bus.units.includes(unit)) return;
  unit.state = 'removed';
  bus.units = bus.units.filter((each) => each !== unit);
  endUnit(bus, unit, { kind: 'removed', message: 'the disk was removed' });
  noteChange(bus, unit, false);
};

/** Takes a unit off the list that was closed. A scan finds it again. */
export const closeUnit = (bus: Bus, unit: Unit): void => {
  unit.state = 'closed';
  bus.units = bus.units.filter((each) => each !== unit);
  bus.device.disks = bus.units.map(({ disk }) => disk);
};

const noteChange = (bus: Bus, { disk }: Unit, isThere: boolean): void => {
  bus.device.disks = bus.units.map((each) => each.disk);
  for (const listener of bus.changeListeners) listener(disk, isThere);
};

/** Acts on what a unit has said. One that nobody uses yet is asked everything anyway. */
export const noteAttention = (bus: Bus, unit: Unit, sense: ScsiSense): void => {
  if (!bus.units.includes(unit)) return;
  const attention = attentionOf(sense);
  if (attention === 'units') scanSoon(bus);
  else void refreshSoon(unit, attention === 'medium');
};
