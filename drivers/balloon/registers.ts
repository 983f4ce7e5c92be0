'use machine';
// Configuration, queues and messages of a virtio balloon. VIRTIO 1.2 §5.5.

import type { u16, u32 } from '../../kernel/base/machine.ts';

// Feature bits. §5.5.3
export const FEATURE_MUST_TELL_HOST: u32 = 0;
export const FEATURE_STATS_VQ: u32 = 1;
export const FEATURE_DEFLATE_ON_OOM: u32 = 2;
export const FEATURE_FREE_PAGE_HINT: u32 = 3;
export const FEATURE_PAGE_POISON: u32 = 4;
export const FEATURE_PAGE_REPORTING: u32 = 5;

//    device configuration                       offset   width   access   only with                §5.5.4; little-endian on legacy devices, too
export const CONFIG_NUM_PAGES: u32 = 0x00; //             32      R
export const CONFIG_ACTUAL: u32 = 0x04; //                32      RW
export const CONFIG_FREE_PAGE_HINT_CMD_ID: u32 = 0x08; // 32      R        FEATURE_FREE_PAGE_HINT
export const CONFIG_POISON_VAL: u32 = 0x0c; //            32      RW       FEATURE_PAGE_POISON

/** Bytes of the configuration that must be there, and with each feature. */
export const CONFIG_LENGTH: u32 = 0x08;
export const CONFIG_LENGTH_HINT: u32 = 0x0c;
export const CONFIG_LENGTH_POISON: u32 = 0x10;

// Queues. §5.5.2
export const INFLATE_QUEUE: u16 = 0;
export const DEFLATE_QUEUE: u16 = 1;
export const STATISTICS_QUEUE: u16 = 2;
export const HINT_QUEUE: u16 = 3;
export const REPORT_QUEUE: u16 = 4;
/** Where QEMU has the report queue when it does not offer FREE_PAGE_HINT. */
export const REPORT_QUEUE_WITHOUT_HINTS: u16 = 3;

/** Bytes of one page number on the inflate and deflate queues. §5.5.6 */
export const PAGE_NUMBER_SIZE: u32 = 4;
/** Page numbers have 32 bits. */
export const PAGE_NUMBER_END: u32 = 0xffffffff;

//    virtio_balloon_stat                        offset   width            §5.5.6.3
export const STATISTIC_TAG: u32 = 0; //                   16
export const STATISTIC_VALUE: u32 = 2; //                 64
export const STATISTIC_SIZE: u32 = 10;

// STATISTIC_TAG. §5.5.6.4
export const TAG_SWAP_IN: u16 = 0;
export const TAG_SWAP_OUT: u16 = 1;
export const TAG_MEMORY_FREE: u16 = 4;
export const TAG_MEMORY_TOTAL: u16 = 5;
export const TAG_AVAILABLE: u16 = 6;
export const TAG_CACHES: u16 = 7;

/** Bytes of a command on the hint queue, and those with a meaning of their own. §5.5.6.5 */
export const COMMAND_SIZE: u32 = 4;
export const COMMAND_STOP: u32 = 0;
export const COMMAND_DONE: u32 = 1;
