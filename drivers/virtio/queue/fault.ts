// What a queue's fault means, in words. The facts are in the record: record.ts, FAULT_….

import {
  FAULT_BATCH,
  FAULT_NO_HEAD,
  FAULT_NONE,
  FAULT_NOT_IN_FLIGHT,
  FAULT_TOO_LONG,
  FAULT_TOO_MANY,
  type Queue,
} from './record.ts';

/** Returns what the device of a broken queue said that cannot be, with what was expected: `queue 0: the device returned head 999, …`. */
export const describeQueueFault = (queue: Queue): string => {
  const found = queue.faultFound;
  const expected = queue.faultExpected;
  const what = `queue ${queue.index}: the device returned`;
  switch (queue.faultCode) {
    case FAULT_NONE:
      return `queue ${queue.index}: no fault`;
    case FAULT_TOO_MANY:
      return `${what} ${found} chains, expected at most the ${expected} that it has`;
    case FAULT_NO_HEAD:
      return `${what} head ${found}, expected one below ${expected}`;
    case FAULT_NOT_IN_FLIGHT:
      return `${what} head ${found}, which it does not have`;
    case FAULT_TOO_LONG:
      return `${what} a chain with ${found} bytes written, expected at most ${expected}`;
    case FAULT_BATCH:
      return `${what} a batch of ${found} chains, expected at most ${expected}`;
    default:
      return `queue ${queue.index}: unknown fault ${queue.faultCode}`;
  }
};
