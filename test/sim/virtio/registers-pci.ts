// The PCI function of a simulated virtio device: its capabilities, its registers in BAR 4 and the PCI_CFG window. Written from VIRTIO 1.2 §4.1.4.

import { MSIX_BAR_SIZE, msixCapability } from '../msix.ts';
import { type SimBarOptions, SimFunction, type SimFunctionOptions, type SimRegisters } from '../pci.ts';
import type { SimVirtioDevice } from './device.ts';
import type { LegacyRegisters } from './registers-legacy.ts';
import type { SimRing } from './ring.ts';
import { half, NOTIF_CONFIG_BASE } from './values.ts';

const BAR_INDEX = 4;
const MSIX_BAR = 1;
const MSIX_ADDRESS = 0xfe010000;
const BAR_LENGTH = 0x4000;
const ISR = 0x1000;
const CONFIG = 0x2000;
const NOTIFY = 0x3000;

/** Returns a virtio_pci_cap. §4.1.4 */
export const virtioCapability = (
  type: number,
  bar: number,
  offset: number,
  length: number,
  extra: readonly number[] = [],
  size = 16 + extra.length,
): number[] => [0x09, 0, size, type, bar, 0, 0, 0, ...le32(offset), ...le32(length), ...extra];

/** Returns a virtio_pci_cap64 of a shared-memory region. §4.1.4.7 */
export const sharedMemoryCapability = (id: number, bar: number, offset: number, length: number): number[] => {
  const high = (value: number): number[] => le32(Math.floor(value / 2 ** 32));
  const bytes = virtioCapability(8, bar, offset % 2 ** 32, length % 2 ** 32, [...high(offset), ...high(length)]);
  bytes[5] = id;
  return bytes;
};

/** Returns the list that QEMU 7.2 shows, COMMON first, without its PCI_CFG. */
export const usualCapabilities = (multiplier = 4): number[][] => [
  virtioCapability(1, BAR_INDEX, 0, 0x1000),
  virtioCapability(3, BAR_INDEX, ISR, 0x1000),
  virtioCapability(4, BAR_INDEX, CONFIG, 0x1000),
  virtioCapability(2, BAR_INDEX, NOTIFY, 0x1000, le32(multiplier)),
];

/** The capability of the window, as QEMU shows it at reset. §4.1.4.9 */
export const windowCapability = (): number[] => virtioCapability(5, 0, 0, 0, le32(0));

export const le32 = (value: number): number[] => [0, 8, 16, 24].map((shift) => (value >>> shift) & 0xff);

/** Returns the function of a device: modern registers in BAR 4, legacy ones in I/O BAR 0, or both. */
export const makePciFunction = (device: SimVirtioDevice, legacy: LegacyRegisters): SimFunction => {
  const { options, transport } = device;
  const hasLegacy = transport === 'pci-legacy' || transport === 'pci-transitional';
  const isModern = transport !== 'pci-legacy';
  const registers = new PciRegisters(device);
  const bars: SimBarOptions[] = [];
  if (hasLegacy) bars.push({ index: 0, size: 128, type: 1, address: options.address ?? 0xc000, registers: legacy });
  if (isModern) {
    const address = transport === 'pci' ? (options.address ?? 0xfe000000) : 0xfe000000;
    bars.push({ index: BAR_INDEX, size: BAR_LENGTH, type: 0xc, address, registers });
  }
  const { msix } = device.interrupts;
  if (msix !== undefined) bars.push({ index: MSIX_BAR, size: MSIX_BAR_SIZE, address: MSIX_ADDRESS, registers: msix });
  const usual = isModern ? usualCapabilities(options.notifyOffMultiplier) : [];
  if (options.vectors !== undefined) usual.push(msixCapability(options.vectors, MSIX_BAR));
  const transitionalId = 0xfff + options.deviceType; // Of network and block devices, which is all that is needed here.
  return new SimVirtioFunction(device, registers, {
    vendorId: 0x1af4,
    deviceId: options.deviceId ?? (hasLegacy ? transitionalId : 0x1040 + options.deviceType),
    classCode: 0x01,
    subclass: 0x00,
    bars,
    capabilities: options.capabilities ?? usual,
  });
};

/** A function whose configuration space has the PCI_CFG window, where it is listed. */
class SimVirtioFunction extends SimFunction {
  private readonly device: SimVirtioDevice;
  private readonly registers: PciRegisters;

  constructor(device: SimVirtioDevice, registers: PciRegisters, options: SimFunctionOptions) {
    super(options);
    this.config.setUint8(0x3d, device.options.pin ?? 1);
    this.device = device;
    this.registers = registers;
    const window = this.window();
    if (window === 0) return;
    this.writable.setUint8(window + 4, 0xff);
    this.writable.setUint32(window + 8, 0xffffffff, true);
    this.writable.setUint32(window + 12, 0xffffffff, true);
  }

  override read(offset: number, width: number): number {
    const target = this.windowTarget(offset, width);
    if (target === undefined) return super.read(offset, width);
    return this.device.faults.windowLies?.[target] ?? this.registers.read(target, width);
  }

  override write(offset: number, width: number, value: number): void {
    const target = this.windowTarget(offset, width);
    if (target === undefined) super.write(offset, width, value);
    else this.registers.write(target, width, value);
  }

  /** Returns the register to which an access of configuration space leads, undefined when it is not one to the window's data. */
  private windowTarget(offset: number, width: number): number | undefined {
    const window = this.window();
    if (window === 0 || offset !== window + 16) return undefined;
    const bar = this.config.getUint8(window + 4);
    const target = this.config.getUint32(window + 8, true);
    const length = this.config.getUint32(window + 12, true);
    if (bar !== BAR_INDEX || length !== width || target % width !== 0)
      this.device.machine.violate(`the window is at ${target} of BAR ${bar}, ${length} bytes, for ${width}`);
    return target;
  }

  /** Returns where the capability of the window is, 0 for nowhere. */
  private window(): number {
    if ((this.config.getUint8(0x06) & 0x10) === 0) return 0;
    let offset = this.config.getUint8(0x34);
    for (let count = 0; offset >= 0x40 && offset < 0xf0 && count < 48; count++) {
      if (this.config.getUint8(offset) === 9 && this.config.getUint8(offset + 3) === 5) return offset;
      offset = this.config.getUint8(offset + 1);
    }
    return 0;
  }
}

/** The registers of BAR 4. */
class PciRegisters implements SimRegisters {
  private readonly device: SimVirtioDevice;
  private deviceFeatureSelect = 0;
  private driverFeatureSelect = 0;

  constructor(device: SimVirtioDevice) {
    this.device = device;
  }

  read(offset: number, width: number): number {
    const { device } = this;
    if (offset >= CONFIG && offset < NOTIFY) return device.readConfig(offset - CONFIG, width);
    if (offset === ISR) return device.interrupts.take();
    switch (`${offset}/${width}`) {
      case '0/4':
        return this.deviceFeatureSelect;
      case '4/4':
        return device.offered(this.deviceFeatureSelect);
      case '16/2':
        return device.interrupts.configVector;
      case '26/2':
        return device.interrupts.queueVectors[device.queueSelect] ?? 0xffff;
      case '18/2':
        return device.queueCount;
      case '20/1':
        return device.readStatus();
      case '21/1':
        return device.readGeneration();
      case '24/2':
        return device.ring?.size ?? 0;
      case '28/2':
        return device.ring?.enabled ? 1 : 0;
      case '30/2':
        return device.faults.notifyOff ?? device.queueSelect;
      case '56/2':
        return NOTIF_CONFIG_BASE + device.queueSelect;
      case '58/2':
        return device.readQueueReset();
      default:
        device.machine.violate(`read of ${width} bytes at ${offset} of the common configuration`);
        return 2 ** (8 * width) - 1;
    }
  }

  write(offset: number, width: number, value: number): void {
    const { device } = this;
    if (offset >= NOTIFY) {
      this.notified(offset - NOTIFY, width, value);
      return;
    }
    if (offset >= CONFIG) {
      device.writeConfig(offset - CONFIG, width, value);
      return;
    }
    switch (`${offset}/${width}`) {
      case '0/4':
        this.deviceFeatureSelect = value;
        return;
      case '8/4':
        this.driverFeatureSelect = value;
        return;
      case '12/4':
        device.acceptFeatures(this.driverFeatureSelect, value);
        return;
      case '16/2':
        device.interrupts.configVector = device.interrupts.accept(value);
        return;
      case '26/2':
        device.writeQueueVector(value);
        return;
      case '20/1':
        device.writeStatus(value);
        return;
      case '22/2':
        device.queueSelect = value;
        return;
      case '58/2':
        if (value !== 1) device.machine.violate(`queue_reset = ${value}`);
        device.startQueueReset();
        return;
      default:
        this.writeQueueRegister(`${offset}/${width}`, value);
    }
  }

  private writeQueueRegister(key: string, value: number): void {
    const ring = this.device.writableRing();
    if (ring === undefined) return;
    switch (key) {
      case '24/2':
        this.device.setRingSize(ring, value);
        return;
      case '28/2':
        if (value !== 1) this.device.machine.violate(`queue_enable = ${value}`);
        this.device.enableRing(ring);
        return;
      default:
        this.writePlace(ring, key, value);
    }
  }

  private writePlace(ring: SimRing, key: string, value: number): void {
    switch (key) {
      case '32/4':
      case '36/4':
        ring.descriptors = half(ring.descriptors, key === '36/4', value);
        return;
      case '40/4':
      case '44/4':
        ring.driver = half(ring.driver, key === '44/4', value);
        return;
      case '48/4':
      case '52/4':
        ring.device = half(ring.device, key === '52/4', value);
        return;
      default:
        this.device.machine.violate(`write at ${key} of the common configuration`);
    }
  }

  private notified(offset: number, width: number, value: number): void {
    const { device } = this;
    const queue = device.queueOf(value);
    const multiplier = device.options.notifyOffMultiplier ?? 4;
    if (offset !== (device.faults.notifyOff ?? queue) * multiplier)
      device.machine.violate(`queue ${queue} notified at ${offset}`);
    device.notified(width, value, 2);
  }
}
