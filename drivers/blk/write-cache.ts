'use machine';
// The cache of a block device for writes, as its configuration says. VIRTIO 1.2 §5.2.5, §5.2.6.2.

import type { bool, u8 } from '../../kernel/base/machine.ts';
import { readConfig8, writeConfig8 } from '../virtio/config.ts';
import { hasFeature } from '../virtio/features.ts';
import { FAULT_OF_DRIVER, setFault } from '../virtio/transport/fault.ts';
import type { Transport } from '../virtio/transport/record.ts';
import { CONFIG_WRITEBACK, FEATURE_CONFIG_WRITE_CACHE, FEATURE_FLUSH } from './registers.ts';

/** After a reset, writeback reads `found`, and `expected` was written. */
export const FAULT_WRITE_CACHE: u8 = FAULT_OF_DRIVER + 4;

const WRITE_THROUGH: u8 = 0;
const WRITE_BACK: u8 = 1;

/** What was found or chosen last. */
export class WriteCache {
  /** The device may keep what is written in a cache. */
  isCaching: bool = false;
}

/** Returns whether the cache can be chosen. Without a request that empties it, there is no use in one. */
export const canChooseCache = (transport: Transport): bool =>
  hasFeature(transport.accepted, FEATURE_CONFIG_WRITE_CACHE) && hasFeature(transport.accepted, FEATURE_FLUSH);

/** Returns whether what was written may be in a cache: also where nothing says so, but the device can empty one. */
export const isCaching = (transport: Transport): bool => {
  if (!hasFeature(transport.accepted, FEATURE_FLUSH)) return false;
  if (!hasFeature(transport.accepted, FEATURE_CONFIG_WRITE_CACHE)) return true;
  return readConfig8(transport, CONFIG_WRITEBACK) !== WRITE_THROUGH;
};

/** Notes whether it is. */
export const noteCache = (transport: Transport, cache: WriteCache): void => {
  cache.isCaching = isCaching(transport);
};

/** Chooses, when `canChooseCache` says so. Returns whether the device has taken it. */
export const chooseCache = (transport: Transport, cache: WriteCache, isWanted: bool): bool => {
  cache.isCaching = isWanted;
  writeConfig8(transport, CONFIG_WRITEBACK, isWanted ? WRITE_BACK : WRITE_THROUGH);
  return isCaching(transport) === isWanted;
};

/** After a reset: has it as it was before, since a device comes back with either. False: see the fault. §5.2.5 */
export const restoreCache = (transport: Transport, cache: WriteCache): bool =>
  isCaching(transport) === cache.isCaching ||
  (canChooseCache(transport) && chooseCache(transport, cache, cache.isCaching)) ||
  setFault(transport.fault, FAULT_WRITE_CACHE, 0, isCaching(transport) ? 1 : 0, cache.isCaching ? 1 : 0);
