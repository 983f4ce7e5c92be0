// Requirements of VIRTIO 1.2 §3: initialisation, operation and cleanup.

import { initialize, initializeTest, queue, queueTest, requirementsTest, reset } from './places.ts';
import type { Requirement } from './requirement.ts';

export const INITIALIZATION: readonly Requirement[] = [
  {
    id: '3.1.1-1',
    strength: 'MUST',
    wording:
      'Initialisation is eight steps in one order: reset, ACKNOWLEDGE, DRIVER, features, FEATURES_OK, the look whether it stayed, set-up, DRIVER_OK',
    code: [initialize('initialize')],
    tests: [
      initializeTest('takes the eight steps in order, and agrees on what both sides know'),
      initializeTest('looks whether the device kept FEATURES_OK'),
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
    code: [initialize('initialize')],
    tests: [initializeTest('takes the eight steps in order, and agrees on what both sides know')],
  },
  {
    id: '3.1.1-5',
    strength: 'SHOULD',
    wording: 'Whatever goes wrong on the way, FAILED tells the device so',
    code: [initialize('initialize'), reset('giveUp')],
    tests: [initializeTest('a driver that cannot set up leaves the device reset, FAILED and without memory')],
  },
  {
    id: '3.1.1-6',
    strength: 'MUST NOT',
    wording: 'Initialisation does not go on after a step that failed',
    code: [initialize('initialize')],
    tests: [initializeTest('looks whether the device kept FEATURES_OK')],
  },
  {
    id: '3.1.1-7',
    strength: 'MUST NOT',
    wording: 'No queue is notified before DRIVER_OK',
    open: 'no test fails when a queue is notified too early',
  },
  {
    id: '3.1.2-1',
    strength: 'MUST',
    wording: 'A legacy device takes the same steps without the two about FEATURES_OK',
    open: 'legacy devices are refused',
  },
  {
    id: '3.3.1-1',
    strength: 'MUST NOT',
    wording: 'What describes a published buffer is not altered while its queue is live',
    code: [queue('publish')],
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
    code: [queue('detachNext')],
    tests: [queueTest('gives each head in flight back exactly once after a reset, and starts anew')],
  },
];
