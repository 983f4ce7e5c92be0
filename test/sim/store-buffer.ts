// What an x86 processor may do with stores: it holds them back, in order, while its own loads go ahead. A fence empties the buffer, and so does
// anything that touches a device register.
//
//   driver ──store──▶ [ oldest … newest ] ──▶ memory ◀── device
//      ▲                                        │
//      └──────────────── load ──────────────────┘
//
// Between any two accesses of the driver something else may happen: `between`, which tests use to let the device run.

import type { SimProcessorMemory } from './machine.ts';

interface HeldStore {
  readonly offset: number;
  readonly width: number;
  readonly store: () => void;
}

/** How a processor with a store buffer behaves. */
export interface StoreBufferOptions {
  /** Stores held back at most; 0 for none. */
  readonly depth: number;
  /** Whether a fence is one. QEMU's emulator drops the guest's on a machine with one processor. */
  readonly fenceWorks: boolean;
  /** Called before each access. */
  between(): void;
  /** Returns how many of the held stores, of `count`, reach memory now. */
  drains(count: number): number;
}

/** Install as `processorMemory` of a machine. */
export class SimStoreBuffer implements SimProcessorMemory {
  private readonly options: StoreBufferOptions;
  private readonly held: HeldStore[] = [];

  constructor(options: StoreBufferOptions) {
    this.options = options;
  }

  /** Whether all that was stored is in memory. */
  get isEmpty(): boolean {
    return this.held.length === 0;
  }

  beforeRead(offset: number, width: number): void {
    this.options.between();
    // A load that meets a held store takes its value from there. Here the store reaches memory first, which is one of the orders allowed.
    const last = this.held.findLastIndex(
      (store) => offset < store.offset + store.width && store.offset < offset + width,
    );
    this.release(last + 1);
    this.release(this.options.drains(this.held.length));
  }

  write(offset: number, width: number, store: () => void): void {
    this.options.between();
    this.held.push({ offset, width, store });
    this.release(Math.max(this.held.length - this.options.depth, this.options.drains(this.held.length)));
  }

  fence(): void {
    if (this.options.fenceWorks) this.drain();
    this.options.between();
  }

  /** Empties the buffer: what a doorbell does, and time. */
  drain(): void {
    this.release(this.held.length);
  }

  private release(count: number): void {
    for (const { store } of this.held.splice(0, count)) store();
  }
}
