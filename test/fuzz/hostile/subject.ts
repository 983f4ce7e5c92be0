// A class of devices under attack: how one is simulated, how its real driver is started, and what a program then asks of it.

import type { Live } from '../../../drivers/virtio/live.ts';
import { type DmaPool, dmaAllocate } from '../../../kernel/hal/dma-pool.ts';
import type { Random } from '../../native/random.ts';
import type { SimMachine } from '../../sim/machine.ts';
import type { SimVirtioDevice, SimVirtioOptions } from '../../sim/virtio/device.ts';

/** A simulated device: one of test/sim/virtio. */
export interface Sim {
  readonly device: SimVirtioDevice;
}

/** What a device of a class is like: the class's own options, besides those that all have. */
export type Options = Partial<SimVirtioOptions>;

/** One class. `Api` is what its opener returns. */
export interface Subject<S extends Sim, Api> {
  readonly name: string;
  /** Feature bits of the class that the device may offer. */
  readonly features: readonly number[];
  make(machine: SimMachine, options: Options, random: Random): S;
  open(live: Live, random: Random): Promise<Api> | Api;
  /** Asks the device for something, through `program`. */
  use(api: Api, program: Program): void;
  /** Something that honest hosts do. */
  host?(sim: S, random: Random): void;
  close(api: Api): Promise<void>;
}

/** Makes the types of a class fit together; what runs them need not know them. */
export const subject = <S extends Sim, Api>(each: Subject<S, Api>): Subject<Sim, unknown> =>
  each as unknown as Subject<Sim, unknown>;

/** Pieces of memory of the program's own, for calls without a copy, and the bytes of each. */
const PIECE_COUNT = 4;
const PIECE_LENGTH = 8192;

/** What the program's calls came to. */
export class Program {
  readonly random: Random;
  /** Calls that a device must settle by itself, or be given up for; and those that wait for what may never be. */
  readonly asked = new Set<() => unknown>();
  readonly waiting = new Set<() => unknown>();
  /** Errors that are not typed. */
  readonly crashes: unknown[] = [];
  private readonly isTyped: (error: unknown) => boolean;
  private readonly controllers: AbortController[] = [];
  private readonly pieces: number[] = [];

  constructor(random: Random, pool: DmaPool, isTyped: (error: unknown) => boolean) {
    this.random = random;
    this.isTyped = isTyped;
    const memory = dmaAllocate(pool, PIECE_COUNT * PIECE_LENGTH, 4096);
    for (let piece = 0; piece < PIECE_COUNT; piece++) this.pieces.push(memory + piece * PIECE_LENGTH);
  }

  /** Notes a call that is settled some time. `then` goes on with what it is fulfilled with. */
  ask<T>(call: () => Promise<T> | T, then: (value: T) => void = () => {}): void {
    this.settle(this.asked, call, then);
  }

  /** Notes one that waits for what may never be. */
  wait<T>(call: () => Promise<T> | T, then: (value: T) => void = () => {}): void {
    this.settle(this.waiting, call, then);
  }

  /** The same as `ask` with memory of the program's own, which it touches no more until then. Nothing happens when all of that is in use. */
  askWithMemory(call: (memory: number) => Promise<unknown>): void {
    const memory = this.pieces.pop();
    if (memory === undefined) return;
    this.ask(() => call(memory).finally(() => this.pieces.push(memory)));
  }

  /** Returns some bytes. */
  bytes(lengthMax: number): Uint8Array {
    return new Uint8Array(this.random.below(lengthMax + 1)).fill(this.random.below(256));
  }

  /** Returns a signal that may be aborted some time; mostly none. */
  signal(): { readonly signal?: AbortSignal } {
    if (!this.random.chance(0.15)) return {};
    const controller = new AbortController();
    this.controllers.push(controller);
    return { signal: controller.signal };
  }

  /** Aborts what can be. */
  abortSome(): void {
    this.controllers.pop()?.abort(ABORTED);
  }

  private settle<T>(calls: Set<() => unknown>, call: () => Promise<T> | T, then: (value: T) => void): void {
    calls.add(call);
    const made = async (): Promise<void> => {
      then(await call());
    };
    const fail = (error: unknown): void => {
      if (error !== ABORTED && !this.isTyped(error)) this.crashes.push(error);
    };
    made()
      .catch(fail)
      .finally(() => calls.delete(call));
  }
}

const ABORTED = new Error('aborted by the program');
