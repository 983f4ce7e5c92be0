// Block devices. VIRTIO 1.2 §5.2.

import { inFile } from '../claim.ts';
import { blkAwaitedTest, blkBringUp, blkDriverTest } from '../places.ts';
import { type DeviceClass, unused } from './device.ts';

const calls = inFile('drivers/blk/calls.ts');
const commands = inFile('drivers/blk/commands.ts');
const enqueue = inFile('drivers/blk/enqueue.ts');
const flowBringUp = inFile('drivers/blk/flow-bring-up.ts');
const limits = inFile('drivers/blk/limits.ts');
const queues = inFile('drivers/blk/queues.ts');
const ranges = inFile('drivers/blk/ranges.ts');
const scatter = inFile('drivers/blk/scatter.ts');
const writeCache = inFile('drivers/blk/write-cache.ts');

const boot = inFile('test/boot/block.test.ts');
const commandsTest = inFile('test/unit/drivers/blk/commands.test.ts');
const queuesTest = inFile('test/unit/drivers/blk/queues.test.ts');
const rangesTest = inFile('test/unit/drivers/blk/ranges.test.ts');
const scatterTest = inFile('test/unit/drivers/blk/scatter.test.ts');

const ON_QEMU = boot('disks are cleared, fail, have other blocks, are read-only, cached and closed as they should');

export const BLK: DeviceClass = {
  type: 2,
  page: 'docs/devices/block.md',
  qemu: ['virtio-blk-pci', 'virtio-blk-device'],
  features: [
    {
      bit: 0,
      name: 'BARRIER',
      use: 'legacy: a request that others do not overtake',
      notApplicable: 'legacy only, and modern devices have none: who needs an order awaits, and flushes',
    },
    {
      bit: 1,
      name: 'SIZE_MAX',
      use: 'no segment of a request is longer than the device takes',
      code: [limits('readLimits'), scatter('cutSegments')],
      tests: [
        scatterTest('limits of the device hold for all requests > %s'),
        scatterTest('pieces of DMA memory > are cut to %s'),
        scatterTest('%s cannot be: the disk does not come up, and says why'),
      ],
    },
    {
      bit: 2,
      name: 'SEG_MAX',
      use: 'scatter lists of DMA memory are one request as long as the device takes as many segments',
      code: [limits('readLimits'), scatter('gatherSegments')],
      tests: [
        scatterTest('are the segments of one request where the device takes as many'),
        scatterTest('pieces of DMA memory > are cut to %s'),
        ON_QEMU,
      ],
    },
    {
      bit: 4,
      name: 'GEOMETRY',
      use: 'cylinders, heads and sectors',
      notApplicable: 'a sector has one number here',
    },
    {
      bit: 5,
      name: 'RO',
      use: '`isReadOnly`; what would change the disk is refused',
      code: [calls('start'), enqueue('enqueueRange')],
      tests: [
        blkAwaitedTest('refuses what is wrong before the device sees it'),
        rangesTest('is refused where it cannot be, before the device sees it'),
        blkDriverTest('a write to a read-only disk is refused before the device sees it'),
        ON_QEMU,
      ],
    },
    {
      bit: 6,
      name: 'BLK_SIZE',
      use: '`blockSizeBytes`, from 512 to 131072; requests are whole blocks',
      code: [blkBringUp('readGeometry')],
      tests: [
        blkDriverTest('has blocks of 512 bytes where the feature is not offered, whatever the field says'),
        scatterTest('limits of the device hold for all requests > %s'),
        ON_QEMU,
      ],
    },
    {
      bit: 7,
      name: 'SCSI',
      use: 'legacy: SCSI commands in packets',
      notApplicable: 'legacy only, and modern devices have none',
    },
    {
      bit: 9,
      name: 'FLUSH',
      use: '`flush()`',
      code: [calls('flush')],
      tests: [
        blkAwaitedTest('moves bytes to and from the sectors asked for'),
        blkAwaitedTest('does not flush where there is nothing to flush'),
        ON_QEMU,
      ],
    },
    {
      bit: 10,
      name: 'TOPOLOGY',
      use: '`topology`',
      code: [limits('readLimits'), commands('topologyOf')],
      tests: [
        commandsTest('the topology > is %s'),
        commandsTest('is as if it did not matter without the feature, whatever the fields hold'),
        ON_QEMU,
      ],
    },
    {
      bit: 11,
      name: 'CONFIG_WCE',
      use: '`writeCache`, `setWriteCache()`',
      code: [writeCache('chooseCache'), writeCache('restoreCache'), commands('setWriteCache')],
      tests: [
        commandsTest('the write cache > is what the device says: %s'),
        commandsTest('is turned off: what was written before is flushed, and from then on a flush has nothing to do'),
        commandsTest('is as it was after a reset, whatever the device comes back with'),
        ON_QEMU,
      ],
    },
    {
      bit: 12,
      name: 'MQ',
      use: '`openBlockDevice({ queueCount })`; it is not asked for otherwise',
      code: [flowBringUp('queueCountOf'), queues('openQueues')],
      tests: [
        queuesTest('spreads its requests over them, and finds what it wrote'),
        queuesTest('uses as many as there are where the device %s'),
        ON_QEMU,
      ],
    },
    {
      bit: 13,
      name: 'DISCARD',
      use: '`discard()`',
      code: [enqueue('enqueueRange'), ranges('writeSegments')],
      tests: [
        rangesTest('is discarded, zeroed or erased, and the sectors beside it are not'),
        rangesTest('is cut by %s'),
        rangesTest('is unsupported, and not sent, where %s'),
        ON_QEMU,
      ],
    },
    {
      bit: 14,
      name: 'WRITE_ZEROES',
      use: '`writeZeroes()`',
      code: [enqueue('enqueueRange'), ranges('writeSegments')],
      tests: [
        rangesTest('is discarded, zeroed or erased, and the sectors beside it are not'),
        rangesTest('of zeroes may be freed when the caller and the device allow it: %s, %i'),
        rangesTest('to be written is at most 128 MiB a request: a slow disk must be done in time'),
        ON_QEMU,
      ],
    },
    {
      bit: 15,
      name: 'LIFETIME',
      use: '`lifetime()`. QEMU has none: against the simulated device',
      code: [commands('lifetime')],
      tests: [
        commandsTest('the lifetime > %j is %j'),
        commandsTest('%j cannot be, and the disk goes on'),
        commandsTest('is unsupported, and not asked for, without the feature'),
      ],
    },
    {
      bit: 16,
      name: 'SECURE_ERASE',
      use: '`secureErase()`. QEMU has none: against the simulated device',
      code: [enqueue('enqueueRange'), ranges('writeSegments')],
      tests: [
        rangesTest('is discarded, zeroed or erased, and the sectors beside it are not'),
        rangesTest('is unsupported, and not sent, where %s'),
      ],
    },
    unused(17, 'ZONED', 'zones are not reported: a disk that must be written by zones is for reading'),
  ],
};
