import { afterAll, beforeAll, expect, it } from 'vitest';
import { openBlockDevice } from '../../../../drivers/open/block.ts';
import { devicePlaces, devicePool } from '../../../../drivers/open/places.ts';
import { startLog, stopLog } from '../../../../kernel/base/log.ts';
import { dmaFreeBytes } from '../../../../kernel/hal/dma-pool.ts';
import { installMachine, SimMachine } from '../../../sim/machine.ts';
import { SimBus } from '../../../sim/pci.ts';
import { SimBlkDevice } from '../../../sim/virtio/block.ts';
import { kindOf, run } from '../virtio/live-harness.ts';

// One machine for all: its buses are brought up once. A disk of 64 sectors on PCI, one of 128 and a broken one in slots of virtio-mmio.
const lines: string[] = [];
const machine = new SimMachine(4 * 2 ** 20);

beforeAll(() => {
  installMachine(machine);
  machine.pci = new SimBus();
  machine.pci.add(2, 0, new SimBlkDevice(machine, { sectors: 64 }).device.pciFunction);
  new SimBlkDevice(machine, { transport: 'mmio', address: 0xfeb00c00, sectors: 128 });
  new SimBlkDevice(machine, { transport: 'mmio', faults: { version: 3 } });
  startLog((line) => lines.push(line), 'error');
});

afterAll(stopLog);

it('a slot of virtio-mmio whose device cannot be opened is said, and is no place', () => {
  expect(devicePlaces().map(({ name, type }) => [name, type])).toEqual([
    ['0000:00:02.0', 2],
    ['mmio@0xfeb00c00', 2],
  ]);
  expect(lines).toEqual([
    'error mmio@0xfeb00e00: failed at step 0 (open the transport): Version reads 3, expected 1 or 2\n',
  ]);
});

it('devices are counted over PCI first, and one that is asked for again is the same', async () => {
  const first = await run(openBlockDevice());
  const second = await run(openBlockDevice({ index: 1 }));
  expect([first.capacitySectors, second.capacitySectors]).toEqual([64, 128]);
  expect(await run(openBlockDevice({ index: 0 }))).toBe(first);
});

it('what there is not, or cannot be, is a typed failure', async () => {
  await expect(openBlockDevice({ index: 2 })).rejects.toMatchObject({
    kind: 'no-device',
    message: 'the machine has 2 block devices, there is no number 2',
  });
  for (const options of [{ index: -1 }, { index: 0.5 }, { deadlineMs: 0 }, { deadlineMs: Number.NaN }])
    expect(await kindOf(openBlockDevice(options))).toBe('invalid-argument');
});

it.each([0, 1])('a device that was closed gives its memory back, and is opened anew: number %i', async (index) => {
  const before = await run(openBlockDevice({ index }));
  const open = dmaFreeBytes(devicePool());
  await run(before.close());
  const free = dmaFreeBytes(devicePool());
  expect(free).toBeGreaterThan(open);
  for (let i = 0; i < 3; i++) {
    const again = await run(openBlockDevice({ index }));
    expect(again).not.toBe(before);
    expect((await run(again.read(0, 1))).length).toBe(512);
    await run(again.close());
    expect(dmaFreeBytes(devicePool())).toBe(free);
  }
  expect(await kindOf(before.read(0, 1))).toBe('closed');
  expect(machine.violations).toEqual([]);
});
