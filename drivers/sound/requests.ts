// Requests to a sound device, and what it says to them. VIRTIO 1.2 §5.14.6.

import { hex } from '../../kernel/base/hex.ts';
import { DeviceFailure, failureOf } from '../../kernel/device/failure.ts';
import { call } from '../virtio/exchange.ts';
import { giveUpLive } from '../virtio/live.ts';
import { HEADER_SIZE, REQUEST_SIZE, STATUS_BAD_MSG, STATUS_IO_ERR, STATUS_NOT_SUPP, STATUS_OK } from './registers.ts';
import type { Sound } from './state.ts';

/** Returns a request of `length` bytes, the rest of it zeros, to be filled. */
export const requestOf = (code: number, length: number): DataView => {
  const view = new DataView(new ArrayBuffer(length));
  view.setUint32(0, code, true);
  return view;
};

/** Returns a request about a jack, a stream or a control. */
export const requestAbout = (code: number, index: number, length = REQUEST_SIZE as number): DataView => {
  const view = requestOf(code, length);
  view.setUint32(HEADER_SIZE, index, true);
  return view;
};

/**
 * Sends a request, and returns what is behind the status of its answer: `lengthMin` to `lengthMax` bytes. Rejects with `unsupported` or `io-error` where the device says so, and with
 * `wrong-answer` where it says what cannot be: then it was given up.
 */
export const ask = async (
  sound: Sound,
  request: DataView,
  lengthMin: number,
  lengthMax = lengthMin,
): Promise<DataView> => {
  const answer = new Uint8Array(HEADER_SIZE + lengthMax);
  const written = await call(sound.exchange, new Uint8Array(request.buffer), answer);
  const status = written < HEADER_SIZE ? 0 : new DataView(answer.buffer).getUint32(0, true);
  const what = `request 0x${hex(request.getUint32(0, true), 4)}`;
  switch (status) {
    case STATUS_OK as number:
      if (written < HEADER_SIZE + lengthMin) break;
      return new DataView(answer.buffer, HEADER_SIZE, written - HEADER_SIZE);
    case STATUS_NOT_SUPP as number:
      throw new DeviceFailure('unsupported', `${what}: the device does not support it`);
    case STATUS_IO_ERR as number:
      throw new DeviceFailure('io-error', `${what}: the device met an error`);
    case STATUS_BAD_MSG as number:
      throw new DeviceFailure('io-error', `${what}: the device does not understand it`);
    default:
      break;
  }
  throw wrongAnswer(sound, `${what}: status 0x${hex(status, 4)} in an answer of ${written} bytes`);
};

/** Gives the device up for an answer that cannot be. Returns what is to be thrown. */
export const wrongAnswer = (sound: Sound, message: string): DeviceFailure => {
  const error = { kind: 'wrong-answer', message } as const;
  giveUpLive(sound.live, error);
  return failureOf(error);
};
