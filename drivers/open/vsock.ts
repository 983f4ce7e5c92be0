// Opens a socket device.

import type { VsockDevice } from '../../kernel/device/vsock.ts';
import { TYPE_VSOCK } from '../virtio/ids.ts';
import type { Live } from '../virtio/live.ts';
import { startVsock } from '../vsock/driver.ts';
import { type OpenOptions, openNth } from './places.ts';

/** Opens a socket device, as openNth of places.ts does. */
export const openVsock = (options: OpenOptions = {}): Promise<VsockDevice> =>
  openNth(TYPE_VSOCK, 'socket', options, start);

const start = async (live: Live): Promise<VsockDevice> => startVsock(live);
