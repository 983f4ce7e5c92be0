// Requirements of VIRTIO 1.2 §2.8: packed virtqueues.

import { doorbell, notifyTest, packed, queue, requirementsTest, slots } from './places.ts';
import type { Requirement } from './requirement.ts';

export const PACKED_QUEUES: readonly Requirement[] = [
  {
    id: '2.8.11-1',
    strength: 'MUST',
    wording: 'Descriptor ring and the two event suppression structures begin at multiples of 16, 4 and 4 bytes',
    code: [packed('packedDriverOffset'), packed('packedDeviceOffset')],
    tests: [
      requirementsTest('has its three areas at multiples of what the specification asks for, one behind the other'),
    ],
  },
  {
    id: '2.8.16-1',
    strength: 'MUST NOT',
    wording: 'A descriptor that the device has is not written to until the device has marked it used',
    code: [packed('publishPacked'), slots('takeBack')],
    tests: [
      requirementsTest(
        'the descriptors of a $name queue > are left alone from the moment they are shown until the device returns them',
      ),
    ],
  },
  {
    id: '2.8.16-2',
    strength: 'MUST NOT',
    wording: 'A descriptor is not written to once it was marked available',
    code: [packed('publishPacked')],
    tests: [
      requirementsTest(
        'the descriptors of a $name queue > are left alone from the moment they are shown until the device returns them',
      ),
    ],
  },
  {
    id: '2.8.16-3',
    strength: 'MUST',
    wording:
      'With NOTIFICATION_DATA, a notification carries place and wrap counter of the next descriptor to be published',
    code: [packed('packedNext'), doorbell('ringDoorbell')],
    tests: [notifyTest('with the next place and the wrap counter of a packed queue')],
  },
  {
    id: '2.8.16-4',
    strength: 'MAY',
    wording: 'A notification may be sent again although nothing was published since',
    code: [queue('watch')],
    tests: [notifyTest('sends a lost kick again, says so, and takes the word of the device no more')],
  },
  {
    id: '2.8.17-1',
    strength: 'MUST NOT',
    wording: 'A list has no more descriptors than the device allows',
    code: [queue('reserve')],
    tests: [requirementsTest('the descriptors of a $name queue > are never more in a chain than the queue has')],
  },
  {
    id: '2.8.17-2',
    strength: 'MUST NOT',
    wording: 'A list has no more descriptors than the ring has elements',
    code: [queue('reserve')],
    tests: [requirementsTest('the descriptors of a $name queue > are never more in a chain than the queue has')],
  },
  {
    id: '2.8.17-3',
    strength: 'MUST',
    wording: 'In a list, what the device reads comes before what it writes',
    code: [queue('fill')],
    tests: [
      requirementsTest(
        'the descriptors of a $name queue > that the device reads come before those that it writes: the other order is our own mistake',
      ),
    ],
  },
  {
    id: '2.8.17-4',
    strength: 'MUST NOT',
    wording: 'The room for a list does not depend on descriptors that the device has yet to use',
    code: [queue('reserve')],
    tests: [
      requirementsTest(
        'the descriptors of a $name queue > are all taken at once or not at all: a chain for which there is no room leaves memory as it was',
      ),
    ],
  },
  {
    id: '2.8.17-5',
    strength: 'MUST',
    wording: 'The first descriptor of a list is published when there is room for all of them',
    code: [queue('reserve')],
    tests: [
      requirementsTest(
        'the descriptors of a $name queue > are all taken at once or not at all: a chain for which there is no room leaves memory as it was',
      ),
    ],
  },
  {
    id: '2.8.17-6',
    strength: 'MUST NOT',
    wording: 'The first descriptor of a list is published last',
    code: [packed('publishPacked')],
    tests: [
      requirementsTest(
        'a chain $where of a $name queue > is all written, and a fence behind it, before the write that shows it to the device',
      ),
    ],
  },
  {
    id: '2.8.19-1',
    strength: 'MUST NOT',
    wording: 'A descriptor points at a table only where INDIRECT_DESC was agreed on',
    code: [queue('reserve')],
    tests: [requirementsTest('the descriptors of a $name queue > point at no table where tables were not agreed on')],
  },
  {
    id: '2.8.19-2',
    strength: 'MUST NOT',
    wording: 'The descriptors of a table have no flag but the one for device-writable',
    code: [packed('linkPacked')],
    tests: [
      requirementsTest(
        'the descriptors of a $name queue > that point at a table have no successor, and the table no other table',
      ),
    ],
  },
  {
    id: '2.8.19-3',
    strength: 'MUST NOT',
    wording: 'A table has no more descriptors than the device allows',
    code: [queue('reserve')],
    tests: [requirementsTest('the descriptors of a $name queue > are never more in a chain than the queue has')],
  },
  {
    id: '2.8.19-4',
    strength: 'MUST NOT',
    wording: 'A list of several descriptors has none that points at a table',
    code: [packed('addPacked')],
    tests: [
      requirementsTest(
        'the descriptors of a $name queue > that point at a table have no successor, and the table no other table',
      ),
    ],
  },
  {
    id: '2.8.21.1.1-1',
    strength: 'MUST',
    wording: 'A fence lies between a descriptor and the flags that make it available',
    code: [packed('publishPacked')],
    tests: [
      requirementsTest(
        'a chain $where of a $name queue > is all written, and a fence behind it, before the write that shows it to the device',
      ),
    ],
  },
  {
    id: '2.8.21.3.1-1',
    strength: 'MUST',
    wording: 'A fence lies between these flags and the look at whether a notification is wanted',
    code: [queue('kick')],
    tests: [
      requirementsTest(
        'a chain $where of a $name queue > is shown, and a fence behind it, before the device is asked whether it wants to know',
      ),
    ],
  },
];
