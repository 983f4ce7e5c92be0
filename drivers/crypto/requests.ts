// Requests of a crypto device as bytes, and its answers. VIRTIO 1.2 §5.9.7.

import { copyBytes } from '../../kernel/base/bytes.ts';
import type { DeviceError } from '../../kernel/device/failure.ts';
import { IV_LENGTH } from './bring-up.ts';
import {
  ANSWER_NO_SPACE,
  ANSWER_NOT_SUPPORTED,
  ANSWER_OK,
  CIPHER_AES_CBC,
  CONTROL_ALGORITHM,
  CONTROL_FIXED,
  CONTROL_OPERATION,
  CONTROL_SIZE,
  DATA_ALGORITHM,
  DATA_IV_LENGTH,
  DATA_KIND,
  DATA_OPERATION,
  DATA_SESSION,
  DATA_SIZE,
  DATA_SOURCE_LENGTH,
  DATA_TARGET_LENGTH,
  DIRECTION_DECRYPT,
  DIRECTION_ENCRYPT,
  KIND_CIPHER,
  OPERATION_CREATE_SESSION,
  OPERATION_DECRYPT,
  OPERATION_DESTROY_SESSION,
  OPERATION_ENCRYPT,
  SESSION_ALGORITHM,
  SESSION_DIRECTION,
  SESSION_KEY_LENGTH,
  SESSION_KIND,
} from './registers.ts';

/** The number of a session: 64 bits of the device's choice, which mean nothing to us. */
export interface SessionId {
  readonly low: number;
  readonly high: number;
}

/** The codes of §5.9.7.1, by their numbers. */
const ANSWER_NAMES = ['OK', 'ERR', 'BADMSG', 'NOTSUPP', 'INVSESS', 'NOSPC', 'KEY_REJECTED', 'IPSEC_SA_SOFT_EXPIRY'];

/** Returns the request for a session of AES-CBC with `key`. */
export const createSessionRequest = (key: Uint8Array, isEncrypting: boolean): Uint8Array => {
  const bytes = new Uint8Array(CONTROL_SIZE + key.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(CONTROL_OPERATION, OPERATION_CREATE_SESSION, true);
  view.setUint32(CONTROL_ALGORITHM, CIPHER_AES_CBC, true);
  view.setUint32(CONTROL_FIXED + SESSION_ALGORITHM, CIPHER_AES_CBC, true);
  view.setUint32(CONTROL_FIXED + SESSION_KEY_LENGTH, key.length, true);
  view.setUint32(CONTROL_FIXED + SESSION_DIRECTION, isEncrypting ? DIRECTION_ENCRYPT : DIRECTION_DECRYPT, true);
  view.setUint32(CONTROL_FIXED + SESSION_KIND, KIND_CIPHER, true);
  copyBytes(bytes, CONTROL_SIZE, key, 0, key.length);
  return bytes;
};

/** Returns the request that ends a session. */
export const destroySessionRequest = ({ low, high }: SessionId): Uint8Array => {
  const bytes = new Uint8Array(CONTROL_SIZE);
  const view = new DataView(bytes.buffer);
  view.setUint32(CONTROL_OPERATION, OPERATION_DESTROY_SESSION, true);
  view.setUint32(CONTROL_FIXED, low, true);
  view.setUint32(CONTROL_FIXED + 4, high, true);
  return bytes;
};

/** Returns the request for `length` bytes of `data`, from `at` on. */
export const cipherRequest = (
  { low, high }: SessionId,
  isEncrypting: boolean,
  iv: Uint8Array,
  data: Uint8Array,
  at: number,
  length: number,
): Uint8Array => {
  const bytes = new Uint8Array((DATA_SIZE as number) + IV_LENGTH + length);
  const view = new DataView(bytes.buffer);
  view.setUint32(DATA_OPERATION, isEncrypting ? OPERATION_ENCRYPT : OPERATION_DECRYPT, true);
  view.setUint32(DATA_ALGORITHM, CIPHER_AES_CBC, true);
  view.setUint32(DATA_SESSION, low, true);
  view.setUint32(DATA_SESSION + 4, high, true);
  view.setUint32(DATA_IV_LENGTH, IV_LENGTH, true);
  view.setUint32(DATA_SOURCE_LENGTH, length, true);
  view.setUint32(DATA_TARGET_LENGTH, length, true);
  view.setUint32(DATA_KIND, KIND_CIPHER, true);
  copyBytes(bytes, DATA_SIZE, iv, 0, IV_LENGTH);
  copyBytes(bytes, (DATA_SIZE as number) + IV_LENGTH, data, at, length);
  return bytes;
};

/** Returns what an answer means that is not OK, undefined when it is. `what` was asked for. */
export const errorOfAnswer = (code: number, what: string): DeviceError | undefined => {
  if (code === ANSWER_OK) return undefined;
  const name = ANSWER_NAMES[code];
  if (name === undefined)
    return { kind: 'wrong-answer', message: `${what}: the device answered ${code}, which means nothing` };
  const message = `${what}: the device answered ${name}`;
  if (code === ANSWER_NOT_SUPPORTED) return { kind: 'unsupported', message };
  return { kind: code === ANSWER_NO_SPACE ? 'no-memory' : 'io-error', message };
};
