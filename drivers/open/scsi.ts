// Opens a SCSI host.

import type { ScsiBus } from '../../kernel/device/scsi.ts';
import { openScsiHost } from '../scsi/driver.ts';
import { TYPE_SCSI } from '../virtio/ids.ts';
import { type OpenOptions, openNth } from './places.ts';

/** Opens a SCSI host and scans its bus, as openNth of places.ts does. */
export const openScsi = (options: OpenOptions = {}): Promise<ScsiBus> =>
  openNth(TYPE_SCSI, 'SCSI', options, openScsiHost);
