// Network devices that are awaited.

import { openNet } from '../net/driver.ts';
import type { VirtioNetwork } from '../net/state.ts';
import { TYPE_NET } from '../virtio/ids.ts';
import { type OpenOptions, openNth } from './places.ts';

/** Which network device, and how. */
export interface NetworkOptions extends OpenOptions {
  /**
   * Leaves checksums and segments to the device, where it can (Offload of kernel/device/network.ts); received frames may then have no whole checksum, and hold
   * several segments. Default: false, frames are as they are on a network.
   */
  readonly offloads?: boolean;
  /** Pairs of queues, as many as the device has at most. Default: 1. */
  readonly queuePairs?: number;
}

/** Opens a network device, as openNth of places.ts does. */
export const openNetwork = (options: NetworkOptions = {}): Promise<VirtioNetwork> => {
  const { offloads = false, queuePairs = 1 } = options;
  return openNth(TYPE_NET, 'network', options, (live) => openNet(live, { offloads, queuePairs }));
};
