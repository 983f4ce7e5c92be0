'use machine';
// How an IOMMU comes up, and its events. VIRTIO 1.2 §5.13.

import { HIGH_WORD_LIMIT, joinWords } from '../../kernel/base/bits.ts';
import type { bool, DmaOffset, i32, u8, u32, u53 } from '../../kernel/base/machine.ts';
import { clockNow } from '../../kernel/hal/clock.ts';
import { dmaRead8, dmaRead32 } from '../../kernel/hal/dma.ts';
import type { DmaPool } from '../../kernel/hal/dma-pool.ts';
import { interruptIsNoted } from '../../kernel/hal/interrupts.ts';
import {
  addBuffer,
  Buffers,
  createBuffers,
  describeBuffers,
  kickBuffers,
  NO_BUFFER,
  restoreBuffers,
  takeFree,
  takeLost,
  takeReturned,
  writablePart,
} from '../virtio/buffers.ts';
import {
  CONFIG_READ_COUNT_MAX,
  configGeneration,
  failUnstable,
  readConfig32,
  requireConfig,
  writeConfig8,
} from '../virtio/config.ts';
import { addFeature, Features, hasFeature } from '../virtio/features.ts';
import { begin } from '../virtio/initialize.ts';
import { addQueueFeatures } from '../virtio/queue/create.ts';
import { canPop } from '../virtio/queue/queue.ts';
import { FAULT_OF_DRIVER, setFault } from '../virtio/transport/fault.ts';
import type { Transport } from '../virtio/transport/record.ts';
import {
  CONFIG_BYPASS,
  CONFIG_DOMAIN_END,
  CONFIG_DOMAIN_START,
  CONFIG_INPUT_END,
  CONFIG_INPUT_START,
  CONFIG_LENGTH_MIN,
  CONFIG_PAGE_SIZE_MASK,
  CONFIG_PROBE_SIZE,
  EVENT_ADDRESS,
  EVENT_ENDPOINT,
  EVENT_FLAGS,
  EVENT_QUEUE,
  EVENT_REASON,
  EVENT_SIZE,
  FEATURE_BYPASS,
  FEATURE_BYPASS_CONFIG,
  FEATURE_DOMAIN_RANGE,
  FEATURE_INPUT_RANGE,
  FEATURE_MAP_UNMAP,
  FEATURE_MMIO,
  FEATURE_PROBE,
  PROBE_SIZE,
  REQUEST_QUEUE,
  TAIL_SIZE,
} from './registers.ts';

// What can be wrong with an IOMMU alone.
/** page_size_mask has no bit below 2^32: `found` are its upper half's bits. */
export const FAULT_PAGE_SIZES: u8 = FAULT_OF_DRIVER;
/** input_range begins at `found`, behind its end `expected`. */
export const FAULT_INPUT_RANGE: u8 = FAULT_OF_DRIVER + 1;
/** The same of domain_range. */
export const FAULT_DOMAIN_RANGE: u8 = FAULT_OF_DRIVER + 2;
/** probe_size reads `found`, more than `expected`. */
export const FAULT_PROBE_SIZE: u8 = FAULT_OF_DRIVER + 3;

/** Bytes of properties that a device may have at most: QEMU has 512. */
const PROBE_LENGTH_MAX: u32 = 16384;

/** Requests that the device may have at a time, and events that it can report before anybody looks. */
const REQUEST_COUNT: u32 = 4;
const EVENT_COUNT: u32 = 64;

/** What takeFault returns for an event that is none. */
export const EVENT_SHORT: i32 = -3;

const ADDRESS_MAX: u53 = 0x1fffffffffffff;
const DOMAIN_MAX: u32 = 0xffffffff;

/** One IOMMU. */
export class IommuFlow {
  wanted = new Features();
  requests = new Buffers();
  events = new Buffers();
  /** What the configuration says; both ends are inclusive. */
  pageLength: u32 = 0;
  inputStart: u53 = 0;
  inputEnd: u53 = 0;
  domainStart: u32 = 0;
  domainEnd: u32 = 0;
  probeLength: u32 = 0;
  /** Of the event taken last. */
  reason: u8 = 0;
  flags: u32 = 0;
  endpoint: u32 = 0;
  address: u53 = 0;
}

/** Steps 1 to 6. `isBypass`: whether devices without a domain are to reach all memory. */
export const beginIommu = (transport: Transport, flow: IommuFlow, isBypass: bool): bool => {
  addQueueFeatures(flow.wanted);
  addFeature(transport.required, FEATURE_MAP_UNMAP);
  addFeature(flow.wanted, FEATURE_INPUT_RANGE);
  addFeature(flow.wanted, FEATURE_DOMAIN_RANGE);
  addFeature(flow.wanted, FEATURE_PROBE);
  addFeature(flow.wanted, FEATURE_MMIO);
  addFeature(flow.wanted, FEATURE_BYPASS_CONFIG);
  if (isBypass) addFeature(flow.wanted, FEATURE_BYPASS); // Agreed on, it is what happens. §5.13.3
  return begin(transport, flow.wanted);
};

/** Step 7. False: see the transport's fault. */
export const setUpIommu = (
  transport: Transport,
  pool: DmaPool,
  flow: IommuFlow,
  isBypass: bool,
  deadlineMs: u32,
): bool => {
  if (!readFacts(transport, flow) || !checkFacts(transport, flow)) return false;
  writeBypass(transport, isBypass);
  describeBuffers(flow.requests, REQUEST_COUNT, PROBE_SIZE, flow.probeLength + TAIL_SIZE, 0, deadlineMs);
  describeBuffers(flow.events, EVENT_COUNT, 0, EVENT_SIZE, 0, 0);
  if (!createBuffers(transport, pool, REQUEST_QUEUE, flow.requests)) return false;
  if (!createBuffers(transport, pool, EVENT_QUEUE, flow.events)) return false;
  for (let i: u32 = 0; i < flow.events.count; i++) addBuffer(flow.events, takeFree(flow.events), 0, EVENT_SIZE);
  return true;
};

/** The same after a reset. Requests that were not answered come back by takeLost. */
export const setUpIommuAgain = (transport: Transport, flow: IommuFlow, isBypass: bool): bool => {
  writeBypass(transport, isBypass);
  if (!restoreBuffers(transport, flow.requests) || !restoreBuffers(transport, flow.events)) return false;
  for (let i: u32 = 0; i < flow.events.count; i++) {
    const index: i32 = takeLost(flow.events); // The oldest, so each is taken once.
    if (index !== NO_BUFFER) addBuffer(flow.events, index, 0, EVENT_SIZE);
  }
  return true;
};

/** Tells the device, which is live, of the buffers that it may report in. */
export const startFaults = (flow: IommuFlow): void => kickBuffers(flow.events);

const readFacts = (transport: Transport, flow: IommuFlow): bool => {
  const accepted: Features = transport.accepted;
  const hasBypass: bool = hasFeature(accepted, FEATURE_BYPASS_CONFIG);
  if (!requireConfig(transport, hasBypass ? CONFIG_BYPASS + 1 : CONFIG_LENGTH_MIN)) return false;
  for (let attempt: u32 = 0; attempt < CONFIG_READ_COUNT_MAX; attempt++) {
    const generation: u32 = configGeneration(transport);
    const sizes: u32 = readConfig32(transport, CONFIG_PAGE_SIZE_MASK);
    flow.pageLength = (sizes & -sizes) >>> 0;
    flow.inputStart = 0;
    flow.inputEnd = ADDRESS_MAX;
    flow.domainStart = 0;
    flow.domainEnd = DOMAIN_MAX;
    flow.probeLength = 0;
    if (hasFeature(accepted, FEATURE_INPUT_RANGE)) {
      flow.inputStart = readAddress(transport, CONFIG_INPUT_START);
      flow.inputEnd = readAddress(transport, CONFIG_INPUT_END);
    }
    if (hasFeature(accepted, FEATURE_DOMAIN_RANGE)) {
      flow.domainStart = readConfig32(transport, CONFIG_DOMAIN_START);
      flow.domainEnd = readConfig32(transport, CONFIG_DOMAIN_END);
    }
    if (hasFeature(accepted, FEATURE_PROBE)) flow.probeLength = readConfig32(transport, CONFIG_PROBE_SIZE);
    if (configGeneration(transport) === generation) return true;
  }
  return failUnstable(transport);
};

/** Returns an address of the configuration; for one of 2^53 or more the last below. */
const readAddress = (transport: Transport, offset: u32): u53 => {
  const low: u32 = readConfig32(transport, offset);
  const high: u32 = readConfig32(transport, offset + 4);
  return high >= HIGH_WORD_LIMIT ? ADDRESS_MAX : joinWords(low, high);
};

const checkFacts = (transport: Transport, flow: IommuFlow): bool => {
  if (flow.pageLength === 0) {
    return setFault(transport.fault, FAULT_PAGE_SIZES, 0, readConfig32(transport, CONFIG_PAGE_SIZE_MASK + 4), 0);
  }
  if (flow.inputStart > flow.inputEnd) {
    return setFault(transport.fault, FAULT_INPUT_RANGE, 0, flow.inputStart, flow.inputEnd);
  }
  if (flow.domainStart > flow.domainEnd) {
    return setFault(transport.fault, FAULT_DOMAIN_RANGE, 0, flow.domainStart, flow.domainEnd);
  }
  if (flow.probeLength <= PROBE_LENGTH_MAX) return true;
  return setFault(transport.fault, FAULT_PROBE_SIZE, 0, flow.probeLength, PROBE_LENGTH_MAX);
};

/** Says whether devices without a domain reach all memory. Without the feature they do not, as BYPASS was not agreed on. §5.13.6.3 */
const writeBypass = (transport: Transport, isBypass: bool): void => {
  if (hasFeature(transport.accepted, FEATURE_BYPASS_CONFIG)) writeConfig8(transport, CONFIG_BYPASS, isBypass ? 1 : 0);
};

/**
 * Takes the next event: `reason`, `flags`, `endpoint` and `address` say what it was, and its buffer is added again, for kickBuffers. Returns its buffer; NO_BUFFER when
 * there is none; BUFFERS_BROKEN when the device said what cannot be, or EVENT_SHORT when it wrote less than an event.
 */
export const takeFault = (flow: IommuFlow): i32 => {
  const index: i32 = takeReturned(flow.events);
  if (index < 0) return index;
  if (flow.events.writtenLength < EVENT_SIZE) return EVENT_SHORT;
  const event: DmaOffset = writablePart(flow.events, index);
  flow.reason = dmaRead8(event + EVENT_REASON);
  flow.flags = dmaRead32(event + EVENT_FLAGS);
  flow.endpoint = dmaRead32(event + EVENT_ENDPOINT);
  const high: u32 = dmaRead32(event + EVENT_ADDRESS + 4);
  flow.address = high >= HIGH_WORD_LIMIT ? ADDRESS_MAX : joinWords(dmaRead32(event + EVENT_ADDRESS), high);
  addBuffer(flow.events, index, 0, EVENT_SIZE);
  return index;
};

/** Waits until there is something to take. Returns whether there is; false at `deadline`, and when an interrupt was noted. Looks once at least. */
export const spinIommu = (flow: IommuFlow, deadline: u53): bool => {
  for (;;) {
    if (canPop(flow.requests.queue) || canPop(flow.events.queue)) return true;
    if (interruptIsNoted() || clockNow() >= deadline) return false; // No `pause`: under QEMU's emulator it takes the lock that the device needs to answer.
  }
};
