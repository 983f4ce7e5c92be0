// A device that serves one ring in its own time: takes chains, returns them in any order its features allow, sleeps and wakes.
// What it does next is decided by a source of random numbers, so that a run can be repeated.

import type { SimRing } from './ring.ts';
import { IN_ORDER, type SimChain } from './ring-layout.ts';

/** Returns an integer from 0 up to `limit`. */
export type Below = (limit: number) => number;

/** A chain that the device returned, with what the driver must see. */
export interface Returned {
  readonly head: number;
  readonly length: number;
}

export class SimRingWorker {
  readonly ring: SimRing;
  /** Called with each chain that the device takes. */
  onTake: (chain: SimChain) => void = () => {};
  /** What was returned and not yet popped, in the order of return. */
  readonly returned: Returned[] = [];
  /** Asleep: it looks at the ring again when it is notified. */
  isAsleep = false;
  private readonly held: SimChain[] = [];
  private readonly below: Below;

  constructor(ring: SimRing, below: Below) {
    this.ring = ring;
    this.below = below;
    ring.stopNotifications();
  }

  /** Returns how many chains it has. */
  get heldCount(): number {
    return this.held.length;
  }

  /** The doorbell. */
  notify(): void {
    if (!this.isAsleep) return;
    this.isAsleep = false;
    this.ring.stopNotifications();
  }

  /** Does one thing. */
  step(): void {
    const action = this.below(4);
    if (action === 0) this.giveSome();
    else if (!this.isAsleep && !this.take() && action === 1) this.sleep();
  }

  /** Takes one chain. Returns false when there is none. */
  take(): boolean {
    const chain = this.ring.takeOne();
    if (chain === undefined) return false;
    this.onTake(chain);
    this.held.push(chain);
    return true;
  }

  /** Asks for a notification, looks once more, and sleeps when there is nothing. */
  sleep(): void {
    if (this.ring.askForNotifications()) this.ring.stopNotifications();
    else this.isAsleep = true;
  }

  /** Returns one chain, any of them; with IN_ORDER the oldest, or a batch from the oldest on. */
  giveSome(): void {
    if (this.held.length === 0) return;
    const isInOrder = this.ring.has(IN_ORDER);
    const batch = isInOrder
      ? this.held.splice(0, 1 + this.below(this.held.length))
      : this.held.splice(this.below(this.held.length), 1);
    const last = batch.at(-1)!;
    const length = this.below(writableLength(last) + 1);
    for (const chain of batch) {
      this.returned.push({ head: chain.head, length: chain === last ? length : writableLength(chain) });
    }
    this.ring.giveBatch(
      batch.map(({ head }) => head),
      length,
    );
  }
}

const writableLength = ({ writable }: SimChain): number => writable.reduce((sum, { length }) => sum + length, 0);
