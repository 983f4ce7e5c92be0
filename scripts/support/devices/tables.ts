// The classes of docs/devices.md, by their type.

import { NINEP } from './9p.ts';
import { BALLOON } from './balloon.ts';
import { BLK } from './blk.ts';
import { CONSOLE } from './console.ts';
import { CRYPTO } from './crypto.ts';
import type { DeviceClass } from './device.ts';
import { ENTROPY } from './entropy.ts';
import { GPU } from './gpu.ts';
import { INPUT } from './input.ts';
import { IOMMU } from './iommu.ts';
import { MEM } from './mem.ts';
import { NET } from './net.ts';
import { PMEM } from './pmem.ts';
import { RTC } from './rtc.ts';
import { SCSI } from './scsi.ts';
import { SOUND } from './sound.ts';

import { VSOCK } from './vsock.ts';

export const DEVICES: readonly DeviceClass[] = [
  NET,
  BLK,
  CONSOLE,
  ENTROPY,
  GPU,
  INPUT,
  IOMMU,
  SCSI,
  SOUND,
  PMEM,
  BALLOON,
  VSOCK,
  CRYPTO,
  NINEP,
  MEM,
  RTC,
];
