// Requests of the control queue and their answers. VIRTIO 1.2 §5.7.6
//
// A request that is fenced is answered when the device has done it, so every one that somebody waits for is. What the device answers is checked here, and one that
// answers what cannot be is given up.

import { hex } from '../../kernel/base/hex.ts';
import type { DmaOffset } from '../../kernel/base/machine.ts';
import { CANVAS_PIECE_COUNT_MAX, PIXEL_SIZE, pieceLength } from '../../kernel/device/canvas.ts';
import { DeviceFailure, failureOf } from '../../kernel/device/failure.ts';
import type { Rectangle } from '../../kernel/device/gpu.ts';
import { call } from '../virtio/exchange.ts';
import { giveUpLive } from '../virtio/live.ts';
import { deviceAddress } from '../virtio/queue/record.ts';
import {
  ATTACH_ENTRIES,
  ATTACH_NR_ENTRIES,
  ATTACH_RESOURCE_ID,
  CMD_GET_DISPLAY_INFO,
  CMD_GET_EDID,
  CMD_RESOURCE_ATTACH_BACKING,
  CMD_RESOURCE_CREATE_2D,
  CMD_RESOURCE_FLUSH,
  CMD_RESOURCE_UNREF,
  CMD_SET_SCANOUT,
  CMD_TRANSFER_TO_HOST_2D,
  CREATE_FORMAT,
  CREATE_HEIGHT,
  CREATE_LENGTH,
  CREATE_RESOURCE_ID,
  CREATE_WIDTH,
  DISPLAY_INFO_LENGTH,
  EDID_DATA,
  EDID_LENGTH_MAX,
  EDID_SCANOUT,
  ENTRY_ADDR,
  ENTRY_LENGTH,
  ENTRY_SIZE,
  FLAG_FENCE,
  FLUSH_LENGTH,
  FLUSH_RESOURCE_ID,
  HEADER_FENCE_ID,
  HEADER_FLAGS,
  HEADER_SIZE,
  HEADER_TYPE,
  RECTANGLE,
  RESP_ERR_LAST,
  RESP_ERR_UNSPEC,
  RESP_OK_DISPLAY_INFO,
  RESP_OK_EDID,
  RESP_OK_NODATA,
  SCANOUT_ID,
  SCANOUT_LENGTH,
  SCANOUT_RESOURCE_ID,
  SHORT_LENGTH,
  TRANSFER_LENGTH,
  TRANSFER_OFFSET,
  TRANSFER_RESOURCE_ID,
  UNREF_RESOURCE_ID,
} from './registers.ts';
import type { Gpu, Resource } from './state.ts';

/** What the errors are called, from RESP_ERR_UNSPEC on. §5.7.6.7 */
const ERROR_NAMES = [
  'ERR_UNSPEC',
  'ERR_OUT_OF_MEMORY',
  'ERR_INVALID_SCANOUT_ID',
  'ERR_INVALID_RESOURCE_ID',
  'ERR_INVALID_CONTEXT_ID',
  'ERR_INVALID_PARAMETER',
];

const WORD_VALUES = 2 ** 32;

/** Makes the resource on the host. §5.7.6.8 */
export const createResource = async (gpu: Gpu, { id, format, width, height }: Resource): Promise<void> => {
  const request = newRequest(CMD_RESOURCE_CREATE_2D, CREATE_LENGTH);
  request.setUint32(CREATE_RESOURCE_ID, id, true);
  request.setUint32(CREATE_FORMAT, format, true);
  request.setUint32(CREATE_WIDTH, width, true);
  request.setUint32(CREATE_HEIGHT, height, true);
  await ask(gpu, request, 'RESOURCE_CREATE_2D');
};

/** Tells the device where the pixels of the canvas are. */
export const attachBacking = async (gpu: Gpu, { id, canvas }: Resource): Promise<void> => {
  const count: number = canvas.pieceCount;
  const request = newRequest(CMD_RESOURCE_ATTACH_BACKING, ATTACH_ENTRIES + count * ENTRY_SIZE);
  request.setUint32(ATTACH_RESOURCE_ID, id, true);
  request.setUint32(ATTACH_NR_ENTRIES, count, true);
  for (let i = 0; i < count && i < CANVAS_PIECE_COUNT_MAX; i++) {
    const entry = ATTACH_ENTRIES + i * ENTRY_SIZE;
    const offset: DmaOffset = canvas.offsets[i];
    setLong(request, entry + ENTRY_ADDR, deviceAddress(gpu.control.buffers.queue, offset));
    request.setUint32(entry + ENTRY_LENGTH, pieceLength(canvas, i), true);
  }
  await ask(gpu, request, 'RESOURCE_ATTACH_BACKING');
};

/** Has the host forget the resource. Its memory is the guest's again. */
export const unrefResource = async (gpu: Gpu, { id }: Resource): Promise<void> => {
  const request = newRequest(CMD_RESOURCE_UNREF, SHORT_LENGTH);
  request.setUint32(UNREF_RESOURCE_ID, id, true);
  await ask(gpu, request, 'RESOURCE_UNREF');
};

/** Has a scanout show a part of a resource; nothing when that is undefined. */
export const setScanout = async (
  gpu: Gpu,
  scanout: number,
  resource: Resource | undefined,
  area: Rectangle,
): Promise<void> => {
  const request = newRequest(CMD_SET_SCANOUT, SCANOUT_LENGTH);
  setRectangle(request, area);
  request.setUint32(SCANOUT_ID, scanout, true);
  request.setUint32(SCANOUT_RESOURCE_ID, resource === undefined ? 0 : resource.id, true);
  await ask(gpu, request, 'SET_SCANOUT');
};

/** Has the host read a part of the canvas. */
export const transfer = async (gpu: Gpu, { id, width }: Resource, area: Rectangle): Promise<void> => {
  const request = newRequest(CMD_TRANSFER_TO_HOST_2D, TRANSFER_LENGTH);
  setRectangle(request, area);
  setLong(request, TRANSFER_OFFSET, (area.y * width + area.x) * PIXEL_SIZE);
  request.setUint32(TRANSFER_RESOURCE_ID, id, true);
  await ask(gpu, request, 'TRANSFER_TO_HOST_2D');
};

/** Has the host's screens show what it has read of that part. */
export const flush = async (gpu: Gpu, { id }: Resource, area: Rectangle): Promise<void> => {
  const request = newRequest(CMD_RESOURCE_FLUSH, FLUSH_LENGTH);
  setRectangle(request, area);
  request.setUint32(FLUSH_RESOURCE_ID, id, true);
  await ask(gpu, request, 'RESOURCE_FLUSH');
};

/** Returns a virtio_gpu_resp_display_info. */
export const getDisplayInfo = (gpu: Gpu): Promise<DataView> =>
  ask(
    gpu,
    newRequest(CMD_GET_DISPLAY_INFO, HEADER_SIZE),
    'GET_DISPLAY_INFO',
    RESP_OK_DISPLAY_INFO,
    DISPLAY_INFO_LENGTH,
  );

/** Returns a virtio_gpu_resp_edid. */
export const getEdid = (gpu: Gpu, scanout: number): Promise<DataView> => {
  const request = newRequest(CMD_GET_EDID, SHORT_LENGTH);
  request.setUint32(EDID_SCANOUT, scanout, true);
  return ask(gpu, request, 'GET_EDID', RESP_OK_EDID, EDID_DATA + EDID_LENGTH_MAX);
};

const newRequest = (type: number, length: number): DataView => {
  const request = new DataView(new ArrayBuffer(length));
  request.setUint32(HEADER_TYPE, type, true);
  return request;
};

const setRectangle = (request: DataView, { x, y, width, height }: Rectangle): void => {
  request.setUint32(RECTANGLE, x, true);
  request.setUint32(RECTANGLE + 4, y, true);
  request.setUint32(RECTANGLE + 8, width, true);
  request.setUint32(RECTANGLE + 12, height, true);
};

const setLong = (request: DataView, offset: number, value: number): void => {
  request.setUint32(offset, value % WORD_VALUES, true);
  request.setUint32(offset + 4, Math.floor(value / WORD_VALUES), true);
};

/** Sends a request, and returns the answer, which is of the type that was expected and has `length` bytes. Rejects with a DeviceFailure. */
const ask = async (
  gpu: Gpu,
  request: DataView,
  name: string,
  expected: number = RESP_OK_NODATA,
  length: number = HEADER_SIZE,
): Promise<DataView> => {
  gpu.lastFence = (gpu.lastFence + 1) % WORD_VALUES;
  const fence = gpu.lastFence;
  request.setUint32(HEADER_FLAGS, FLAG_FENCE, true);
  request.setUint32(HEADER_FENCE_ID, fence, true);
  const bytes = new Uint8Array(length);
  const written = await call(gpu.control, new Uint8Array(request.buffer), bytes);
  const answer = new DataView(bytes.buffer);
  const type = written < HEADER_SIZE ? 0 : answer.getUint32(HEADER_TYPE, true);
  if (type >= RESP_ERR_UNSPEC && type <= RESP_ERR_LAST) {
    throw new DeviceFailure('io-error', `${name}: the device answers ${ERROR_NAMES[type - RESP_ERR_UNSPEC]}`);
  }
  const wrong = whyWrong(answer, written, type, expected, length, fence);
  if (wrong !== undefined) throw givenUp(gpu, `${name}: the device answers with ${wrong}`);
  return answer;
};

/** Returns what is wrong with an answer, undefined when it is right. */
const whyWrong = (
  answer: DataView,
  written: number,
  type: number,
  expected: number,
  length: number,
  fence: number,
): string | undefined => {
  if (written < HEADER_SIZE) return `${written} bytes, expected ${length}`;
  if (type !== expected) return `type 0x${hex(type, 4)}, expected 0x${hex(expected, 4)}`;
  if (written < length) return `${written} bytes, expected ${length}`;
  const low = answer.getUint32(HEADER_FENCE_ID, true);
  const high = answer.getUint32(HEADER_FENCE_ID + 4, true);
  const isFenced = answer.getUint32(HEADER_FLAGS, true) % 2 === FLAG_FENCE;
  if (!isFenced || low !== fence || high !== 0) return `${isFenced ? 'another' : 'no'} fence, expected ${fence}`;
  return undefined;
};

const givenUp = (gpu: Gpu, message: string): DeviceFailure => {
  const error = { kind: 'wrong-answer', message } as const;
  giveUpLive(gpu.live, error);
  return failureOf(error);
};
