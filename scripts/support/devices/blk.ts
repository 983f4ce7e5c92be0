// Block devices. VIRTIO 1.2 §5.2.

import { inFile } from '../claim.ts';
import { type DeviceClass, unused } from './device.ts';

const bringUp = inFile('drivers/blk/bring-up.ts');
const limits = inFile('drivers/blk/limits.ts');
const flow = inFile('drivers/blk/flow-bring-up.ts');
const awaitedTest = inFile('test/unit/drivers/blk/awaited.test.ts');
const commandsTest = inFile('test/unit/drivers/blk/commands.test.ts');
const queuesTest = inFile('test/unit/drivers/blk/queues.test.ts');
const scatterTest = inFile('test/unit/drivers/blk/scatter.test.ts');
const bootTest = inFile('test/boot/block.test.ts');

const onQemu = bootTest('disks are cleared, fail, have other blocks, are read-only, cached and closed as they should');

export const BLK: DeviceClass = {
  type: 2,
  page: 'docs/block-devices.md',
  qemu: ['virtio-blk-pci', 'virtio-blk-device'],
  features: [
    {
      bit: 0,
      name: 'BARRIER',
      use: '',
      notApplicable: 'legacy alone; who needs an order awaits one request before the next',
    },
    {
      bit: 1,
      name: 'SIZE_MAX',
      use: 'a segment is cut where the device takes no longer one',
      code: [limits('addLimitFeatures'), limits('readLimits')],
      tests: [scatterTest('are cut to %s')],
    },
    {
      bit: 2,
      name: 'SEG_MAX',
      use: 'a scatter list is as many segments of one request as the device takes',
      code: [limits('addLimitFeatures'), limits('readLimits')],
      tests: [
        scatterTest('are the segments of one request where the device takes as many'),
        scatterTest('are cut to %s'),
      ],
    },
    unused(4, 'GEOMETRY', 'cylinders and heads mean nothing to a program of today'),
    {
      bit: 5,
      name: 'RO',
      use: 'a write is refused before the device sees it',
      code: [bringUp('beginDisk')],
      tests: [awaitedTest('refuses what is wrong before the device sees it'), onQemu],
    },
    {
      bit: 6,
      name: 'BLK_SIZE',
      use: 'requests are whole blocks',
      code: [bringUp('readGeometry')],
      tests: [awaitedTest('refuses what is wrong before the device sees it'), onQemu],
    },
    { bit: 7, name: 'SCSI', use: '', notApplicable: 'legacy alone, and a device MUST NOT offer it since VIRTIO 1.0' },
    {
      bit: 9,
      name: 'FLUSH',
      use: 'flush(), and before the machine ends',
      code: [bringUp('beginDisk')],
      tests: [awaitedTest('does not flush where there is nothing to flush'), onQemu],
    },
    {
      bit: 10,
      name: 'TOPOLOGY',
      use: 'the blocks and the transfer that suit the device best are told',
      code: [limits('readLimits')],
      tests: [commandsTest('is %s')],
    },
    {
      bit: 11,
      name: 'CONFIG_WCE',
      use: 'the write cache is told, and turned on and off',
      code: [limits('addLimitFeatures')],
      tests: [
        commandsTest('is turned off: what was written before is flushed, and from then on a flush has nothing to do'),
        onQemu,
      ],
    },
    {
      bit: 12,
      name: 'MQ',
      use: 'requests are spread over the queues',
      code: [flow('setUpFlow')],
      tests: [queuesTest('spreads its requests over them, and finds what it wrote')],
    },
    {
      bit: 13,
      name: 'DISCARD',
      use: 'discard()',
      code: [limits('readLimits')],
      tests: [commandsTest('is unsupported, and not asked for, without the feature'), onQemu],
    },
    {
      bit: 14,
      name: 'WRITE_ZEROES',
      use: 'writeZeroes()',
      code: [limits('readLimits')],
      tests: [commandsTest('is unsupported, and not asked for, without the feature'), onQemu],
    },
    {
      bit: 15,
      name: 'LIFETIME',
      use: 'how worn the device says that it is',
      code: [limits('addLimitFeatures')],
      tests: [commandsTest('%j is %j')],
    },
    {
      bit: 16,
      name: 'SECURE_ERASE',
      use: 'secureErase()',
      code: [limits('readLimits')],
      tests: [commandsTest('is unsupported, and not asked for, without the feature')],
    },
    unused(17, 'ZONED', 'zones are not driven'),
  ],
};
