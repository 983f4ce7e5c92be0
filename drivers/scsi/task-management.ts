'use machine';
// Requests for task management. VIRTIO 1.2 §5.6.6.2. Numbers are little-endian; a LUN is as in controller.ts.

import type { u32, u53 } from '../../kernel/base/machine.ts';
import { LUN_FLAT, TASK_MANAGEMENT_LUN, TASK_MANAGEMENT_SUBTYPE, TASK_MANAGEMENT_TAG } from './registers.ts';

const BYTE_VALUES: u53 = 256;

/** Fills a request of TASK_MANAGEMENT_SIZE zeroes: `subtype` for a unit, and of one of its commands the tag. */
export const fillTaskManagement = (request: Uint8Array, subtype: u32, target: u32, lun: u32, tag: u53): void => {
  request[TASK_MANAGEMENT_SUBTYPE] = subtype & 0xff;
  request[TASK_MANAGEMENT_LUN] = 1;
  request[TASK_MANAGEMENT_LUN + 1] = target & 0xff;
  request[TASK_MANAGEMENT_LUN + 2] = LUN_FLAT | ((lun >>> 8) & 0x3f);
  request[TASK_MANAGEMENT_LUN + 3] = lun & 0xff;
  let rest: u53 = tag;
  for (let i: u32 = 0; i < 8; i++) {
    request[TASK_MANAGEMENT_TAG + i] = rest & 0xff;
    rest = Math.floor(rest / BYTE_VALUES);
  }
};
