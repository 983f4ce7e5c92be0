// What goes wrong with an IOMMU, in words.

import { hex } from '../../kernel/base/hex.ts';
import type { DeviceError, FailureKind } from '../../kernel/device/failure.ts';
import { describeFault, errorAt, type InitializeError } from '../virtio/describe.ts';
import type { Transport } from '../virtio/transport/record.ts';
import { FAULT_DOMAIN_RANGE, FAULT_INPUT_RANGE, FAULT_PAGE_SIZES, FAULT_PROBE_SIZE } from './flow.ts';
import {
  STATUS_DEVICE_ERROR,
  STATUS_FAULT,
  STATUS_INVALID,
  STATUS_IO_ERROR,
  STATUS_NO_ENTRY,
  STATUS_NO_MEMORY,
  STATUS_RANGE,
  STATUS_UNSUPPORTED,
} from './registers.ts';

/** Returns why an IOMMU did not come up: what only one can have wrong, or what every device can. */
export const describeIommuFault = (transport: Transport): InitializeError => {
  const fault = transport.fault;
  const found: number = fault.found;
  const expected: number = fault.expected;
  const range = `from 0x${hex(found, 1)} to 0x${hex(expected, 1)}`;
  switch (fault.code) {
    case FAULT_PAGE_SIZES:
      return errorAt(fault.step, 'bad-page-sizes', 'page_size_mask has no page below 4 GiB');
    case FAULT_INPUT_RANGE:
      return errorAt(fault.step, 'bad-range', `input_range is ${range}`);
    case FAULT_DOMAIN_RANGE:
      return errorAt(fault.step, 'bad-range', `domain_range is ${range}`);
    case FAULT_PROBE_SIZE:
      return errorAt(fault.step, 'bad-probe-size', `probe_size reads ${found}, expected at most ${expected}`);
    default:
      return describeFault(transport);
  }
};

/** Returns the error that a status of the device is, `what` being what was asked; undefined for one that there is not. */
export const errorOfStatus = (status: number, what: string): DeviceError | undefined => {
  const kind = kindOf(status);
  return kind === undefined ? undefined : { kind, message: `${what}: the device answered ${status}` };
};

const kindOf = (status: number): FailureKind | undefined => {
  switch (status) {
    case STATUS_IO_ERROR:
    case STATUS_DEVICE_ERROR:
    case STATUS_FAULT:
    case STATUS_NO_MEMORY:
      return 'io-error';
    case STATUS_UNSUPPORTED:
      return 'unsupported';
    case STATUS_INVALID:
      return 'invalid-argument';
    case STATUS_RANGE:
    case STATUS_NO_ENTRY:
      return 'out-of-range';
    default:
      return undefined;
  }
};
