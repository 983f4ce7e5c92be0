'use machine';
// Configuration, queues, requests and answers of a virtio GPU. VIRTIO 1.2 §5.7.

import type { u16, u32 } from '../../kernel/base/machine.ts';

// Queues. §5.7.2
export const CONTROL_QUEUE: u16 = 0;
export const CURSOR_QUEUE: u16 = 1;
export const QUEUE_COUNT: u32 = 2;

// Feature bits. §5.7.3
export const FEATURE_EDID: u32 = 1;

//    virtio_gpu_config                          offset   width   access    §5.7.4
export const CONFIG_EVENTS_READ: u32 = 0; //               32      R
export const CONFIG_EVENTS_CLEAR: u32 = 4; //              32      W
export const CONFIG_NUM_SCANOUTS: u32 = 8; //              32      R
export const CONFIG_LENGTH: u32 = 12; //                           num_capsets behind it is for 3D

/** The host has changed its screens. §5.7.4.1 */
export const EVENT_DISPLAY: u32 = 1;

/** Scanouts that a device has at most. */
export const SCANOUT_COUNT_MAX: u32 = 16;

//    virtio_gpu_ctrl_hdr                        offset   width             §5.7.6.7
export const HEADER_TYPE: u32 = 0; //                      32
export const HEADER_FLAGS: u32 = 4; //                     32
export const HEADER_FENCE_ID: u32 = 8; //                  64
export const HEADER_SIZE: u32 = 24;

/** The answer comes when the device has done it, with the same fence_id. */
export const FLAG_FENCE: u32 = 1;

// Requests. §5.7.6.7
export const CMD_GET_DISPLAY_INFO: u32 = 0x0100;
export const CMD_RESOURCE_CREATE_2D: u32 = 0x0101;
export const CMD_RESOURCE_UNREF: u32 = 0x0102;
export const CMD_SET_SCANOUT: u32 = 0x0103;
export const CMD_RESOURCE_FLUSH: u32 = 0x0104;
export const CMD_TRANSFER_TO_HOST_2D: u32 = 0x0105;
export const CMD_RESOURCE_ATTACH_BACKING: u32 = 0x0106;
export const CMD_GET_EDID: u32 = 0x010a;
export const CMD_UPDATE_CURSOR: u32 = 0x0300;
export const CMD_MOVE_CURSOR: u32 = 0x0301;

// Answers. Those from ERR_UNSPEC on say why not.
export const RESP_OK_NODATA: u32 = 0x1100;
export const RESP_OK_DISPLAY_INFO: u32 = 0x1101;
export const RESP_OK_EDID: u32 = 0x1104;
export const RESP_ERR_UNSPEC: u32 = 0x1200;
export const RESP_ERR_LAST: u32 = 0x1205;

// Formats of pixels: by the order of their bytes. §5.7.6.8
export const FORMAT_B8G8R8A8_UNORM: u32 = 1;
export const FORMAT_B8G8R8X8_UNORM: u32 = 2;

//    virtio_gpu_rect                            offset   width   x, y, width and height, 32 bits each
export const RECT_SIZE: u32 = 16;

//    virtio_gpu_resp_display_info: for each scanout
export const DISPLAY_SIZE: u32 = 24; //                            a rectangle, and
export const DISPLAY_ENABLED: u32 = 16; //                 32
export const DISPLAY_INFO_LENGTH: u32 = 408; //                    HEADER_SIZE + SCANOUT_COUNT_MAX × DISPLAY_SIZE

//    virtio_gpu_resp_edid                       offset   width
export const EDID_SIZE: u32 = 24; //                       32
export const EDID_DATA: u32 = 32; //                       8 × n
export const EDID_LENGTH_MAX: u32 = 1024;

//    virtio_gpu_resource_create_2d
export const CREATE_RESOURCE_ID: u32 = 24; //              32
export const CREATE_FORMAT: u32 = 28; //                   32
export const CREATE_WIDTH: u32 = 32; //                    32
export const CREATE_HEIGHT: u32 = 36; //                   32
export const CREATE_LENGTH: u32 = 40;

//    virtio_gpu_resource_unref, virtio_gpu_get_edid
export const UNREF_RESOURCE_ID: u32 = 24; //               32
export const EDID_SCANOUT: u32 = 24; //                    32
export const SHORT_LENGTH: u32 = 32;

//    virtio_gpu_set_scanout, virtio_gpu_resource_flush, virtio_gpu_transfer_to_host_2d
export const RECTANGLE: u32 = 24; //                               of all three
export const SCANOUT_ID: u32 = 40; //                      32
export const SCANOUT_RESOURCE_ID: u32 = 44; //             32
export const SCANOUT_LENGTH: u32 = 48;
export const FLUSH_RESOURCE_ID: u32 = 40; //               32
export const FLUSH_LENGTH: u32 = 48;
export const TRANSFER_OFFSET: u32 = 40; //                 64
export const TRANSFER_RESOURCE_ID: u32 = 48; //            32
export const TRANSFER_LENGTH: u32 = 56;

//    virtio_gpu_resource_attach_backing, and its virtio_gpu_mem_entry
export const ATTACH_RESOURCE_ID: u32 = 24; //              32
export const ATTACH_NR_ENTRIES: u32 = 28; //               32
export const ATTACH_ENTRIES: u32 = 32;
export const ENTRY_ADDR: u32 = 0; //                       64
export const ENTRY_LENGTH: u32 = 8; //                     32
export const ENTRY_SIZE: u32 = 16;

//    virtio_gpu_update_cursor                                     §5.7.6.10
export const CURSOR_SCANOUT_ID: u32 = 24; //               32
export const CURSOR_X: u32 = 28; //                        32
export const CURSOR_Y: u32 = 32; //                        32
export const CURSOR_RESOURCE_ID: u32 = 40; //              32
export const CURSOR_HOT_X: u32 = 44; //                    32
export const CURSOR_HOT_Y: u32 = 48; //                    32
export const CURSOR_LENGTH: u32 = 56;

/** Pixels of a cursor's side. */
export const CURSOR_SIDE: u32 = 64;
