import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openBlockDevice } from '../../../../drivers/open/block.ts';
import { openEntropy } from '../../../../drivers/open/entropy.ts';
import { devicePlaces, devicePool, deviceTree } from '../../../../drivers/open/places.ts';
import { type DeviceChange, watchDevices } from '../../../../drivers/open/watch.ts';
import { startLog, stopLog } from '../../../../kernel/base/log.ts';
import { isAlive, runTurn } from '../../../../kernel/event/loop.ts';
import { dmaFreeBytes } from '../../../../kernel/hal/dma-pool.ts';
import { installMachine, SimMachine } from '../../../sim/machine.ts';
import { SimBus, SimFunction } from '../../../sim/pci.ts';
import { SimPort, type SimPortOptions } from '../../../sim/slot.ts';
import { SimBlkDevice, type SimBlkOptions } from '../../../sim/virtio/block.ts';
import { SimEntropyDevice } from '../../../sim/virtio/entropy.ts';
import { kindOf, run } from '../virtio/live-harness.ts';

// One machine for all: its buses are brought up once, and the slots of its ports are found once.
const machine = new SimMachine(4 * 2 ** 20);
const root = new SimBus();

const port = (device: number, options: SimPortOptions = {}): SimPort =>
  root.add(device, 0, new SimPort(machine, { slotNumber: device, ...options }));

const MESSAGE = 2;
const LINE = 3;
const POLLED = 4;
const NO_POWER = 5;
const STUCK = 6;
const FILLED = 7;

const ports = new Map<number, SimPort>([
  [MESSAGE, port(MESSAGE)],
  [LINE, port(LINE, { interrupts: 'line' })],
  [POLLED, port(POLLED, { interrupts: 'none' })],
  // Hot-plug and surprise alone: no button, no controller, no indicators.
  [NO_POWER, port(NO_POWER, { capabilities: 0x60 })],
  [STUCK, port(STUCK, { commandNs: Number.POSITIVE_INFINITY })],
  [FILLED, port(FILLED)],
]);

const newDisk = (options: SimBlkOptions = {}): SimBlkDevice => new SimBlkDevice(machine, { vectors: 2, ...options });

const cold = newDisk();
const lines: string[] = [];
let changes: DeviceChange[] = [];
let stop = (): void => {};

const NS_PER_MS = 1_000_000;

beforeAll(() => {
  installMachine(machine);
  machine.pci = root;
  ports.get(FILLED)!.fill(cold.device.pciFunction);
  // What leaves a slot without power is taken out, as QEMU does.
  for (const each of ports.values()) each.onOff = () => each.pull();
  startLog((line) => lines.push(line), 'warn');
});

afterAll(stopLog);

beforeEach(() => {
  lines.length = 0;
  changes = [];
  stop = watchDevices((change) => changes.push(change), { cancelMs: 0 });
});

afterEach(async () => {
  await until(() => false, 30); // What is under way comes to its end.
  stop();
  expect(machine.violations).toEqual([]);
});

const kinds = (): string[] => changes.map(({ kind, typeName }) => `${kind} ${typeName}`);

/** Runs the loop until something is so. Returns whether it is. */
const until = async (isSo: () => boolean, turns = 2000): Promise<boolean> => {
  for (let turn = 0; turn < turns && !isSo(); turn++) {
    await new Promise((resolve) => setImmediate(resolve));
    if (!isSo()) runTurn();
  }
  return isSo();
};

/** Puts a device in, and returns its place. */
const plugIn = async (slot: SimPort, pciFunction: SimFunction): Promise<string> => {
  const before = changes.length;
  slot.plug(pciFunction);
  expect(await until(() => changes.slice(before).some(({ kind }) => kind === 'added'))).toBe(true);
  return changes.at(-1)!.place;
};

/** Presses the button, and waits until the device has left. */
const takeOut = async (slot: SimPort): Promise<void> => {
  slot.press();
  expect(await until(() => !slot.isFilled)).toBe(true);
};

describe('a device that is put in', () => {
  it.each([MESSAGE, LINE, POLLED, NO_POWER])('is found, and used, behind port %i', async (device) => {
    const slot = ports.get(device)!;
    const disk = newDisk({ sectors: 64 });
    const free = dmaFreeBytes(devicePool());
    const place = await plugIn(slot, disk.device.pciFunction);
    expect(changes).toEqual([{ kind: 'added', type: 2, typeName: 'virtio-blk', place }]);
    const block = await run(openBlockDevice({ place }));
    expect(block.capacitySectors).toBe(64);
    expect((await run(block.read(0, 1))).length).toBe(512);
    if (device === NO_POWER) slot.pull();
    else slot.press();
    expect(await until(() => !slot.isFilled && changes.some(({ kind }) => kind === 'removed'))).toBe(true);
    expect(await kindOf(block.read(0, 1))).toBe('removed');
    expect(dmaFreeBytes(devicePool())).toBe(free);
  });

  it('gets its addresses in the window of the port', async () => {
    const slot = ports.get(MESSAGE)!;
    const disk = newDisk();
    await plugIn(slot, disk.device.pciFunction);
    const address = disk.device.pciFunction.barAddress(4);
    expect(address).toBeGreaterThan(0xc0000000);
    expect(slot.claimsWindow(address)).toBe(true);
    await takeOut(slot);
  });

  it('is found by number and by place, as long as it is there', async () => {
    const slot = ports.get(LINE)!;
    const place = await plugIn(slot, newDisk({ sectors: 32 }).device.pciFunction);
    const index = devicePlaces().filter(({ type }) => type === 2).length - 1;
    const block = await run(openBlockDevice({ index }));
    expect(await run(openBlockDevice({ place }))).toBe(block);
    expect(await kindOf(openEntropy({ place }))).toBe('no-device');
    await takeOut(slot);
    expect(await kindOf(openBlockDevice({ place }))).toBe('no-device');
  });

  it('that is no virtio device is nobody, and leaves like any other', async () => {
    const slot = ports.get(MESSAGE)!;
    slot.plug(new SimFunction({ bars: [{ index: 0, size: 0x1000 }] }));
    await until(() => slot.indicators.at(-1) === 1);
    await takeOut(slot);
    expect(changes).toEqual([]);
  });

  it('with several functions comes and goes as a whole', async () => {
    const slot = ports.get(MESSAGE)!;
    const first = newDisk();
    first.device.pciFunction.config.setUint8(0x0e, 0x80);
    slot.plug(first.device.pciFunction, new SimEntropyDevice(machine).device.pciFunction);
    expect(await until(() => changes.length === 2)).toBe(true);
    await takeOut(slot);
    expect(kinds()).toEqual([
      'added virtio-blk',
      'added virtio-rng',
      'leaving virtio-blk',
      'leaving virtio-rng',
      'removed virtio-blk',
      'removed virtio-rng',
    ]);
  });

  it('comes and goes forty times, of two classes, and leaves nothing behind', async () => {
    const slot = ports.get(MESSAGE)!;
    const cycle = async (round: number): Promise<void> => {
      const isDisk = round % 2 === 0;
      const { device } = isDisk ? newDisk() : new SimEntropyDevice(machine, { vectors: 2 });
      const place = await plugIn(slot, device.pciFunction);
      const used = isDisk
        ? (await run(openBlockDevice({ place }))).read(0, 1)
        : run(openEntropy({ place })).then((each) => each.read(8));
      await run(used as Promise<unknown>);
      await takeOut(slot);
    };
    await cycle(0);
    await cycle(1);
    const before = [
      dmaFreeBytes(devicePool()),
      deviceTree().count,
      devicePlaces().length,
      machine.interrupts.allocatedCount,
      machine.mappedBytes,
    ];
    for (let round = 0; round < 40; round++) await cycle(round);
    const after = [
      dmaFreeBytes(devicePool()),
      deviceTree().count,
      devicePlaces().length,
      machine.interrupts.allocatedCount,
      machine.mappedBytes,
    ];
    expect(after).toEqual(before);
  });
});

describe('the button', () => {
  it('has the indicator blink, and the device leave when its time is over, flushed', async () => {
    const endWaiting = watchDevices(() => {}); // The longest of all counts.
    const slot = ports.get(MESSAGE)!;
    const disk = newDisk({ features: [32, 9] });
    const place = await plugIn(slot, disk.device.pciFunction);
    const block = await run(openBlockDevice({ place }));
    await run(block.write(0, new Uint8Array(512)));
    slot.indicators.length = 0;
    const since = machine.now;
    await takeOut(slot);
    endWaiting();
    expect((machine.now - since) / NS_PER_MS).toBeGreaterThan(5000);
    expect(slot.indicators).toEqual([2, 3]);
    expect(disk.requests.filter(({ type }) => type === 4)).toHaveLength(1);
    expect(kinds()).toEqual(['added virtio-blk', 'leaving virtio-blk', 'removed virtio-blk']);
  });

  it('pressed again in time lets it stay', async () => {
    const endWaiting = watchDevices(() => {}, { cancelMs: 5000 });
    const slot = ports.get(LINE)!;
    const place = await plugIn(slot, newDisk().device.pciFunction);
    const block = await run(openBlockDevice({ place }));
    slot.press();
    expect(await until(() => changes.at(-1)?.kind === 'leaving')).toBe(true);
    slot.press();
    expect(await until(() => changes.at(-1)?.kind === 'staying')).toBe(true);
    expect((await run(block.read(0, 1))).length).toBe(512);
    endWaiting();
    await takeOut(slot);
  });

  it('takes out what was there from the start, and its slot takes the next', async () => {
    const slot = ports.get(FILLED)!;
    const block = await run(openBlockDevice());
    await takeOut(slot);
    expect(await kindOf(block.read(0, 1))).toBe('removed');
    await plugIn(slot, newDisk().device.pciFunction);
    await takeOut(slot);
  });

  it('waits for no command that is never done longer than a second', async () => {
    const slot = ports.get(STUCK)!;
    await plugIn(slot, newDisk().device.pciFunction);
    await takeOut(slot);
    expect(kinds()).toEqual(['added virtio-blk', 'leaving virtio-blk', 'removed virtio-blk']);
  });
});

describe('a device that is torn out', () => {
  it.each([MESSAGE, LINE, POLLED])(
    'under load, behind port %i: all is rejected at once, and the memory is back',
    async (device) => {
      const slot = ports.get(device)!;
      const disk = newDisk({ sectors: 1024 });
      const free = dmaFreeBytes(devicePool());
      const place = await plugIn(slot, disk.device.pciFunction);
      const block = await run(openBlockDevice({ place }));
      disk.answer = () => ({ delay: Number.POSITIVE_INFINITY });
      const requests = Array.from({ length: 100 }, (_, i) => kindOf(block.read(i, 1)));
      await until(() => disk.requests.length > 1, 20);
      const since = machine.now;
      slot.pull();
      expect(new Set(await Promise.all(requests))).toEqual(new Set(['removed']));
      expect((machine.now - since) / NS_PER_MS).toBeLessThan(200);
      expect(await until(() => changes.at(-1)?.kind === 'removed')).toBe(true);
      expect(dmaFreeBytes(devicePool())).toBe(free);
      expect(lines.join('')).toContain('taken out without a word');
    },
  );

  it('is noticed by its driver before its slot says so', async () => {
    const slot = ports.get(POLLED)!;
    const disk = newDisk();
    const free = dmaFreeBytes(devicePool());
    const place = await plugIn(slot, disk.device.pciFunction);
    const block = await run(openBlockDevice({ place, deadlineMs: 20 }));
    stop();
    slot.pull();
    const since = machine.now;
    expect(await kindOf(block.read(0, 1))).toBe('removed');
    expect((machine.now - since) / NS_PER_MS).toBeLessThan(100); // Not the second that a reset may take.
    expect(dmaFreeBytes(devicePool())).toBe(free);
    stop = watchDevices((change) => changes.push(change));
    expect(await until(() => changes.at(-1)?.kind === 'removed')).toBe(true);
  });

  it('while it comes up is `removed`, and nothing is left of it', async () => {
    const slot = ports.get(MESSAGE)!;
    const free = dmaFreeBytes(devicePool());
    for (const status of [0, 1, 3, 11, 15]) {
      const disk = newDisk();
      const place = await plugIn(slot, disk.device.pciFunction);
      disk.device.onStatus = (written) => {
        if (written === status) slot.pull();
      };
      const kind = await kindOf(openBlockDevice({ place }).then((block) => block.read(0, 1)));
      expect([status, kind]).toEqual([status, 'removed']);
      expect(await until(() => changes.at(-1)?.kind === 'removed')).toBe(true);
    }
    expect(dmaFreeBytes(devicePool())).toBe(free);
  });

  it('and replaced at once is another device', async () => {
    const slot = ports.get(MESSAGE)!;
    const place = await plugIn(slot, newDisk().device.pciFunction);
    const block = await run(openBlockDevice({ place }));
    slot.pull();
    slot.plug(newDisk({ sectors: 99 }).device.pciFunction);
    expect(await until(() => changes.length === 3)).toBe(true);
    expect(kinds()).toEqual(['added virtio-blk', 'removed virtio-blk', 'added virtio-blk']);
    expect(await kindOf(block.read(0, 1))).toBe('removed');
    expect((await run(openBlockDevice({ place }))).capacitySectors).toBe(99);
    await takeOut(slot);
  });
});

describe('a slot that lies', () => {
  it('and has nothing that answers is left alone, until something is put in', async () => {
    const slot = ports.get(MESSAGE)!;
    slot.onOff = () => {};
    slot.claimPresence(true);
    await until(() => false, 100);
    expect(changes).toEqual([]);
    expect(lines.filter((line) => line.includes('does not answer'))).toHaveLength(1);
    expect(slot.hasPower).toBe(false);
    slot.claimPresence(false);
    slot.onOff = () => slot.pull();
    await plugIn(slot, newDisk().device.pciFunction);
    await takeOut(slot);
  });

  it('and flaps costs a wait each time, and is right in the end', async () => {
    const slot = ports.get(MESSAGE)!;
    const free = dmaFreeBytes(devicePool());
    const { pciFunction } = newDisk().device;
    for (let i = 0; i < 50; i++) {
      slot.plug(pciFunction);
      await until(() => false, i % 5);
      slot.pull();
      await until(() => false, i % 3);
    }
    slot.plug(pciFunction);
    expect(await until(() => changes.at(-1)?.kind === 'added' && slot.indicators.at(-1) === 1)).toBe(true);
    const count = (kind: string): number => changes.filter((each) => each.kind === kind).length;
    expect(count('added') - count('removed')).toBe(1);
    await takeOut(slot);
    expect(dmaFreeBytes(devicePool())).toBe(free);
  });

  it('and loses its device between the first look and the second has had none', async () => {
    const slot = ports.get(LINE)!;
    const { pciFunction } = newDisk().device;
    let looks = 0;
    const read = pciFunction.read.bind(pciFunction);
    pciFunction.read = (offset, width) => (looks++ < 2 ? read(offset, width) : 2 ** (8 * width) - 1);
    slot.plug(pciFunction);
    await until(() => slot.indicators.at(-1) === 3);
    await until(() => false, 50);
    expect(changes).toEqual([]);
    expect(slot.hasPower).toBe(false);
  });
});

it('a program goes on while it watches, and no longer', async () => {
  expect(isAlive()).toBe(true);
  stop();
  expect(isAlive()).toBe(false);
  stop(); // Twice is once.
});
