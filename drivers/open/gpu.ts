// Opens a graphics device.

import type { GpuDevice } from '../../kernel/device/gpu.ts';
import { openGpuDevice } from '../gpu/driver.ts';
import { TYPE_GPU } from '../virtio/ids.ts';
import { type OpenOptions, openNth } from './places.ts';

/** Opens a graphics device, as openNth of places.ts does. */
export const openGpu = (options: OpenOptions = {}): Promise<GpuDevice> =>
  openNth(TYPE_GPU, 'graphics', options, openGpuDevice);
