// Hardware cursors: pictures that the host draws above a scanout. VIRTIO 1.2 §5.7.6.10
//
// What goes into the cursor queue is not answered, only returned; the picture must have reached the host before, by the control queue.

import { DeviceFailure } from '../../kernel/device/failure.ts';
import type { CursorOptions, Surface } from '../../kernel/device/gpu.ts';
import { call } from '../virtio/exchange.ts';
import { refuseEnded } from '../virtio/live.ts';
import { transfer } from './commands.ts';
import {
  CMD_MOVE_CURSOR,
  CMD_UPDATE_CURSOR,
  CURSOR_HOT_X,
  CURSOR_HOT_Y,
  CURSOR_LENGTH,
  CURSOR_RESOURCE_ID,
  CURSOR_SCANOUT_ID,
  CURSOR_SIDE,
  CURSOR_X,
  CURSOR_Y,
  HEADER_TYPE,
} from './registers.ts';
import { areaOf, checkScanout, type Gpu, isWithin, type Pointer, type Resource, resourceOf } from './state.ts';

const WORD_MAX = 2 ** 32 - 1;
const NO_ANSWER = new Uint8Array(0);

/** GpuDevice.setCursor. */
export const setCursor = async (
  gpu: Gpu,
  scanout: number,
  surface: Surface | undefined,
  { x, y, hotX = 0, hotY = 0 }: CursorOptions,
): Promise<void> => {
  refuseEnded(gpu.live);
  checkScanout(gpu, scanout);
  checkPlace(x, y);
  if (surface === undefined) {
    gpu.pointers[scanout] = undefined;
    return tell(gpu, CMD_UPDATE_CURSOR, scanout, undefined, x, y, 0, 0);
  }
  const resource = resourceOf(gpu, surface);
  const side: number = CURSOR_SIDE;
  if (resource.width !== side || resource.height !== side) {
    const message = `a cursor of ${resource.width} × ${resource.height}, expected ${side} × ${side}`;
    throw new DeviceFailure('invalid-argument', message);
  }
  if (!isWithin(hotX, 0, side - 1) || !isWithin(hotY, 0, side - 1)) {
    throw new DeviceFailure('out-of-range', `a cursor that points with (${hotX}, ${hotY})`);
  }
  await transfer(gpu, resource, areaOf(resource, undefined));
  if (resource.released !== undefined) throw new DeviceFailure('invalid-argument', 'the surface was released');
  gpu.pointers[scanout] = { resource, x, y, hotX, hotY };
  return tell(gpu, CMD_UPDATE_CURSOR, scanout, resource, x, y, hotX, hotY);
};

/** GpuDevice.moveCursor. */
export const moveCursor = async (gpu: Gpu, scanout: number, x: number, y: number): Promise<void> => {
  refuseEnded(gpu.live);
  checkScanout(gpu, scanout);
  checkPlace(x, y);
  const pointer = gpu.pointers[scanout];
  if (pointer === undefined) throw new DeviceFailure('invalid-argument', `scanout ${scanout} has no cursor`);
  gpu.pointers[scanout] = { ...pointer, x, y };
  return tell(gpu, CMD_MOVE_CURSOR, scanout, pointer.resource, x, y, pointer.hotX, pointer.hotY);
};

/** Takes a resource, which is released, from the scanouts that have it for their cursor. */
export const dropPointers = async (gpu: Gpu, resource: Resource): Promise<void> => {
  for (let scanout = 0; scanout < gpu.pointers.length; scanout++) {
    const pointer = gpu.pointers[scanout];
    if (pointer?.resource !== resource) continue;
    gpu.pointers[scanout] = undefined;
    await tell(gpu, CMD_UPDATE_CURSOR, scanout, undefined, pointer.x, pointer.y, 0, 0);
  }
};

/** Gives the scanouts of a device that was reset their cursors again. */
export const restorePointers = async (gpu: Gpu): Promise<void> => {
  const told: Promise<void>[] = [];
  for (let scanout = 0; scanout < gpu.pointers.length; scanout++) {
    const pointer: Pointer | undefined = gpu.pointers[scanout];
    if (pointer === undefined) continue;
    const { resource, x, y, hotX, hotY } = pointer;
    told.push(tell(gpu, CMD_UPDATE_CURSOR, scanout, resource, x, y, hotX, hotY));
  }
  await Promise.all(told);
};

const checkPlace = (x: number, y: number): void => {
  if (isWithin(x, 0, WORD_MAX) && isWithin(y, 0, WORD_MAX)) return;
  throw new DeviceFailure('out-of-range', `a cursor at (${x}, ${y})`);
};

const tell = async (
  gpu: Gpu,
  type: number,
  scanout: number,
  resource: Resource | undefined,
  x: number,
  y: number,
  hotX: number,
  hotY: number,
): Promise<void> => {
  const request = new DataView(new ArrayBuffer(CURSOR_LENGTH));
  request.setUint32(HEADER_TYPE, type, true);
  request.setUint32(CURSOR_SCANOUT_ID, scanout, true);
  request.setUint32(CURSOR_X, x, true);
  request.setUint32(CURSOR_Y, y, true);
  request.setUint32(CURSOR_RESOURCE_ID, resource === undefined ? 0 : resource.id, true);
  request.setUint32(CURSOR_HOT_X, hotX, true);
  request.setUint32(CURSOR_HOT_Y, hotY, true);
  await call(gpu.cursor, new Uint8Array(request.buffer), NO_ANSWER);
};
