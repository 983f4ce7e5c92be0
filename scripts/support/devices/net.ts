// Network devices. VIRTIO 1.2 §5.1.

import { inFile } from '../claim.ts';
import { type DeviceClass, unused } from './device.ts';

const bringUp = inFile('drivers/net/bring-up.ts');
const receive = inFile('drivers/net/receive.ts');
const transmit = inFile('drivers/net/transmit.ts');
const filters = inFile('drivers/net/filters.ts');
const bringUpTest = inFile('test/unit/drivers/net/bring-up.test.ts');
const driverTest = inFile('test/unit/drivers/net/driver.test.ts');
const filtersTest = inFile('test/unit/drivers/net/filters.test.ts');
const receiveTest = inFile('test/unit/drivers/net/receive.test.ts');
const bootTest = inFile('test/boot/net.test.ts');

export const NET: DeviceClass = {
  type: 1,
  page: 'docs/devices/net.md',
  qemu: ['virtio-net-pci', 'virtio-net-device'],
  features: [
    {
      bit: 0,
      name: 'CSUM',
      use: 'a checksum is left to the device',
      code: [transmit('setOffload')],
      tests: [
        driverTest('leaves a checksum and segments to a device that can'),
        bootTest("checksums and fragments are the host's business"),
      ],
    },
    {
      bit: 1,
      name: 'GUEST_CSUM',
      use: 'a checksum that was checked, or is not whole, is told',
      code: [receive('takeFrame')],
      tests: [
        receiveTest('is told: a checksum that was checked, one that is not whole, a segment'),
        bootTest("checksums and fragments are the host's business"),
      ],
    },
    unused(2, 'CTRL_GUEST_OFFLOADS', 'the driver does not ask for it'),
    {
      bit: 3,
      name: 'MTU',
      use: 'the longest frame',
      code: [bringUp('readConfiguration')],
      tests: [
        bringUpTest('says what it is'),
        bootTest('of 9000 bytes take several buffers, or one that is long enough: mrg_rxbuf=%s'),
      ],
    },
    {
      bit: 5,
      name: 'MAC',
      use: 'the address; without it the driver makes one',
      code: [bringUp('readConfiguration')],
      tests: [driverTest('has an address of its own where the device has none')],
    },
    { bit: 6, name: 'GSO', use: '', notApplicable: 'legacy alone: HOST_TSO4 and its kin say it one by one' },
    {
      bit: 7,
      name: 'GUEST_TSO4',
      use: 'segments that were joined are taken',
      code: [receive('takeFrame')],
      tests: [receiveTest('segments are told where %s was agreed on, and cost the frame where not')],
    },
    {
      bit: 8,
      name: 'GUEST_TSO6',
      use: 'as GUEST_TSO4',
      code: [receive('takeFrame')],
      tests: [receiveTest('segments are told where %s was agreed on, and cost the frame where not')],
    },
    {
      bit: 9,
      name: 'GUEST_ECN',
      use: 'as GUEST_TSO4',
      code: [receive('takeFrame')],
      tests: [receiveTest('segments are told where %s was agreed on, and cost the frame where not')],
    },
    {
      bit: 10,
      name: 'GUEST_UFO',
      use: 'as GUEST_TSO4',
      code: [receive('takeFrame')],
      tests: [receiveTest('segments are told where %s was agreed on, and cost the frame where not')],
    },
    {
      bit: 11,
      name: 'HOST_TSO4',
      use: 'segments are left to the device',
      code: [transmit('setOffload')],
      tests: [driverTest('leaves segments to a device that can: %s')],
    },
    {
      bit: 12,
      name: 'HOST_TSO6',
      use: 'as HOST_TSO4',
      code: [transmit('setOffload')],
      tests: [driverTest('leaves segments to a device that can: %s')],
    },
    unused(13, 'HOST_ECN', 'no frame that is sent says that its stream has ECN'),
    {
      bit: 14,
      name: 'HOST_UFO',
      use: 'as HOST_TSO4',
      code: [transmit('setOffload')],
      tests: [
        driverTest('leaves segments to a device that can: %s'),
        bootTest("checksums and fragments are the host's business"),
      ],
    },
    {
      bit: 15,
      name: 'MRG_RXBUF',
      use: 'a frame lies in as many buffers as it needs',
      code: [receive('takeFrame')],
      tests: [
        receiveTest('lies in several buffers when it is longer than one, in their order'),
        bootTest('of 9000 bytes take several buffers, or one that is long enough: mrg_rxbuf=%s'),
      ],
    },
    {
      bit: 16,
      name: 'STATUS',
      use: 'the link, and its changes',
      code: [bringUp('readConfiguration')],
      tests: [driverTest('its link: who listens hears of it'), bootTest('of the link is heard, and of a move')],
    },
    {
      bit: 17,
      name: 'CTRL_VQ',
      use: 'commands: the filter, announcements, pairs',
      code: [filters('tellFilter')],
      tests: [filtersTest('has the commands of the specification')],
    },
    {
      bit: 18,
      name: 'CTRL_RX',
      use: 'promiscuous, all multicast, the table of addresses',
      code: [filters('setReceiveFilter')],
      tests: [
        filtersTest('tells a new device to filter'),
        bootTest('is what QEMU says that it receives, and what it lets through'),
      ],
    },
    {
      bit: 19,
      name: 'CTRL_VLAN',
      use: 'VLANs that pass',
      code: [filters('setVlan')],
      tests: [
        filtersTest('has the commands of the specification'),
        bootTest('is what QEMU says that it receives, and what it lets through'),
      ],
    },
    unused(20, 'CTRL_RX_EXTRA', 'the driver does not ask for it'),
    {
      bit: 21,
      name: 'GUEST_ANNOUNCE',
      use: 'who listens announces the machine, and the device is told',
      code: [filters('acknowledgeAnnouncement')],
      tests: [
        driverTest('its place: who listens announces, and the device is told that it was done'),
        bootTest('of the link is heard, and of a move'),
      ],
    },
    {
      bit: 22,
      name: 'MQ',
      use: 'pairs of queues',
      code: [bringUp('setUpPair')],
      tests: [
        driverTest('are used as many as were asked for and as the device has, which is told'),
        bootTest('of several queues is taken'),
      ],
    },
    {
      bit: 23,
      name: 'CTRL_MAC_ADDR',
      use: 'the address is changed',
      code: [filters('setMacAddress')],
      tests: [
        filtersTest('has the commands of the specification'),
        bootTest('is what QEMU says that it receives, and what it lets through'),
      ],
    },
    unused(50, 'DEVICE_STATS', 'the driver does not ask for it'),
    unused(51, 'HASH_TUNNEL', 'the driver does not ask for it'),
    unused(52, 'VQ_NOTF_COAL', 'the driver does not ask for it'),
    unused(53, 'NOTF_COAL', 'the driver does not ask for it'),
    unused(54, 'GUEST_USO4', 'the driver does not ask for it'),
    unused(55, 'GUEST_USO6', 'the driver does not ask for it'),
    unused(56, 'HOST_USO', 'the driver does not ask for it'),
    unused(57, 'HASH_REPORT', 'the driver does not ask for it'),
    unused(59, 'GUEST_HDRLEN', 'the driver does not ask for it'),
    unused(60, 'RSS', 'the driver does not ask for it'),
    unused(61, 'RSC_EXT', 'the driver does not ask for it'),
    unused(62, 'STANDBY', 'the driver does not ask for it'),
    unused(63, 'SPEED_DUPLEX', 'the driver does not ask for it'),
    unused(64, 'RSS_CONTEXT', 'the driver does not ask for it'),
    unused(65, 'GUEST_UDP_TUNNEL_GSO', 'the driver does not ask for it'),
    unused(66, 'GUEST_UDP_TUNNEL_GSO_CSUM', 'the driver does not ask for it'),
    unused(67, 'HOST_UDP_TUNNEL_GSO', 'the driver does not ask for it'),
    unused(68, 'HOST_UDP_TUNNEL_GSO_CSUM', 'the driver does not ask for it'),
    unused(69, 'OUT_NET_HEADER', 'the driver does not ask for it'),
    unused(70, 'IPSEC', 'the driver does not ask for it'),
  ],
};
