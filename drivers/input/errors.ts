// What goes wrong with an input device, in words.

import type { DeviceError } from '../../kernel/device/failure.ts';
import { describeFault, errorAt, type InitializeError } from '../virtio/describe.ts';
import { describeQueueFault } from '../virtio/queue/fault.ts';
import type { Transport } from '../virtio/transport/record.ts';
import { FAULT_ANSWER_LENGTH, FAULT_ANSWER_SIZE, FAULT_AXIS } from './facts.ts';
import { FLOW_FAULT_ENDLESS, FLOW_FAULT_LENGTH, type InputFlow } from './flow.ts';
import { EVENT_SIZE } from './registers.ts';
import { REPORT_LENGTH_MAX } from './ring.ts';

/** Returns why an input device did not come up: what only such a device can have wrong, or what every device can. */
export const describeInputFault = (transport: Transport): InitializeError => {
  const fault = transport.fault;
  const question = `select ${fault.index}, subsel ${fault.detail}`;
  if (fault.code === FAULT_ANSWER_LENGTH) {
    const expected = `expected at most ${fault.expected}`;
    return errorAt(fault.step, 'bad-answer', `size reads ${fault.found} for ${question}, ${expected}`);
  }
  if (fault.code === FAULT_ANSWER_SIZE) {
    const expected = `expected 0 or ${fault.expected}`;
    return errorAt(fault.step, 'bad-answer', `size reads ${fault.found} for ${question}, ${expected}`);
  }
  if (fault.code === FAULT_AXIS) return errorAt(fault.step, 'bad-axis', `min is above max for ${question}`);
  return describeFault(transport);
};

/** Returns what an input device sent that cannot be. */
export const describeWrongEvent = (flow: InputFlow): DeviceError => {
  if (flow.faultCode === FLOW_FAULT_LENGTH) {
    return wrong(`the device returned an event of ${flow.faultFound} bytes, expected ${EVENT_SIZE}`);
  }
  if (flow.faultCode === FLOW_FAULT_ENDLESS) {
    return wrong(`the device sent ${REPORT_LENGTH_MAX} events without SYN_REPORT`);
  }
  return wrong(describeQueueFault(flow.events.queue));
};

const wrong = (message: string): DeviceError => ({ kind: 'wrong-answer', message });
