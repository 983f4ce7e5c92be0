// An image that keeps the queue of the first disk full in many ways, for queues.test.ts. Prints what was negotiated, what came of it, and where
// the queue stands at the end.
//
//   queue split, 256 elements, tables of 8, event index
//   round 0: depth 1, then 4: 524288 of 524288 bytes
//   pieces: ok
//   at the end: published 5121, popped 5121, free 256

import { bringUp, Disk } from '../../../drivers/blk/bring-up.ts';
import { describeFault, formatInitializeError } from '../../../drivers/virtio/describe.ts';
import { TYPE_BLOCK, virtioDeviceType } from '../../../drivers/virtio/ids.ts';
import { QUEUE_PACKED, type Queue } from '../../../drivers/virtio/queue/record.ts';
import { openPci } from '../../../drivers/virtio/transport/pci.ts';
import { Transport } from '../../../drivers/virtio/transport/record.ts';
import { DmaPool, dmaAllocate, dmaPoolStart } from '../../../kernel/hal/dma-pool.ts';
import { EXIT_FAILED, EXIT_SUCCESS, exit } from '../../../kernel/hal/power.ts';
import { enablePath } from '../../../kernel/pci/command.ts';
import { type PciFunction, PciTree } from '../../../kernel/pci/function.ts';
import { startPci } from '../../../kernel/pci/start.ts';
import { ROUND_LENGTH, readPieces, runRound } from './queues-machine.ts';

const PAGE_SIZE = 4096;
const DEPTHS = [1, 4, 13, 32, 128, 256];

const findDisk = (tree: PciTree): PciFunction => {
  for (let i = 0; i < tree.count; i++) {
    if (virtioDeviceType(tree.functions[i]) === TYPE_BLOCK) return tree.functions[i];
  }
  throw new Error('there is no disk');
};

const describeQueue = (queue: Queue): string => {
  const layout = queue.layout === QUEUE_PACKED ? 'packed' : 'split';
  const tables = queue.tableLength === 0 ? 'no tables' : `tables of ${queue.tableLength}`;
  const events = queue.hasEventIndex ? 'event index' : 'no event index';
  return `queue ${layout}, ${queue.size} elements, ${tables}, ${events}${queue.isInOrder ? ', in order' : ''}`;
};

const describeEnd = (queue: Queue): string => {
  const counts = `published ${queue.published}, popped ${queue.popped}`;
  return `at the end: ${counts}, free ${queue.freeCount}`;
};

const main = (): void => {
  const tree = new PciTree();
  startPci(tree);
  const pool = new DmaPool();
  dmaPoolStart(pool);
  const transport = new Transport();
  const pciFunction = findDisk(tree);
  enablePath(tree, pciFunction);
  const disk = new Disk();
  if (!openPci(pciFunction, transport) || !bringUp(transport, pool, disk)) {
    console.log(`failed at ${formatInitializeError(describeFault(transport))}`);
    exit(EXIT_FAILED);
  }
  console.log(describeQueue(disk.queue));
  const data = dmaAllocate(pool, ROUND_LENGTH, PAGE_SIZE);
  for (let round = 0; round < DEPTHS.length; round++) {
    const readDepth = DEPTHS[(round + 1) % DEPTHS.length];
    const right: number = runRound(disk.queue, disk.requests, data, round, DEPTHS[round], readDepth);
    console.log(`round ${round}: depth ${DEPTHS[round]}, then ${readDepth}: ${right} of ${ROUND_LENGTH} bytes`);
  }
  console.log(`pieces: ${readPieces(disk.queue, disk.requests, data, DEPTHS.length - 1) ? 'ok' : 'wrong'}`);
  console.log(describeEnd(disk.queue));
  exit(EXIT_SUCCESS);
};

main();
