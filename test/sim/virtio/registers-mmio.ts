// Registers of a simulated virtio-mmio device, version 2 and 1, written from VIRTIO 1.2 §4.2.2 and §4.2.4.

import type { SimRegisters } from '../pci.ts';
import type { SimVirtioDevice } from './device.ts';
import { half } from './values.ts';

const CONFIG = 0x100;

/** The registers of one device in its slot. */
export class MmioRegisters implements SimRegisters {
  private readonly device: SimVirtioDevice;
  private readonly isLegacy: boolean;
  private deviceFeatureSelect = 0;
  private driverFeatureSelect = 0;
  private pageSize = 0;
  private sharedMemorySelect = 0;

  constructor(device: SimVirtioDevice) {
    this.device = device;
    this.isLegacy = device.isLegacy;
  }

  read(offset: number, width: number): number {
    const { device } = this;
    if (offset >= CONFIG) return device.readConfig(offset - CONFIG, width);
    if (width !== 4) device.machine.violate(`read of ${width} bytes at ${offset} of the registers`);
    switch (offset) {
      case 0x000:
        return device.faults.magic ?? 0x74726976;
      case 0x004:
        return device.faults.version ?? (this.isLegacy ? 1 : 2);
      case 0x008:
        return device.options.deviceType;
      case 0x010:
        return device.offered(this.deviceFeatureSelect);
      case 0x034:
        if (device.ring?.enabled) device.machine.violate('QueueSizeMax is read while the queue is enabled');
        return device.options.queueSizes[device.queueSelect] ?? 0;
      case 0x060:
        return device.interruptReasons;
      case 0x070:
        return device.readStatus();
      default:
        return this.isLegacy ? this.readLegacy(offset) : this.readModern(offset);
    }
  }

  write(offset: number, width: number, value: number): void {
    const { device } = this;
    if (offset >= CONFIG) {
      device.writeConfig(offset - CONFIG, width, value);
      return;
    }
    if (width !== 4) device.machine.violate(`write of ${width} bytes at ${offset} of the registers`);
    switch (offset) {
      case 0x014:
        this.deviceFeatureSelect = value;
        return;
      case 0x020:
        device.acceptFeatures(this.driverFeatureSelect, value);
        return;
      case 0x024:
        this.driverFeatureSelect = value;
        return;
      case 0x030:
        device.queueSelect = value;
        return;
      case 0x050:
        device.notified(width, value, 4);
        return;
      case 0x064:
        if ((value & ~3) !== 0) device.machine.violate(`InterruptACK = ${value}`);
        device.interruptReasons &= ~value;
        return;
      case 0x070:
        device.writeStatus(value);
        return;
      default:
        if (this.isLegacy) this.writeLegacy(offset, value);
        else this.writeModern(offset, value);
    }
  }

  private readLegacy(offset: number): number {
    if (offset === 0x040) return this.device.ring?.enabled ? this.device.ring.descriptors / 4096 : 0;
    this.device.machine.violate(`read at ${offset} of the registers`);
    return 0xffffffff;
  }

  private writeLegacy(offset: number, value: number): void {
    const { device } = this;
    if (offset === 0x028) {
      this.pageSize = value;
      return;
    }
    if (offset === 0x040 && value === 0) {
      device.restartRing();
      return;
    }
    const ring = device.writableRing();
    if (ring === undefined) return;
    if (offset === 0x038) device.setRingSize(ring, value);
    else if (offset === 0x03c && value === 4096) return;
    else if (offset === 0x040 && this.pageSize === 4096) device.placeLegacyRing(ring, value);
    else device.machine.violate(`write of ${value} at ${offset} of the registers`);
  }

  private readModern(offset: number): number {
    const { device } = this;
    const region = device.options.sharedMemory?.[this.sharedMemorySelect];
    switch (offset) {
      case 0x044:
        return device.ring?.enabled ? 1 : 0;
      case 0x0c0:
        return device.readQueueReset();
      case 0x0fc:
        return device.readGeneration();
      case 0x0b0:
        return region === undefined ? 0xffffffff : region.length % 2 ** 32;
      case 0x0b4:
        return region === undefined ? 0xffffffff : Math.floor(region.length / 2 ** 32);
      case 0x0b8:
        return region === undefined ? 0xffffffff : region.address % 2 ** 32;
      case 0x0bc:
        return region === undefined ? 0xffffffff : Math.floor(region.address / 2 ** 32);
      default:
        device.machine.violate(`read at ${offset} of the registers`);
        return 0xffffffff;
    }
  }

  private writeModern(offset: number, value: number): void {
    const { device } = this;
    if (offset === 0x0ac) {
      this.sharedMemorySelect = value;
      return;
    }
    if (offset === 0x0c0 && value === 1) {
      device.startQueueReset();
      return;
    }
    if (offset === 0x044 && value === 0) {
      device.restartRing();
      return;
    }
    const ring = device.writableRing();
    if (ring === undefined) return;
    if (offset === 0x038) device.setRingSize(ring, value);
    else if (offset === 0x044 && value === 1) device.enableRing(ring);
    else if (offset === 0x080 || offset === 0x084) ring.descriptors = half(ring.descriptors, offset === 0x084, value);
    else if (offset === 0x090 || offset === 0x094) ring.driver = half(ring.driver, offset === 0x094, value);
    else if (offset === 0x0a0 || offset === 0x0a4) ring.device = half(ring.device, offset === 0x0a4, value);
    else device.machine.violate(`write of ${value} at ${offset} of the registers`);
  }
}
