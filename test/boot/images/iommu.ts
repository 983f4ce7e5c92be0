// Disks behind an IOMMU, as the command line says:
//
//   bypass       openIommu({ isBypass: true })
//   late         opens the disk before the IOMMU
//   faults       accesses that nothing is mapped for, and what becomes of them

import { openBlockDevice } from '../../../drivers/open/block.ts';
import { openEntropy } from '../../../drivers/open/entropy.ts';
import { type OpenIommu, openIommu } from '../../../drivers/open/iommu.ts';
import { devicePlaces, devicePool } from '../../../drivers/open/places.ts';
import { TYPE_BLOCK } from '../../../drivers/virtio/ids.ts';
import { findOption } from '../../../kernel/base/command-line.ts';
import { hex } from '../../../kernel/base/hex.ts';
import { startLog } from '../../../kernel/base/log.ts';
import type { BlockDevice } from '../../../kernel/device/block.ts';
import { DeviceFailure } from '../../../kernel/device/failure.ts';
import { sleep } from '../../../kernel/event/time.ts';
import { dmaBusAddress, dmaLength } from '../../../kernel/hal/dma.ts';
import { dmaFreeBytes } from '../../../kernel/hal/dma-pool.ts';
import { readOptions } from '../../../kernel/hal/options.ts';

const PAGE = 4096;

const options = readOptions();
const has = (name: string): boolean => findOption(options, name) !== undefined;
startLog((line) => console.log(line.trimEnd()), 'info');

const kindOf = async (promise: Promise<unknown>): Promise<string> => {
  try {
    await promise;
    return 'fulfilled';
  } catch (error) {
    if (!(error instanceof DeviceFailure)) throw error;
    return `${error.kind}: ${error.message}`;
  }
};

const show = (iommu: OpenIommu): void => {
  console.log(`iommu: ${iommu.name}, ${iommu.featureNames.join(' ')}`);
  console.log(`pages: ${iommu.pageLength}, from 0x${hex(iommu.inputStart, 1)} to 0x${hex(iommu.inputEnd, 1)}`);
  console.log(`memory: 0x${hex(dmaBusAddress(0), 1)} is 0x${hex(iommu.memoryStart, 1)}`);
  for (const { name } of devicePlaces()) console.log(`endpoint: ${name} ${iommu.endpointOf(name) ?? 'none'}`);
};

const useDisk = async (disk: BlockDevice, marker: number): Promise<void> => {
  const pattern = new Uint8Array(64 * 1024);
  for (let i = 0; i < pattern.length; i++) pattern[i] = (i * 7 + (i >> 8) + marker) & 0xff;
  await disk.write(128, pattern);
  await disk.flush();
  const read = await disk.read(128, pattern.length / 512);
  console.log(`disk: ${read.every((byte, i) => byte === pattern[i]) ? 'the same' : 'other'} bytes, marker ${marker}`);
};

/** Says what becomes of a request, and what was refused meanwhile. */
const showFault = async (what: string, faults: string[], request: Promise<unknown>): Promise<void> => {
  const kind = await kindOf(request);
  await sleep(20); // Faults come on a line of their own.
  const first = faults.length === 0 ? '' : `, first ${faults[0]}`;
  console.log(`${what}: ${kind}; ${faults.length} faults${first}`);
  faults.length = 0;
};

/** Maps all of the DMA memory but its last page, which is then of no device; then that, to be read alone; and takes the disk out of the domain. */
const showFaults = async (iommu: OpenIommu, disk: BlockDevice): Promise<void> => {
  const endpoint = iommu.endpointOf(devicePlaces().find(({ type }) => type === TYPE_BLOCK)!.name)!;
  const { domain, memoryStart } = iommu;
  const faults: string[] = [];
  const end = iommu.onFault(({ reason, isWrite, endpoint: by, address }) => {
    faults.push(`${reason}${isWrite ? ' write' : ''} by ${by} at 0x${hex(address ?? 0, 1)}`);
  });
  const memory: number = dmaBusAddress(0);
  const length: number = dmaLength() - PAGE;
  await domain.unmap(memoryStart, length + PAGE);
  await domain.map({ address: memoryStart, memory, length });
  console.log(`hole: 0x${hex(memoryStart + length, 1)}`);
  await showFault('read into the hole', faults, disk.readDma(0, length, PAGE));
  await showFault('write from the hole', faults, disk.writeDma(0, length, PAGE));
  await useDisk(disk, 2);
  await domain.map({ address: memoryStart + length, memory: memory + length, length: PAGE, mayWrite: false });
  await showFault('write from a page to read', faults, disk.writeDma(0, length, PAGE));
  await showFault('read into a page to read', faults, disk.readDma(0, length, PAGE));
  await domain.detach(endpoint);
  await showFault('detached', faults, disk.read(0, 1));
  await domain.attach(endpoint);
  await disk.read(0, 1).catch(() => undefined); // The disk may have seen its queue away, and is reset.
  await sleep(20);
  faults.length = 0;
  await showFault('attached', faults, disk.read(0, 1));
  await useDisk(disk, 3);
  end();
};

const refused = async (iommu: OpenIommu): Promise<void> => {
  const { domain, memoryStart } = iommu;
  console.log(`refused: ${await kindOf(domain.map({ address: memoryStart, memory: 0, length: PAGE }))}`);
  console.log(`refused: ${await kindOf(domain.unmap(memoryStart, PAGE))}`);
  console.log(`refused: ${await kindOf(domain.attach(0x0500))}`);
  console.log(`refused: ${await kindOf(iommu.close())}`);
};

if (has('late')) {
  const disk = await openBlockDevice();
  console.log(`late: ${await kindOf(openIommu())}`);
  await disk.close();
}
const iommu = await openIommu({ isBypass: has('bypass') });
show(iommu);
const free = dmaFreeBytes(devicePool());
const entropy = await openEntropy();
console.log(`entropy: ${(await entropy.read(16)).length} bytes`);
await entropy.close();
const disk = await openBlockDevice({ deadlineMs: 500 });
await useDisk(disk, 1);
if (has('faults')) await showFaults(iommu, disk);
await refused(iommu);
await disk.close();
console.log(`memory: ${dmaFreeBytes(devicePool()) === free ? 'all back' : 'not back'}`);
await iommu.close();
const again = await openIommu();
console.log(`again: ${again.name}`);
console.log('all done');
