// Device-specific configuration: reading fields that belong together while the device may change them. VIRTIO 1.2 §2.5.

import { fail, ok, type Result } from '../../kernel/base/result.ts';
import type { Transport, TransportError } from './transport/transport.ts';

/** A device that changes its configuration more often than this during one reading never lets it be read. */
export const CONFIG_READ_COUNT_MAX = 16;

/** Returns nothing, or fails when the device shows fewer than `length` bytes of configuration. */
export const requireConfig = (transport: Transport, length: number): Result<undefined, TransportError> =>
  transport.configLength >= length
    ? ok(undefined)
    : fail({
        kind: 'config-too-small',
        message: `device configuration has ${transport.configLength} bytes, expected at least ${length}`,
      });

/** Returns what `read` returns, read again until the generation before and after is the same. §2.5.1 */
export const readConsistent = <T>(transport: Transport, read: () => T): Result<T, TransportError> => {
  for (let attempt = 0; attempt < CONFIG_READ_COUNT_MAX; attempt++) {
    const before = transport.configGeneration();
    const value = read();
    if (transport.configGeneration() === before) return ok(value);
  }
  return fail({
    kind: 'config-unstable',
    message: `device configuration changed during each of ${CONFIG_READ_COUNT_MAX} readings`,
  });
};
