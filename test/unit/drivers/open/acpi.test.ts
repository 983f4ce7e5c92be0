import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openBlockDevice } from '../../../../drivers/open/block.ts';
import { devicePlaces, devicePool, deviceTree } from '../../../../drivers/open/places.ts';
import { type DeviceChange, watchDevices } from '../../../../drivers/open/watch.ts';
import { startLog, stopLog } from '../../../../kernel/base/log.ts';
import { runTurn } from '../../../../kernel/event/loop.ts';
import { dmaFreeBytes } from '../../../../kernel/hal/dma-pool.ts';
import { amlBridge, dsdtOf, SimAcpiPlug } from '../../../sim/acpi-plug.ts';
import { installMachine, SimMachine } from '../../../sim/machine.ts';
import { SimBridge, SimBus, SimFunction } from '../../../sim/pci.ts';
import { SimBlkDevice, type SimBlkOptions } from '../../../sim/virtio/block.ts';
import { SimEntropyDevice } from '../../../sim/virtio/entropy.ts';
import { kindOf, run } from '../virtio/live-harness.ts';

// One machine for all. Number 0 is the bus behind 00:03.0, number 1 that behind 00:02.0; the bridge at 00:04.0 has none.
const machine = new SimMachine(4 * 2 ** 20);
const root = new SimBus();
const ports = [2, 3, 4].map((device) => root.add(device, 0, new SimBridge(new SimBus())));
const plug = root.add(0x1f, 0, new SimAcpiPlug(machine, [ports[1]!, ports[0]!]));

const NS_PER_MS = 1_000_000;
const CANCEL_MS = 300;

const newDisk = (options: SimBlkOptions = {}): SimBlkDevice => new SimBlkDevice(machine, { vectors: 2, ...options });

const lines: string[] = [];
let changes: DeviceChange[] = [];
let stop = (): void => {};

beforeAll(() => {
  installMachine(machine);
  machine.pci = root;
  machine.acpiTables = { DSDT: dsdtOf(amlBridge(2, 1), amlBridge(3, 0)) };
  startLog((line) => lines.push(line), 'info');
});

afterAll(stopLog);

beforeEach(() => {
  lines.length = 0;
  changes = [];
  stop = watchDevices((change) => changes.push(change), { cancelMs: CANCEL_MS });
});

afterEach(async () => {
  await until(() => false, 30);
  stop();
  expect(machine.violations).toEqual([]);
});

const kinds = (): string[] => changes.map(({ kind, place }) => `${kind} ${place}`);

const until = async (isSo: () => boolean, turns = 2000): Promise<boolean> => {
  for (let turn = 0; turn < turns && !isSo(); turn++) {
    await new Promise((resolve) => setImmediate(resolve));
    if (!isSo()) runTurn();
  }
  return isSo();
};

/** Puts a device in, and returns its place. */
const plugIn = async (number: number, device: number, ...functions: SimFunction[]): Promise<string> => {
  const before = changes.length;
  plug.plug(number, device, ...functions);
  expect(await until(() => changes.slice(before).some(({ kind }) => kind === 'added'))).toBe(true);
  return changes.at(-1)!.place;
};

const takeOut = async (number: number, device: number): Promise<void> => {
  plug.request(number, device);
  expect(await until(() => !plug.has(number, device))).toBe(true);
};

describe('by ACPI, a device that is put in', () => {
  it('is found behind the bridge whose bus has the number', async () => {
    const first = await plugIn(0, 0, newDisk({ sectors: 64 }).device.pciFunction);
    const second = await plugIn(1, 5, newDisk({ sectors: 32 }).device.pciFunction);
    expect(lines.join('')).toContain('by ACPI, behind 2 bridges');
    const bus = (port: number): string => ports[port]!.secondary.toString(16).padStart(2, '0');
    expect([first, second]).toEqual([`0000:${bus(1)}:00.0`, `0000:${bus(0)}:05.0`]);
    expect((await run(openBlockDevice({ place: second }))).capacitySectors).toBe(32);
    await takeOut(0, 0);
    await takeOut(1, 5);
  });

  it('is told of before it leaves, stays its time, and is flushed; others on its bus stay', async () => {
    const free = dmaFreeBytes(devicePool());
    const disk = newDisk({ features: [32, 9] });
    const place = await plugIn(0, 1, disk.device.pciFunction);
    const other = await plugIn(0, 2, newDisk().device.pciFunction);
    const block = await run(openBlockDevice({ place }));
    const left = await run(openBlockDevice({ place: other }));
    await run(block.write(0, new Uint8Array(512)));
    changes = [];
    plug.request(0, 1);
    expect(await until(() => changes.length === 1)).toBe(true);
    const since = machine.now;
    expect((await run(block.read(0, 1))).length).toBe(512); // It is still there.
    expect(disk.requests.filter(({ type }) => type === 4)).toHaveLength(0);
    expect(await until(() => !plug.has(0, 1))).toBe(true);
    expect((machine.now - since) / NS_PER_MS).toBeGreaterThan(CANCEL_MS);
    expect(disk.requests.filter(({ type }) => type === 4)).toHaveLength(1);
    expect(kinds()).toEqual([`leaving ${place}`, `removed ${place}`]);
    expect(await kindOf(block.read(0, 1))).toBe('removed');
    expect((await run(left.read(0, 1))).length).toBe(512);
    await takeOut(0, 2);
    expect(dmaFreeBytes(devicePool())).toBe(free);
  });

  it('with several functions comes and goes as a whole', async () => {
    const first = newDisk();
    first.device.pciFunction.config.setUint8(0x0e, 0x80);
    await plugIn(1, 0, first.device.pciFunction, new SimEntropyDevice(machine).device.pciFunction);
    await takeOut(1, 0);
    expect(changes.map(({ kind, type }) => `${kind} ${type}`)).toEqual([
      ...['added 2', 'added 4', 'leaving 2', 'leaving 4', 'removed 2', 'removed 4'],
    ]);
  });

  it('comes and goes again and again, and leaves nothing behind', async () => {
    const figures = (): number[] => [
      dmaFreeBytes(devicePool()),
      deviceTree().count,
      devicePlaces().length,
      machine.interrupts.allocatedCount,
      machine.mappedBytes,
    ];
    const cycle = async (round: number): Promise<void> => {
      const place = await plugIn(round % 2, round % 3, newDisk().device.pciFunction);
      await run((await run(openBlockDevice({ place }))).read(0, 1));
      await takeOut(round % 2, round % 3);
    };
    for (let round = 0; round < 6; round++) await cycle(round);
    const before = figures();
    for (let round = 0; round < 6; round++) await cycle(round);
    expect(figures()).toEqual(before);
  });

  it('that is no virtio device is nobody, and is ejected at once', async () => {
    plug.plug(0, 3, new SimFunction({ bars: [{ index: 0, size: 0x1000 }] }));
    await until(() => false, 100);
    const since = machine.now;
    await takeOut(0, 3);
    expect((machine.now - since) / NS_PER_MS).toBeLessThan(CANCEL_MS);
    expect(changes).toEqual([]);
  });
});

describe('by ACPI, a device that', () => {
  it('is gone without a word when something comes to its bus is removed', async () => {
    const place = await plugIn(0, 0, newDisk().device.pciFunction);
    const block = await run(openBlockDevice({ place }));
    ports[1]!.bus.remove(0, 0);
    const next = await plugIn(0, 0, newDisk({ sectors: 99 }).device.pciFunction);
    expect(kinds()).toEqual([`added ${place}`, `removed ${place}`, `added ${next}`]);
    expect(await kindOf(block.read(0, 1))).toBe('removed');
    expect((await run(openBlockDevice({ place: next }))).capacitySectors).toBe(99);
    await takeOut(0, 0);
  });

  it('does not leave when it is ejected is nobody any more, and the log says so', async () => {
    const place = await plugIn(0, 7, newDisk().device.pciFunction);
    plug.isStuck = true;
    plug.request(0, 7);
    expect(await until(() => lines.some((line) => line.includes('device 7 of bus 0 does not leave')))).toBe(true);
    expect(await kindOf(openBlockDevice({ place }))).toBe('no-device');
    plug.isStuck = false;
    await takeOut(0, 7);
  });
});
