// Opens a device with memory that comes and goes.

import type { MemoryDevice } from '../../kernel/device/memory.ts';
import { type MemoryOptions, startMemory } from '../mem/driver.ts';
import { TYPE_MEM } from '../virtio/ids.ts';
import type { Live } from '../virtio/live.ts';
import { type OpenOptions, openNth } from './places.ts';

/** Which memory device, and how. */
export interface MemoryOpenOptions extends OpenOptions, MemoryOptions {}

/** Opens a memory device, as openNth of places.ts does. */
export const openMemory = (options: MemoryOpenOptions = {}): Promise<MemoryDevice> =>
  openNth(TYPE_MEM, 'memory', options, (live) => start(live, options));

const start = async (live: Live, options: MemoryOptions): Promise<MemoryDevice> => startMemory(live, options);
