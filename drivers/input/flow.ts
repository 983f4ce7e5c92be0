'use machine';
// The flow of events of one input device, and of what its LEDs are told. VIRTIO 1.2 §5.8.6. Hot for every event.
//
//   event buffers ── kick ──▶ device ── takeEvents ──▶ ring ──▶ the program's listener
//        ▲                                 │
//        └──────────── recycled ───────────┘
//
// A device that has no buffers left drops whole reports (QEMU: those that do not fit as a whole). So all that came is taken at once, buffers go back at once, and a ring
// stands between the device and the program. What came is taken only when the ring has room for all that can come: then, when the device has said that there
// is no more, we know exactly how many buffers it had left at least, and whether a report may have been lost for want of them.

import {
  type bool,
  type DmaOffset,
  type FixedArray,
  fixedArray,
  type i32,
  type u8,
  type u16,
  type u32,
  type u53,
} from '../../kernel/base/machine.ts';
import { clockNow } from '../../kernel/hal/clock.ts';
import { dmaRead16, dmaRead32 } from '../../kernel/hal/dma.ts';
import type { DmaPool } from '../../kernel/hal/dma-pool.ts';
import { interruptIsNoted } from '../../kernel/hal/interrupts.ts';
import {
  addBuffer,
  BUFFERS_BROKEN,
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
import { canPop } from '../virtio/queue/queue.ts';
import type { Transport } from '../virtio/transport/record.ts';
import { Facts, hasCode, readFacts } from './facts.ts';
import { EVENT_CODE, EVENT_QUEUE, EVENT_SIZE, EVENT_TYPE, EVENT_VALUE, STATUS_QUEUE } from './registers.ts';
import { cutReport, hasRoomFor, noteLoss, putEvent, Ring } from './ring.ts';

/** Events that the device can have ready at most; QEMU's queue has 64. Far less than the ring keeps. */
const EVENT_BUFFER_COUNT: u32 = 256;

/** Changes of LEDs under way. Nobody has more of them to blink. */
const STATUS_BUFFER_COUNT: u32 = 16;

// `faultCode`: what an event said that cannot be.
/** The queue's own fault says it. */
export const FLOW_FAULT_QUEUE: u8 = 0;
/** An event of `faultFound` bytes. */
export const FLOW_FAULT_LENGTH: u8 = 1;
/** A report that does not end. */
export const FLOW_FAULT_ENDLESS: u8 = 2;

/** One input device. */
export class InputFlow {
  facts = new Facts();
  events = new Buffers();
  status = new Buffers();
  ring = new Ring();
  faultCode: u8 = 0;
  faultFound: u32 = 0;
  /** Events that were not passed on, because the device has not announced them, and the first of them. */
  ignoredCount: u32 = 0;
  ignoredType: u16 = 0;
  ignoredCode: u16 = 0;
  /** Buffers that were taken and go back next. */
  taken: FixedArray<i32, 256> = fixedArray(256, 0);
}

/** The driver's own step: what the device says of itself, its queues and their buffers. False: see the transport's fault. */
export const setUpInput = (transport: Transport, pool: DmaPool, flow: InputFlow, deadlineMs: u32): bool => {
  if (!readFacts(transport, flow.facts)) return false;
  describeBuffers(flow.events, EVENT_BUFFER_COUNT, 0, EVENT_SIZE, 0, 0);
  if (!createBuffers(transport, pool, EVENT_QUEUE, flow.events)) return false;
  flow.status.queue.ignoresLengths = true; // QEMU returns what it has read.
  describeBuffers(flow.status, STATUS_BUFFER_COUNT, EVENT_SIZE, 0, 0, deadlineMs);
  if (!createBuffers(transport, pool, STATUS_QUEUE, flow.status)) return false;
  for (let i: u32 = 0; i < flow.events.count; i++) addBuffer(flow.events, takeFree(flow.events), 0, EVENT_SIZE);
  return true;
};

/** The same for a device that was live. The LEDs that it had not answered for come back by takeLost of `status`. */
export const setUpInputAgain = (transport: Transport, flow: InputFlow): bool => {
  if (!restoreBuffers(transport, flow.events) || !restoreBuffers(transport, flow.status)) return false;
  let count: u32 = 0;
  for (let index: i32 = takeLost(flow.events); index !== NO_BUFFER; index = takeLost(flow.events)) {
    flow.taken[count] = index;
    count++;
  }
  recycle(flow, count);
  cutReport(flow.ring);
  return true;
};

/** Tells the device of its buffers, once it is live. */
export const startEvents = (flow: InputFlow): void => kickBuffers(flow.events);

/** Waits until there is something to take, and room for it. Returns whether there is; false at `deadline`, and when an interrupt was noted. Looks once at least. */
export const spinInput = (flow: InputFlow, deadline: u53): bool => {
  const takesEvents: bool = hasRoom(flow);
  for (;;) {
    if ((takesEvents && canPop(flow.events.queue)) || canPop(flow.status.queue)) return true;
    if (interruptIsNoted() || clockNow() >= deadline) return false; // No `pause`: under QEMU's emulator it takes the lock that the device needs to answer.
  }
};

/** Returns whether the ring has room for all that the device can return. */
export const hasRoom = (flow: InputFlow): bool => hasRoomFor(flow.ring, flow.events.count);

/** Takes all events that came, if there is room. False: the device said what cannot be; `faultCode` says what. */
export const takeEvents = (flow: InputFlow): bool => {
  if (!hasRoom(flow)) return true;
  const events: Buffers = flow.events;
  let count: u32 = 0;
  for (;;) {
    const index: i32 = takeReturned(events);
    if (index === NO_BUFFER) break;
    if (index === BUFFERS_BROKEN) return fails(flow, FLOW_FAULT_QUEUE, 0);
    if (!takeEvent(flow, index)) return false;
    flow.taken[count] = index;
    count++;
  }
  if (count === 0) return true;
  if (events.count - count < flow.ring.longestReport) noteLoss(flow.ring);
  recycle(flow, count);
  kickBuffers(events);
  return true;
};

/** Passes on the event in a buffer. One that the device has not announced is ignored, as §5.8.6.1 asks. */
const takeEvent = (flow: InputFlow, index: i32): bool => {
  const length: u32 = flow.events.writtenLength;
  if (length !== EVENT_SIZE) return fails(flow, FLOW_FAULT_LENGTH, length);
  const event: DmaOffset = writablePart(flow.events, index);
  const type: u16 = dmaRead16(event + EVENT_TYPE);
  const code: u16 = dmaRead16(event + EVENT_CODE);
  if (hasCode(flow.facts, type, code)) {
    const isTaken: bool = putEvent(flow.ring, type, code, dmaRead32(event + EVENT_VALUE) | 0);
    return isTaken || fails(flow, FLOW_FAULT_ENDLESS, 0);
  }
  if (flow.ignoredCount === 0) {
    flow.ignoredType = type;
    flow.ignoredCode = code;
  }
  flow.ignoredCount = (flow.ignoredCount + 1) >>> 0;
  return true;
};

/** Gives the first `count` of the taken buffers to the device again. A broken queue takes none. */
const recycle = (flow: InputFlow, count: u32): void => {
  for (let i: u32 = 0; i < count; i++) addBuffer(flow.events, flow.taken[i], 0, EVENT_SIZE);
};

const fails = (flow: InputFlow, code: u8, found: u32): bool => {
  flow.faultCode = code;
  flow.faultFound = found;
  return false;
};
