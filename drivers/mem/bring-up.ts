'use machine';
// What a memory device says of its region, and how it comes up. VIRTIO 1.2 §5.15.3 to §5.15.5.

import type { bool, u8, u16, u32, u53 } from '../../kernel/base/machine.ts';
import type { DmaPool } from '../../kernel/hal/dma-pool.ts';
import {
  PLUGGED_GRANULE,
  pluggedAdd,
  pluggedHas,
  pluggedOpen,
  pluggedRemove,
} from '../../kernel/hal/plugged-memory.ts';
import { type Buffers, createBuffers, describeBuffers } from '../virtio/buffers.ts';
import {
  CONFIG_READ_COUNT_MAX,
  configGeneration,
  failUnstable,
  readConfig16,
  readConfig32,
  requireConfig,
} from '../virtio/config.ts';
import { addFeature, Features, hasFeature } from '../virtio/features.ts';
import { begin } from '../virtio/initialize.ts';
import { addQueueFeatures } from '../virtio/queue/create.ts';
import { FAULT_OF_DRIVER, setFault } from '../virtio/transport/fault.ts';
import type { Transport } from '../virtio/transport/record.ts';
import {
  CONFIG_ADDRESS,
  CONFIG_BLOCK_SIZE,
  CONFIG_LENGTH,
  CONFIG_NODE_ID,
  CONFIG_PLUGGED_SIZE,
  CONFIG_REGION_SIZE,
  CONFIG_REQUESTED_SIZE,
  CONFIG_USABLE_REGION_SIZE,
  FEATURE_ACPI_PXM,
  FEATURE_UNPLUGGED_INACCESSIBLE,
  REQUEST_QUEUE,
  REQUEST_SIZE,
  RESPONSE_SIZE,
} from './registers.ts';

/** The block is no power of two, or smaller than PLUGGED_GRANULE, which is the least that memory comes in here. */
export const FAULT_BLOCK_SIZE: u8 = FAULT_OF_DRIVER;
/** Addresses and sizes are no multiples of the block, or larger than what they are a part of, or beyond 2^53. */
export const FAULT_REGION: u8 = FAULT_OF_DRIVER + 1;
/** The region lies in other memory, or out of reach. */
export const FAULT_PLACE: u8 = FAULT_OF_DRIVER + 2;

/** Requests under way: one decides what the next one is. */
const REQUEST_COUNT: u32 = 1;

/** More blocks than this would take long to look through: 2 TiB in blocks of 2 MiB. */
const BLOCK_COUNT_MAX: u32 = 1048576;

/** High words from here on make a number that is not below 2^53. */
const HIGH_WORD_END: u32 = 0x200000;

/** What the configuration says. */
export class MemFacts {
  wanted = new Features();
  hasNode: bool = false;
  node: u16 = 0;
  blockSize: u53 = 0;
  address: u53 = 0;
  regionSize: u53 = 0;
  usableSize: u53 = 0;
  /** As the device says: what the driver knows is what pluggedHas says. */
  pluggedSize: u53 = 0;
  requestedSize: u53 = 0;
  /** A 64-bit field had no place in 53 bits. */
  isTooLarge: bool = false;
  /** No block before this one is free to be plugged: where findUnplugged begins. */
  searchOffset: u53 = 0;
  /** What findUnplugged has found. */
  foundAddress: u53 = 0;
  foundCount: u32 = 0;
}

/** Steps 1 to 6 of initialize.ts. False after a failure: the device was given up. */
export const beginMem = (transport: Transport, facts: MemFacts): bool => {
  addFeature(facts.wanted, FEATURE_ACPI_PXM);
  addFeature(facts.wanted, FEATURE_UNPLUGGED_INACCESSIBLE); // Nothing is mapped of what is not plugged.
  addQueueFeatures(facts.wanted);
  return begin(transport, facts.wanted);
};

/** Step 7. False: see the fault. */
export const setUpMem = (
  transport: Transport,
  pool: DmaPool,
  facts: MemFacts,
  buffers: Buffers,
  deadlineMs: u32,
): bool => {
  if (!readFacts(transport, facts)) return false;
  if (!pluggedOpen(facts.address, facts.regionSize)) return setFault(transport.fault, FAULT_PLACE, 0, 0, 0);
  describeBuffers(buffers, REQUEST_COUNT, REQUEST_SIZE, RESPONSE_SIZE, 0, deadlineMs);
  return createBuffers(transport, pool, REQUEST_QUEUE, buffers);
};

/** Reads the configuration, and whether it can be true. False: the transport's fault says why. Of what must not change, all is as it was the first time. */
export const readFacts = (transport: Transport, facts: MemFacts): bool => {
  const blockSize: u53 = facts.blockSize;
  const address: u53 = facts.address;
  const regionSize: u53 = facts.regionSize;
  if (!readAll(transport, facts)) return false;
  const isFirst: bool = blockSize === 0;
  const isSame: bool = facts.blockSize === blockSize && facts.address === address && facts.regionSize === regionSize;
  const hasChanged: bool = !isFirst && !isSame;
  if (hasChanged || !isPossible(facts)) {
    facts.blockSize = blockSize;
    facts.address = address;
    facts.regionSize = regionSize;
    return setFault(transport.fault, FAULT_REGION, 0, 0, 0);
  }
  return isBlock(facts.blockSize) || setFault(transport.fault, FAULT_BLOCK_SIZE, 0, 0, PLUGGED_GRANULE);
};

const readAll = (transport: Transport, facts: MemFacts): bool => {
  if (!requireConfig(transport, CONFIG_LENGTH)) return false;
  facts.hasNode = hasFeature(transport.accepted, FEATURE_ACPI_PXM);
  for (let attempt: u32 = 0; attempt < CONFIG_READ_COUNT_MAX; attempt++) {
    const generation: u32 = configGeneration(transport);
    facts.isTooLarge = false;
    facts.node = facts.hasNode ? readConfig16(transport, CONFIG_NODE_ID) : 0;
    facts.blockSize = read64(transport, facts, CONFIG_BLOCK_SIZE);
    facts.address = read64(transport, facts, CONFIG_ADDRESS);
    facts.regionSize = read64(transport, facts, CONFIG_REGION_SIZE);
    facts.usableSize = read64(transport, facts, CONFIG_USABLE_REGION_SIZE);
    facts.pluggedSize = read64(transport, facts, CONFIG_PLUGGED_SIZE);
    facts.requestedSize = read64(transport, facts, CONFIG_REQUESTED_SIZE);
    if (configGeneration(transport) === generation) return true;
  }
  return failUnstable(transport);
};

const read64 = (transport: Transport, facts: MemFacts, offset: u32): u53 => {
  const high: u32 = readConfig32(transport, offset + 4);
  if (high >= HIGH_WORD_END) facts.isTooLarge = true;
  return (high % HIGH_WORD_END) * 0x100000000 + readConfig32(transport, offset);
};

const isPossible = (facts: MemFacts): bool => {
  const block: u53 = facts.blockSize;
  if (facts.isTooLarge || block === 0 || facts.regionSize === 0) return false;
  if (Math.floor(facts.regionSize / block) > BLOCK_COUNT_MAX) return false;
  if (facts.address % block !== 0 || facts.regionSize % block !== 0 || facts.usableSize % block !== 0) return false;
  if (facts.pluggedSize % block !== 0 || facts.requestedSize % block !== 0) return false;
  return (
    facts.usableSize <= facts.regionSize &&
    facts.pluggedSize <= facts.usableSize &&
    facts.requestedSize <= facts.usableSize
  );
};

/** Returns whether a size is a power of two that memory can come in. */
const isBlock = (size: u53): bool => {
  let rest: u53 = size;
  while (rest > PLUGGED_GRANULE && rest % 2 === 0) rest = Math.floor(rest / 2);
  return rest === PLUGGED_GRANULE;
};

/** Returns the bytes of the region that are in use, which a driver that was closed has left. */
export const knownSize = (facts: MemFacts): u53 => {
  let size: u53 = 0;
  for (let offset: u53 = 0; offset < facts.regionSize; offset += facts.blockSize) {
    if (pluggedHas(facts.address + offset)) size += facts.blockSize;
  }
  return size;
};

/** Finds the first blocks that are not in use, up to `countMax` of them one behind the other, within what is usable. False: there are none. */
export const findUnplugged = (facts: MemFacts, countMax: u32): bool => {
  let offset: u53 = facts.searchOffset;
  while (offset < facts.usableSize && pluggedHas(facts.address + offset)) offset += facts.blockSize;
  facts.searchOffset = offset;
  facts.foundAddress = facts.address + offset;
  facts.foundCount = 0;
  while (offset < facts.usableSize && facts.foundCount < countMax && !pluggedHas(facts.address + offset)) {
    facts.foundCount++;
    offset += facts.blockSize;
  }
  return facts.foundCount !== 0;
};

/** Takes a block into use that the device has plugged. False: nothing is there, or there is no memory for its tables. */
export const addBlock = (facts: MemFacts, address: u53): bool => pluggedAdd(address + 0, facts.blockSize);

/**
 * Takes the last blocks that nobody uses out of use, up to `countMax` of them one behind the other: they are found then. False: there are none. The device still has
 * them plugged.
 */
export const removeUnused = (facts: MemFacts, countMax: u32): bool => {
  facts.foundCount = 0;
  let offset: u53 = facts.regionSize;
  while (offset > 0 && facts.foundCount < countMax) {
    offset -= facts.blockSize;
    const address: u53 = facts.address + offset;
    const isRemoved: bool = pluggedHas(address + 0) && pluggedRemove(address + 0, facts.blockSize);
    if (!isRemoved && facts.foundCount !== 0) return true;
    if (!isRemoved) continue;
    facts.foundAddress = address;
    facts.foundCount++;
    facts.searchOffset = Math.min(facts.searchOffset, offset);
  }
  return facts.foundCount !== 0;
};
