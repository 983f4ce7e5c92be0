// What a SCSI bus can do for those who use one: the disks on it, which come and go.
//
// A disk on it is a BlockDevice (block.ts): who takes one of those takes this one as well.

import type { BlockDevice, BlockOptions } from './block.ts';
import { DeviceFailure, type FailureKind } from './failure.ts';

/** What a logical unit says of a command that it could not do. SPC-5 §4.4 */
export interface ScsiSense {
  /** Sense key: 3 is a medium error, 5 an illegal request, and so on. */
  readonly key: number;
  /** Additional sense code and its qualifier. */
  readonly code: number;
  readonly qualifier: number;
  /** The three in words: `medium error: unrecovered read error (3/11/00)`. */
  readonly text: string;
}

/** A DeviceFailure of a command that a logical unit has refused, with the sense that it gave. Not every failure of a disk here is one. */
export class ScsiFailure extends DeviceFailure {
  readonly sense: ScsiSense;

  constructor(kind: FailureKind, sense: ScsiSense) {
    super(kind, sense.text);
    this.sense = sense;
  }
}

/** A logical unit that can be read block by block: a disk, or a drive for CDs, which is read-only and has blocks of 2048 bytes. */
export interface ScsiDisk extends BlockDevice {
  readonly kind: 'disk' | 'cd';
  readonly target: number;
  readonly lun: number;
  /** Without the spaces behind them. */
  readonly vendor: string;
  readonly product: string;
  readonly revision: string;
  /** What identifies it in the world: `naa.5000c50015ea71ac`, `eui.0011223344556677`, `t10.ATA QEMU`. May be none. */
  readonly ids: readonly string[];
  /** Its medium can be taken out. */
  readonly isRemovable: boolean;
  /** As it was found last. A disk without a medium has no sectors; a request to it looks again first. */
  readonly hasMedium: boolean;

  /** Looks whether there is a medium, and at its capacity. Is fulfilled with whether there is one. */
  checkMedium(options?: BlockOptions): Promise<boolean>;

  /**
   * Calls `listener` whenever the medium was found to be another one, or gone: by `checkMedium`, or by a request, which then rejects with `no-medium`. Drives for CDs
   * do not say so of themselves. Returns the function that ends it.
   */
  onMediumChange(listener: (hasMedium: boolean) => void): () => void;
}

/** A SCSI host and the disks on its bus. Promises reject with a DeviceFailure (failure.ts). */
export interface ScsiBus {
  /** Where it is and what it is: `0000:00:02.0 virtio-scsi`. */
  readonly name: string;
  readonly featureNames: readonly string[];

  /** The disks that are there, by target and logical unit. Another list after each change. */
  readonly disks: readonly ScsiDisk[];

  /** Looks for disks at every target. Is fulfilled when `disks` is up to date. Needed only where the host does not tell by itself (HOTPLUG). */
  scan(): Promise<void>;

  /** Calls `listener` for each disk that has come or gone. Requests to one that has gone reject with `removed`. Returns the function that ends it. */
  onChange(listener: (disk: ScsiDisk, isThere: boolean) => void): () => void;

  /** Is fulfilled when all disks are done and flushed, and the host was reset. What is asked for afterwards rejects: `closed`. */
  close(): Promise<void>;
}
