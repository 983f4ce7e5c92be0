// A SCSI bus in trouble, and one that changes: attentions, busy units, late and aborted commands, resets, events.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { removeLive } from '../../../../drivers/virtio/live.ts';
import { startLog, stopLog } from '../../../../kernel/base/log.ts';
import { isAlive } from '../../../../kernel/event/loop.ts';
import { dmaAllocate, dmaFree, dmaFreeBytes } from '../../../../kernel/hal/dma-pool.ts';
import { fixedSense } from '../../../sim/virtio/scsi-unit.ts';
import { beginOpening, forgetBuses, kindOf, openBus, pass, pattern, run, SimUnit } from './harness.ts';

const NEVER = Number.POSITIVE_INFINITY;
const MS = 1_000_000;
const NEEDS_RESET = 64;
const FAILED = 128;

let logged: string[] = [];

beforeEach(() => {
  logged = [];
  startLog((text) => logged.push(text), 'warn');
});

afterEach(async () => {
  await forgetBuses();
  stopLog();
});

const openUnit = async (options: Parameters<typeof openBus>[0] = {}) => {
  const unit = new SimUnit({ blocks: 1024 });
  return { ...(await openBus({ units: { '0:0': unit }, ...options })), unit };
};

/** Returns what becomes of a promise, without running the loop. */
const outcomeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'fulfilled',
    (reason: { readonly kind?: string }) => reason.kind ?? String(reason),
  );

describe('a unit', () => {
  it('that has something to say is asked again, and looked at', async () => {
    const { disk, unit, machine } = await openUnit();
    const changes: number[] = [];
    disk.onCapacityChange((sectors) => changes.push(sectors));
    unit.medium = new Uint8Array(2048 * 512);
    unit.attentions.push([0x29, 0], [0x2a, 9], [0x2a, 1]);
    expect(await run(disk.read(0, 8))).toHaveLength(4096);
    await pass(5);
    expect([changes, disk.capacitySectors, machine.violations]).toEqual([[2048], 2048, []]);
  });

  it('that has something to say for ever is given its answer', async () => {
    const { disk, sim } = await openUnit();
    sim.answer = ({ cdb }) => (cdb[0] === 0x88 ? { status: 2, sense: fixedSense(6, 0x29, 0) } : {});
    expect(await kindOf(disk.read(0, 8))).toBe('io-error');
    expect(sim.commands.filter(({ cdb }) => cdb[0] === 0x88)).toHaveLength(9);
  });

  it.each([
    ['a response', { response: 5 }],
    ['a status', { status: 8 }],
    ['a full task set', { status: 0x28 }],
    ['becoming ready', { status: 2, sense: fixedSense(2, 4, 1) }],
  ])('that is busy, by %s, is asked again after a while', async (_, answer) => {
    const { disk, sim } = await openUnit();
    sim.answer = ({ cdb }) => (cdb[0] === 0x88 && sim.commands.length < 4 ? answer : {});
    expect(await run(disk.read(0, 8))).toHaveLength(4096);
    expect(sim.commands).toHaveLength(4);
    sim.answer = () => answer;
    expect(await kindOf(disk.read(0, 8))).toBe('io-error');
    expect(sim.commands).toHaveLength(55);
  });

  it('whose medium was changed says so once, and is read anew', async () => {
    const drive = new SimUnit({ type: 5, blocks: 10 });
    const { bus, sim } = await openBus({ units: { '1:0': drive } });
    const cd = bus.disks[0]!;
    const changes: boolean[] = [];
    const end = cd.onMediumChange((hasMedium) => changes.push(hasMedium));
    drive.medium = new Uint8Array(20 * 2048).fill(7);
    drive.attentions.push([0x28, 0]);
    expect(await kindOf(cd.read(0, 4))).toBe('no-medium');
    await pass(5);
    expect([changes, cd.capacitySectors]).toEqual([[true], 80]);
    expect((await run(cd.read(76, 4)))[0]).toBe(7);

    drive.medium = undefined;
    expect(await kindOf(cd.read(0, 4))).toBe('no-medium');
    await pass(5);
    expect(await run(cd.checkMedium())).toBe(false);
    expect([changes, cd.hasMedium, cd.capacitySectors]).toEqual([[true, false], false, 0]);
    sim.commands.length = 0;
    expect(await kindOf(cd.read(0, 4))).toBe('no-medium');
    expect(await kindOf(cd.readInto(0, new Uint8Array(2048)))).toBe('no-medium');
    expect(sim.commands.map(({ cdb }) => cdb[0])).toEqual([0, 0]);
    drive.medium = new Uint8Array(5 * 2048).fill(9);
    expect((await run(cd.read(16, 4)))[0]).toBe(9); // Looked for by the read itself.
    end();
    drive.medium = undefined;
    expect(await run(cd.checkMedium())).toBe(false);
    expect(changes).toEqual([true, false, true]);
  });
});

describe('a late command', () => {
  it('is asked back, and the unit goes on', async () => {
    const { disk, sim, machine } = await openUnit({ deadlineMs: 100 });
    sim.answer = ({ cdb }) => (cdb[0] === 0x88 && sim.managed.length === 0 ? { delay: NEVER } : {});
    const late = outcomeOf(disk.read(0, 8));
    expect(await kindOf(disk.write(0, pattern(512)))).toBe('fulfilled');
    expect(await run(late)).toBe('timeout');
    await pass(5);
    expect(sim.managed).toEqual([[0, sim.commands[0]!.tag, '0:0']]);
    expect(await run(disk.read(0, 1))).toEqual(pattern(512));
    expect(machine.violations).toEqual([]);
    expect(logged.join('')).not.toContain('reset');
  });

  it('that does not come back has its unit reset, which loses what the unit has', async () => {
    const units = { '0:0': new SimUnit(), '1:0': new SimUnit() };
    const { bus, sim, device } = await openBus({ units, deadlineMs: 100 });
    sim.answer = ({ target, cdb }) => (cdb[0] === 0x88 && target === 0 ? { delay: NEVER } : {});
    sim.manage = (subtype) => ({ response: subtype === 0 ? 11 : 0 });
    const [first, second] = bus.disks;
    const late = outcomeOf(first!.read(0, 1));
    await pass(50);
    const other = outcomeOf(first!.read(8, 1));
    expect(await kindOf(second!.read(0, 1))).toBe('fulfilled');
    await pass(500);
    expect(await Promise.all([late, other])).toEqual(['timeout', 'device-reset']);
    expect(sim.managed.map(([subtype]) => subtype)).toEqual([0, 5]);
    expect(device.statusWrites.filter((status) => status === 0)).toHaveLength(1);
    sim.answer = () => ({});
    expect(await kindOf(first!.read(0, 1))).toBe('fulfilled');
  });

  it.each([
    ['is deaf', { isDeaf: true }],
    ['does not even answer that', { isSilent: true, isDeaf: true }],
  ])('of a device that %s has that reset, and what waited is sent then', async (_, management) => {
    const { disk, sim, device, machine, bus } = await openUnit({ deadlineMs: 100 });
    sim.manage = () => management;
    sim.answer = ({ cdb }) => (cdb[0] === 0x88 ? { delay: NEVER } : {});
    const late = outcomeOf(disk.read(0, 8));
    expect(await run(late)).toBe('timeout');
    await pass(1000);
    sim.answer = () => ({});
    expect(device.statusWrites.filter((status) => status === 0)).toHaveLength(2);
    expect(logged.at(-1)).toContain('it was reset and works again');
    expect(await kindOf(disk.read(0, 8))).toBe('fulfilled');
    expect([bus.disks.length, machine.violations]).toEqual([1, []]);
  });
});

describe('a signal', () => {
  it('has what waits never sent, and what the unit has asked back', async () => {
    const { disk, sim } = await openUnit();
    sim.answer = ({ cdb }) => (cdb[0] === 0x88 ? { delay: NEVER } : {});
    const controller = new AbortController();
    const sent = outcomeOf(disk.read(0, 8, { signal: controller.signal }));
    await pass(5);
    const waiting = outcomeOf(disk.read(8, 8, { signal: controller.signal }));
    controller.abort('enough');
    expect(await run(Promise.all([sent, waiting]))).toEqual(['enough', 'enough']);
    await pass(5);
    expect([sim.commands.length, sim.managed.length, isAlive()]).toEqual([1, 1, false]);
    sim.answer = () => ({});
    expect(await kindOf(disk.read(0, 8))).toBe('fulfilled');
  });

  it("is heard of when the caller's own memory is the device's no more", async () => {
    const { disk, sim, pool } = await openUnit({ deadlineMs: 10_000 });
    const memory: number = dmaAllocate(pool, 4096, 4096);
    sim.answer = ({ cdb }) => (cdb[0] === 0x88 ? { delay: 50 * MS } : {});
    sim.manage = () => ({ isDeaf: true });
    const controller = new AbortController();
    let outcome = '';
    const reading = disk.readDma(0, memory, 4096, { signal: controller.signal }).catch((reason: unknown) => {
      outcome = String(reason);
    });
    await pass(5);
    controller.abort('enough');
    await pass(5);
    expect(outcome).toBe('');
    await run(reading);
    expect(outcome).toBe('enough');
    dmaFree(pool, memory, 4096);
  });
});

describe('a device', () => {
  it('that needs a reset gets one, what it had rejects and what waits is sent', async () => {
    const { disk, bus, device, sim, machine, unit } = await openUnit();
    sim.answer = ({ cdb }) => (cdb[0] === 0x88 ? { delay: NEVER } : {});
    const lost = outcomeOf(disk.read(0, 8));
    await pass(1);
    unit.attentions.push([0x29, 0]);
    device.status |= NEEDS_RESET;
    device.interrupts.config();
    expect(await run(lost)).toBe('device-reset');
    sim.answer = () => ({});
    await run(disk.write(0, pattern(512)));
    expect(await run(disk.read(0, 1))).toEqual(pattern(512));
    await pass(5);
    expect([bus.disks, machine.violations]).toEqual([[disk], []]);
  });

  it('that is taken out rejects all with removed, and its memory is back', async () => {
    const { disk, bus, live, sim, pool, free } = await openUnit();
    sim.answer = ({ cdb }) => (cdb[0] === 0x88 ? { delay: NEVER } : {});
    const had = outcomeOf(disk.read(0, 8));
    await pass(1);
    const waiting = outcomeOf(disk.read(0, 8));
    removeLive(live);
    expect(await run(Promise.all([had, waiting]))).toEqual(['removed', 'removed']);
    expect(await kindOf(disk.read(0, 1))).toBe('removed');
    expect(await kindOf(bus.scan())).toBe('removed');
    expect([bus.disks, dmaFreeBytes(pool) - free, isAlive()]).toEqual([[], 0, false]);
  });

  it.each([
    ['no response', { writesNothing: true }],
    ['a response that is too short', { usedLength: 11 }],
    ['fewer bytes than it says', { usedLength: 108 + 4095 }],
    ['a residual that cannot be', { residual: 4097 }],
    ['a response that is none', { response: 10 }],
    ['a head that is nobody', { usedHead: 77 }],
    ['the same answer twice', { times: 2 }],
  ])('that answers with %s is given up', async (_, answer) => {
    const { disk, bus, sim, device, pool, free } = await openUnit();
    sim.answer = ({ cdb }) => (cdb[0] === 0x88 ? answer : {});
    const both = [outcomeOf(disk.read(0, 8)), outcomeOf(disk.read(8, 8))];
    await run(Promise.all(both));
    await pass(2);
    expect(await kindOf(disk.read(0, 8))).toBe('device-failed');
    expect(device.status).toBe(FAILED);
    expect([bus.disks, dmaFreeBytes(pool) - free, isAlive()]).toEqual([[], 0, false]);
  });

  it('whose lengths stay other than they were written does not come up', async () => {
    const { opening } = beginOpening({ config: { 24: 16 }, stuckSize: 16 });
    await expect(run(opening)).rejects.toThrow('cdb_size reads 16 after 32 was written');
  });

  it('whose lengths are others is told the usual ones', async () => {
    const { disk, machine } = await openBus({ config: { 20: 18, 24: 16 } });
    expect(await kindOf(disk.read(0, 1))).toBe('fulfilled');
    expect(machine.violations).toEqual([]);
  });

  it.each([
    ['targets and units without end', { 28: 65_535, 30: 65_535, 32: 0xffffffff }],
    ['commands, pieces and sectors without end', { 4: 0xffffffff, 8: 0xffffffff, 12: 0xffffffff }],
    ['nothing at all', { 4: 0, 8: 0, 12: 0, 16: 0, 28: 0, 30: 0, 32: 0 }],
  ])('that says it has %s is believed no more than that there is one disk', async (_, config) => {
    const { bus, disk, machine } = await openBus({ config });
    expect([bus.disks.length, machine.violations]).toEqual([1, []]);
    expect(await kindOf(disk.read(0, 64))).toBe('fulfilled');
  });

  it.each([
    ['a list that is longer than it is', Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)],
    [
      'the same unit over and over',
      Uint8Array.from({ length: 8 + 8 * 40 }, (_, i) => (i === 2 ? 1 : i === 3 ? 64 : 0)),
    ],
    ['a list cut short', Uint8Array.of(0, 0, 0, 8, 0)],
    ['units in other spaces', Uint8Array.of(0, 0, 0, 8, 0, 0, 0, 0, 0xc1, 1, 0, 0, 0, 0, 0, 0)],
  ])('whose targets have %s is scanned in a bounded time', async (_, list) => {
    const { bus } = await openBus({ prepare: (sim) => Object.assign(sim, { lunList: list }) });
    expect(bus.disks.length).toBeLessThanOrEqual(1);
  });

  it('whose target names units without end is asked for 1024 of them', async () => {
    const list = new DataView(new ArrayBuffer(8 + 8 * 3000));
    list.setUint32(0, 8 * 16_384);
    for (let lun = 0; lun < 3000; lun++) list.setUint16(8 + 8 * lun, 0x4000 + lun);
    const places: number[] = [];
    const { bus } = await openBus({
      config: { 30: 0 },
      prepare: (sim) => {
        sim.lunList = new Uint8Array(list.buffer);
        sim.answer = ({ cdb, lun }) => {
          if (cdb[0] === 0x12 && cdb[1] === 0) places.push(lun);
          return {};
        };
      },
    });
    expect([places.length, places.at(-1), bus.disks.length]).toEqual([1024, 1023, 1]);
  });

  it('one of whose units lies has the others', async () => {
    const units = {
      '0:0': new SimUnit({ capacity: new Uint8Array(32).fill(0xff) }),
      '1:0': new SimUnit({ blockSize: 520 }),
      '2:0': new SimUnit({ pages: { 0: [0x80, 0x83], 128: [0xff], 131: [1, 3, 0, 200], 176: [1], 178: [] } }),
      '3:0': new SimUnit(),
    };
    const { bus } = await openBus({ units });
    expect(bus.disks.map(({ target }) => target)).toEqual([2, 3]);
    expect(logged.join('')).toContain('unit 1:0 is not used: its capacity cannot be');
    expect(bus.disks[0]!.ids).toEqual([]);
  });

  it('that never answers does not open', async () => {
    const { opening, pool, free } = beginOpening({
      deadlineMs: 20,
      prepare: (sim) => {
        sim.answer = () => ({ delay: NEVER });
        sim.manage = () => ({ isSilent: true, isDeaf: true });
      },
    });
    expect(await kindOf(opening)).toBe('timeout');
    expect(dmaFreeBytes(pool) - free).toBe(0);
  });
});

describe('an event', () => {
  it('brings a unit, and takes it with all that it had', async () => {
    const { bus, disk, sim, machine } = await openUnit();
    const changes: string[] = [];
    const end = bus.onChange((each, isThere) => changes.push(`${each.target}:${each.lun} ${isThere}`));
    sim.units.set('5:300', new SimUnit({ blocks: 16 }));
    sim.report(1, 5, 300, 1);
    await pass(5);
    const late = bus.disks[1]!;
    expect(late).toMatchObject({ target: 5, lun: 300, capacitySectors: 16 });
    sim.answer = ({ target, cdb }) => (cdb[0] === 0x88 && target === 5 ? { delay: NEVER } : {});
    const had = outcomeOf(late.read(0, 8));
    await pass(1);
    sim.unplug('5:300');
    expect(await run(had)).toBe('removed');
    expect(await kindOf(late.read(0, 8))).toBe('removed');
    expect(await kindOf(disk.read(0, 8))).toBe('fulfilled');
    expect([changes, bus.disks]).toEqual([['5:300 true', '5:300 false'], [disk]]);
    end();
    expect(machine.violations).toEqual([]);
  });

  it('says that a unit has changed', async () => {
    const { disk, sim, unit } = await openUnit();
    unit.medium = new Uint8Array(100 * 512);
    sim.report(3, 0, 0, 0x092a);
    await pass(5);
    expect(disk.capacitySectors).toBe(100);
  });

  it('that was missed has the bus scanned', async () => {
    const { bus, sim, unit } = await openUnit();
    sim.units.set('4:0', new SimUnit());
    unit.medium = new Uint8Array(100 * 512);
    for (let i = 0; i < 40; i++) sim.report(1, 9, 0, 2); // More than there are buffers for.
    await pass(5);
    sim.report(0);
    await pass(5);
    expect(bus.disks.map(({ target, capacitySectors }) => [target, capacitySectors])).toEqual([
      [0, 100],
      [4, 64],
    ]);
    expect(logged.join('')).toContain('events were missed');
  });

  it('of another unit of the bus is heard of where the host has no events', async () => {
    const { bus, disk, sim, unit } = await openUnit({ features: [32] });
    expect(bus.featureNames).toEqual(['VERSION_1']);
    sim.units.set('4:0', new SimUnit());
    unit.attentions.push([0x3f, 0x0e]);
    await run(disk.read(0, 1));
    await pass(5);
    expect(bus.disks).toHaveLength(2);
    sim.units.delete('4:0');
    await run(bus.scan());
    expect(bus.disks).toEqual([disk]);
  });

  it('another unit at the place of one that nobody has taken out is another disk', async () => {
    const { bus, disk, sim } = await openUnit();
    sim.units.set('0:0', new SimUnit({ serialNumber: 'other' }));
    await run(bus.scan());
    expect([bus.disks.length, bus.disks[0]!.serialNumber]).toEqual([1, 'other']);
    expect(await kindOf(disk.read(0, 1))).toBe('removed');
  });

  it('that cannot be is noted a few times, and nothing comes of it', async () => {
    const { disk, sim, machine } = await openUnit();
    for (let i = 0; i < 12; i++) sim.report(77 + i, 200, 5, 1);
    sim.report(1, 3, 3, 99);
    sim.report(1, 3, 3, 1, 15);
    await pass(5);
    sim.report(0x7fffffff);
    await pass(5);
    expect(logged.filter((line) => line.includes('the device reported'))).toHaveLength(8);
    expect(await kindOf(disk.read(0, 1))).toBe('fulfilled');
    expect(machine.violations).toEqual([]);
  });

  it('wakes nobody and keeps nothing alive', async () => {
    await openUnit();
    await pass(5);
    expect(isAlive()).toBe(false);
  });
});
