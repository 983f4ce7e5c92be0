import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { openBlockDevice } from '../../../../drivers/open/block.ts';
import { openEntropy } from '../../../../drivers/open/entropy.ts';
import { openIommu } from '../../../../drivers/open/iommu.ts';
import { devicePlaces } from '../../../../drivers/open/places.ts';
import { startLog, stopLog } from '../../../../kernel/base/log.ts';
import { installMachine, SimMachine } from '../../../sim/machine.ts';
import { SimBridge, SimBus } from '../../../sim/pci.ts';
import { iommuPci, pciRange, viotTable } from '../../../sim/viot.ts';
import { SimBlkDevice } from '../../../sim/virtio/block.ts';
import { SimEntropyDevice } from '../../../sim/virtio/entropy.ts';
import { reservedProperty, SimIommuDevice } from '../../../sim/virtio/iommu.ts';
import { kindOf, run } from '../virtio/live-harness.ts';

// One machine for all: an IOMMU, two sources of entropy, a disk and a bridge behind it, of which the second source does not have its addresses translated.
const ACCESS_PLATFORM = 33;
const MEMORY_START = 0x1_0000_0000;
const table = viotTable([iommuPci(0x08), pciRange({ endpoint: 0x40, first: 0x10, last: 0xff }, 48)]);
const lines: string[] = [];
const machine = new SimMachine(4 * 2 ** 20);
let sim: SimIommuDevice;
let accesses: string[] = [];

const translate =
  (endpoint: number) =>
  (address: number, length: number): number | undefined => {
    const translated = sim.translate(endpoint, address, length);
    const where = translated === undefined ? 'refused' : `${address - translated}`;
    if (!accesses.includes(`${endpoint} ${where}`)) accesses.push(`${endpoint} ${where}`);
    return translated;
  };

beforeAll(() => {
  installMachine(machine);
  machine.pci = new SimBus();
  sim = new SimIommuDevice(machine, { address: 0xfe000000 });
  const features = [32, ACCESS_PLATFORM];
  const source = new SimEntropyDevice(machine, { address: 0xfe010000, features, translate: translate(0x40) });
  const other = new SimEntropyDevice(machine, { address: 0xfe020000 });
  const disk = new SimBlkDevice(machine, { address: 0xfe030000, features, translate: translate(0x50) });
  [sim, source, other, disk].forEach(({ device }, index) => {
    machine.pci!.add(index + 1, 0, device.pciFunction);
  });
  machine.pci.add(5, 0, new SimBridge(new SimBus()));
  machine.acpiTables = { VIOT: table };
  startLog((line) => lines.push(line), 'warn');
});

afterAll(stopLog);

afterEach(() => {
  machine.acpiTables = { VIOT: table };
  sim.properties = reservedProperty(1, 0xfee00000n, 0xfeefffffn);
  sim.requests.length = 0;
  accesses = [];
});

it('devices behind an IOMMU that is open reach the DMA memory through it, at other addresses than without', async () => {
  const iommu = await run(openIommu());
  expect(iommu.memoryStart).toBe(MEMORY_START);
  expect(devicePlaces().map(({ name }) => iommu.endpointOf(name))).toEqual([undefined, 0x40, 0x48, 0x50]);
  const source = await run(openEntropy());
  expect((await run(source.read(100))).length).toBe(100);
  const disk = await run(openBlockDevice());
  await run(disk.write(0, new Uint8Array(512).fill(7)));
  expect((await run(disk.read(0, 1)))[0]).toBe(7);
  const shift = MEMORY_START - machine.dmaBase;
  expect(accesses).toEqual([`${0x40} ${shift}`, `${0x50} ${shift}`]);
  const end = (MEMORY_START + machine.dma.length - 1).toString(16);
  expect(sim.requests.filter((request) => !request.startsWith('probe'))).toEqual([
    'attach 0 88 0', // The bridge.
    'attach 1 64 0',
    `map 1 0x100000000-0x${end} 0x${machine.dmaBase.toString(16)} 3`,
    'attach 1 80 0',
  ]);
  await run(source.close());
  await run(disk.close());
  await run(iommu.close());
  expect([machine.violations, lines]).toEqual([[], []]);
});

it('a device that does not offer ACCESS_PLATFORM reaches memory by its own addresses', async () => {
  const iommu = await run(openIommu());
  const source = await run(openEntropy({ index: 1 }));
  expect((await run(source.read(100))).length).toBe(100);
  await run(source.close());
  await run(iommu.close());
  expect(machine.violations).toEqual([]);
});

it('without the IOMMU devices reach memory by its own addresses', async () => {
  sim.device.writeStatus(0);
  const config = sim.device.options.config;
  config[36] = 1; // As QEMU's boot-bypass.
  const source = await run(openEntropy());
  await run(source.read(100));
  expect(accesses).toEqual([`${0x40} 0`]);
  expect(await kindOf(openIommu())).toBe('invalid-argument'); // Too late.
  await run(source.close());
});

it('an IOMMU is not closed before the devices behind it', async () => {
  const iommu = await run(openIommu());
  const source = await run(openEntropy());
  expect(await kindOf(iommu.close())).toBe('invalid-argument');
  await run(source.close());
  expect(await kindOf(iommu.close())).toBe('fulfilled');
});

it('where the IOMMU does not pass messages on, they have a mapping of their own', async () => {
  sim.properties = new Uint8Array(0);
  const iommu = await run(openIommu());
  const source = await run(openEntropy());
  for (const domain of [0, 1]) expect(sim.requests).toContain(`map ${domain} 0xfee00000-0xfee00fff 0xfee00000 6`);
  await run(source.close());
  await run(iommu.close());
});

it('the memory lies behind what is reserved', async () => {
  sim.properties = reservedProperty(0, 0n, 0x2_0012_3456n);
  const iommu = await run(openIommu());
  expect(iommu.memoryStart).toBe(0x2_0020_0000);
  await run(iommu.close());
});

it('a device for which the place of the memory is reserved is not opened', async () => {
  const iommu = await run(openIommu());
  sim.properties = reservedProperty(0, 0x1_0010_0000n, 0x1_0010_0fffn);
  expect(await kindOf(openEntropy())).toBe('unsupported');
  await run(iommu.close());
});

it('an IOMMU that has no room for the memory is not open', async () => {
  sim.properties = reservedProperty(0, 0n, 2n ** 64n - 1n);
  expect(await kindOf(openIommu())).toBe('unsupported');
  const source = await run(openEntropy()); // Nothing has become of it.
  await run(source.close());
});

it('where ACPI names nothing behind it, that is said, and devices are as without it', async () => {
  machine.acpiTables = {};
  const iommu = await run(openIommu({ isBypass: true }));
  expect(lines.at(-1)).toContain('ACPI names nothing behind it (VIOT)');
  const source = await run(openEntropy());
  await run(source.read(10));
  expect(accesses).toEqual([`${0x40} 0`]);
  await run(source.close());
  await run(iommu.close());
});

it('a device whose domain the IOMMU refuses is not brought up, and can be asked for again', async () => {
  const iommu = await run(openIommu());
  sim.answer = () => ({ status: 8 });
  expect(await kindOf(openEntropy())).toBe('io-error');
  sim.answer = () => ({});
  const source = await run(openEntropy());
  expect((await run(source.read(10))).length).toBe(10);
  await run(source.close());
  await run(iommu.close());
});
