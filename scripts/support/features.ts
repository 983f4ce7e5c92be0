// The feature bits that mean the same for every type of device. VIRTIO 1.2 §6.

import type { Claim } from './claim.ts';
import {
  createQueue,
  createTest,
  doorbell,
  initialize,
  initializeTest,
  notifyTest,
  packed,
  pci,
  queue,
  queuesTest,
  queueTest,
  requirementsTest,
  requirementsTransportTest,
  scheduleTest,
  slots,
  split,
  transport,
} from './places.ts';

/** Where the library has its names for the bits: `FEATURE_` and the name of a row. */
export const FEATURES_FILE = 'drivers/virtio/features.ts';

/** Bits from here to there are the same for every type of device; 50 and up belong to a type again. §2.2 */
export const FEATURE_BIT_MIN = 24;
export const FEATURE_BIT_MAX = 49;

/** Constants of that file that count something and are no bits. */
export const NO_FEATURES: readonly string[] = ['FEATURE_WORD_BITS'];

/** One feature bit and what becomes of it. */
export type Feature = Claim & {
  readonly bit: number;
  /** As in the specification, without its prefix. */
  readonly name: string;
  /** What it means when both sides have it. */
  readonly use: string;
  /** Which drivers ask for it; those of a transport are asked for on behalf of every driver. */
  readonly usedBy: string;
};

export const FEATURES: readonly Feature[] = [
  {
    bit: 24,
    name: 'NOTIFY_ON_EMPTY',
    use: 'legacy: an interrupt when a queue runs empty, even where none is asked for',
    usedBy: 'nobody',
    notApplicable: 'we take back what a queue holds whether or not an interrupt comes',
  },
  {
    bit: 27,
    name: 'ANY_LAYOUT',
    use: 'legacy: the device does not mind how a request is divided',
    usedBy: 'every driver',
    code: [initialize('begin')],
    tests: [requirementsTransportTest('over %s has ANY_LAYOUT accepted, and bit 30 not')],
  },
  {
    bit: 28,
    name: 'INDIRECT_DESC',
    use: 'where the queue runs low, a request takes one descriptor of it however many buffers it has',
    usedBy: 'virtio-blk',
    code: [createQueue('createQueue'), queue('reserve')],
    tests: [
      requirementsTransportTest('has all accepted that its queue can use'),
      queueTest('are used when the ring runs low, so that it holds as many chains as it has elements'),
      createTest('chooses the layout and what it uses by what was negotiated'),
    ],
  },
  {
    bit: 29,
    name: 'EVENT_IDX',
    use: 'either side says from which buffer on it wants to be notified',
    usedBy: 'virtio-blk',
    code: [split('suppressSplit'), packed('suppressPacked'), split('isEventPassed'), packed('packedWantsKick')],
    tests: [
      requirementsTransportTest('has all accepted that its queue can use'),
      notifyTest('and so every kick that an honest device waits for is sent, packed: %s'),
      notifyTest('over more than 65536 chains, EVENT_IDX: %s'),
    ],
  },
  {
    bit: 32,
    name: 'VERSION_1',
    use: 'the device keeps to the specification; without it, it is a legacy one',
    usedBy: 'every driver',
    code: [initialize('begin')],
    tests: [initializeTest('%s: VERSION_1 is required')],
  },
  {
    bit: 33,
    name: 'ACCESS_PLATFORM',
    use: 'the device reaches memory through the platform, an IOMMU perhaps: the addresses that it is given are those that the IOMMU translates',
    usedBy: 'every driver',
    code: [initialize('begin')],
    tests: [initializeTest('accepts what the transport itself understands, where it has room for it')],
  },
  {
    bit: 34,
    name: 'RING_PACKED',
    use: 'one ring in place of three tables',
    usedBy: 'virtio-blk',
    code: [createQueue('createQueue'), packed('publishPacked')],
    tests: [
      requirementsTransportTest('has all accepted that its queue can use'),
      createTest('chooses the layout and what it uses by what was negotiated'),
      scheduleTest('with %i elements'),
    ],
  },
  {
    bit: 35,
    name: 'IN_ORDER',
    use: 'the device completes in the order of publishing, and may answer a batch at once',
    usedBy: 'virtio-blk',
    code: [slots('beginBatch'), slots('takeNextOfBatch')],
    tests: [
      requirementsTransportTest('has all accepted that its queue can use'),
      scheduleTest('with %i elements'),
      requirementsTest(
        'follow each other in the table, the first behind the last, and so do those of an indirect table',
      ),
    ],
  },
  {
    bit: 36,
    name: 'ORDER_PLATFORM',
    use: 'the device is hardware; our fences are always those for hardware',
    usedBy: 'every driver',
    code: [initialize('begin')],
    tests: [initializeTest('accepts what the transport itself understands, where it has room for it')],
  },
  {
    bit: 37,
    name: 'SR_IOV',
    use: 'virtual functions',
    usedBy: 'nobody',
    notApplicable: 'a unikernel has nobody to hand a virtual function to',
  },
  {
    bit: 38,
    name: 'NOTIFICATION_DATA',
    use: 'a notification says where in the queue the next buffer will be',
    usedBy: 'every driver',
    code: [initialize('begin'), doorbell('ringDoorbell')],
    tests: [
      queuesTest('what a notification says > %s'),
      initializeTest('leaves NOTIFICATION_DATA where notifications of 32 bits have no place'),
    ],
  },
  {
    bit: 39,
    name: 'NOTIF_CONFIG_DATA',
    use: 'a notification carries a value that the device chose',
    usedBy: 'every driver, on PCI',
    code: [pci('programPciQueue')],
    tests: [queuesTest('what a notification says > %s')],
  },
  {
    bit: 40,
    name: 'RING_RESET',
    use: 'one queue is reset while the others go on',
    usedBy: 'every driver',
    code: [transport('resetQueue')],
    tests: [queuesTest('takes everything back, and the queue can be enabled again with another size')],
  },
  {
    bit: 41,
    name: 'ADMIN_VQ',
    use: 'VIRTIO 1.3: a queue for administration',
    usedBy: 'nobody',
    notApplicable: 'it governs groups of virtual functions, which nobody here has',
  },
  {
    bit: 43,
    name: 'SUSPEND',
    use: 'VIRTIO 1.4: the device can be suspended',
    usedBy: 'nobody yet',
    open: 'no machine that is driven here sleeps',
  },
];
