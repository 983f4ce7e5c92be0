// Requests of a memory device, one at a time. VIRTIO 1.2 §5.15.6.

import { type DeviceError, failureOf } from '../../kernel/device/failure.ts';
import { call, type Exchange } from '../virtio/exchange.ts';
import { giveUpLive } from '../virtio/live.ts';
import {
  REQUEST_ADDRESS,
  REQUEST_BLOCK_COUNT,
  REQUEST_SIZE,
  REQUEST_TYPE,
  RESPONSE_ACK,
  RESPONSE_BUSY,
  RESPONSE_NACK,
  RESPONSE_SIZE,
  RESPONSE_STATE,
  RESPONSE_TYPE,
  STATE_MIXED,
  TYPE_STATE,
} from './registers.ts';

/** Blocks that one request names at most. */
export const REQUEST_BLOCKS_MAX = 64;

/** Bytes of an answer that says no more than its type. */
const TYPE_LENGTH = 2;

/** Sends a request for some blocks. Returns whether it was acknowledged: else the device is busy, or will not have it now. Rejects as the device ends. */
export const ask = async (exchange: Exchange, type: number, address: number, blockCount: number): Promise<boolean> =>
  (await answerTo(exchange, type, address, blockCount)) !== undefined;

/** Asks for the state of some blocks: STATE_…. Rejects as the device ends. */
export const askState = async (exchange: Exchange, address: number, blockCount: number): Promise<number> => {
  const answer = await answerTo(exchange, TYPE_STATE, address, blockCount);
  if (answer === undefined) throw wrong(exchange, 'the device does not tell a state');
  const state = wordAt(answer, RESPONSE_STATE);
  if (state > STATE_MIXED) throw wrong(exchange, `a state of ${state}`);
  return state;
};

/** Returns the bytes of an answer that acknowledges, all ones where the device wrote nothing; undefined where it does not. */
const answerTo = async (
  exchange: Exchange,
  type: number,
  address: number,
  blockCount: number,
): Promise<Uint8Array | undefined> => {
  const answer = new Uint8Array(RESPONSE_SIZE).fill(0xff);
  const written = await call(exchange, requestOf(type, address, blockCount), answer);
  if (written < TYPE_LENGTH) throw wrong(exchange, `an answer of ${written} bytes`);
  const response = wordAt(answer, RESPONSE_TYPE);
  if (response === RESPONSE_ACK) return answer;
  if (response === RESPONSE_NACK || response === RESPONSE_BUSY) return undefined;
  throw wrong(exchange, `answer ${response} to request ${type} of ${blockCount} blocks at 0x${address.toString(16)}`);
};

const wordAt = (bytes: Uint8Array, offset: number): number => bytes[offset]! + bytes[offset + 1]! * 256;

const requestOf = (type: number, address: number, blockCount: number): Uint8Array => {
  const request = new Uint8Array(REQUEST_SIZE);
  const view = new DataView(request.buffer);
  view.setUint16(REQUEST_TYPE, type, true);
  view.setUint32(REQUEST_ADDRESS, address % 2 ** 32, true);
  view.setUint32(REQUEST_ADDRESS + 4, Math.floor(address / 2 ** 32), true);
  view.setUint16(REQUEST_BLOCK_COUNT, blockCount, true);
  return request;
};

/** Gives the device up, and returns what to throw. */
const wrong = ({ live }: Exchange, message: string): Error => {
  const error: DeviceError = { kind: 'wrong-answer', message };
  giveUpLive(live, error);
  return failureOf(error);
};
