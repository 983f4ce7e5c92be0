// A simulated virtio device on PCI, written from VIRTIO 1.2 §2.1, §2.2, §3.1 and §4.1.4. Strict: an access of the wrong width, a status bit
// taken back, a notification before DRIVER_OK and their like are violations. `faults` lets it misbehave.

import type { SimMachine } from '../machine.ts';
import { SimFunction, type SimRegisters } from '../pci.ts';
import { SimRing } from './ring.ts';

/** What a device may do wrong. */
export interface SimFaults {
  /** It never finishes a reset; or finishes it after so many reads of the status. */
  readonly resetReads?: number;
  /** It takes FEATURES_OK back. */
  readonly refuseFeatures?: boolean;
  /** It reports DEVICE_NEEDS_RESET as soon as DRIVER_OK is set. */
  readonly needsReset?: boolean;
  /** Its configuration changes with every read of the generation, so many times. */
  readonly generations?: number;
  /** queue_notify_off of queue 0. */
  readonly notifyOff?: number;
}

/** What makes a type of device. */
export interface SimVirtioOptions {
  readonly deviceType: number;
  readonly deviceId?: number;
  /** Feature bits offered. VERSION_1 is among them unless it is left out here. */
  readonly features: readonly number[];
  readonly queueSizes: readonly number[];
  readonly config: Uint8Array;
  readonly faults?: SimFaults;
  readonly address?: number;
  /** In place of QEMU's own list of capabilities. */
  readonly capabilities?: readonly (readonly number[])[];
  readonly notifyOffMultiplier?: number;
  /** Called for each chain that the driver made available. */
  onNotify(device: SimVirtioDevice, queue: number): void;
}

const DRIVER_OK = 4;
const FEATURES_OK = 8;
const NEEDS_RESET = 64;

const BAR_INDEX = 4;
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

/** Returns the list that QEMU 7.2 shows, COMMON first. */
export const usualCapabilities = (multiplier = 4): number[][] => [
  virtioCapability(1, BAR_INDEX, 0, 0x1000),
  virtioCapability(3, BAR_INDEX, ISR, 0x1000),
  virtioCapability(4, BAR_INDEX, CONFIG, 0x1000),
  virtioCapability(2, BAR_INDEX, NOTIFY, 0x1000, le32(multiplier)),
];

export const le32 = (value: number): number[] => [0, 8, 16, 24].map((shift) => (value >>> shift) & 0xff);

/** One device. `pciFunction` goes onto a bus. */
export class SimVirtioDevice {
  readonly pciFunction: SimFunction;
  readonly machine: SimMachine;
  readonly rings: SimRing[];
  status = 0;
  /** Every value that was written to the status register. */
  readonly statusWrites: number[] = [];
  driverFeatures = [0, 0, 0, 0];
  notifications = 0;
  faults: SimFaults;
  private readonly options: SimVirtioOptions;
  private deviceFeatureSelect = 0;
  private driverFeatureSelect = 0;
  private queueSelect = 0;
  private generation = 0;
  private resetReadsLeft = 0;

  constructor(machine: SimMachine, options: SimVirtioOptions) {
    this.machine = machine;
    this.options = options;
    this.faults = options.faults ?? {};
    this.rings = options.queueSizes.map((size) => new SimRing(machine, size));
    this.pciFunction = new SimFunction({
      vendorId: 0x1af4,
      deviceId: options.deviceId ?? 0x1040 + options.deviceType,
      classCode: 0x01,
      subclass: 0x00,
      bars: [
        {
          index: BAR_INDEX,
          size: BAR_LENGTH,
          type: 0xc,
          address: options.address ?? 0xfe000000,
          registers: this.registers(),
        },
      ],
      capabilities: options.capabilities ?? usualCapabilities(options.notifyOffMultiplier),
    });
  }

  get isLive(): boolean {
    return (this.status & DRIVER_OK) !== 0 && this.pciFunction.reachesMemory;
  }

  private registers(): SimRegisters {
    return {
      read: (offset, width) => this.read(offset, width),
      write: (offset, width, value) => this.write(offset, width, value),
    };
  }

  private read(offset: number, width: number): number {
    if (offset >= CONFIG && offset < NOTIFY) return this.readConfig(offset - CONFIG, width);
    if (offset >= ISR) return 0;
    const key = `${offset}/${width}`;
    switch (key) {
      case '0/4':
        return this.deviceFeatureSelect;
      case '4/4':
        return this.offered(this.deviceFeatureSelect);
      case '18/2':
        return this.rings.length;
      case '20/1':
        return this.readStatus();
      case '21/1':
        return this.readGeneration();
      case '24/2':
        return this.ring?.size ?? 0;
      case '28/2':
        return this.ring?.enabled ? 1 : 0;
      case '30/2':
        return this.faults.notifyOff ?? this.queueSelect;
      default:
        this.machine.violate(`read of ${width} bytes at ${offset} of the common configuration`);
        return 2 ** (8 * width) - 1;
    }
  }

  private write(offset: number, width: number, value: number): void {
    if (offset >= NOTIFY) {
      this.notified(offset - NOTIFY, width, value);
      return;
    }
    const key = `${offset}/${width}`;
    switch (key) {
      case '0/4':
        this.deviceFeatureSelect = value;
        return;
      case '8/4':
        this.driverFeatureSelect = value;
        return;
      case '12/4':
        this.acceptFeatures(value);
        return;
      case '20/1':
        this.writeStatus(value);
        return;
      case '22/2':
        this.queueSelect = value;
        return;
      default:
        this.writeQueueRegister(key, value);
    }
  }

  private writeQueueRegister(key: string, value: number): void {
    const ring = this.ring;
    if (ring === undefined || ring.enabled) {
      this.machine.violate(`write to registers of queue ${this.queueSelect}, which is absent or enabled`);
      return;
    }
    switch (key) {
      case '24/2':
        if (value > ring.size) this.machine.violate(`queue size ${value}`);
        ring.size = value;
        return;
      case '28/2':
        if (value !== 1) this.machine.violate(`queue_enable = ${value}`);
        if ((this.status & FEATURES_OK) === 0) this.machine.violate('a queue is enabled before FEATURES_OK');
        ring.features = this.driverFeatures;
        ring.enabled = true;
        return;
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
        this.machine.violate(`write at ${key} of the common configuration`);
    }
  }

  private get ring(): SimRing | undefined {
    return this.rings[this.queueSelect];
  }

  private offered(word: number): number {
    return this.options.features
      .filter((bit) => Math.floor(bit / 32) === word)
      .reduce((bits, bit) => bits + 2 ** (bit % 32), 0);
  }

  private acceptFeatures(bits: number): void {
    if ((this.status & FEATURES_OK) !== 0) this.machine.violate('features are written after FEATURES_OK');
    const offered = this.offered(this.driverFeatureSelect);
    if ((bits & ~offered) >>> 0 !== 0) this.machine.violate(`features ${bits} accepted, ${offered} offered`);
    this.driverFeatures[this.driverFeatureSelect] = bits;
  }

  private readStatus(): number {
    if (this.resetReadsLeft > 0) {
      this.resetReadsLeft--;
      if (this.resetReadsLeft === 0) this.reset();
    }
    return this.status;
  }

  private writeStatus(value: number): void {
    this.statusWrites.push(value);
    if (value === 0) {
      this.resetReadsLeft = this.faults.resetReads ?? 0;
      if (this.resetReadsLeft === 0) this.reset();
      return;
    }
    if ((this.status & ~value & ~NEEDS_RESET) !== 0)
      this.machine.violate(`status ${this.status} became ${value}: a bit was cleared`);
    this.status = value;
    if (this.faults.refuseFeatures) this.status &= ~FEATURES_OK;
    if (this.faults.needsReset && (value & DRIVER_OK) !== 0) this.status |= NEEDS_RESET;
  }

  private reset(): void {
    this.status = 0;
    this.driverFeatures = [0, 0, 0, 0];
    this.rings.forEach((ring, index) => {
      Object.assign(ring, new SimRing(this.machine, this.options.queueSizes[index]!));
    });
  }

  private readGeneration(): number {
    if ((this.faults.generations ?? 0) > this.generation) this.generation++;
    return this.generation & 0xff;
  }

  /** Reads that cross the end return all ones, as QEMU's do. */
  private readConfig(offset: number, width: number): number {
    const { config } = this.options;
    if (offset + width > config.length) return 2 ** (8 * width) - 1;
    let value = 0;
    for (let i = width - 1; i >= 0; i--) value = value * 256 + config[offset + i]!;
    return value;
  }

  private notified(offset: number, width: number, value: number): void {
    this.notifications++;
    const multiplier = this.options.notifyOffMultiplier ?? 4;
    if (width !== 2) this.machine.violate(`notification of ${width} bytes`);
    if (offset !== (this.faults.notifyOff ?? value) * multiplier)
      this.machine.violate(`queue ${value} notified at ${offset}`);
    if ((this.status & DRIVER_OK) === 0) this.machine.violate('notification before DRIVER_OK');
    if (this.isLive && this.rings[value]?.enabled) this.options.onNotify(this, value);
  }
}

const half = (value: number, isHigh: boolean, bits: number): number =>
  isHigh ? (value % 2 ** 32) + bits * 2 ** 32 : Math.floor(value / 2 ** 32) * 2 ** 32 + bits;
