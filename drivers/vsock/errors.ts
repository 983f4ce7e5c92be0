// What goes wrong with a socket device and its connections, in words.

import type { DeviceError } from '../../kernel/device/failure.ts';
import { describeFault, errorAt, type InitializeError } from '../virtio/describe.ts';
import { describeQueueFault } from '../virtio/queue/fault.ts';
import type { Queue } from '../virtio/queue/record.ts';
import type { Transport } from '../virtio/transport/record.ts';
import { FAULT_CID, type VsockFlow } from './flow.ts';
import {
  WRONG_AFTER_END,
  WRONG_CREDIT,
  WRONG_EVENT,
  WRONG_LENGTH,
  WRONG_OPERATION,
  WRONG_ROOM,
  WRONG_SIZE,
  WRONG_TYPE,
} from './packets.ts';
import { EVENT_SIZE, HEADER_SIZE } from './registers.ts';

/** Returns why a socket device did not come up: what only such a device can have wrong, or what every device can. */
export const describeVsockFault = (transport: Transport): InitializeError => {
  const fault = transport.fault;
  if (fault.code !== FAULT_CID) return describeFault(transport);
  const high = (fault.expected as number) === 0 ? '' : ` with ${fault.expected} in its high half`;
  return errorAt(fault.step, 'bad-cid', `guest_cid reads ${fault.found}${high}, which is no guest's`);
};

/** Returns what a device said that cannot be, in `queue`. */
export const describeBroken = (flow: VsockFlow, queue: Queue): DeviceError => {
  switch (flow.wrong as number) {
    case WRONG_SIZE:
      return wrong(`the device returned a packet of ${flow.length} bytes, expected ${HEADER_SIZE} at least`);
    case WRONG_LENGTH:
      return wrong(`a packet has ${flow.length} bytes, which are more than its buffer holds`);
    case WRONG_EVENT:
      return wrong(`the device returned an event of ${flow.length} bytes, expected ${EVENT_SIZE}`);
    default:
      return wrong(describeQueueFault(queue));
  }
};

/** Returns what the other end of a connection said that cannot be. */
export const describeWrong = (flow: VsockFlow): DeviceError => {
  switch (flow.wrong as number) {
    case WRONG_CREDIT:
      return wrong('the other end has handed on more than it was sent');
    case WRONG_ROOM:
      return wrong(`the other end sent ${flow.length} bytes, for which there was no room`);
    case WRONG_OPERATION:
      return wrong(`the other end sent a packet with op ${flow.operation}, which has no place here`);
    case WRONG_TYPE:
      return wrong(`the other end sent a packet of type ${flow.type}, which is not that of the connection`);
    case WRONG_AFTER_END:
      return wrong('the other end sent bytes behind the end');
    default:
      return wrong('the other end said what cannot be');
  }
};

const wrong = (message: string): DeviceError => ({ kind: 'wrong-answer', message });
