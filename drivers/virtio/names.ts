// The names of virtio things: types of device and their feature bits, as the specification has them. VIRTIO 1.2 to 1.4, §5 and §6.

import { remainder } from '../../kernel/base/bits.ts';
import { hex } from '../../kernel/base/hex.ts';
import { lookUp } from '../../kernel/base/table.ts';
import { FEATURE_WORD_BITS, FEATURE_WORD_COUNT, type Features, featureWord } from './features.ts';

/** type, name. */
const TYPE_NAMES = `
1 virtio-net
2 virtio-blk
3 virtio-console
4 virtio-rng
5 virtio-balloon
6 virtio-io-memory
7 virtio-rpmsg
8 virtio-scsi
9 virtio-9p
10 virtio-mac80211
11 virtio-rproc-serial
12 virtio-caif
13 virtio-memory-balloon
16 virtio-gpu
17 virtio-rtc
18 virtio-input
19 virtio-vsock
20 virtio-crypto
21 virtio-signal
22 virtio-pstore
23 virtio-iommu
24 virtio-mem
25 virtio-sound
26 virtio-fs
27 virtio-pmem
28 virtio-rpmb
29 virtio-mac80211-hwsim
30 virtio-video-encoder
31 virtio-video-decoder
32 virtio-scmi
33 virtio-nitro-sec-mod
34 virtio-i2c
35 virtio-watchdog
36 virtio-can
38 virtio-parameter-server
39 virtio-audio-policy
40 virtio-bluetooth
41 virtio-gpio
42 virtio-rdma
43 virtio-camera
44 virtio-ism
45 virtio-spi
46 virtio-tee
47 virtio-cpu-balloon
48 virtio-media
49 virtio-usb
`;

/** bit, name in the specification without its prefix: bits of all types of device. §6 */
const COMMON_NAMES = `
24 NOTIFY_ON_EMPTY
27 ANY_LAYOUT
28 INDIRECT_DESC
29 EVENT_IDX
32 VERSION_1
33 ACCESS_PLATFORM
34 RING_PACKED
35 IN_ORDER
36 ORDER_PLATFORM
37 SR_IOV
38 NOTIFICATION_DATA
39 NOTIF_CONFIG_DATA
40 RING_RESET
41 ADMIN_VQ
43 SUSPEND
`;

// Bits of one type of device: bit, name. A table for each, so that a name is found without looking at those of all others.
const NET_NAMES = `
0 CSUM
1 GUEST_CSUM
2 CTRL_GUEST_OFFLOADS
3 MTU
5 MAC
6 GSO
7 GUEST_TSO4
8 GUEST_TSO6
9 GUEST_ECN
10 GUEST_UFO
11 HOST_TSO4
12 HOST_TSO6
13 HOST_ECN
14 HOST_UFO
15 MRG_RXBUF
16 STATUS
17 CTRL_VQ
18 CTRL_RX
19 CTRL_VLAN
20 CTRL_RX_EXTRA
21 GUEST_ANNOUNCE
22 MQ
23 CTRL_MAC_ADDR
50 DEVICE_STATS
51 HASH_TUNNEL
52 VQ_NOTF_COAL
53 NOTF_COAL
54 GUEST_USO4
55 GUEST_USO6
56 HOST_USO
57 HASH_REPORT
59 GUEST_HDRLEN
60 RSS
61 RSC_EXT
62 STANDBY
63 SPEED_DUPLEX
64 RSS_CONTEXT
65 GUEST_UDP_TUNNEL_GSO
66 GUEST_UDP_TUNNEL_GSO_CSUM
67 HOST_UDP_TUNNEL_GSO
68 HOST_UDP_TUNNEL_GSO_CSUM
69 OUT_NET_HEADER
70 IPSEC
`;

const BLOCK_NAMES = `
0 BARRIER
1 SIZE_MAX
2 SEG_MAX
4 GEOMETRY
5 RO
6 BLK_SIZE
7 SCSI
9 FLUSH
10 TOPOLOGY
11 CONFIG_WCE
12 MQ
13 DISCARD
14 WRITE_ZEROES
15 LIFETIME
16 SECURE_ERASE
17 ZONED
`;

const CONSOLE_NAMES = `
0 SIZE
1 MULTIPORT
2 EMERG_WRITE
`;

const BALLOON_NAMES = `
0 MUST_TELL_HOST
1 STATS_VQ
2 DEFLATE_ON_OOM
3 FREE_PAGE_HINT
4 PAGE_POISON
5 PAGE_REPORTING
`;

const SCSI_NAMES = `
0 INOUT
1 HOTPLUG
2 CHANGE
3 T10_PI
`;

const NINE_P_NAMES = `
0 MOUNT_TAG
`;

const GPU_NAMES = `
0 VIRGL
1 EDID
2 RESOURCE_UUID
3 RESOURCE_BLOB
4 CONTEXT_INIT
5 BLOB_ALIGNMENT
`;

const RTC_NAMES = `
0 ALARM
`;

const VSOCK_NAMES = `
0 STREAM
1 SEQPACKET
2 NO_IMPLIED_STREAM
`;

const CRYPTO_NAMES = `
0 REVISION_1
1 CIPHER_STATELESS_MODE
2 HASH_STATELESS_MODE
3 MAC_STATELESS_MODE
4 AEAD_STATELESS_MODE
5 AKCIPHER_STATELESS_MODE
`;

const IOMMU_NAMES = `
0 INPUT_RANGE
1 DOMAIN_RANGE
2 MAP_UNMAP
3 BYPASS
4 PROBE
5 MMIO
6 BYPASS_CONFIG
`;

const MEMORY_NAMES = `
0 ACPI_PXM
1 UNPLUGGED_INACCESSIBLE
2 PERSISTENT_SUSPEND
`;

const SOUND_NAMES = `
0 CTLS
`;

const FILESYSTEM_NAMES = `
0 NOTIFICATION
`;

const PMEM_NAMES = `
0 SHMEM_REGION
`;

const SCMI_NAMES = `
0 P2A_CHANNELS
1 SHARED_MEMORY
`;

const I2C_NAMES = `
0 ZERO_LENGTH_REQUEST
`;

const CAN_NAMES = `
0 CAN_CLASSIC
1 CAN_FD
2 RTR_FRAMES
3 LATE_TX_ACK
`;

const GPIO_NAMES = `
0 IRQ
`;

/** value of the bit in device_status, name. §2.1 */
const STATUS_NAMES = `
1 ACKNOWLEDGE
2 DRIVER
4 DRIVER_OK
8 FEATURES_OK
16 SUSPEND
64 DEVICE_NEEDS_RESET
128 FAILED
`;

/** Returns a device status with the names of its bits: `0x43 (ACKNOWLEDGE DRIVER DEVICE_NEEDS_RESET)`, `0x00`. */
export const formatStatus = (status: number): string => {
  let names = '';
  for (let bit = 1; bit < 256; bit *= 2) {
    if (Math.floor(status / bit) % 2 === 1) names += ` ${lookUp(STATUS_NAMES, `${bit}`) ?? `0x${hex(bit, 2)}`}`;
  }
  return names === '' ? '0x00' : `0x${hex(status, 2)} (${names.slice(1)})`;
};

/** Returns `virtio-blk` for TYPE_BLOCK, `virtio-77` for a type without a name. */
export const typeName = (type: number): string => lookUp(TYPE_NAMES, `${type}`) ?? `virtio-${type}`;

/** Returns the name of one bit, `bit 45` for one that has no name for this type of device. */
export const featureName = (bit: number, deviceType: number): string =>
  lookUp(COMMON_NAMES, `${bit}`) ?? lookUp(namesOf(deviceType), `${bit}`) ?? `bit ${bit}`;

/** Returns the names of the bits in `features`, ascending. */
export const featureNames = (features: Features, deviceType: number): string[] => {
  const names: string[] = [];
  for (let word = 0; word < FEATURE_WORD_COUNT; word++) {
    let rest: number = featureWord(features, word);
    for (let bit = word * FEATURE_WORD_BITS; rest !== 0; bit++) {
      if (remainder(rest, 2) === 1) names.push(featureName(bit, deviceType));
      rest = Math.floor(rest / 2);
    }
  }
  return names;
};

/** Returns the table of one type of device; an empty one where it has no features of its own. */
const namesOf = (deviceType: number): string => {
  switch (deviceType) {
    case 1:
      return NET_NAMES;
    case 2:
      return BLOCK_NAMES;
    case 3:
      return CONSOLE_NAMES;
    case 5:
      return BALLOON_NAMES;
    case 8:
      return SCSI_NAMES;
    case 9:
      return NINE_P_NAMES;
    case 16:
      return GPU_NAMES;
    case 17:
      return RTC_NAMES;
    case 19:
      return VSOCK_NAMES;
    case 20:
      return CRYPTO_NAMES;
    case 23:
      return IOMMU_NAMES;
    case 24:
      return MEMORY_NAMES;
    case 25:
      return SOUND_NAMES;
    case 26:
      return FILESYSTEM_NAMES;
    case 27:
      return PMEM_NAMES;
    case 32:
      return SCMI_NAMES;
    case 34:
      return I2C_NAMES;
    case 36:
      return CAN_NAMES;
    case 41:
      return GPIO_NAMES;
    default:
      return '';
  }
};
