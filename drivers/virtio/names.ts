// The names of virtio things: types of device and their feature bits, as the specification has them. VIRTIO 1.2 to 1.4, §5 and §6.

import { lookUp } from '../../kernel/base/table.ts';
import { FEATURE_COUNT, type Features, hasFeature } from './features.ts';

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

/** type/bit, name: bits of one type of device. */
const FEATURE_NAMES = `
1/0 CSUM
1/1 GUEST_CSUM
1/2 CTRL_GUEST_OFFLOADS
1/3 MTU
1/5 MAC
1/6 GSO
1/7 GUEST_TSO4
1/8 GUEST_TSO6
1/9 GUEST_ECN
1/10 GUEST_UFO
1/11 HOST_TSO4
1/12 HOST_TSO6
1/13 HOST_ECN
1/14 HOST_UFO
1/15 MRG_RXBUF
1/16 STATUS
1/17 CTRL_VQ
1/18 CTRL_RX
1/19 CTRL_VLAN
1/20 CTRL_RX_EXTRA
1/21 GUEST_ANNOUNCE
1/22 MQ
1/23 CTRL_MAC_ADDR
1/50 DEVICE_STATS
1/51 HASH_TUNNEL
1/52 VQ_NOTF_COAL
1/53 NOTF_COAL
1/54 GUEST_USO4
1/55 GUEST_USO6
1/56 HOST_USO
1/57 HASH_REPORT
1/59 GUEST_HDRLEN
1/60 RSS
1/61 RSC_EXT
1/62 STANDBY
1/63 SPEED_DUPLEX
1/64 RSS_CONTEXT
1/65 GUEST_UDP_TUNNEL_GSO
1/66 GUEST_UDP_TUNNEL_GSO_CSUM
1/67 HOST_UDP_TUNNEL_GSO
1/68 HOST_UDP_TUNNEL_GSO_CSUM
1/69 OUT_NET_HEADER
1/70 IPSEC
2/0 BARRIER
2/1 SIZE_MAX
2/2 SEG_MAX
2/4 GEOMETRY
2/5 RO
2/6 BLK_SIZE
2/7 SCSI
2/9 FLUSH
2/10 TOPOLOGY
2/11 CONFIG_WCE
2/12 MQ
2/13 DISCARD
2/14 WRITE_ZEROES
2/15 LIFETIME
2/16 SECURE_ERASE
2/17 ZONED
3/0 SIZE
3/1 MULTIPORT
3/2 EMERG_WRITE
5/0 MUST_TELL_HOST
5/1 STATS_VQ
5/2 DEFLATE_ON_OOM
5/3 FREE_PAGE_HINT
5/4 PAGE_POISON
5/5 PAGE_REPORTING
8/0 INOUT
8/1 HOTPLUG
8/2 CHANGE
8/3 T10_PI
9/0 MOUNT_TAG
16/0 VIRGL
16/1 EDID
16/2 RESOURCE_UUID
16/3 RESOURCE_BLOB
16/4 CONTEXT_INIT
16/5 BLOB_ALIGNMENT
17/0 ALARM
19/0 STREAM
19/1 SEQPACKET
19/2 NO_IMPLIED_STREAM
20/0 REVISION_1
20/1 CIPHER_STATELESS_MODE
20/2 HASH_STATELESS_MODE
20/3 MAC_STATELESS_MODE
20/4 AEAD_STATELESS_MODE
20/5 AKCIPHER_STATELESS_MODE
23/0 INPUT_RANGE
23/1 DOMAIN_RANGE
23/2 MAP_UNMAP
23/3 BYPASS
23/4 PROBE
23/5 MMIO
23/6 BYPASS_CONFIG
24/0 ACPI_PXM
24/1 UNPLUGGED_INACCESSIBLE
24/2 PERSISTENT_SUSPEND
25/0 CTLS
26/0 NOTIFICATION
27/0 SHMEM_REGION
32/0 P2A_CHANNELS
32/1 SHARED_MEMORY
34/0 ZERO_LENGTH_REQUEST
36/0 CAN_CLASSIC
36/1 CAN_FD
36/2 RTR_FRAMES
36/3 LATE_TX_ACK
41/0 IRQ
`;

/** Returns `virtio-blk` for TYPE_BLOCK, `virtio-77` for a type without a name. */
export const typeName = (type: number): string => lookUp(TYPE_NAMES, `${type}`) ?? `virtio-${type}`;

/** Returns the name of one bit, `bit 45` for one that has no name for this type of device. */
export const featureName = (bit: number, deviceType: number): string =>
  lookUp(COMMON_NAMES, `${bit}`) ?? lookUp(FEATURE_NAMES, `${deviceType}/${bit}`) ?? `bit ${bit}`;

/** Returns the names of the bits in `features`, ascending. */
export const featureNames = (features: Features, deviceType: number): string[] => {
  const names: string[] = [];
  for (let bit = 0; bit < FEATURE_COUNT; bit++) {
    if (hasFeature(features, bit)) names.push(featureName(bit, deviceType));
  }
  return names;
};
