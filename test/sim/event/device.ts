// A device that does one thing: answer requests, each after a while. An event source without a bus, a queue or a driver.

import type { EventSource } from '../../../kernel/event/source.ts';
import { wake } from '../../../kernel/event/source.ts';
import { theMachine } from '../machine.ts';

/** What a test may make different. */
export interface SimEventOptions {
  /** The vector it sends; 0 is a device that cannot interrupt. */
  readonly vector?: number;
  /** How long an answer takes, in nanoseconds. */
  readonly answerNs?: number;
  /** When a request is given up, in nanoseconds after it was made. */
  readonly deadlineNs?: number;
  /** Answers without the interrupt that was asked for. */
  readonly isSilent?: boolean;
}

/** The device and its driver in one. */
export class SimEventDevice implements EventSource {
  pendingCount = 0;
  wakeAt = Infinity;
  /** What the loop asked, in order: `poll`, `spin`, `arm`. */
  readonly calls: string[] = [];
  /** Done inside arm(), between asking for an interrupt and the second look: the gap in which events used to be lost. */
  inGap: (() => void) | undefined;

  private readonly vector: number;
  private readonly answerNs: number;
  private readonly deadlineNs: number;
  private readonly isSilent: boolean;
  private waiting: ((answer: string) => void)[] = [];
  private answered = 0;
  private isArmed = false;

  constructor({ vector = 0, answerNs = 1000, deadlineNs = Infinity, isSilent = false }: SimEventOptions = {}) {
    this.vector = vector;
    this.answerNs = answerNs;
    this.deadlineNs = deadlineNs;
    this.isSilent = isSilent;
  }

  /** Submits a request, which the device will answer by itself. */
  request(): Promise<string> {
    return new Promise((resolve) => {
      this.submit(resolve);
      theMachine().after(this.answerNs, () => this.answer());
    });
  }

  /** Submits a request that is answered when somebody says so. */
  submit(done: (answer: string) => void): void {
    this.waiting.push(done);
    this.pendingCount++;
    this.wakeAt = Math.min(this.wakeAt, theMachine().now + this.deadlineNs);
    wake(this);
  }

  /** The device answers one request. */
  answer(): void {
    this.answered++;
    if (this.isArmed && this.vector !== 0 && !this.isSilent) theMachine().interrupts.raise(this.vector);
    this.isArmed = false;
  }

  poll(): boolean {
    this.calls.push('poll');
    const isLate = theMachine().now >= this.wakeAt;
    const count = isLate ? this.waiting.length : this.answered;
    for (const done of this.waiting.splice(0, count)) done(isLate ? 'too late' : 'done');
    this.answered = 0;
    this.pendingCount = this.waiting.length;
    if (this.pendingCount === 0) this.wakeAt = Infinity;
    return count > 0;
  }

  spin(deadline: number): boolean {
    this.calls.push('spin');
    do {
      if (this.answered > 0) return true;
      if (theMachine().interrupts.isNoted) return false;
    } while (theMachine().tick() < deadline);
    return false;
  }

  arm(): boolean {
    this.calls.push('arm');
    this.isArmed = true;
    this.inGap?.();
    if (this.answered === 0 && (this.vector !== 0 || this.pendingCount === 0)) return true;
    this.isArmed = false;
    return false;
  }
}
