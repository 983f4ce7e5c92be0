// How a simulated virtio device interrupts: by MSI-X, by its pin, or by the line of its slot. Written from VIRTIO 1.2 §4.1.4.5, §4.1.5.1.2,
// §4.1.5.3, §4.1.5.4 and §4.2.2.

import { SimMsix } from '../msix.ts';
import type { SimVirtioDevice } from './device.ts';

/** A vector register that means none. */
const NO_VECTOR = 0xffff;

const QUEUE = 1;
const CONFIG = 2;
const INTERRUPT_DISABLE = 0x400;

/** The interrupt side of one device. */
export class SimVirtioInterrupts {
  /** The MSI-X of a PCI device that has it. */
  readonly msix: SimMsix | undefined;
  configVector = NO_VECTOR;
  readonly queueVectors: number[];
  /** The ISR register, or InterruptStatus. */
  private asked = 0;
  private readonly device: SimVirtioDevice;

  constructor(device: SimVirtioDevice) {
    const { machine, options, faults } = device;
    this.device = device;
    this.queueVectors = options.queueSizes.map(() => NO_VECTOR);
    if (options.vectors !== undefined)
      this.msix = new SimMsix(machine, () => device.pciFunction, options.vectors, faults);
  }

  /** Connects it with the configuration space of its function. Called once that exists. */
  attach(): void {
    this.msix?.attach();
    this.device.pciFunction.onConfigWrite = () => this.refresh();
  }

  get isMsixEnabled(): boolean {
    return this.msix?.isEnabled ?? false;
  }

  get reasons(): number {
    return this.asked;
  }

  set reasons(value: number) {
    this.asked = value;
    this.updateLine();
  }

  /** Queue `index` has something for the driver. */
  queue(index: number): void {
    if (this.isMsixEnabled) this.send(this.queueVectors[index]!);
    else this.reasons |= QUEUE;
  }

  /** The configuration has changed. The ISR register says so also with MSI-X. */
  config(): void {
    this.reasons |= CONFIG;
    if (this.isMsixEnabled) this.send(this.configVector);
  }

  /** Reads the ISR register, which takes the interrupt back. */
  take(): number {
    if (this.isMsixEnabled) this.device.machine.violate('the ISR register is read while MSI-X is enabled');
    const { reasons } = this;
    this.reasons = 0;
    return reasons;
  }

  /** Returns what a vector register shows after `entry` was written to it. */
  accept(entry: number): number {
    const { machine, faults, options } = this.device;
    if (!this.isMsixEnabled) machine.violate('a vector is written while MSI-X is not enabled');
    if (entry === NO_VECTOR) return NO_VECTOR;
    if (faults.vectorShown !== undefined) return faults.vectorShown;
    if (entry >= (options.vectors ?? 0)) machine.violate(`vector ${entry}, which is beyond the table`);
    return entry < (faults.vectorsTaken ?? options.vectors ?? 0) ? entry : NO_VECTOR;
  }

  /** Asserts the line, or takes that back. */
  updateLine(): void {
    const { device } = this;
    const { interrupts } = device.machine;
    if (device.isMmio) {
      interrupts.setLine(device.options.line ?? 5, this.asked !== 0, this);
      return;
    }
    const { pciFunction } = device;
    const pin = pciFunction.config.getUint8(0x3d);
    const first = interrupts.firstPinLine;
    if (pciFunction.parent === undefined || pin === 0 || first === undefined) return;
    const isSilent = this.isMsixEnabled || (pciFunction.command & INTERRUPT_DISABLE) !== 0;
    const root = pciFunction.rootPin(pin);
    interrupts.setLine(first + ((root.device + root.pin - 1) % 4), this.asked !== 0 && !isSilent, this);
  }

  reset(): void {
    this.configVector = NO_VECTOR;
    this.queueVectors.fill(NO_VECTOR);
    this.reasons = 0;
  }

  /** Configuration space was written to: the command register or the message control may be others. */
  private refresh(): void {
    this.msix?.refresh();
    this.updateLine();
  }

  private send(entry: number): void {
    if (entry !== NO_VECTOR) this.msix?.send(entry);
  }
}
