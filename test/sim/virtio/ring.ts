// The device's side of a virtqueue, written from VIRTIO 1.2 §2.7 and §2.8. It walks chains, answers, and asks for notifications as a device
// does, and reports what a driver must not do as violations. The layouts are in ring-split.ts and ring-packed.ts.

import type { SimMachine } from '../machine.ts';
import { RING_PACKED, type SimChain, type SimRingLayout, type SimRingWatcher } from './ring-layout.ts';
import { SimBusMemory } from './ring-memory.ts';
import { SimPackedRing } from './ring-packed.ts';
import { SimSplitRing } from './ring-split.ts';

/** One queue as the registers describe it. Addresses are those of the bus. */
export class SimRing {
  size: number;
  enabled = false;
  descriptors = 0;
  driver = 0;
  device = 0;
  /** What was negotiated, in words of 32 bits. Set before the ring is used. */
  features: readonly number[] = [];
  /** As QEMU's devices, a packed ring returns chains without the flag that says whether something was written. */
  leavesWriteFlagOut = false;
  /** Interrupts that an honest device would have sent. */
  interrupts = 0;
  watcher: SimRingWatcher<SimRing> | undefined;
  readonly machine: SimMachine;
  readonly memory: SimBusMemory;
  private made: SimRingLayout | undefined;
  private readonly onInterrupt: () => void;

  constructor(machine: SimMachine, size: number, onInterrupt: () => void = () => {}) {
    this.machine = machine;
    this.onInterrupt = onInterrupt;
    this.size = size;
    this.memory = new SimBusMemory(machine);
  }

  /** Returns whether feature `bit` was negotiated. */
  has(bit: number): boolean {
    return (((this.features[bit >> 5] ?? 0) >>> (bit & 31)) & 1) !== 0;
  }

  /** Returns the chains that are available and not taken yet, in order. */
  take(): SimChain[] {
    const chains: SimChain[] = [];
    for (let chain = this.takeOne(); chain !== undefined; chain = this.takeOne()) chains.push(chain);
    return chains;
  }

  /** Returns the next available chain, undefined when there is none. */
  takeOne(): SimChain | undefined {
    const chain = this.layout.takeOne();
    if (chain !== undefined) this.watcher?.taken(this, chain);
    return chain;
  }

  /** Gives one chain back, `length` bytes of it written. Heads that were never taken are given back as readily. */
  give(head: number, length: number): void {
    this.giveBatch([head], length);
  }

  /** Gives chains back that were taken in this order, with one answer. With IN_ORDER. */
  giveBatch(heads: readonly number[], length: number): void {
    if (this.watcher === undefined) this.giveNow(heads, length);
    else this.watcher.give(this, heads, length);
  }

  /** The same, whoever watches. */
  giveNow(heads: readonly number[], length: number): void {
    this.layout.giveBatch(heads, length);
    if (!this.layout.wantsInterrupt()) return;
    this.interrupts++;
    this.onInterrupt();
  }

  skip(count: number): void {
    this.layout.skip(count);
  }

  stopNotifications(): void {
    this.layout.stopNotifications();
  }

  /** Asks for a notification. Returns true when something is available already, of which there may come none. */
  askForNotifications(): boolean {
    this.layout.askForNotifications();
    return this.layout.hasMore();
  }

  /** Whether a chain is available and not taken. */
  get hasMore(): boolean {
    return this.layout.hasMore();
  }

  violate(text: string): void {
    this.machine.violate(text);
  }

  private get layout(): SimRingLayout {
    this.made ??= this.has(RING_PACKED) ? new SimPackedRing(this) : new SimSplitRing(this);
    return this.made;
  }
}
