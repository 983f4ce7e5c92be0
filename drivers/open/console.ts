// Opens a console device.

import type { ConsoleDevice } from '../../kernel/device/console.ts';
import { openConsoleDevice } from '../console/driver.ts';
import { TYPE_CONSOLE } from '../virtio/ids.ts';
import { type OpenOptions, openNth } from './places.ts';

/** Opens a console device, as openNth of places.ts does. `deadlineMs` counts for what the driver says to the device; the host may take its time. */
export const openConsole = (options: OpenOptions = {}): Promise<ConsoleDevice> =>
  openNth(TYPE_CONSOLE, 'console', options, openConsoleDevice);
