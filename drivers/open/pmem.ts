// Opens a persistent memory.

import type { PersistentMemory } from '../../kernel/device/pmem.ts';
import { startPmem } from '../pmem/driver.ts';
import { TYPE_PMEM } from '../virtio/ids.ts';
import type { Live } from '../virtio/live.ts';
import { type OpenOptions, openNth } from './places.ts';

/** Opens a persistent memory, as openNth of places.ts does. */
export const openPmem = (options: OpenOptions = {}): Promise<PersistentMemory> =>
  openNth(TYPE_PMEM, 'persistent memory', options, start);

const start = async (live: Live): Promise<PersistentMemory> => startPmem(live);
