'use machine';
// Configuration, frame header and control commands of a virtio network device. VIRTIO 1.2 §5.1.

import type { u8, u16, u32 } from '../../kernel/base/machine.ts';

// Feature bits. §5.1.3
export const FEATURE_CSUM: u32 = 0;
export const FEATURE_GUEST_CSUM: u32 = 1;
export const FEATURE_MTU: u32 = 3;
export const FEATURE_MAC: u32 = 5;
export const FEATURE_GUEST_TSO4: u32 = 7;
export const FEATURE_GUEST_TSO6: u32 = 8;
export const FEATURE_GUEST_ECN: u32 = 9;
export const FEATURE_GUEST_UFO: u32 = 10;
export const FEATURE_HOST_TSO4: u32 = 11;
export const FEATURE_HOST_TSO6: u32 = 12;
export const FEATURE_HOST_UFO: u32 = 14;
export const FEATURE_MRG_RXBUF: u32 = 15;
export const FEATURE_STATUS: u32 = 16;
export const FEATURE_CTRL_VQ: u32 = 17;
export const FEATURE_CTRL_RX: u32 = 18;
export const FEATURE_CTRL_VLAN: u32 = 19;
export const FEATURE_GUEST_ANNOUNCE: u32 = 21;
export const FEATURE_MQ: u32 = 22;
export const FEATURE_CTRL_MAC_ADDR: u32 = 23;

//    device configuration                              offset   width   only with      §5.1.4
export const CONFIG_MAC: u32 = 0; //                             6 × 8   MAC
export const CONFIG_STATUS: u32 = 6; //                          16      STATUS
export const CONFIG_MAX_VIRTQUEUE_PAIRS: u32 = 8; //             16      MQ
export const CONFIG_MTU: u32 = 10; //                            16      MTU
export const MAC_LENGTH: u32 = 6;

// CONFIG_STATUS. §5.1.4
export const STATUS_LINK_UP: u16 = 1;
export const STATUS_ANNOUNCE: u16 = 2;

/** The smallest MTU that a device may name. §5.1.4.1 */
export const MTU_MIN: u32 = 68;

/** The most pairs of queues: a device may name one more (§5.1.4.1), whose control queue would have the number 2^16, which no register holds. */
export const PAIR_COUNT_MAX: u32 = 0x7fff;

//    virtio_net_hdr                                    offset   width                  §5.1.6
export const HEADER_FLAGS: u32 = 0; //                           8
export const HEADER_GSO_TYPE: u32 = 1; //                        8
export const HEADER_HDR_LEN: u32 = 2; //                         16      bytes of headers before what is cut into segments
export const HEADER_GSO_SIZE: u32 = 4; //                        16      bytes of payload a segment
export const HEADER_CSUM_START: u32 = 6; //                      16      from the frame's first byte
export const HEADER_CSUM_OFFSET: u32 = 8; //                     16      from csum_start
export const HEADER_NUM_BUFFERS: u32 = 10; //                    16      absent on a legacy device without MRG_RXBUF
export const HEADER_LENGTH: u32 = 12;
export const LEGACY_HEADER_LENGTH: u32 = 10;

// HEADER_FLAGS. §5.1.6
export const HEADER_NEEDS_CSUM: u8 = 1;
export const HEADER_DATA_VALID: u8 = 2;

// HEADER_GSO_TYPE. §5.1.6
export const GSO_NONE: u8 = 0;
export const GSO_TCPV4: u8 = 1;
export const GSO_UDP: u8 = 3;
export const GSO_TCPV6: u8 = 4;
/** A bit beside the type: the segments of a TCP stream with ECN. */
export const GSO_ECN: u8 = 0x80;

// Queues: receive and transmit of pair n are 2n and 2n + 1, the control queue is behind the last pair that the device has. §5.1.2
export const QUEUES_EACH: u32 = 2;

// Commands: class, command. §5.1.6.5
export const CLASS_RX: u8 = 0;
export const RX_PROMISC: u8 = 0; //         on 8
export const RX_ALLMULTI: u8 = 1; //        on 8
export const CLASS_MAC: u8 = 1;
export const MAC_TABLE_SET: u8 = 0; //      count 32, count × MAC (unicast); count 32, count × MAC (multicast)
export const MAC_ADDR_SET: u8 = 1; //       MAC
export const CLASS_VLAN: u8 = 2;
export const VLAN_ADD: u8 = 0; //           id 16
export const VLAN_DEL: u8 = 1; //           id 16
export const CLASS_ANNOUNCE: u8 = 3;
export const ANNOUNCE_ACK: u8 = 0;
export const CLASS_MQ: u8 = 4;
export const MQ_VQ_PAIRS_SET: u8 = 0; //    pairs 16

/** Bytes of class and command, before a command's data. */
export const COMMAND_HEADER_LENGTH: u32 = 2;

/** What a device answers to a command that it did; any other byte is a refusal. §5.1.6.5 */
export const ACK_OK: u8 = 0;
