// Requirements of VIRTIO 1.2 §2.8: packed virtqueues.

import type { Requirement } from './requirement.ts';

export const PACKED_QUEUES: readonly Requirement[] = [
  {
    id: '2.8.11-1',
    strength: 'MUST',
    wording: 'Descriptor ring and the two event suppression structures begin at multiples of 16, 4 and 4 bytes',
    open: 'packed virtqueues are not used',
  },
  {
    id: '2.8.16-1',
    strength: 'MUST NOT',
    wording: 'A descriptor that the device has is not written to until the device has marked it used',
    open: 'packed virtqueues are not used',
  },
  {
    id: '2.8.16-2',
    strength: 'MUST NOT',
    wording: 'A descriptor is not written to once it was marked available',
    open: 'packed virtqueues are not used',
  },
  {
    id: '2.8.16-3',
    strength: 'MUST',
    wording:
      'With NOTIFICATION_DATA, a notification carries place and wrap counter of the next descriptor to be published',
    open: 'packed virtqueues are not used',
  },
  {
    id: '2.8.16-4',
    strength: 'MAY',
    wording: 'A notification may be sent again although nothing was published since',
    open: 'packed virtqueues are not used',
  },
  {
    id: '2.8.17-1',
    strength: 'MUST NOT',
    wording: 'A list has no more descriptors than the device allows',
    open: 'packed virtqueues are not used',
  },
  {
    id: '2.8.17-2',
    strength: 'MUST NOT',
    wording: 'A list has no more descriptors than the ring has elements',
    open: 'packed virtqueues are not used',
  },
  {
    id: '2.8.17-3',
    strength: 'MUST',
    wording: 'In a list, what the device reads comes before what it writes',
    open: 'packed virtqueues are not used',
  },
  {
    id: '2.8.17-4',
    strength: 'MUST NOT',
    wording: 'The room for a list does not depend on descriptors that the device has yet to use',
    open: 'packed virtqueues are not used',
  },
  {
    id: '2.8.17-5',
    strength: 'MUST',
    wording: 'The first descriptor of a list is published when there is room for all of them',
    open: 'packed virtqueues are not used',
  },
  {
    id: '2.8.17-6',
    strength: 'MUST NOT',
    wording: 'The first descriptor of a list is published last',
    open: 'packed virtqueues are not used',
  },
  {
    id: '2.8.19-1',
    strength: 'MUST NOT',
    wording: 'A descriptor points at a table only where INDIRECT_DESC was agreed on',
    open: 'packed virtqueues are not used',
  },
  {
    id: '2.8.19-2',
    strength: 'MUST NOT',
    wording: 'The descriptors of a table have no flag but the one for device-writable',
    open: 'packed virtqueues are not used',
  },
  {
    id: '2.8.19-3',
    strength: 'MUST NOT',
    wording: 'A table has no more descriptors than the device allows',
    open: 'packed virtqueues are not used',
  },
  {
    id: '2.8.19-4',
    strength: 'MUST NOT',
    wording: 'A list of several descriptors has none that points at a table',
    open: 'packed virtqueues are not used',
  },
  {
    id: '2.8.21.1.1-1',
    strength: 'MUST',
    wording: 'A fence lies between a descriptor and the flags that make it available',
    open: 'packed virtqueues are not used',
  },
  {
    id: '2.8.21.3.1-1',
    strength: 'MUST',
    wording: 'A fence lies between these flags and the look at whether a notification is wanted',
    open: 'packed virtqueues are not used',
  },
];
