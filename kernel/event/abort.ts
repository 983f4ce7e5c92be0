// AbortSignal.timeout. The rest of AbortSignal needs no loop: kernel/runtime/abort.ts.

import { type AbortSignalObject, abortSignal, DOMExceptionObject, newSignal } from '../runtime/abort.ts';
import { invalidType, outOfRange } from '../runtime/invalid-argument.ts';
import { startTimeout } from './timers.ts';

const DELAY_MAX = 2 ** 32 - 1;

/**
 * Returns a signal that is aborted `delay` milliseconds from now, with a DOMException of the name TimeoutError. It does not keep the program alive. Throws
 * a TypeError or a RangeError for what is no integer of 32 bits.
 */
export const abortAfter = (delay: unknown): AbortSignalObject => {
  if (typeof delay !== 'number') throw invalidType('delay', 'number', delay);
  if (!Number.isInteger(delay)) throw outOfRange('delay', 'an integer', delay);
  if (delay < 0 || delay > DELAY_MAX) throw outOfRange('delay', `>= 0 && <= ${DELAY_MAX}`, delay);
  const signal = newSignal();
  const abort = (): void =>
    abortSignal(signal, new DOMExceptionObject('The operation was aborted due to timeout', 'TimeoutError'));
  startTimeout(abort, delay).unref();
  return signal;
};
