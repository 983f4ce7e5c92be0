import { describe, expect, it } from 'vitest';
import { describeFault, formatInitializeError } from '../../../../drivers/virtio/describe.ts';
import * as faults from '../../../../drivers/virtio/transport/fault.ts';
import { Transport } from '../../../../drivers/virtio/transport/record.ts';

const { FAULT_NONE, FAULT_OF_DRIVER, FAULT_PCI, setFault } = faults;

/** Every code that a function of drivers/virtio can leave behind, with its name. */
const CODES = Object.entries(faults).filter(
  (entry): entry is [string, number] =>
    typeof entry[1] === 'number' && entry[1] !== FAULT_NONE && entry[1] !== FAULT_PCI && entry[1] !== FAULT_OF_DRIVER,
);

describe('a fault', () => {
  it.each(CODES)('%s has a kind and a sentence with its numbers', (_, code) => {
    const transport = new Transport();
    setFault(transport.fault, code, 3, 5, 7);
    const { kind, message } = describeFault(transport);
    expect(kind).toMatch(/^[a-z-]+$/);
    expect(kind).not.toBe('unknown');
    expect(message).not.toMatch(/unknown|undefined|NaN/);
  });

  it('codes are all different', () => {
    expect(new Set(CODES.map(([, code]) => code)).size).toBe(CODES.length);
  });

  it('is shown with the step at which it happened', () => {
    const transport = new Transport();
    setFault(transport.fault, faults.FAULT_QUEUE_IN_USE, 3, 0, 0);
    transport.fault.step = 7;
    expect(formatInitializeError(describeFault(transport))).toBe('step 7 (set up queues): queue 3 is enabled already');
  });
});
