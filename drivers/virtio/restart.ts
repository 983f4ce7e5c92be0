'use machine';
// A device that was live comes up again: after DEVICE_NEEDS_RESET, or when it does not answer any more. VIRTIO 1.2 §2.1.2, §3.1.1.
//
//   beginAgain ──► beginInterrupts, as before ──► restoreQueue × n ──► finish of initialize.ts
//
// It comes back with the features that it had, so that all that was decided by them stays true; its queues lie where they lay. What it had under
// way is lost: whether it was done, nobody can tell. The driver takes it back with detachNext, or by books of its own, before restoreQueue.

import type { bool, u32 } from '../../kernel/base/machine.ts';
import { FEATURE_WORD_COUNT } from './features.ts';
import { begin } from './initialize.ts';
import { restart } from './queue/queue.ts';
import type { Queue } from './queue/record.ts';
import type { Transport } from './transport/record.ts';
import { enableQueue } from './transport/transport.ts';

/**
 * Steps 1 to 6 once more, with every feature required that was accepted the first time. When it returns, the device uses no memory of ours any
 * more: on true it is reset, on false it was given up, and the transport's fault says why.
 */
export const beginAgain = (transport: Transport): bool => {
  for (let word: u32 = 0; word < FEATURE_WORD_COUNT; word++) {
    transport.required.words[word] = transport.accepted.words[word];
  }
  return begin(transport, transport.required);
};

/** Hands a queue to the reset device again, empty and in the memory that it had. False: see the fault. */
export const restoreQueue = (transport: Transport, queue: Queue): bool => {
  restart(queue);
  return enableQueue(transport, queue);
};
