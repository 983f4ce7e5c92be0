// The PCI transport, modern devices. VIRTIO 1.2 §4.1.
//
// QEMU: -device virtio-blk-pci,drive=x0,disable-legacy=on (and any other -pci device; transitional ones work through their modern half).
//
// Everything that a device says about itself is checked while the transport is opened or a queue is enabled; after that a notification
// is one write to an offset that is known to be good.

import { assert } from '../../../kernel/base/assert.ts';
import { smaller } from '../../../kernel/base/bits.ts';
import { hex } from '../../../kernel/base/hex.ts';
import type { MmioOffset } from '../../../kernel/base/machine.ts';
import { fail, ok, type Result } from '../../../kernel/base/result.ts';
import { dmaBusAddress } from '../../../kernel/hal/dma.ts';
import { MMIO_MAP_FAILED, mmioMap, mmioRead8, mmioRead16, mmioRead32 } from '../../../kernel/hal/mmio.ts';
import { sizeBars } from '../../../kernel/pci/bar.ts';
import { readCapabilities } from '../../../kernel/pci/capability.ts';
import { disableCommand, enableCommand } from '../../../kernel/pci/command.ts';
import { describePciFault, formatAddress } from '../../../kernel/pci/describe.ts';
import type { PciFunction } from '../../../kernel/pci/function.ts';
import { COMMAND_BUS_MASTER, COMMAND_MEMORY } from '../../../kernel/pci/registers.ts';
import { typeName, virtioDeviceType } from '../ids.ts';
import {
  isQueueEnabled,
  readConfigGeneration,
  readDeviceStatus,
  readFeatureWord,
  readQueueNotifyOff,
  readQueueSize,
  writeDeviceStatus,
  writeFeatureWord,
  writeQueue,
} from './pci-common.ts';
import {
  COMMON,
  DEVICE,
  findRegion,
  ISR,
  NOTIFY,
  type Region,
  readVirtioCapabilities,
  type Structure,
  type VirtioCapability,
} from './pci-region.ts';
import { COMMON_LENGTH, NOTIFICATION_SIZE } from './pci-registers.ts';
import type { QueuePlace, Transport, TransportError } from './transport.ts';

/** A region in the MMIO window. */
interface MappedRegion {
  readonly offset: MmioOffset;
  readonly length: number;
  readonly notifyOffMultiplier: number;
}

/** More of a device's own configuration is not mapped: the longest that VIRTIO 1.2 defines has far less. */
const CONFIG_LENGTH_MAX = 4096;

/** The whole region is mapped: 65536 queues, a page each, is what a device may ask for at most (page-per-vq). */
const NOTIFY_LENGTH_MAX = 0x10000000;

/** Opens the transport of a PCI function whose BARs have addresses. The device is not touched yet, except that it decodes memory. */
export const openPciTransport = (pciFunction: PciFunction): Result<Transport, TransportError> => {
  const deviceType = virtioDeviceType(pciFunction);
  if (deviceType === undefined) {
    const found = `${hex(pciFunction.vendorId, 4)}:${hex(pciFunction.deviceId, 4)}`;
    return fail({ kind: 'not-virtio', message: `PCI id ${found} is not that of a virtio device` });
  }
  if (!readCapabilities(pciFunction)) {
    return fail({ kind: 'bad-capability-list', message: describePciFault(pciFunction.fault) });
  }
  if (!sizeBars(pciFunction)) return fail({ kind: 'bad-bar', message: describePciFault(pciFunction.fault) });

  const listed = readVirtioCapabilities(pciFunction);
  enableCommand(pciFunction, COMMAND_MEMORY);
  const common = openRegion(COMMON, listed, pciFunction, COMMON_LENGTH);
  if (!common.ok) return common;
  const notify = openRegion(NOTIFY, listed, pciFunction, NOTIFY_LENGTH_MAX);
  if (!notify.ok) return notify;
  const isr = openRegion(ISR, listed, pciFunction, 1);
  if (!isr.ok) return isr;
  // Not every type of device has a configuration of its own.
  const config = openOptionalRegion(DEVICE, listed, pciFunction, CONFIG_LENGTH_MAX);
  if (!config.ok) return config;
  return ok(new PciTransport(pciFunction, deviceType, common.value, notify.value, isr.value, config.value));
};

/** Maps the first usable region of `structure`, up to `lengthMax` bytes. Fails when there is none. */
const openRegion = (
  structure: Structure,
  listed: readonly VirtioCapability[],
  pciFunction: PciFunction,
  lengthMax: number,
): Result<MappedRegion, TransportError> => {
  const mapped = openOptionalRegion(structure, listed, pciFunction, lengthMax);
  if (!mapped.ok) return mapped;
  if (mapped.value !== undefined) return ok(mapped.value);
  return fail({ kind: 'missing-capability', message: `no capability ${structure.name} in the list` });
};

const openOptionalRegion = (
  structure: Structure,
  listed: readonly VirtioCapability[],
  pciFunction: PciFunction,
  lengthMax: number,
): Result<MappedRegion | undefined, TransportError> => {
  const region = findRegion(structure, listed, pciFunction);
  if (!region.ok) return region;
  return region.value === undefined ? ok(undefined) : mapRegion(structure, region.value, lengthMax);
};

const mapRegion = (structure: Structure, region: Region, lengthMax: number): Result<MappedRegion, TransportError> => {
  const length: number = smaller(region.length, lengthMax);
  const offset = mmioMap(region.address, length);
  if (offset === MMIO_MAP_FAILED) {
    const place = `0x${hex(region.address, 8)} (${length} bytes)`;
    return fail({ kind: 'map-failed', message: `${structure.name} at ${place} does not fit in the MMIO window` });
  }
  return ok({ offset, length, notifyOffMultiplier: region.notifyOffMultiplier });
};

/** One open device. */
class PciTransport implements Transport {
  readonly name: string;
  readonly deviceType: number;
  readonly configLength: number;
  private readonly pciFunction: PciFunction;
  private readonly common: MmioOffset;
  private readonly notify: MappedRegion;
  private readonly isr: MmioOffset;
  private readonly config: MmioOffset;

  constructor(
    pciFunction: PciFunction,
    deviceType: number,
    common: MappedRegion,
    notify: MappedRegion,
    isr: MappedRegion,
    config: MappedRegion | undefined,
  ) {
    this.name = `${formatAddress(pciFunction.address)} ${typeName(deviceType)}`;
    this.deviceType = deviceType;
    this.pciFunction = pciFunction;
    this.common = common.offset;
    this.notify = notify;
    this.isr = isr.offset;
    this.config = config === undefined ? 0 : config.offset;
    this.configLength = config === undefined ? 0 : config.length;
  }

  readStatus(): number {
    return readDeviceStatus(this.common);
  }

  writeStatus(status: number): void {
    writeDeviceStatus(this.common, status);
  }

  setDma(allowed: boolean): void {
    if (allowed) enableCommand(this.pciFunction, COMMAND_BUS_MASTER);
    else disableCommand(this.pciFunction, COMMAND_BUS_MASTER);
  }

  readDeviceFeatures(word: number): number {
    return readFeatureWord(this.common, word);
  }

  writeDriverFeatures(word: number, bits: number): void {
    writeFeatureWord(this.common, word, bits);
  }

  queueSizeMax(index: number): number {
    return readQueueSize(this.common, index);
  }

  enableQueue(index: number, place: QueuePlace): Result<MmioOffset, TransportError> {
    const common = this.common;
    const sizeMax = readQueueSize(common, index);
    if (sizeMax === 0) return fail({ kind: 'queue-missing', message: `the device has no queue ${index}` });
    if (place.size > sizeMax) {
      return fail({ kind: 'queue-size', message: `queue ${index}: size ${place.size}, the device allows ${sizeMax}` });
    }
    if (isQueueEnabled(common, index)) {
      return fail({ kind: 'queue-in-use', message: `queue ${index} is enabled already` });
    }
    const doorbell = this.doorbellOf(index, readQueueNotifyOff(common, index));
    if (!doorbell.ok) return doorbell;
    const descriptors = dmaBusAddress(place.descriptors);
    writeQueue(common, index, place.size, descriptors, dmaBusAddress(place.driver), dmaBusAddress(place.device));
    return doorbell;
  }

  acknowledgeInterrupt(): number {
    return mmioRead8(this.isr);
  }

  configGeneration(): number {
    return readConfigGeneration(this.common);
  }

  readConfig8(offset: number): number {
    this.assertInConfig(offset, 1);
    return mmioRead8(this.config + offset);
  }

  readConfig16(offset: number): number {
    this.assertInConfig(offset, 2);
    return mmioRead16(this.config + offset);
  }

  readConfig32(offset: number): number {
    this.assertInConfig(offset, 4);
    return mmioRead32(this.config + offset);
  }

  /** Returns where notifications of a queue go. §4.1.4.4: queue_notify_off * notify_off_multiplier, exact in 48 bits. */
  private doorbellOf(index: number, queueNotifyOff: number): Result<MmioOffset, TransportError> {
    const offset = queueNotifyOff * this.notify.notifyOffMultiplier;
    if (offset + NOTIFICATION_SIZE <= this.notify.length) return ok(this.notify.offset + offset);
    const found = `queue_notify_off ${queueNotifyOff} * ${this.notify.notifyOffMultiplier}`;
    const expected = `a place in the ${this.notify.length} bytes of NOTIFY_CFG`;
    return fail({ kind: 'notify-out-of-range', message: `queue ${index}: ${found}, expected ${expected}` });
  }

  private assertInConfig(offset: number, width: number): void {
    assert(offset + width <= this.configLength, 'a field lies in the configuration that requireConfig has checked');
  }
}
