// A queue without a transport, and the device's side of it.

import { attach } from '../../../../../drivers/virtio/queue/doorbell.ts';
import {
  add,
  chooseLayout,
  fill,
  kick,
  LEGACY_ALIGNMENT,
  prepare,
  QUEUE_ALIGNMENT,
  reserve,
} from '../../../../../drivers/virtio/queue/queue.ts';
import { DEVICE_READS, DEVICE_WRITES, DOORBELL_PORT16, Queue } from '../../../../../drivers/virtio/queue/record.ts';
import { installMachine, SimMachine } from '../../../../sim/machine.ts';
import { SimRing } from '../../../../sim/virtio/ring.ts';
import { EVENT_IDX, IN_ORDER, INDIRECT_DESC, RING_PACKED } from '../../../../sim/virtio/ring-layout.ts';

export interface QueueOptions {
  readonly packed?: boolean;
  readonly size?: number;
  /** Descriptors of each indirect table; 0 without INDIRECT_DESC. */
  readonly tableLength?: number;
  readonly eventIndex?: boolean;
  readonly inOrder?: boolean;
  readonly legacy?: boolean;
  readonly trustsSuppression?: boolean;
}

export interface BothSides {
  readonly machine: SimMachine;
  readonly queue: Queue;
  readonly ring: SimRing;
}

export const LAYOUTS = [
  { name: 'split', packed: false },
  { name: 'packed', packed: true },
];

/** Where buffers of tests lie, behind all queues that tests make. */
export const DATA = 0x180000;

/** Puts a queue into an empty machine. `queue` may be one that had other options before. */
export const makeQueue = (options: QueueOptions = {}, queue = new Queue()): BothSides => {
  const machine = installMachine(new SimMachine());
  const { packed = false, eventIndex = false, inOrder = false, legacy = false, tableLength = 0 } = options;
  chooseLayout(queue, 0, packed, tableLength > 0, eventIndex, inOrder, legacy);
  queue.tableLength = tableLength;
  prepare(queue, options.size ?? 8, 0x1000, legacy ? LEGACY_ALIGNMENT : QUEUE_ALIGNMENT);
  queue.trustsSuppression = options.trustsSuppression ?? false;
  attach(queue, DOORBELL_PORT16, 0x10, 0, false);
  return { machine, queue, ring: ringOf(machine, queue) };
};

/** Returns the device's side of a queue, as if it had just been enabled. */
export const ringOf = (machine: SimMachine, queue: Queue): SimRing => {
  const ring = new SimRing(machine, queue.size);
  ring.descriptors = machine.dmaBase + queue.descriptors;
  ring.driver = machine.dmaBase + queue.driver;
  ring.device = machine.dmaBase + queue.device;
  const bits: [number, boolean][] = [
    [INDIRECT_DESC, queue.tableLength > 0],
    [EVENT_IDX, queue.hasEventIndex],
    [RING_PACKED, queue.layout === 1],
    [IN_ORDER, queue.isInOrder],
  ];
  const words = [0, 0];
  for (const [bit, isSet] of bits) if (isSet) words[bit >> 5]! += 2 ** (bit & 31);
  ring.features = words;
  return ring;
};

/** Adds a chain of one readable buffer of 16 bytes and `count` - 1 writable ones of 100. Returns its head, or why there is none. */
export const put = (queue: Queue, count: number): number => {
  const head = reserve(queue, count);
  if (head < 0) return head;
  fill(queue, DATA, 16, DEVICE_READS);
  for (let i = 1; i < count; i++) fill(queue, DATA + 0x100 * i, 100, DEVICE_WRITES);
  add(queue);
  return head;
};

/** Adds such a chain and gives it to the device. */
export const send = (queue: Queue, count: number): number => {
  const head = put(queue, count);
  kick(queue);
  return head;
};
