'use machine';
// Features, configuration and queue of a virtio-9p device: VIRTIO_ID_9P, a 9P server. What the messages are is in protocol.ts.

import { type bool, type FixedArray, fixedArray, type u8, type u16, type u32 } from '../../kernel/base/machine.ts';
import {
  CONFIG_READ_COUNT_MAX,
  configGeneration,
  failUnstable,
  readConfig8,
  readConfig16,
  requireConfig,
} from '../virtio/config.ts';
import { hasFeature } from '../virtio/features.ts';
import type { Transport } from '../virtio/transport/record.ts';

/** The configuration has a mount tag. */
export const FEATURE_MOUNT_TAG: u32 = 0;

//    virtio_9p_config                           offset   width   access
export const CONFIG_TAG_LENGTH: u32 = 0; //                16       R
export const CONFIG_TAG: u32 = 2; //                       8 × n    R        not ended by a zero byte

/** The queue for requests: the only one. */
export const REQUEST_QUEUE: u16 = 0;

/** Bytes of a tag that count: QEMU allows 32. */
export const TAG_LENGTH_MAX: u32 = 256;

/** What the host calls the share. */
export class MountTag {
  length: u32 = 0;
  bytes: FixedArray<u8, 256> = fixedArray(256, 0);
}

/** Reads the tag, which is empty where the device has none. Part of step 7 of initialize.ts. False: see the fault. */
export const readMountTag = (transport: Transport, tag: MountTag): bool => {
  tag.length = 0;
  if (!hasFeature(transport.accepted, FEATURE_MOUNT_TAG)) return true;
  if (!requireConfig(transport, CONFIG_TAG)) return false;
  for (let attempt: u32 = 0; attempt < CONFIG_READ_COUNT_MAX; attempt++) {
    const generation: u32 = configGeneration(transport);
    const length: u32 = readConfig16(transport, CONFIG_TAG_LENGTH);
    if (!requireConfig(transport, CONFIG_TAG + length)) return false;
    tag.length = Math.min(length, TAG_LENGTH_MAX);
    for (let i: u32 = 0; i < tag.length; i++) tag.bytes[i] = readConfig8(transport, CONFIG_TAG + i);
    if (configGeneration(transport) === generation) return true;
  }
  return failUnstable(transport);
};
