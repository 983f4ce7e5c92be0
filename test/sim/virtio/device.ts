// A simulated virtio device, written from VIRTIO 1.2 §2.1, §2.2, §2.5 and §3.1: what is the same over every transport. Its registers are in
// registers-pci.ts, registers-legacy.ts and registers-mmio.ts.
//
// Strict: an access of the wrong width, a status bit taken back, a notification before DRIVER_OK and their like are violations. `faults` lets it
// misbehave.

import type { SimMachine } from '../machine.ts';
import type { SimMsixFaults } from '../msix.ts';
import type { SimFunction } from '../pci.ts';
import { SimVirtioInterrupts } from './interrupts.ts';
import { LegacyRegisters } from './registers-legacy.ts';
import { MmioRegisters } from './registers-mmio.ts';
import { makePciFunction } from './registers-pci.ts';
import { SimRing } from './ring.ts';
import type { SimRingWatcher } from './ring-layout.ts';
import { NOTIF_CONFIG_BASE } from './values.ts';

/** How the device is reached. A transitional one is reached both ways. */
export type SimTransport = 'pci' | 'pci-legacy' | 'pci-transitional' | 'mmio' | 'mmio-legacy';

/** What a device may do wrong. */
export interface SimFaults extends SimMsixFaults {
  /** It never finishes a reset; or finishes it after so many reads of the status. */
  readonly resetReads?: number;
  /** It takes FEATURES_OK back. */
  readonly refuseFeatures?: boolean;
  /** It reports DEVICE_NEEDS_RESET as soon as DRIVER_OK is set. */
  readonly needsReset?: boolean;
  /** It does not keep DRIVER_OK. */
  readonly forgetsDriverOk?: boolean;
  /** Its configuration changes with every read of the generation, so many times. */
  readonly generations?: number;
  /** queue_notify_off of queue 0. */
  readonly notifyOff?: number;
  /** The reset of a queue is over after so many reads of its register. */
  readonly queueResetReads?: number;
  /** It says that a queue is reset, and goes on with it: QEMU's virtio-mmio. */
  readonly ignoresQueueReset?: boolean;
  /** It does not enable a queue. */
  readonly enablesNothing?: boolean;
  /** num_queues; else what is true. */
  readonly queueCount?: number;
  /** What num_queues or the status reads through the PCI_CFG window, by offset in the common configuration. */
  readonly windowLies?: Readonly<Record<number, number>>;
  /** It takes every selection of features but 0 for 1: QEMU's virtio-mmio. */
  readonly hasTwoWords?: boolean;
  /** So many entries of its MSI-X table it can use: of others it shows NO_VECTOR. */
  readonly vectorsTaken?: number;
  /** What its vector registers show, whatever was written. */
  readonly vectorShown?: number;
  /** Registers of virtio-mmio. */
  readonly magic?: number;
  readonly version?: number;
}

/** What makes a type of device. */
export interface SimVirtioOptions {
  readonly transport?: SimTransport;
  readonly deviceType: number;
  readonly deviceId?: number;
  /** Feature bits offered. VERSION_1 is among them unless it is left out here. */
  readonly features: readonly number[];
  readonly queueSizes: readonly number[];
  readonly config: Uint8Array;
  readonly faults?: SimFaults;
  /** Where its registers are: BAR 4, the first port, or the slot. */
  readonly address?: number;
  /** In place of QEMU's own list of capabilities. */
  readonly capabilities?: readonly (readonly number[])[];
  readonly notifyOffMultiplier?: number;
  /** Entries of its MSI-X table, in BAR 1; without them it has no MSI-X. */
  readonly vectors?: number;
  /** On PCI: its pin, 1 to 4; 0 for none. INTA# where nothing is said. */
  readonly pin?: number;
  /** Over virtio-mmio: its line, in place of 5. */
  readonly line?: number;
  /** Shared-memory regions of a virtio-mmio device, by id. */
  readonly sharedMemory?: Readonly<Record<number, { readonly address: number; readonly length: number }>>;
  /** Where the addresses of its accesses go, when it is behind an IOMMU; undefined: refused. */
  translate?(address: number, length: number): number | undefined;
  /** Called when it is reset. */
  onReset?(): void;
  /** Called when the driver has written `width` bytes at `offset` of the configuration. */
  onConfigWrite?(offset: number, width: number): void;
  /** Called for each chain that the driver made available. */
  onNotify(device: SimVirtioDevice, queue: number): void;
}

const DRIVER_OK = 4;
const FEATURES_OK = 8;
const NEEDS_RESET = 64;

const NOTIFICATION_DATA = 38;
const NOTIF_CONFIG_DATA = 39;
const RING_PACKED = 34;
const RING_RESET = 40;

/** One device. On PCI, `pciFunction` goes onto a bus; over virtio-mmio it is in its slot at once. */
export class SimVirtioDevice {
  readonly pciFunction: SimFunction;
  readonly machine: SimMachine;
  readonly options: SimVirtioOptions;
  readonly transport: SimTransport;
  readonly rings: SimRing[];
  status = 0;
  /** Every value that was written to the status register. */
  readonly statusWrites: number[] = [];
  /** Called with every value that is written to the status register, before it counts. */
  onStatus: (value: number) => void = () => {};
  driverFeatures = [0, 0, 0, 0];
  /** Words of features that the driver asked for. */
  readonly featureWordsRead = new Set<number>();
  notifications = 0;
  /** The value that was notified last. */
  lastNotification = 0;
  readonly interrupts: SimVirtioInterrupts;
  faults: SimFaults;
  queueSelect = 0;
  private watcher: SimRingWatcher<SimRing> | undefined;
  private generation = 0;
  private resetReadsLeft = 0;
  /** Of each queue in reset: the reads of its register that it takes. */
  private readonly queueResets = new Map<number, number>();

  constructor(machine: SimMachine, options: SimVirtioOptions) {
    this.machine = machine;
    this.options = options;
    this.transport = options.transport ?? 'pci';
    this.faults = options.faults ?? {};
    this.interrupts = new SimVirtioInterrupts(this);
    this.rings = options.queueSizes.map((_, index) => this.makeRing(index));
    this.pciFunction = makePciFunction(this, new LegacyRegisters(this));
    this.interrupts.attach();
    if (this.isMmio) machine.addRegisters(options.address ?? 0xfeb00e00, 0x200, new MmioRegisters(this));
  }

  get isMmio(): boolean {
    return this.transport === 'mmio' || this.transport === 'mmio-legacy';
  }

  /** Whether it is driven by the rules of the time before VIRTIO 1.0. */
  get isLegacy(): boolean {
    return this.transport === 'mmio-legacy' || this.transport === 'pci-legacy';
  }

  get isLive(): boolean {
    return (this.status & DRIVER_OK) !== 0 && (this.isMmio || this.pciFunction.reachesMemory);
  }

  /** Whether it was taken out of the machine: it reaches nothing any more. */
  get isOut(): boolean {
    return !this.isMmio && this.pciFunction.parent === undefined;
  }

  /** The selected queue, undefined where there is none. */
  get ring(): SimRing | undefined {
    return this.rings[this.queueSelect];
  }

  get queueCount(): number {
    return this.faults.queueCount ?? this.rings.length;
  }

  /** Returns whether feature `bit` was negotiated. */
  has(bit: number): boolean {
    return ((this.driverFeatures[bit >> 5]! >>> (bit & 31)) & 1) !== 0;
  }

  /** Returns word `word` of what it offers. */
  offered(word: number): number {
    this.featureWordsRead.add(word);
    const shown = this.faults.hasTwoWords && word > 1 ? 1 : word;
    return this.options.features
      .filter((bit) => Math.floor(bit / 32) === shown)
      .reduce((bits, bit) => bits + 2 ** (bit % 32), 0);
  }

  acceptFeatures(word: number, bits: number): void {
    if ((this.status & FEATURES_OK) !== 0) this.machine.violate('features are written after FEATURES_OK');
    const offered = this.offered(word);
    if ((bits & ~offered) >>> 0 !== 0) this.machine.violate(`features ${bits} accepted, ${offered} offered`);
    this.driverFeatures[this.faults.hasTwoWords && word > 1 ? 1 : word] = bits;
  }

  readStatus(): number {
    if (this.resetReadsLeft > 0) {
      this.resetReadsLeft--;
      if (this.resetReadsLeft === 0) this.reset();
    }
    return this.status;
  }

  writeStatus(value: number): void {
    this.statusWrites.push(value);
    this.onStatus(value);
    if (value === 0) {
      this.resetReadsLeft = this.faults.resetReads ?? 0;
      if (this.resetReadsLeft === 0) this.reset();
      return;
    }
    if ((this.status & ~value & ~NEEDS_RESET) !== 0)
      this.machine.violate(`status ${this.status} became ${value}: a bit was cleared`);
    if (this.isLegacy && (value & FEATURES_OK) !== 0) this.machine.violate('FEATURES_OK for a legacy device');
    this.status = value;
    if (this.faults.refuseFeatures) this.status &= ~FEATURES_OK;
    if (this.faults.forgetsDriverOk) this.status &= ~DRIVER_OK;
    if (this.faults.needsReset && (value & DRIVER_OK) !== 0) this.status |= NEEDS_RESET;
  }

  /** Returns the selected queue when its registers may be written. */
  writableRing(): SimRing | undefined {
    const ring = this.ring;
    if (ring !== undefined && !ring.enabled) return ring;
    this.machine.violate(`write to registers of queue ${this.queueSelect}, which is absent or enabled`);
    return undefined;
  }

  /** Gives the selected queue a vector: while it is not enabled. */
  writeQueueVector(entry: number): void {
    if (this.writableRing() === undefined) return;
    this.interrupts.queueVectors[this.queueSelect] = this.interrupts.accept(entry);
  }

  setRingSize(ring: SimRing, size: number): void {
    const isPossible = size > 0 && (this.has(RING_PACKED) || (size & (size - 1)) === 0);
    if (size > this.options.queueSizes[this.queueSelect]! || !isPossible) this.machine.violate(`queue size ${size}`);
    ring.size = size;
  }

  enableRing(ring: SimRing): void {
    if (!this.isLegacy && (this.status & FEATURES_OK) === 0)
      this.machine.violate('a queue is enabled before FEATURES_OK');
    ring.features = this.driverFeatures;
    ring.enabled = !this.faults.enablesNothing;
    if (ring.enabled) this.watcher?.enabled(ring);
  }

  /** Enables the selected queue where a legacy device expects it: §2.7.2. */
  placeLegacyRing(ring: SimRing, page: number): void {
    ring.descriptors = page * 4096;
    ring.driver = ring.descriptors + 16 * ring.size;
    ring.device = Math.ceil((ring.driver + 6 + 2 * ring.size) / 4096) * 4096;
    this.enableRing(ring);
  }

  startQueueReset(): void {
    if (!this.has(RING_RESET)) this.machine.violate('queue_reset without RING_RESET');
    this.queueResets.set(this.queueSelect, this.faults.queueResetReads ?? 0);
    this.goOnWithQueueReset();
  }

  /** Returns queue_reset of the selected queue. */
  readQueueReset(): number {
    this.goOnWithQueueReset();
    return this.queueResets.has(this.queueSelect) ? 1 : 0;
  }

  /** Starts the selected queue anew, as it is after a reset of the device. */
  restartRing(): void {
    this.renewRing(this.ring!, this.queueSelect);
    this.interrupts.queueVectors[this.queueSelect] = 0xffff;
  }

  readGeneration(): number {
    if ((this.faults.generations ?? 0) > this.generation) this.generation++;
    return this.generation & 0xff;
  }

  /** Reads that cross the end return all ones, as QEMU's do. */
  readConfig(offset: number, width: number): number {
    const { config } = this.options;
    if (offset + width > config.length) return 2 ** (8 * width) - 1;
    if (this.isLegacy && (this.faults.generations ?? 0) > this.generation) config[0] = ++this.generation & 0xff;
    let value = 0;
    for (let i = width - 1; i >= 0; i--) value = value * 256 + config[offset + i]!;
    return value;
  }

  writeConfig(offset: number, width: number, value: number): void {
    const { config } = this.options;
    if (offset + width > config.length)
      this.machine.violate(`write of ${width} bytes at ${offset} of the configuration`);
    for (let i = 0; i < width; i++) config[offset + i] = Math.floor(value / 256 ** i) % 256;
    this.options.onConfigWrite?.(offset, width);
  }

  /** Changes bytes of its configuration from `offset` on, and says so. */
  changeConfig(offset: number, bytes: readonly number[]): void {
    this.options.config.set(bytes, offset);
    this.generation++;
    this.interrupts.config();
  }

  /** Why it interrupts: bit 0 a queue, bit 1 the configuration. */
  get interruptReasons(): number {
    return this.interrupts.reasons;
  }

  set interruptReasons(reasons: number) {
    this.interrupts.reasons = reasons;
  }

  /** A notification arrived; `usualWidth` is that without NOTIFICATION_DATA. */
  notified(width: number, value: number, usualWidth: number): void {
    this.notifications++;
    this.lastNotification = value;
    const expected = this.has(NOTIFICATION_DATA) ? 4 : usualWidth;
    if (width !== expected) this.machine.violate(`notification of ${width} bytes, expected ${expected}`);
    if ((this.status & DRIVER_OK) === 0) this.machine.violate('notification before DRIVER_OK');
    const queue = this.queueOf(value);
    if (this.isLive && this.rings[queue]?.enabled) this.options.onNotify(this, queue);
  }

  /** Returns the queue that a notification names. */
  queueOf(value: number): number {
    return (value & 0xffff) - (this.has(NOTIF_CONFIG_DATA) ? NOTIF_CONFIG_BASE : 0);
  }

  /** Puts somebody between the device and its rings. */
  watch(watcher: SimRingWatcher<SimRing>): void {
    this.watcher = watcher;
    for (const ring of this.rings) ring.watcher = watcher;
  }

  private renewRing(ring: SimRing, index: number): void {
    Object.assign(ring, this.makeRing(index));
    ring.watcher = this.watcher;
    this.watcher?.restarted(ring);
  }

  private makeRing(index: number): SimRing {
    const ring = new SimRing(this.machine, this.options.queueSizes[index]!, () => this.interrupts.queue(index));
    ring.memory.translate = this.options.translate;
    return ring;
  }

  private goOnWithQueueReset(): void {
    const left = this.queueResets.get(this.queueSelect);
    if (left === undefined) return;
    if (left > 0) {
      this.queueResets.set(this.queueSelect, left - 1);
      return;
    }
    this.queueResets.delete(this.queueSelect);
    if (!this.faults.ignoresQueueReset) this.restartRing();
  }

  private reset(): void {
    this.status = 0;
    this.options.onReset?.();
    this.driverFeatures = [0, 0, 0, 0];
    this.queueResets.clear();
    this.rings.forEach((ring, index) => {
      this.renewRing(ring, index);
    });
    this.interrupts.reset();
  }
}
