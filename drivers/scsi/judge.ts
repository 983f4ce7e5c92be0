// What became of a command: the response of the host, the status of the unit, its sense data, and how much was transferred. VIRTIO 1.2 §5.6.6.1

import { hex } from '../../kernel/base/hex.ts';
import { lookUp } from '../../kernel/base/table.ts';
import { DeviceFailure, type FailureKind } from '../../kernel/device/failure.ts';
import { ScsiFailure } from '../../kernel/device/scsi.ts';
import { dmaReadBytes } from '../../kernel/hal/dma.ts';
import { readResponse, sensePart } from './controller.ts';
import {
  RESPONSE_ABORTED,
  RESPONSE_BAD_TARGET,
  RESPONSE_BUSY,
  RESPONSE_FAILURE,
  RESPONSE_OK,
  RESPONSE_RESET,
  RESPONSE_SIZE,
  STATUS_BUSY,
  STATUS_CHECK_CONDITION,
  STATUS_CONDITION_MET,
  STATUS_GOOD,
  STATUS_TASK_SET_FULL,
} from './registers.ts';
import {
  attentionOf,
  decodeSense,
  isBecomingReady,
  KEY_RECOVERED_ERROR,
  KEY_UNIT_ATTENTION,
  kindOfSense,
} from './sense.ts';
import type { Bus, Task } from './state.ts';

/** What is to be done: nothing, the same again, the same again later, nothing for it failed; or the device is to be given up. */
export type Verdict =
  | { readonly kind: 'done'; readonly transferred: number }
  | { readonly kind: 'attention'; readonly error: ScsiFailure }
  | { readonly kind: 'busy' | 'failed' | 'wrong'; readonly error: DeviceFailure };

const RESPONSES = `
1 the host had no room for the data
2 the command was aborted
3 there is no such target
4 the bus or the unit was reset
5 the host is busy
6 the transport failed
7 the target failed
8 the nexus failed
9 the host failed
`;

const STATUSES = `
04 condition met
08 busy
10 intermediate
14 intermediate, condition met
18 reservation conflict
28 task set full
30 ACA active
40 task aborted
`;

/** Judges the answer in buffer `index` to a command. */
export const judge = (bus: Bus, task: Task, index: number): Verdict => {
  const { controller } = bus;
  if (!readResponse(controller, index)) return wrong('the device answered a command without a response');
  const response: number = controller.response;
  const status: number = controller.status;
  if (response !== RESPONSE_OK) return judgeResponse(task, response);
  switch (status) {
    case STATUS_GOOD:
    case STATUS_CONDITION_MET:
      return judgeTransfer(bus, task);
    case STATUS_CHECK_CONDITION:
      return judgeSense(bus, task, index);
    case STATUS_BUSY:
    case STATUS_TASK_SET_FULL:
      return { kind: 'busy', error: statusFailure(status) };
    default:
      return { kind: 'failed', error: statusFailure(status) };
  }
};

const judgeResponse = ({ operation }: Task, response: number): Verdict => {
  if (response > RESPONSE_FAILURE) return wrong(`the device answered a command with response ${response}`);
  const text = lookUp(RESPONSES, `${response}`)!;
  if (response === RESPONSE_BUSY) return { kind: 'busy', error: new DeviceFailure('io-error', text) };
  const isGone = response === RESPONSE_ABORTED && operation.unit?.state === 'removed'; // A unit that is taken out drops what it has.
  return { kind: 'failed', error: new DeviceFailure(isGone ? 'removed' : kindOfResponse(response), text) };
};

const kindOfResponse = (response: number): FailureKind => {
  if (response === RESPONSE_BAD_TARGET) return 'removed';
  return response === RESPONSE_RESET ? 'device-reset' : 'io-error';
};

const statusFailure = (status: number): DeviceFailure => {
  const name = lookUp(STATUSES, hex(status, 2));
  return new DeviceFailure('io-error', `the unit ended it with status 0x${hex(status, 2)}${name ? ` (${name})` : ''}`);
};

/** Commands may transfer less than there is room for; reads and writes may not. */
const judgeTransfer = ({ controller }: Bus, { operation, length, isWrite }: Task): Verdict => {
  const residual = residualOf(controller.residual, length);
  const written: number = controller.requests.writtenLength;
  if (residual > length) return wrong(`the device left ${residual} of ${length} bytes`);
  if (!isWrite && length > 0 && written < RESPONSE_SIZE + length - residual) {
    return wrong(`the device wrote ${written} bytes, and says that it transferred ${length - residual}`);
  }
  if (residual > 0 && operation.type !== 'command') {
    return {
      kind: 'failed',
      error: new DeviceFailure('io-error', `${residual} of ${length} bytes were not transferred`),
    };
  }
  return { kind: 'done', transferred: length - residual };
};

/**
 * Returns what was left of `length` bytes. QEMU counts down a command each time that it does it: one that waited until the host had room again, and was done anew, has left
 * minus its own length.
 */
const residualOf = (residual: number, length: number): number =>
  residual > length && (2 ** 32 - residual) % length === 0 ? 0 : residual;

const judgeSense = (bus: Bus, task: Task, index: number): Verdict => {
  const { controller } = bus;
  const bytes = new Uint8Array(controller.senseLength);
  if (bytes.length > 0) dmaReadBytes(sensePart(controller, index), bytes);
  const sense = decodeSense(bytes);
  if (sense === undefined) {
    return { kind: 'failed', error: new DeviceFailure('io-error', 'the unit refused it without sense data') };
  }
  if (sense.key === KEY_RECOVERED_ERROR) return judgeTransfer(bus, task);
  const error = new ScsiFailure(kindOfSense(sense), sense);
  if (sense.key === KEY_UNIT_ATTENTION) {
    // Half of what is read from one medium and half from another would be nothing: who moves bytes hears of it.
    const isLost = task.operation.type !== 'command' && attentionOf(sense) === 'medium';
    if (!isLost) return { kind: 'attention', error };
    if (task.operation.unit !== undefined) bus.noteAttention(task.operation.unit, sense);
    return { kind: 'failed', error };
  }
  return { kind: isBecomingReady(sense) ? 'busy' : 'failed', error };
};

const wrong = (message: string): Verdict => ({ kind: 'wrong', error: new DeviceFailure('wrong-answer', message) });
