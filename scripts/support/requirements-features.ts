// Requirements of VIRTIO 1.2 §6: feature bits that mean the same for every type of device.

import {
  createQueue,
  initialize,
  initializeTest,
  openIommu,
  openIommuTest,
  packed,
  queue,
  queueTest,
  requirementsTest,
  requirementsTransportTest,
  split,
} from './places.ts';
import type { Requirement } from './requirement.ts';

export const RESERVED_FEATURES: readonly Requirement[] = [
  {
    id: '6.1-1',
    strength: 'MUST',
    wording: 'VERSION_1 is accepted where it is offered',
    code: [initialize('begin')],
    tests: [initializeTest('over %s takes the eight steps in order, and agrees on what both sides know')],
  },
  {
    id: '6.1-2',
    strength: 'MAY',
    wording: 'A device without VERSION_1 may be refused',
    code: [initialize('begin')],
    tests: [initializeTest('%s: VERSION_1 is required')],
  },
  {
    id: '6.1-3',
    strength: 'SHOULD',
    wording: 'ACCESS_PLATFORM is accepted where it is offered',
    code: [initialize('begin')],
    tests: [initializeTest('accepts what the transport itself understands, where it has room for it')],
  },
  {
    id: '6.1-4',
    strength: 'MUST',
    wording: 'The IOMMU, where there is one, passes our addresses through',
    code: [openIommu('openIommu')],
    tests: [
      openIommuTest(
        'devices behind an IOMMU that is open reach the DMA memory through it, at other addresses than without',
      ),
    ],
  },
  {
    id: '6.1-5',
    strength: 'MUST',
    wording: 'Without ACCESS_PLATFORM, addresses given to the device are physical ones',
    code: [queue('fill')],
    tests: [queueTest('shows the device the chain as it was filled, readable first')],
  },
  {
    id: '6.1-6',
    strength: 'SHOULD',
    wording: 'RING_PACKED is accepted where it is offered',
    code: [createQueue('addQueueFeatures')],
    tests: [requirementsTransportTest('has all accepted that its queue can use')],
  },
  {
    id: '6.1-7',
    strength: 'SHOULD',
    wording: 'ORDER_PLATFORM is accepted where it is offered',
    code: [initialize('begin')],
    tests: [initializeTest('accepts what the transport itself understands, where it has room for it')],
  },
  {
    id: '6.1-8',
    strength: 'MUST',
    wording: 'With ORDER_PLATFORM, fences are those for hardware',
    code: [split('publishSplit'), packed('publishPacked'), queue('kick')],
    tests: [
      requirementsTest(
        'a chain $where of a $name queue > is all written, and a fence behind it, before the write that shows it to the device',
      ),
      requirementsTest(
        'a chain $where of a $name queue > is shown, and a fence behind it, before the device is asked whether it wants to know',
      ),
    ],
  },
  {
    id: '6.1-9',
    strength: 'MAY',
    wording: 'With SR_IOV, virtual functions may be enabled',
    notApplicable: 'SR_IOV is never accepted',
  },
  {
    id: '6.1-10',
    strength: 'MUST NOT',
    wording: 'SR_IOV is not accepted of a device without that PCI capability, nor off PCI',
    code: [initialize('begin')],
    tests: [initializeTest('accepts what the transport itself understands, where it has room for it')],
  },
  {
    id: '6.1-11',
    strength: 'MUST',
    wording: 'Virtual functions are enabled only after SR_IOV was agreed on',
    notApplicable: 'SR_IOV is never accepted',
  },
  {
    id: '6.1-12',
    strength: 'MAY',
    wording: 'Virtual functions may be enabled after a later reset too',
    notApplicable: 'SR_IOV is never accepted',
  },
  {
    id: '6.1-13',
    strength: 'SHOULD',
    wording: 'NOTIF_CONFIG_DATA is accepted where it is offered',
    code: [initialize('begin')],
    tests: [initializeTest('accepts what the transport itself understands, where it has room for it')],
  },
  {
    id: '6.3-1',
    strength: 'MUST',
    wording: 'Legacy: ANY_LAYOUT is accepted where it is offered',
    code: [initialize('begin')],
    tests: [requirementsTransportTest('over %s has ANY_LAYOUT accepted, and bit 30 not')],
  },
  {
    id: '6.3-2',
    strength: 'SHOULD NOT',
    wording: 'Legacy: bit 30 is not accepted',
    code: [initialize('begin')],
    tests: [requirementsTransportTest('over %s has ANY_LAYOUT accepted, and bit 30 not')],
  },
];
