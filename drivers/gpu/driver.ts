// A virtio GPU, without 3D. VIRTIO 1.2 §5.7.
//
// QEMU: -device virtio-gpu-pci,xres=1024,yres=768       also virtio-vga, and virtio-gpu-device on a machine with virtio-mmio
//
//   canvas, in DMA memory ── TRANSFER_TO_HOST_2D ──▶ resource, on the host ── RESOURCE_FLUSH ──▶ the scanouts that show it
//
// What the host has of surfaces, scanouts and cursors is gone after a reset; the driver makes it anew, and the program sees nothing of it but what was lost.

import { log } from '../../kernel/base/log.ts';
import { renew } from '../../kernel/base/machine.ts';
import type { DeviceError } from '../../kernel/device/failure.ts';
import type { GpuDevice } from '../../kernel/device/gpu.ts';
import { clockNow } from '../../kernel/hal/clock.ts';
import { nextCare, restoreBuffers } from '../virtio/buffers.ts';
import { armExchange, callCount, endCalls, newExchange, pollExchange, spinExchange } from '../virtio/exchange.ts';
import { addListener } from '../virtio/listeners.ts';
import {
  armLive,
  causesOf,
  closeLive,
  type Driver,
  type Live,
  lookAtConfiguration,
  startLive,
  wakeAtOf,
  whyEnded,
} from '../virtio/live.ts';
import { featureNames } from '../virtio/names.ts';
import { buffersFor, featuresFor, recordFor, recordsOf } from '../virtio/records.ts';
import { beginGpu, GpuFlow, setUpGpu } from './bring-up.ts';
import { moveCursor, restorePointers, setCursor } from './cursor.ts';
import { noteDisplayChange, readDisplays } from './displays.ts';
import { describeGpuFault } from './errors.ts';
import { QUEUE_COUNT } from './registers.ts';
import type { Gpu } from './state.ts';
import { createSurface, endSurfaces, restoreSurfaces, show } from './surfaces.ts';

const FLOWS = recordsOf(
  () => new GpuFlow(),
  (flow) => renew(flow),
);

/** Brings a GPU up, and asks for its screens. Rejects with a DeviceFailure. */
export const openGpuDevice = async (live: Live): Promise<GpuDevice> => {
  const gpu: Gpu = {
    live,
    flow: recordFor(live, FLOWS),
    control: newExchange(live, buffersFor(live)),
    cursor: newExchange(live, buffersFor(live)),
    resources: [],
    shown: [],
    pointers: [],
    scanouts: [],
    listeners: [],
    isReading: false,
    isChangeDue: false,
    resetCount: 0,
    lastId: 0,
    lastFence: 0,
  };
  startLive(live, driverOf(gpu));
  try {
    await readDisplays(gpu);
  } catch (error) {
    closeLive(live);
    throw error;
  }
  return deviceOf(gpu);
};

const deviceOf = (gpu: Gpu): GpuDevice => {
  const { live } = gpu;
  return {
    name: live.name,
    featureNames: featureNames(live.transport.accepted, live.transport.deviceType),
    get scanouts() {
      return gpu.scanouts;
    },
    createSurface: (width, height, options) => createSurface(gpu, width, height, options),
    show: (scanout, surface, area) => show(gpu, scanout, surface, area),
    setCursor: (scanout, surface, options) => setCursor(gpu, scanout, surface, options),
    moveCursor: (scanout, x, y) => moveCursor(gpu, scanout, x, y),
    onDisplayChange: (listener) => addListener(whyEnded(live), gpu, 'listeners', listener),
    close: async () => closeLive(live),
  };
};

const driverOf = (gpu: Gpu): Driver => {
  const { live, flow, control, cursor } = gpu;
  const { transport, pool } = live;
  return {
    queueCount: QUEUE_COUNT,
    begin: () => beginGpu(transport, featuresFor(live)),
    setUp: () => setUpGpu(transport, pool, flow, control.buffers, cursor.buffers, live.deadlineMs),
    setUpAgain: () => restoreBuffers(transport, control.buffers) && restoreBuffers(transport, cursor.buffers),
    started: () => {
      if (gpu.resetCount > 0) void restore(gpu);
    },
    describeFault: () => describeGpuFault(transport),
    configurationChanged: () => noteDisplayChange(gpu),
    lost: (error) => {
      gpu.resetCount += 1;
      endCalls(control, error, error); // What was not sent yet is about resources that the device has forgotten.
      endCalls(cursor, error, error);
    },
    ended: (error, refusal) => end(gpu, error, refusal),
    poll() {
      const causes = causesOf(live);
      const hasAnswered = pollExchange(control);
      const hasReturned = pollExchange(cursor);
      lookAtConfiguration(live, causes);
      return hasAnswered || hasReturned;
    },
    spin: (deadline) => spin(gpu, deadline),
    arm: () => armLive(live, armExchange(control) && armExchange(cursor), callCount(control) + callCount(cursor) > 0),
    get pendingCount() {
      return callCount(control) + callCount(cursor);
    },
    get wakeAt() {
      return wakeAtOf(Math.min(nextCare(control.buffers), nextCare(cursor.buffers)));
    },
  };
};

const spin = ({ control, cursor }: Gpu, deadline: number): boolean => {
  if (callCount(cursor) === 0) return spinExchange(control, deadline);
  do {
    if (spinExchange(control, 0) || spinExchange(cursor, 0)) return true;
  } while (clockNow() < deadline);
  return false;
};

const end = (gpu: Gpu, error: DeviceError, refusal: DeviceError): void => {
  endSurfaces(gpu);
  endCalls(gpu.control, error, refusal);
  endCalls(gpu.cursor, error, refusal);
};

/** Gives a device that was reset back what it had. */
const restore = async (gpu: Gpu): Promise<void> => {
  try {
    await restoreSurfaces(gpu);
    await restorePointers(gpu);
  } catch (error) {
    log('error', gpu.live.name, `what it showed before the reset could not be restored: ${String(error)}`);
  }
};
