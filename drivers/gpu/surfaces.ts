// Surfaces: canvases in the guest and resources on the host, and which of them the scanouts show. VIRTIO 1.2 §5.7.6.1 to §5.7.6.5

import { log } from '../../kernel/base/log.ts';
import { Canvas, closeCanvas, SIDE_MAX } from '../../kernel/device/canvas.ts';
import { DeviceFailure, type FailureKind } from '../../kernel/device/failure.ts';
import type { Rectangle, Surface, SurfaceOptions } from '../../kernel/device/gpu.ts';
import { refuseEnded } from '../virtio/live.ts';
import { returnBacking, takeBacking } from './backing.ts';
import { attachBacking, createResource, flush, setScanout, transfer, unrefResource } from './commands.ts';
import { dropPointers } from './cursor.ts';
import { FORMAT_B8G8R8A8_UNORM, FORMAT_B8G8R8X8_UNORM } from './registers.ts';
import { areaOf, checkScanout, type Gpu, isWithin, type Resource, resourceOf } from './state.ts';

const NOTHING: Rectangle = { x: 0, y: 0, width: 0, height: 0 };

/** Makes a surface: GpuDevice.createSurface. */
export const createSurface = async (
  gpu: Gpu,
  width: number,
  height: number,
  options: SurfaceOptions = {},
): Promise<Surface> => {
  refuseEnded(gpu.live);
  if (!isWithin(width, 1, SIDE_MAX) || !isWithin(height, 1, SIDE_MAX)) {
    throw new DeviceFailure('invalid-argument', `a surface of ${width} × ${height}, expected 1 to ${SIDE_MAX} each`);
  }
  const { live } = gpu;
  const canvas = new Canvas();
  if (!takeBacking(live.transport, live.pool, canvas, width, height)) {
    throw new DeviceFailure('no-memory', `no memory for a surface of ${width} × ${height}`);
  }
  gpu.lastId += 1;
  const format = options.hasAlpha ? FORMAT_B8G8R8A8_UNORM : FORMAT_B8G8R8X8_UNORM;
  const resource: Resource = {
    id: gpu.lastId,
    format,
    width,
    height,
    canvas,
    surface: undefined,
    released: undefined,
  };
  gpu.resources.push(resource);
  await makeOnHost(gpu, resource);
  const surface = surfaceOf(gpu, resource);
  resource.surface = surface;
  return surface;
};

/** Makes the resource on the host, or gives its memory back. */
const makeOnHost = async (gpu: Gpu, resource: Resource): Promise<void> => {
  const { resetCount } = gpu;
  let isCreated = false;
  try {
    await createResource(gpu, resource);
    isCreated = true;
    if (resetCount !== gpu.resetCount) throw new DeviceFailure('device-reset', 'the device was reset meanwhile');
    await attachBacking(gpu, resource);
  } catch (error) {
    const isOnHost = isCreated && resetCount === gpu.resetCount && gpu.live.state === 'live';
    if (isOnHost) await unrefResource(gpu, resource).catch((again) => log('warn', gpu.live.name, String(again)));
    forget(gpu, resource);
    throw error;
  }
};

const surfaceOf = (gpu: Gpu, resource: Resource): Surface => {
  const { width, height, canvas } = resource;
  return {
    width,
    height,
    canvas,
    flush: async (area) => {
      checkUsable(gpu, resource);
      await flushArea(gpu, resource, areaOf(resource, area));
    },
    release: () => {
      resource.released ??= release(gpu, resource);
      return resource.released;
    },
  };
};

const checkUsable = (gpu: Gpu, resource: Resource): void => {
  refuseEnded(gpu.live);
  if (resource.released !== undefined) throw new DeviceFailure('invalid-argument', 'the surface was released');
};

/** Both requests go out with one notification; the device takes them in their order. */
const flushArea = async (gpu: Gpu, resource: Resource, area: Rectangle): Promise<void> => {
  await Promise.all([transfer(gpu, resource, area), flush(gpu, resource, area)]);
};

/** How a request fails of a device that was reset, and has no resources any more. */
const FORGOTTEN: readonly FailureKind[] = ['timeout', 'device-reset'];

/** Surface.release. When the device was reset meanwhile it has forgotten the resource, too. */
const release = async (gpu: Gpu, resource: Resource): Promise<void> => {
  if (!gpu.resources.includes(resource)) return; // The device has ended, and all memory is back.
  try {
    await dropPointers(gpu, resource);
    for (let scanout = 0; scanout < gpu.shown.length; scanout++) {
      if (gpu.shown[scanout]?.resource === resource) await setShown(gpu, scanout, undefined, NOTHING);
    }
    await unrefResource(gpu, resource);
  } catch (error) {
    const isOver = gpu.live.state !== 'live'; // It has ended meanwhile, and all memory is back.
    if (!isOver && !(error instanceof DeviceFailure && FORGOTTEN.includes(error.kind))) throw error;
  }
  forget(gpu, resource);
};

/** The host has nothing of a resource any more: its memory goes back. */
const forget = (gpu: Gpu, resource: Resource): void => {
  const { live } = gpu;
  if (!gpu.resources.includes(resource)) return;
  gpu.resources = gpu.resources.filter((each) => each !== resource);
  for (let scanout = 0; scanout < gpu.shown.length; scanout++) {
    if (gpu.shown[scanout]?.resource === resource) gpu.shown[scanout] = undefined;
  }
  if (!returnBacking(live.transport, live.pool, resource.canvas)) {
    log('error', live.name, 'the pool cannot take the memory of a surface back');
  }
};

/** GpuDevice.show. */
export const show = async (
  gpu: Gpu,
  scanout: number,
  surface: Surface | undefined,
  area: Rectangle | undefined,
): Promise<void> => {
  refuseEnded(gpu.live);
  checkScanout(gpu, scanout);
  if (surface === undefined) return setShown(gpu, scanout, undefined, NOTHING);
  const resource = resourceOf(gpu, surface);
  return setShown(gpu, scanout, resource, areaOf(resource, area));
};

const setShown = async (gpu: Gpu, scanout: number, resource: Resource | undefined, area: Rectangle): Promise<void> => {
  await setScanout(gpu, scanout, resource, area);
  gpu.shown[scanout] = resource === undefined ? undefined : { resource, area };
};

/** Makes all surfaces anew on a device that was reset, and has the scanouts show what they did. Rejects with a DeviceFailure. */
export const restoreSurfaces = async (gpu: Gpu): Promise<void> => {
  const asked: Promise<void>[] = [];
  for (const resource of gpu.resources) {
    if (resource.surface === undefined || resource.released !== undefined) continue;
    const { width, height } = resource;
    asked.push(createResource(gpu, resource), attachBacking(gpu, resource));
    asked.push(transfer(gpu, resource, { x: 0, y: 0, width, height }));
  }
  for (let scanout = 0; scanout < gpu.shown.length; scanout++) {
    const shown = gpu.shown[scanout];
    if (shown === undefined) continue;
    asked.push(setScanout(gpu, scanout, shown.resource, shown.area), flush(gpu, shown.resource, shown.area));
  }
  await Promise.all(asked);
};

/** The device has ended: nothing that is drawn reaches memory any more, which is somebody else's. */
export const endSurfaces = (gpu: Gpu): void => {
  for (const { canvas } of gpu.resources) closeCanvas(canvas);
  gpu.resources = [];
};
