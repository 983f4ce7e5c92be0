// What every transport offers a driver: PCI now, MMIO when it comes. VIRTIO 1.2 §2 and §4.

import type { DmaOffset, MmioOffset } from '../../../kernel/base/machine.ts';
import type { Result } from '../../../kernel/base/result.ts';

/** Why a transport could not do what it was asked. */
export interface TransportError {
  readonly kind:
    | 'not-virtio'
    | 'bad-capability-list'
    | 'bad-bar'
    | 'missing-capability'
    | 'unusable-capability'
    | 'map-failed'
    | 'reset-timeout'
    | 'queue-missing'
    | 'queue-in-use'
    | 'queue-size'
    | 'notify-out-of-range'
    | 'config-too-small'
    | 'config-unstable'
    | 'out-of-dma-memory';
  /** A sentence: which register or capability, what was found, what was expected. Without the device's name. */
  readonly message: string;
}

/** Where a queue lies in the DMA window. The names are those of §4.1.4.3. */
export interface QueuePlace {
  readonly size: number;
  readonly descriptors: DmaOffset;
  readonly driver: DmaOffset;
  readonly device: DmaOffset;
}

/** Access to one device. It translates and checks; the order of things is that of initialize.ts. */
export interface Transport {
  /** Where the device is and what it is: `0000:00:02.0 virtio-blk`. */
  readonly name: string;
  /** TYPE_… of ids.ts. */
  readonly deviceType: number;
  /** Bytes of device-specific configuration that can be read; 0 when the device has none. */
  readonly configLength: number;

  /** Returns the device status. §2.1 */
  readStatus(): number;

  /** Writes the device status. Zero starts a reset, which is done when the status reads zero. */
  writeStatus(status: number): void;

  /** Lets the device reach memory, or forbids it. */
  setDma(allowed: boolean): void;

  /** Returns word `word` (32 bits) of the features that the device offers. §2.2 */
  readDeviceFeatures(word: number): number;

  /** Writes word `word` of the features that the driver accepts. */
  writeDriverFeatures(word: number, bits: number): void;

  /** Returns the size up to which queue `index` may be enabled, 0 when there is no such queue. */
  queueSizeMax(index: number): number;

  /** Hands queue `index` to the device. Returns the offset to which its notifications are written, checked once and for all. */
  enableQueue(index: number, place: QueuePlace): Result<MmioOffset, TransportError>;

  /** Returns why the device interrupts (bit 0 a queue, bit 1 the configuration) and takes the interrupt back. §4.1.4.5 */
  acknowledgeInterrupt(): number;

  /** Returns a number that changes whenever the device-specific configuration does. §2.5.1 */
  configGeneration(): number;

  /** Returns an 8-bit field of the device-specific configuration. `offset` is within configLength. */
  readConfig8(offset: number): number;

  /** Returns a 16-bit field. */
  readConfig16(offset: number): number;

  /** Returns a 32-bit field. A 64-bit field is two of them: see readConsistent in config.ts. */
  readConfig32(offset: number): number;
}
