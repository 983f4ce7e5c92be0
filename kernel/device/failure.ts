// Why a device could not do what it was asked for: one class for every kind of device.
//
// Who only polls imports the types, and carries no class of errors.

/**
 * The kinds of failure, words that stay the same.
 *
 * - `invalid-argument`, `out-of-range`, `misaligned`, `read-only`: it was not sent, the call itself is wrong
 * - `io-error`, `unsupported`: the device refused it
 * - `wrong-answer`: the device answered against its specification
 * - `timeout`: no answer in time
 * - `device-reset`: the device met an error and was reset while it had the request, which may have been done or not
 * - `device-failed`: the driver gave the device up, and nothing is sent any more; or it did not come up
 * - `closed`: it was closed, and nothing is sent any more
 * - `refused`: nobody listens there, or whoever does has no room
 * - `connection-reset`: the other end of a connection has aborted it
 * - `removed`: it was taken out of the machine
 * - `no-memory`: of the memory that devices reach there is not enough left
 * - `no-medium`: there is no disc or the like in it, or another one than before
 * - `no-device`: there is none
 */
export type FailureKind =
  | 'invalid-argument'
  | 'out-of-range'
  | 'misaligned'
  | 'read-only'
  | 'io-error'
  | 'unsupported'
  | 'wrong-answer'
  | 'timeout'
  | 'device-reset'
  | 'device-failed'
  | 'closed'
  | 'refused'
  | 'connection-reset'
  | 'removed'
  | 'no-memory'
  | 'no-medium'
  | 'no-device';

/** The facts of a failure. */
export interface DeviceError {
  readonly kind: FailureKind;
  /** A sentence with the values, without the device's name. */
  readonly message: string;
}

/** What the promise of a request rejects with: a DeviceError that can be thrown. */
export class DeviceFailure extends Error {
  readonly kind: FailureKind;

  constructor(kind: FailureKind, message: string) {
    super(message);
    this.kind = kind;
  }
}

/** Returns an error as one that can be thrown, or that a promise rejects with. */
export const failureOf = ({ kind, message }: DeviceError): DeviceFailure => new DeviceFailure(kind, message);
