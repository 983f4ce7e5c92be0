// Requirements of VIRTIO 1.2 §2.7: split virtqueues.

import {
  blkDriverTest,
  blkRequest,
  blkRequestTest,
  legacyPci,
  legacyTest,
  notifyTest,
  queue,
  queueTest,
  requirementsTest,
  slots,
  split,
  transport,
} from './places.ts';
import type { Requirement } from './requirement.ts';

export const SPLIT_QUEUES: readonly Requirement[] = [
  {
    id: '2.7.1-1',
    strength: 'MUST',
    wording: 'Descriptor table, available ring and used ring begin at multiples of 16, 2 and 4 bytes',
    code: [split('splitDriverOffset'), split('splitDeviceOffset')],
    tests: [
      requirementsTest('has its three areas at multiples of what the specification asks for, one behind the other'),
    ],
  },
  {
    id: '2.7.2-1',
    strength: 'MUST',
    wording: 'Legacy: the size of a queue is the one that the device says',
    code: [transport('enableQueue'), legacyPci('legacyQueueSize')],
    tests: [legacyTest('has the size that the device says, whatever the driver wants, and lies at a page')],
  },
  {
    id: '2.7.2-2',
    strength: 'MUST',
    wording: 'Legacy: a queue has the memory that the formula of the section gives',
    code: [queue('queueMemoryLength')],
    tests: [queueTest('of a legacy device has its used ring at a page')],
  },
  {
    id: '2.7.2-3',
    strength: 'MUST',
    wording: 'Legacy: the used ring follows the other two at the next multiple of the queue alignment',
    code: [split('splitDeviceOffset')],
    tests: [queueTest('of a legacy device has its used ring at a page')],
  },
  {
    id: '2.7.3-1',
    strength: 'MUST',
    wording: 'Legacy: numbers in a queue are in the byte order of the processor',
    notApplicable: 'the processor is little-endian, as is the specification, so there is only one order',
  },
  {
    id: '2.7.4.2-1',
    strength: 'MUST',
    wording: 'In a chain, what the device reads comes before what it writes',
    code: [queue('fill')],
    tests: [
      queueTest('shows the device the chain as it was filled, readable first'),
      requirementsTest(
        'the descriptors of a $name queue > that the device reads come before those that it writes: the other order is our own mistake',
      ),
    ],
  },
  {
    id: '2.7.4.2-2',
    strength: 'SHOULD NOT',
    wording: 'A buffer is described by few descriptors',
    code: [blkRequest('submit')],
    tests: [blkRequestTest('are submitted until the queue is full and completed one by one')],
  },
  {
    id: '2.7.5.2-1',
    strength: 'MUST NOT',
    wording: 'A chain describes no more than 2^32 bytes, and so has no loop',
    code: [queue('add')],
    tests: [
      requirementsTest(
        'the descriptors of a $name queue > describe less than 4 GiB in a chain: more is our own mistake, also where it is the same bytes again and again',
      ),
    ],
  },
  {
    id: '2.7.5.2-2',
    strength: 'MUST',
    wording:
      'With IN_ORDER, descriptors of a chain follow each other in the table, and the last is followed by the first',
    code: [slots('takeBack'), split('linkSplit')],
    tests: [
      requirementsTest(
        'follow each other in the table, the first behind the last, and so do those of an indirect table',
      ),
    ],
  },
  {
    id: '2.7.5.3.1-1',
    strength: 'MUST NOT',
    wording: 'A descriptor points at a table only where INDIRECT_DESC was agreed on',
    code: [queue('reserve')],
    tests: [requirementsTest('the descriptors of a $name queue > point at no table where tables were not agreed on')],
  },
  {
    id: '2.7.5.3.1-2',
    strength: 'MUST NOT',
    wording: 'A table has no descriptor that points at another table',
    code: [split('linkSplit')],
    tests: [
      requirementsTest(
        'the descriptors of a $name queue > that point at a table have no successor, and the table no other table',
      ),
    ],
  },
  {
    id: '2.7.5.3.1-3',
    strength: 'MUST NOT',
    wording: 'A chain has no more descriptors than the queue has elements',
    code: [queue('reserve')],
    tests: [requirementsTest('the descriptors of a $name queue > are never more in a chain than the queue has')],
  },
  {
    id: '2.7.5.3.1-4',
    strength: 'MUST NOT',
    wording: 'A descriptor that points at a table has no successor',
    code: [split('addSplit')],
    tests: [
      requirementsTest(
        'the descriptors of a $name queue > that point at a table have no successor, and the table no other table',
      ),
    ],
  },
  {
    id: '2.7.5.3.1-5',
    strength: 'MUST',
    wording: 'With IN_ORDER, the descriptors of a table are linked in their order',
    code: [split('linkSplit')],
    tests: [
      requirementsTest(
        'the descriptors of a $name queue > that point at a table have no successor, and the table no other table',
      ),
    ],
  },
  {
    id: '2.7.6.1-1',
    strength: 'MUST NOT',
    wording: 'The available index only grows: what was published stays published',
    code: [split('publishSplit')],
    tests: [requirementsTest('has an index that grows by one a chain and never goes back')],
  },
  {
    id: '2.7.7.1-1',
    strength: 'MUST',
    wording: 'Without EVENT_IDX, the flags of the available ring are 0 or 1',
    code: [split('suppressSplit'), split('allowSplit')],
    tests: [requirementsTest('has flags of 0 and 1 only, and only 0 with the event index (%s)')],
  },
  {
    id: '2.7.7.1-2',
    strength: 'MAY',
    wording: 'Without EVENT_IDX, notifications by the device may be switched off with the flag',
    code: [split('suppressSplit')],
    tests: [notifyTest('over more than 65536 chains, EVENT_IDX: %s')],
  },
  {
    id: '2.7.7.1-3',
    strength: 'MUST',
    wording: 'With EVENT_IDX, the flags of the available ring stay 0',
    code: [split('suppressSplit')],
    tests: [requirementsTest('has flags of 0 and 1 only, and only 0 with the event index (%s)')],
  },
  {
    id: '2.7.7.1-4',
    strength: 'MAY',
    wording: 'With EVENT_IDX, the used event says from which buffer on a notification is wanted',
    code: [split('allowSplit')],
    tests: [notifyTest('over more than 65536 chains, EVENT_IDX: %s')],
  },
  {
    id: '2.7.7.1-5',
    strength: 'MUST',
    wording: 'A notification for which there is no used buffer does no harm',
    code: [queue('pop')],
    tests: [
      queueTest('is empty until the device gives something back, and says how much was written and might have been'),
    ],
  },
  {
    id: '2.7.8.3-1',
    strength: 'MUST NOT',
    wording: 'Nothing is assumed of a buffer beyond the bytes that the device says it wrote',
    code: [blkRequest('complete')],
    tests: [blkDriverTest('a device that answers wrongly is given up > when it %s')],
  },
  {
    id: '2.7.8.3-2',
    strength: 'SHOULD',
    wording: 'What lies beyond these bytes is not looked at',
    code: [blkRequest('complete')],
    tests: [blkDriverTest('a device that answers wrongly is given up > when it %s')],
  },
  {
    id: '2.7.10.1-1',
    strength: 'MUST',
    wording: 'The flags of the used ring are 0 when the queue is handed over',
    code: [queue('prepare')],
    tests: [requirementsTest('is zero when it is handed over, whatever was there before')],
  },
  {
    id: '2.7.10.1-2',
    strength: 'MUST',
    wording: 'Without EVENT_IDX, the available event is not looked at',
    code: [split('splitWantsKick')],
    tests: [requirementsTest('without the event index goes by the flag alone, whatever the available event says')],
  },
  {
    id: '2.7.10.1-3',
    strength: 'SHOULD NOT',
    wording: 'Without EVENT_IDX, a device whose flag says so is not notified',
    code: [queue('kick')],
    tests: [notifyTest('stop while the device asks for none, EVENT_IDX: %s')],
  },
  {
    id: '2.7.10.1-4',
    strength: 'MUST',
    wording: 'Without EVENT_IDX, a device whose flag is clear is notified',
    code: [queue('kick')],
    tests: [requirementsTest('without the event index goes by the flag alone, whatever the available event says')],
  },
  {
    id: '2.7.10.1-5',
    strength: 'MUST',
    wording: 'With EVENT_IDX, the flag of the used ring is not looked at',
    code: [split('splitWantsKick')],
    tests: [requirementsTest('with the event index goes by the available event alone, whatever the flag says')],
  },
  {
    id: '2.7.10.1-6',
    strength: 'MUST',
    wording: 'With EVENT_IDX, the device is notified when the available index passes its available event',
    code: [split('isEventPassed')],
    tests: [
      notifyTest('at every distance around the wrap'),
      requirementsTest('with the event index goes by the available event alone, whatever the flag says'),
    ],
  },
  {
    id: '2.7.10.1-7',
    strength: 'SHOULD NOT',
    wording: 'With EVENT_IDX, it is not notified otherwise',
    code: [split('isEventPassed')],
    tests: [
      notifyTest('at every distance around the wrap'),
      notifyTest('stop while the device asks for none, EVENT_IDX: %s'),
    ],
  },
  {
    id: '2.7.13.3.1-1',
    strength: 'MUST',
    wording: 'A fence lies between what was added and the available index that covers it',
    code: [split('publishSplit')],
    tests: [
      requirementsTest(
        'a chain $where of a $name queue > is all written, and a fence behind it, before the write that shows it to the device',
      ),
    ],
  },
  {
    id: '2.7.13.4.1-1',
    strength: 'MUST',
    wording: 'A fence lies between the available index and the look at whether a notification is wanted',
    code: [queue('kick')],
    tests: [
      requirementsTest(
        'a chain $where of a $name queue > is shown, and a fence behind it, before the device is asked whether it wants to know',
      ),
    ],
  },
];
