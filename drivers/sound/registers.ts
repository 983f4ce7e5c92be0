'use machine';
// Configuration, queues and messages of a virtio sound device. VIRTIO 1.2 §5.14; control elements came with VIRTIO 1.3.

import type { u8, u16, u32 } from '../../kernel/base/machine.ts';

// Feature bits. §5.14.3
export const FEATURE_CTLS: u32 = 0; // VIRTIO 1.3

//    virtio_snd_config                          offset   width   only with      §5.14.4
export const CONFIG_JACKS: u32 = 0x00; //                 32
export const CONFIG_STREAMS: u32 = 0x04; //               32
export const CONFIG_CHMAPS: u32 = 0x08; //                32
export const CONFIG_CONTROLS: u32 = 0x0c; //              32      FEATURE_CTLS

/** Bytes of the configuration that must be there, and those with FEATURE_CTLS. */
export const CONFIG_LENGTH: u32 = 0x0c;
export const CONFIG_LENGTH_CTLS: u32 = 0x10;

// Queues. §5.14.2
export const CONTROL_QUEUE: u16 = 0;
export const EVENT_QUEUE: u16 = 1;
export const TX_QUEUE: u16 = 2;
export const RX_QUEUE: u16 = 3;
export const QUEUE_COUNT: u32 = 4;

// Requests: the first 32 bits of each. §5.14.6
export const REQUEST_JACK_INFO: u32 = 0x0001;
export const REQUEST_JACK_REMAP: u32 = 0x0002;
export const REQUEST_PCM_INFO: u32 = 0x0100;
export const REQUEST_PCM_SET_PARAMS: u32 = 0x0101;
export const REQUEST_PCM_PREPARE: u32 = 0x0102;
export const REQUEST_PCM_RELEASE: u32 = 0x0103;
export const REQUEST_PCM_START: u32 = 0x0104;
export const REQUEST_PCM_STOP: u32 = 0x0105;
export const REQUEST_CHMAP_INFO: u32 = 0x0200;
export const REQUEST_CTL_INFO: u32 = 0x0300;
export const REQUEST_CTL_ENUM_ITEMS: u32 = 0x0301;
export const REQUEST_CTL_READ: u32 = 0x0302;
export const REQUEST_CTL_WRITE: u32 = 0x0303;
export const REQUEST_CTL_TLV_READ: u32 = 0x0304;
export const REQUEST_CTL_TLV_WRITE: u32 = 0x0305;
export const REQUEST_CTL_TLV_COMMAND: u32 = 0x0306;

// The status of a request, or of samples. §5.14.6
export const STATUS_OK: u32 = 0x8000;
export const STATUS_BAD_MSG: u32 = 0x8001;
export const STATUS_NOT_SUPP: u32 = 0x8002;
export const STATUS_IO_ERR: u32 = 0x8003;

/** Bytes of a request or an answer that is its code alone. */
export const HEADER_SIZE: u32 = 4;

/** The same with the number of a jack, a stream or a control. */
export const REQUEST_SIZE: u32 = 8;

//    virtio_snd_event                           offset   width            §5.14.6
export const EVENT_CODE: u32 = 0; //                      32
export const EVENT_DATA: u32 = 4; //                      32
export const EVENT_SIZE: u32 = 8;

// EVENT_CODE. EVENT_DATA is the number of a jack or a stream; of a control, and above it the mask of what has changed.
export const EVENT_JACK_CONNECTED: u32 = 0x1000;
export const EVENT_JACK_DISCONNECTED: u32 = 0x1001;
export const EVENT_PCM_PERIOD_ELAPSED: u32 = 0x1100;
export const EVENT_PCM_XRUN: u32 = 0x1101;
export const EVENT_CTL_NOTIFY: u32 = 0x1200;

// What has changed of a control.
export const CHANGED_VALUE: u32 = 1;
export const CHANGED_INFO: u32 = 2;
export const CHANGED_METADATA: u32 = 4;

//    virtio_snd_query_info                      offset   width            §5.14.6.1
export const QUERY_START: u32 = 4; //                     32
export const QUERY_COUNT: u32 = 8; //                     32
export const QUERY_ITEM_SIZE: u32 = 12; //                32
export const QUERY_SIZE: u32 = 16;

//    virtio_snd_jack_info                       offset   width            §5.14.6.4.1
export const JACK_GROUP: u32 = 0; //                      32      the field `hda_fn_nid`, as in each virtio_snd_info
export const JACK_FEATURES: u32 = 4; //                   32
export const JACK_DEFCONF: u32 = 8; //                    32
export const JACK_CAPS: u32 = 12; //                      32
export const JACK_CONNECTED: u32 = 16; //                 8
export const JACK_INFO_SIZE: u32 = 24;

/** A bit of JACK_FEATURES. */
export const JACK_CAN_REMAP: u32 = 1;

//    virtio_snd_jack_remap                      offset   width            §5.14.6.4.2
export const REMAP_ASSOCIATION: u32 = 8; //               32
export const REMAP_SEQUENCE: u32 = 12; //                 32
export const REMAP_SIZE: u32 = 16;

//    virtio_snd_pcm_info                        offset   width            §5.14.6.6.2
export const PCM_GROUP: u32 = 0; //                       32
export const PCM_FEATURES: u32 = 4; //                    32
export const PCM_FORMATS: u32 = 8; //                     64      a bit for each format
export const PCM_RATES: u32 = 16; //                      64      a bit for each rate
export const PCM_DIRECTION: u32 = 24; //                  8
export const PCM_CHANNELS_MIN: u32 = 25; //               8
export const PCM_CHANNELS_MAX: u32 = 26; //               8
export const PCM_INFO_SIZE: u32 = 32;

/** A bit of PCM_FEATURES and PARAMS_FEATURES: the device says when there were no samples, or no room for them. */
export const PCM_REPORTS_XRUNS: u32 = 0x10;

// PCM_DIRECTION, and that of a channel map.
export const DIRECTION_OUTPUT: u32 = 0;
export const DIRECTION_INPUT: u32 = 1;

//    virtio_snd_pcm_set_params                  offset   width            §5.14.6.6.3
export const PARAMS_BUFFER_BYTES: u32 = 8; //             32
export const PARAMS_PERIOD_BYTES: u32 = 12; //            32
export const PARAMS_FEATURES: u32 = 16; //                32
export const PARAMS_CHANNELS: u32 = 20; //                8
export const PARAMS_FORMAT: u32 = 21; //                  8
export const PARAMS_RATE: u32 = 22; //                    8
export const PARAMS_SIZE: u32 = 24;

//    virtio_snd_pcm_xfer                        offset   width            §5.14.6.8
export const TRANSFER_STREAM: u32 = 0; //                 32
export const TRANSFER_SIZE: u32 = 4;

//    virtio_snd_pcm_status                      offset   width            §5.14.6.8
export const TRANSFER_STATUS: u32 = 0; //                 32
export const TRANSFER_LATENCY: u32 = 4; //                32
export const TRANSFER_STATUS_SIZE: u32 = 8;

//    virtio_snd_chmap_info                      offset   width            §5.14.6.9.1
export const CHMAP_GROUP: u32 = 0; //                     32
export const CHMAP_DIRECTION: u32 = 4; //                 8
export const CHMAP_CHANNELS: u32 = 5; //                  8
export const CHMAP_POSITIONS: u32 = 6; //                 8 × CHMAP_CHANNELS_MAX
export const CHMAP_INFO_SIZE: u32 = 24;
export const CHMAP_CHANNELS_MAX: u32 = 18;

//    virtio_snd_ctl_info                        offset   width            VIRTIO 1.3 §5.14.6.10
export const CTL_GROUP: u32 = 0; //                       32
export const CTL_ROLE: u32 = 4; //                        32      the direction, and above it ROLE_…
export const CTL_TYPE: u32 = 8; //                        32
export const CTL_ACCESS: u32 = 12; //                     32
export const CTL_COUNT: u32 = 16; //                      32
export const CTL_INDEX: u32 = 20; //                      32
export const CTL_NAME: u32 = 24; //                       8 × CTL_NAME_LENGTH
export const CTL_NAME_LENGTH: u32 = 44;
export const CTL_RANGE: u32 = 68; //                      32 × 3: minimum, maximum, step; of TYPE_INTEGER64 64 × 3; of TYPE_ENUMERATED 32: how many
export const CTL_INFO_SIZE: u32 = 92;

// CTL_TYPE
export const TYPE_BOOLEAN: u8 = 0;
export const TYPE_INTEGER: u8 = 1;
export const TYPE_INTEGER64: u8 = 2;
export const TYPE_ENUMERATED: u8 = 3;
export const TYPE_BYTES: u8 = 4;
export const TYPE_IEC958: u8 = 5;

// Bits of CTL_ACCESS
export const ACCESS_READ: u32 = 0x01;
export const ACCESS_WRITE: u32 = 0x02;
export const ACCESS_VOLATILE: u32 = 0x04;
export const ACCESS_INACTIVE: u32 = 0x08;
export const ACCESS_TLV_READ: u32 = 0x10;
export const ACCESS_TLV_WRITE: u32 = 0x20;
export const ACCESS_TLV_COMMAND: u32 = 0x40;

/** Bytes of a value, virtio_snd_ctl_value, and of one of TYPE_IEC958. */
export const CTL_VALUE_SIZE: u32 = 512;
export const CTL_IEC958_SIZE: u32 = 176;

/** Bytes of the name of an item, virtio_snd_ctl_enum_item. */
export const CTL_ITEM_SIZE: u32 = 64;

//    virtio_snd_ctl_tlv                         offset   width
export const TLV_TYPE: u32 = 0; //                        32
export const TLV_LENGTH: u32 = 4; //                      32
export const TLV_VALUE: u32 = 8;
