// IOMMUs. VIRTIO 1.2 §5.13.

import { inFile } from '../claim.ts';
import type { DeviceClass } from './device.ts';

const flow = inFile('drivers/iommu/flow.ts');
const driver = inFile('drivers/iommu/driver.ts');
const requests = inFile('drivers/iommu/requests.ts');
const driverTest = inFile('test/unit/drivers/iommu/driver.test.ts');
const openTest = inFile('test/unit/drivers/open/iommu.test.ts');
const bootTest = inFile('test/boot/iommu.test.ts');

export const IOMMU: DeviceClass = {
  type: 23,
  page: 'docs/devices/iommu.md',
  qemu: ['virtio-iommu-pci'],
  features: [
    {
      bit: 0,
      name: 'INPUT_RANGE',
      use: 'no mapping lies outside',
      code: [flow('setUpIommu'), driver('startIommu')],
      tests: [
        driverTest('is refused before it is asked: %s'),
        driverTest('because of its configuration does not come up: %s'),
      ],
    },
    {
      bit: 1,
      name: 'DOMAIN_RANGE',
      use: 'domains have numbers within',
      code: [flow('setUpIommu'), driver('startIommu')],
      tests: [driverTest('numbers its domains as it can')],
    },
    {
      bit: 2,
      name: 'MAP_UNMAP',
      use: 'required: mappings are made and taken away',
      code: [requests('mapRequest'), requests('unmapRequest')],
      tests: [
        driverTest('takes mappings away again'),
        driverTest('because it maps nothing does not come up'),
        bootTest('a disk is driven through it; what is mapped nowhere is refused, reported, and does not end it'),
      ],
    },
    {
      bit: 3,
      name: 'BYPASS',
      use: 'agreed on where devices without a domain are to reach all memory',
      code: [flow('beginIommu')],
      tests: [driverTest('without BYPASS_CONFIG agrees on BYPASS where devices are to pass, and only then')],
    },
    {
      bit: 4,
      name: 'PROBE',
      use: 'reserved regions and the place of messages',
      code: [requests('probeRequest'), requests('reservedRegions')],
      tests: [
        driverTest('is its regions, ascending'),
        driverTest('cannot be %s: it is given up'),
        openTest('the memory lies behind what is reserved'),
      ],
    },
    {
      bit: 5,
      name: 'MMIO',
      use: 'mappings of what is no memory, such as the place of messages',
      code: [requests('mapRequest')],
      tests: [openTest('where the IOMMU does not pass messages on, they have a mapping of their own')],
    },
    {
      bit: 6,
      name: 'BYPASS_CONFIG',
      use: 'whether devices without a domain reach all memory; domains that pass everything',
      code: [flow('setUpIommu')],
      tests: [
        driverTest('lets what is in no domain pass or not: %s'),
        driverTest('has domains that pass everything, with BYPASS_CONFIG'),
        bootTest('a disk is driven through it; what is mapped nowhere is refused, reported, and does not end it'),
      ],
    },
  ],
};
