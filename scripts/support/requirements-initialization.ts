// Requirements of VIRTIO 1.2 §3: initialisation, operation and cleanup.

import {
  blkBringUp,
  blkDriverTest,
  initialize,
  initializeTest,
  queue,
  queuesTest,
  queueTest,
  requirementsTest,
  reset,
  transport,
} from './places.ts';
import type { Requirement } from './requirement.ts';

export const INITIALIZATION: readonly Requirement[] = [
  {
    id: '3.1.1-1',
    strength: 'MUST',
    wording:
      'Initialisation is eight steps in one order: reset, ACKNOWLEDGE, DRIVER, features, FEATURES_OK, the look whether it stayed, set-up, DRIVER_OK',
    code: [initialize('begin'), initialize('finish')],
    tests: [
      initializeTest('over %s takes the eight steps in order, and agrees on what both sides know'),
      initializeTest('%s: FEATURES_OK is read back'),
    ],
  },
  {
    id: '3.1.1-2',
    strength: 'MAY',
    wording: 'The configuration may be read while features are agreed on',
    notApplicable: 'no driver reads it before step 7',
  },
  {
    id: '3.1.1-3',
    strength: 'MUST NOT',
    wording: 'The configuration is not written to while features are agreed on',
    notApplicable: 'no driver writes to a configuration',
  },
  {
    id: '3.1.1-4',
    strength: 'MUST NOT',
    wording: 'No feature is accepted after FEATURES_OK',
    code: [initialize('begin')],
    tests: [initializeTest('over %s takes the eight steps in order, and agrees on what both sides know')],
  },
  {
    id: '3.1.1-5',
    strength: 'SHOULD',
    wording: 'Whatever goes wrong on the way, FAILED tells the device so',
    code: [initialize('begin'), reset('giveUp')],
    tests: [
      initializeTest('names every feature that a driver requires and the device does not offer'),
      initializeTest('%s: FAILED is set when the driver gives up, and the fault stays'),
    ],
  },
  {
    id: '3.1.1-6',
    strength: 'MUST NOT',
    wording: 'Initialisation does not go on after a step that failed',
    code: [initialize('begin')],
    tests: [initializeTest('%s: FEATURES_OK is read back')],
  },
  {
    id: '3.1.1-7',
    strength: 'MUST NOT',
    wording: 'No queue is notified before DRIVER_OK',
    code: [initialize('finish'), blkBringUp('bringUp')],
    tests: [
      initializeTest('%s: queues are filled and enabled before, and the first notification comes after'),
      blkDriverTest('says what it is'),
    ],
  },
  {
    id: '3.1.2-1',
    strength: 'MUST',
    wording: 'A legacy device takes the same steps without the two about FEATURES_OK',
    code: [initialize('begin')],
    tests: [initializeTest('over %s leaves out FEATURES_OK and VERSION_1, and says that it is legacy')],
  },
  {
    id: '3.3.1-1',
    strength: 'MUST NOT',
    wording: 'What describes a published buffer is not altered while its queue is live',
    code: [queue('add'), queue('kick')],
    tests: [
      requirementsTest(
        'the descriptors of a $name queue > are left alone from the moment they are shown until the device returns them',
      ),
    ],
  },
  {
    id: '3.3.1-2',
    strength: 'MUST',
    wording: 'Buffers are taken back from a queue only after a reset',
    code: [queue('detachNext'), transport('resetQueue')],
    tests: [
      queueTest('gives each head in flight back exactly once after a reset, and starts anew'),
      queuesTest('takes everything back, and the queue can be enabled again with another size'),
    ],
  },
];
