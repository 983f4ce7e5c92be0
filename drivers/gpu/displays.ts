// The host's screens: asked for when the device comes up, and again when it says that they have changed. VIRTIO 1.2 §5.7.4.1, §5.7.6.7

import { log } from '../../kernel/base/log.ts';
import { SIDE_MAX } from '../../kernel/device/canvas.ts';
import { DeviceFailure } from '../../kernel/device/failure.ts';
import type { Monitor, Scanout } from '../../kernel/device/gpu.ts';
import { hasFeature } from '../virtio/features.ts';
import { takeDisplayEvent } from './bring-up.ts';
import { getDisplayInfo, getEdid } from './commands.ts';
import { parseEdid } from './edid.ts';
import {
  DISPLAY_ENABLED,
  DISPLAY_SIZE,
  EDID_DATA,
  EDID_LENGTH_MAX,
  EDID_SIZE,
  FEATURE_EDID,
  HEADER_SIZE,
} from './registers.ts';
import type { Gpu } from './state.ts';

/** Asks for all screens. Rejects with a DeviceFailure. */
export const readDisplays = async (gpu: Gpu): Promise<void> => {
  const answer = await getDisplayInfo(gpu);
  const scanouts: Scanout[] = [];
  for (let i = 0; i < gpu.flow.scanoutCount; i++) {
    const at = HEADER_SIZE + i * DISPLAY_SIZE;
    const width = answer.getUint32(at + 8, true);
    const height = answer.getUint32(at + 12, true);
    const isWanted = answer.getUint32(at + DISPLAY_ENABLED, true) !== 0;
    const isEnabled = isWanted && isSide(width) && isSide(height);
    if (isWanted && !isEnabled) log('warn', gpu.live.name, `scanout ${i} is said to be ${width} × ${height}`);
    scanouts.push({
      isEnabled,
      x: answer.getUint32(at, true),
      y: answer.getUint32(at + 4, true),
      width: isEnabled ? width : 0,
      height: isEnabled ? height : 0,
      monitor: isEnabled ? await readMonitor(gpu, i) : undefined,
    });
  }
  gpu.scanouts = scanouts;
};

const isSide = (pixels: number): boolean => pixels >= 1 && pixels <= SIDE_MAX;

/** Returns what the monitor of a scanout says, undefined when it says nothing that can be read. */
const readMonitor = async (gpu: Gpu, scanout: number): Promise<Monitor | undefined> => {
  if (!hasFeature(gpu.live.transport.accepted, FEATURE_EDID)) return undefined;
  try {
    const answer = await getEdid(gpu, scanout);
    const size = answer.getUint32(EDID_SIZE, true);
    if (size > EDID_LENGTH_MAX) return undefined;
    return parseEdid(new Uint8Array(answer.buffer, EDID_DATA, size));
  } catch (error) {
    if (error instanceof DeviceFailure && error.kind === 'io-error') return undefined;
    throw error;
  }
};

/** The configuration has changed: where it says that the screens have, they are read, and whoever listens hears of them. */
export const noteDisplayChange = (gpu: Gpu): void => {
  if (!takeDisplayEvent(gpu.live.transport)) return;
  gpu.isChangeDue = true;
  if (!gpu.isReading) void readChanges(gpu);
};

/** Reads until nothing has changed since. */
const readChanges = async (gpu: Gpu): Promise<void> => {
  gpu.isReading = true;
  try {
    while (gpu.isChangeDue) {
      gpu.isChangeDue = false;
      await readDisplays(gpu);
      for (const listener of gpu.listeners) listener(gpu.scanouts);
    }
  } catch (error) {
    if (!(error instanceof DeviceFailure)) throw error;
    log('warn', gpu.live.name, `its screens have changed, and cannot be read: ${error.message}`);
  } finally {
    gpu.isReading = false;
  }
};
