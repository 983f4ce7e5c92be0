// What goes wrong with a GPU while it comes up, in words.

import { describeFault, errorAt, type InitializeError } from '../virtio/describe.ts';
import type { Transport } from '../virtio/transport/record.ts';
import { FAULT_SCANOUTS } from './bring-up.ts';

/** Returns why a GPU did not come up: what only one can have wrong, or what every device can. */
export const describeGpuFault = (transport: Transport): InitializeError => {
  const fault = transport.fault;
  if (fault.code !== FAULT_SCANOUTS) return describeFault(transport);
  return errorAt(fault.step, 'bad-scanouts', `num_scanouts reads ${fault.found}, expected 1 to ${fault.expected}`);
};
