// Memory balloons. VIRTIO 1.2 §5.5.

import { inFile } from '../claim.ts';
import type { DeviceClass } from './device.ts';

const bringUp = inFile('drivers/balloon/bring-up.ts');
const pages = inFile('drivers/balloon/pages.ts');
const unitTest = inFile('test/unit/drivers/balloon/driver.test.ts');
const bootTest = inFile('test/boot/balloon.test.ts');

export const BALLOON: DeviceClass = {
  type: 5,
  page: 'docs/devices/balloon.md',
  qemu: ['virtio-balloon-pci', 'virtio-balloon-device'],
  features: [
    {
      bit: 0,
      name: 'MUST_TELL_HOST',
      use: 'nothing is lent before the host knows; the balloon shrinks before memory is short',
      code: [bringUp('setUpBalloon')],
      tests: [
        unitTest(
          'it fails, too, where the host must be told first, but the balloon is smaller before it comes to that',
        ),
      ],
    },
    {
      bit: 1,
      name: 'STATS_VQ',
      use: 'total, free and available memory, caches and swap, when the host asks',
      code: [inFile('drivers/balloon/statistics.ts')('sendStatistics')],
      tests: [
        unitTest('go to the device at once, and again when it asks'),
        bootTest('takes memory off the host, gives it back zeroed, and lends it when it is short'),
      ],
    },
    {
      bit: 2,
      name: 'DEFLATE_ON_OOM',
      use: 'an allocation that would fail takes pages out of the balloon',
      code: [pages('stepBalloon')],
      tests: [
        unitTest('an allocation takes pages out of the balloon, and the host is told afterwards'),
        bootTest('takes memory off the host, gives it back zeroed, and lends it when it is short'),
      ],
    },
    {
      bit: 3,
      name: 'FREE_PAGE_HINT',
      use: 'free pages are named to a host that moves the machine',
      code: [inFile('drivers/balloon/hints.ts')('sendHints')],
      tests: [
        unitTest('hints free pages, keeps them until it is done, and then has them again'),
        bootTest('names its free pages to a host that moves the machine, which does not copy them'),
      ],
    },
    {
      bit: 4,
      name: 'PAGE_POISON',
      use: 'pages are zeroed when they are allocated; only where no free pages are reported',
      code: [bringUp('beginBalloon')],
      tests: [unitTest('are not reported where the opener says so; then the device learns that they are zeroed')],
    },
    {
      bit: 5,
      name: 'PAGE_REPORTING',
      use: 'free pages that hold memory of the host are reported, in long runs',
      code: [inFile('drivers/balloon/reports.ts')('sendReport')],
      tests: [
        unitTest('are reported, and are the same that they were'),
        bootTest('of a host that takes reports leaves it what is free'),
      ],
    },
  ],
};
