// An image with a disk that is in trouble, for awaited.test.ts. The command line says in which:
//
//   resize          says each capacity that the disk has from now on, and reads its last sector
//   read=300        reads a sector every 50 ms, and says when it is done otherwise than before; a request has so many milliseconds
//   poison          spoils the available ring, and reads when the device has seen it

import { openBlk } from '../../../drivers/blk/awaited.ts';
import { openBlockDevice } from '../../../drivers/open/block.ts';
import { TYPE_BLOCK, virtioDeviceType } from '../../../drivers/virtio/ids.ts';
import { findPciInterrupts, Interrupts } from '../../../drivers/virtio/interrupts.ts';
import { newLive } from '../../../drivers/virtio/live.ts';
import { openPci } from '../../../drivers/virtio/transport/pci.ts';
import { Transport } from '../../../drivers/virtio/transport/record.ts';
import { findOption } from '../../../kernel/base/command-line.ts';
import { startLog } from '../../../kernel/base/log.ts';
import type { BlockDevice } from '../../../kernel/device/block.ts';
import { DeviceFailure } from '../../../kernel/device/failure.ts';
import { sleep } from '../../../kernel/event/time.ts';
import { consoleWrite } from '../../../kernel/hal/console.ts';
import { DmaPool, dmaPoolStart } from '../../../kernel/hal/dma-pool.ts';
import { readOptions } from '../../../kernel/hal/options.ts';
import { enablePath } from '../../../kernel/pci/command.ts';
import { PciTree } from '../../../kernel/pci/function.ts';
import { startPci } from '../../../kernel/pci/start.ts';
import { poison } from './awaited-machine.ts';

const READ_COUNT = 400;
const DEADLINE_MS = 2000;

startLog(consoleWrite, 'info');
const options = readOptions();

/** Returns what became of reading a sector. */
const tryReading = async (disk: BlockDevice, sector: number): Promise<string> => {
  try {
    const bytes = await disk.read(sector, 1);
    return `${bytes.length} bytes`;
  } catch (error) {
    return error instanceof DeviceFailure ? error.kind : String(error);
  }
};

const resize = async (): Promise<void> => {
  const disk = await openBlockDevice();
  disk.onCapacityChange((sectors) => {
    void tryReading(disk, sectors - 1).then((what) => console.log(`capacity ${sectors}, the last sector: ${what}`));
  });
  console.log(`capacity ${disk.capacitySectors} at first`);
  await sleep(60_000);
};

const readOn = async (deadlineMs: number): Promise<void> => {
  const disk = await openBlockDevice({ deadlineMs });
  let before = '';
  for (let i = 0; i < READ_COUNT; i++) {
    const what = await tryReading(disk, i);
    if (what !== before) console.log(`read: ${what}`);
    before = what;
    await sleep(50);
  }
};

const spoil = async (): Promise<void> => {
  const tree = new PciTree();
  startPci(tree);
  const pool = new DmaPool();
  dmaPoolStart(pool);
  for (let i = 0; i < tree.count; i++) {
    const pciFunction = tree.functions[i]!;
    if (virtioDeviceType(pciFunction) !== TYPE_BLOCK) continue;
    enablePath(tree, pciFunction);
    const transport = new Transport();
    const interrupts = new Interrupts();
    if (!openPci(pciFunction, transport)) continue;
    findPciInterrupts(tree, pciFunction, interrupts);
    const { block, flow } = await openBlk(newLive(transport, interrupts, pool, DEADLINE_MS));
    console.log(`before: ${await tryReading(block, 0)}`);
    poison(flow.disk.queue);
    await sleep(100); // Until the device has looked: a request would mend the ring.
    console.log(`after: ${await tryReading(block, 1)}`);
  }
};

if (findOption(options, 'resize') !== undefined) await resize();
else if (findOption(options, 'poison') !== undefined) await spoil();
else await readOn(Number(findOption(options, 'read') ?? '300'));
console.log('all done');
