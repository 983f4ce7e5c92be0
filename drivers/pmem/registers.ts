'use machine';
// Configuration and requests of a virtio persistent memory. VIRTIO 1.2 §5.19.

import type { u8, u16, u32 } from '../../kernel/base/machine.ts';

// Feature bits. §5.19.3
export const FEATURE_SHARED_MEMORY_REGION: u32 = 0;

/** The queue for requests. §5.19.2 */
export const REQUEST_QUEUE: u16 = 0;

//    virtio_pmem_config                         offset   width            §5.19.4
export const CONFIG_START: u32 = 0; //                    64      an address of the bus
export const CONFIG_SIZE: u32 = 8; //                     64      in bytes
export const CONFIG_LENGTH: u32 = 16;

/** The shared-memory region that it lies in, with SHARED_MEMORY_REGION. §5.19.5 */
export const REGION: u8 = 0;

//    virtio_pmem_req, virtio_pmem_resp          offset   width            §5.19.6
export const REQUEST_TYPE: u32 = 0; //                    32
export const REQUEST_SIZE: u32 = 4;
export const ANSWER_RESULT: u32 = 0; //                   32
export const ANSWER_SIZE: u32 = 4;

export const TYPE_FLUSH: u32 = 0;
export const RESULT_OK: u32 = 0;
export const RESULT_IO_ERROR: u32 = 1;
