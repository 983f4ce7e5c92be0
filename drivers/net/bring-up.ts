'use machine';
// How a network device comes up: features, configuration, pairs of queues and their buffers. VIRTIO 1.2 §3.1.1 and §5.1.5.

import { alignUp } from '../../kernel/base/bits.ts';
import { type bool, type FixedArray, fixedArray, type u8, type u16, type u32 } from '../../kernel/base/machine.ts';
import { SEGMENT_TCP4, SEGMENT_TCP6, SEGMENT_UDP } from '../../kernel/device/frame.ts';
import { DMA_ALLOCATE_FAILED, type DmaPool, dmaFreeBytes } from '../../kernel/hal/dma-pool.ts';
import {
  CONFIG_READ_COUNT_MAX,
  configGeneration,
  failUnstable,
  readConfig8,
  readConfig16,
  requireConfig,
} from '../virtio/config.ts';
import { addFeature, FEATURE_ANY_LAYOUT, Features, hasFeature } from '../virtio/features.ts';
import { begin } from '../virtio/initialize.ts';
import { takeMemory, takeQueue } from '../virtio/memory.ts';
import { addQueueFeatures } from '../virtio/queue/create.ts';
import { suppressInterrupts } from '../virtio/queue/queue.ts';
import type { Queue } from '../virtio/queue/record.ts';
import { usableCount } from '../virtio/queue/slots.ts';
import { restoreQueue } from '../virtio/restart.ts';
import { FAULT_OF_DRIVER, setFault } from '../virtio/transport/fault.ts';
import { isLegacy, type Transport } from '../virtio/transport/record.ts';
import type { Pair } from './pair.ts';
import { lendBuffers, prepareReceive, type ReceiveQueue } from './receive.ts';
import {
  CONFIG_MAC,
  CONFIG_MAX_VIRTQUEUE_PAIRS,
  CONFIG_MTU,
  CONFIG_STATUS,
  FEATURE_CSUM,
  FEATURE_CTRL_MAC_ADDR,
  FEATURE_CTRL_RX,
  FEATURE_CTRL_VLAN,
  FEATURE_CTRL_VQ,
  FEATURE_GUEST_ANNOUNCE,
  FEATURE_GUEST_CSUM,
  FEATURE_GUEST_ECN,
  FEATURE_GUEST_TSO4,
  FEATURE_GUEST_TSO6,
  FEATURE_GUEST_UFO,
  FEATURE_HOST_TSO4,
  FEATURE_HOST_TSO6,
  FEATURE_HOST_UFO,
  FEATURE_MAC,
  FEATURE_MQ,
  FEATURE_MRG_RXBUF,
  FEATURE_MTU,
  FEATURE_STATUS,
  HEADER_LENGTH,
  LEGACY_HEADER_LENGTH,
  MAC_LENGTH,
  MTU_MIN,
  PAIR_COUNT_MAX,
  QUEUES_EACH,
  STATUS_LINK_UP,
} from './registers.ts';
import { freeBuffers, prepareTransmit, type TransmitQueue } from './transmit.ts';

// What can be wrong with a network device alone.
/** Its MAC address is all zero, or that of a group: `found` are the first two bytes of it. */
export const FAULT_MAC: u8 = FAULT_OF_DRIVER;
/** mtu reads `found`, less than `expected`. */
export const FAULT_MTU: u8 = FAULT_OF_DRIVER + 1;
/** max_virtqueue_pairs reads `found`, which is 0 or more than `expected`. */
export const FAULT_PAIRS: u8 = FAULT_OF_DRIVER + 2;

/** What IEEE 802.3 allows where the device says nothing: bytes of payload of a frame. */
const MTU_DEFAULT: u32 = 1500;

/** Bytes of a frame besides its payload: two addresses, a VLAN's tag, a type. */
export const FRAME_OVERHEAD: u32 = 18;

/** Elements of a queue, and buffers of it at most. */
const QUEUE_SIZE: u32 = 256;

/** Bytes of a received frame with segments at most, with the header. §5.1.6.3.1 */
const SEGMENTS_LENGTH: u32 = 65562;

/** A receive buffer where a frame may take several: nearly every frame takes one. And the shortest where it may not. §5.1.6.3.1 */
const MERGED_BUFFER_LENGTH: u32 = 2048;
const RECEIVE_BUFFER_LENGTH_MIN: u32 = 1526;

/** Buffers begin at a line of the cache. */
const BUFFER_ALIGNMENT: u32 = 64;

/** Of the memory that is free, the part that the buffers of one queue take at most, and how much that is at most. */
const MEMORY_DIVISOR: u32 = 8;
const MEMORY_LENGTH_MAX: u32 = 2097152;

/** What a network device says about itself. */
export class Net {
  wanted = new Features();
  /** All zero where the device has none. */
  macAddress: FixedArray<u8, 6> = fixedArray(6, 0);
  /** Bytes of payload of a frame at most. */
  mtuBytes: u32 = 0;
  /** STATUS_…; the link is up where the device does not say. */
  status: u16 = 0;
  /** Pairs of queues that the device has. */
  pairCountMax: u32 = 0;
}

/** Steps 1 to 6: resets the device and agrees on features. False after a failure: the device was given up. */
export const beginNet = (transport: Transport, net: Net, wantsOffloads: bool, wantsPairs: bool): bool => {
  const wanted: Features = net.wanted;
  addFeature(wanted, FEATURE_MAC);
  addFeature(wanted, FEATURE_MTU);
  addFeature(wanted, FEATURE_STATUS);
  addFeature(wanted, FEATURE_MRG_RXBUF);
  addFeature(wanted, FEATURE_CTRL_VQ);
  addFeature(wanted, FEATURE_CTRL_RX);
  addFeature(wanted, FEATURE_CTRL_VLAN);
  addFeature(wanted, FEATURE_CTRL_MAC_ADDR);
  addFeature(wanted, FEATURE_GUEST_ANNOUNCE);
  if (wantsPairs) addFeature(wanted, FEATURE_MQ);
  if (wantsOffloads) addOffloads(wanted);
  addQueueFeatures(wanted);
  return begin(transport, wanted);
};

const addOffloads = (wanted: Features): void => {
  addFeature(wanted, FEATURE_CSUM);
  addFeature(wanted, FEATURE_HOST_TSO4);
  addFeature(wanted, FEATURE_HOST_TSO6);
  addFeature(wanted, FEATURE_HOST_UFO);
  addFeature(wanted, FEATURE_GUEST_CSUM);
  addFeature(wanted, FEATURE_GUEST_TSO4);
  addFeature(wanted, FEATURE_GUEST_TSO6);
  addFeature(wanted, FEATURE_GUEST_ECN);
  addFeature(wanted, FEATURE_GUEST_UFO);
};

/** Reads what the device says about itself, each field only with its feature. False when that cannot be: see the fault. */
export const readConfiguration = (transport: Transport, net: Net): bool => {
  if (!requireConfig(transport, configLengthOf(transport.accepted))) return false;
  for (let attempt: u32 = 0; attempt < CONFIG_READ_COUNT_MAX; attempt++) {
    const generation: u32 = configGeneration(transport);
    readFields(transport, net);
    if (configGeneration(transport) === generation) return isPossible(transport, net);
  }
  return failUnstable(transport);
};

/** Returns the bytes of configuration up to the end of the last field that was negotiated. §5.1.4 */
const configLengthOf = (accepted: Features): u32 => {
  if (hasFeature(accepted, FEATURE_MTU)) return CONFIG_MTU + 2;
  if (hasFeature(accepted, FEATURE_MQ)) return CONFIG_MAX_VIRTQUEUE_PAIRS + 2;
  if (hasFeature(accepted, FEATURE_STATUS)) return CONFIG_STATUS + 2;
  return hasFeature(accepted, FEATURE_MAC) ? CONFIG_MAC + MAC_LENGTH : 0;
};

const readFields = (transport: Transport, net: Net): void => {
  const accepted: Features = transport.accepted;
  for (let i: u32 = 0; i < MAC_LENGTH; i++) {
    net.macAddress[i] = hasFeature(accepted, FEATURE_MAC) ? readConfig8(transport, CONFIG_MAC + i) : 0;
  }
  net.status = hasFeature(accepted, FEATURE_STATUS) ? readConfig16(transport, CONFIG_STATUS) : STATUS_LINK_UP;
  net.pairCountMax = hasFeature(accepted, FEATURE_MQ) ? readConfig16(transport, CONFIG_MAX_VIRTQUEUE_PAIRS) : 1;
  net.mtuBytes = hasFeature(accepted, FEATURE_MTU) ? readConfig16(transport, CONFIG_MTU) : MTU_DEFAULT;
};

const isPossible = (transport: Transport, net: Net): bool => {
  if (hasFeature(transport.accepted, FEATURE_MAC) && !isStationAddress(net)) {
    return setFault(transport.fault, FAULT_MAC, 0, net.macAddress[0] * 256 + net.macAddress[1], 0);
  }
  if (net.mtuBytes < MTU_MIN) return setFault(transport.fault, FAULT_MTU, 0, net.mtuBytes, MTU_MIN);
  if (net.pairCountMax === 0 || net.pairCountMax > PAIR_COUNT_MAX) {
    return setFault(transport.fault, FAULT_PAIRS, 0, net.pairCountMax, PAIR_COUNT_MAX);
  }
  return true;
};

/** Returns whether the address is one that a single station can have: not all zero, and not a group's. */
const isStationAddress = (net: Net): bool => {
  let sum: u32 = 0;
  for (let i: u32 = 0; i < MAC_LENGTH; i++) sum += net.macAddress[i];
  return sum !== 0 && (net.macAddress[0] & 1) === 0;
};

/** Returns a bit, 1 << SEGMENT_…, for each type of segments that the device may join. */
const segmentTypesOf = (accepted: Features): u32 => {
  let types: u32 = 0;
  if (hasFeature(accepted, FEATURE_GUEST_TSO4)) types = (types | (1 << SEGMENT_TCP4)) >>> 0;
  if (hasFeature(accepted, FEATURE_GUEST_TSO6)) types = (types | (1 << SEGMENT_TCP6)) >>> 0;
  if (hasFeature(accepted, FEATURE_GUEST_UFO)) types = (types | (1 << SEGMENT_UDP)) >>> 0;
  return types;
};

/** Makes pair `index`: its queues and their buffers. The buffers are lent; the device is told of them behind DRIVER_OK. False: see the fault. */
export const setUpPair = (transport: Transport, pool: DmaPool, net: Net, pair: Pair, index: u32): bool => {
  const accepted: Features = transport.accepted;
  const receive: ReceiveQueue = pair.receive;
  const transmit: TransmitQueue = pair.transmit;
  receive.mergesBuffers = hasFeature(accepted, FEATURE_MRG_RXBUF);
  receive.hasOffloads = hasFeature(accepted, FEATURE_GUEST_CSUM);
  receive.hasEcn = hasFeature(accepted, FEATURE_GUEST_ECN);
  receive.segmentTypes = segmentTypesOf(accepted);
  const hasLongHeader: bool = !isLegacy(transport) || receive.mergesBuffers;
  receive.headerLength = hasLongHeader ? HEADER_LENGTH : LEGACY_HEADER_LENGTH;
  transmit.headerLength = receive.headerLength;
  receive.descriptorsEach = isLegacy(transport) && !hasFeature(accepted, FEATURE_ANY_LAYOUT) ? 2 : 1;
  transmit.descriptorsEach = receive.descriptorsEach;
  receive.queue.tableLengthWanted = 0; // A frame is one buffer, or two.
  transmit.queue.tableLengthWanted = 0;

  const first: u16 = index * QUEUES_EACH;
  if (!takeQueue(transport, pool, first, QUEUE_SIZE, receive.queue)) return false;
  if (!takeQueue(transport, pool, first + 1, QUEUE_SIZE, transmit.queue)) return false;
  if (!takeReceiveMemory(transport, pool, receive, receiveBufferLength(net, receive))) return false;
  return takeTransmitMemory(transport, pool, transmit, bufferLengthFor(net, transmit.headerLength));
};

/** The same for a pair of a device that was reset: its queues in the memory that they had, empty. */
export const restorePair = (transport: Transport, pair: Pair): bool => {
  if (!restoreQueue(transport, pair.receive.queue) || !restoreQueue(transport, pair.transmit.queue)) return false;
  suppressInterrupts(pair.receive.queue);
  suppressInterrupts(pair.transmit.queue);
  freeBuffers(pair.transmit);
  lendBuffers(pair.receive);
  return true;
};

/** Returns the bytes of a buffer for any frame, header included. */
const bufferLengthFor = (net: Net, headerLength: u32): u32 =>
  alignUp(headerLength + FRAME_OVERHEAD + net.mtuBytes, BUFFER_ALIGNMENT) + 0;

const receiveBufferLength = (net: Net, receive: ReceiveQueue): u32 => {
  if (receive.mergesBuffers) return MERGED_BUFFER_LENGTH;
  const length: u32 = Math.max(bufferLengthFor(net, receive.headerLength), RECEIVE_BUFFER_LENGTH_MIN);
  return alignUp(receive.segmentTypes !== 0 ? SEGMENTS_LENGTH : length, BUFFER_ALIGNMENT) + 0;
};

const takeReceiveMemory = (transport: Transport, pool: DmaPool, receive: ReceiveQueue, length: u32): bool => {
  const count: u32 = bufferCountFor(pool, receive.queue, receive.descriptorsEach, length);
  const memory: u32 = takeMemory(transport, pool, count * length, BUFFER_ALIGNMENT);
  if (memory === DMA_ALLOCATE_FAILED) return false;
  prepareReceive(receive, memory, length, count);
  lendBuffers(receive);
  return true;
};

const takeTransmitMemory = (transport: Transport, pool: DmaPool, transmit: TransmitQueue, length: u32): bool => {
  const count: u32 = bufferCountFor(pool, transmit.queue, transmit.descriptorsEach, length);
  const memory: u32 = takeMemory(transport, pool, count * length, BUFFER_ALIGNMENT);
  if (memory === DMA_ALLOCATE_FAILED) return false;
  prepareTransmit(transmit, memory, length, count);
  return true;
};

/** Returns how many buffers a queue gets: as many as it holds, as far as memory goes, and one at least. */
const bufferCountFor = (pool: DmaPool, queue: Queue, descriptorsEach: u32, length: u32): u32 => {
  const limit: u32 = Math.min(Math.floor(dmaFreeBytes(pool) / MEMORY_DIVISOR), MEMORY_LENGTH_MAX);
  const count: u32 = Math.min(Math.floor(usableCount(queue) / descriptorsEach), QUEUE_SIZE, Math.floor(limit / length));
  return Math.max(count, 1);
};
