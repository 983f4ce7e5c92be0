// A simulated virtio balloon, written from VIRTIO 1.2 §5.5. A test plays the host: it says how large the balloon is to be, asks for figures, moves the machine; and it
// may have the device answer wrongly, late or never. The device knows which pages it has: what it is told of them twice, or too soon, is a violation.

import type { SimMachine } from '../machine.ts';
import { SimVirtioDevice, type SimVirtioOptions } from './device.ts';
import type { SimRing } from './ring.ts';
import type { SimBuffer, SimChain } from './ring-layout.ts';

/** How to answer other than correctly. */
export interface SimBalloonAnswer {
  readonly usedHead?: number;
  readonly usedLength?: number;
  /** How often the used element is put into the ring. */
  readonly times?: number;
  /** Nanoseconds until the answer; Infinity for never. */
  readonly delay?: number;
}

export interface SimBalloonOptions extends Partial<Omit<SimVirtioOptions, 'onNotify' | 'deviceType'>> {
  /** num_pages at the start. */
  readonly wishPages?: number;
}

const MUST_TELL_HOST = 0;
const STATS_VQ = 1;
const DEFLATE_ON_OOM = 2;
const FREE_PAGE_HINT = 3;
const PAGE_POISON = 4;
const PAGE_REPORTING = 5;

/** All features of its own. */
export const ALL_FEATURES = [MUST_TELL_HOST, STATS_VQ, DEFLATE_ON_OOM, FREE_PAGE_HINT, PAGE_POISON, PAGE_REPORTING];

const INFLATE = 0;
const DEFLATE = 1;
const STATISTICS = 2;

const NUM_PAGES = 0;
const ACTUAL = 4;
const COMMAND = 8;
const POISON = 12;
const PAGE_SIZE = 4096;
const STATISTIC_SIZE = 10;

/** The balloon. */
export class SimBalloonDevice {
  readonly device: SimVirtioDevice;
  /** Numbers of the pages in it, as it was told. */
  readonly inside = new Set<number>();
  /** What it was told, request by request: `inflate 4`, `deflate 2`, `report 1`, `command 7`, `hint 3`. */
  readonly requests: string[] = [];
  /** The figures of each buffer of the statistics queue, by tag. */
  readonly figures: Map<number, number>[] = [];
  /** Values of `actual`, as they were written. */
  readonly sizes: number[] = [];
  poison: number | undefined;
  /** Decides how a request of a kind is answered; an empty answer is the correct one. */
  answer: (kind: string) => SimBalloonAnswer = () => ({});
  private readonly machine: SimMachine;
  private readonly view: DataView;
  private readonly memory: DataView;
  private figuresChain: SimChain | undefined;
  private resetCount = 0;

  constructor(machine: SimMachine, options: SimBalloonOptions = {}) {
    const config = options.config ?? new Uint8Array(16);
    this.machine = machine;
    this.view = new DataView(config.buffer);
    this.memory = new DataView(machine.dma.buffer);
    if (config.length >= 4) this.view.setUint32(NUM_PAGES, options.wishPages ?? 0, true);
    this.device = new SimVirtioDevice(machine, {
      features: [STATS_VQ, 32],
      queueSizes: [128, 128, 128, 128, 32],
      ...options,
      config,
      deviceType: 5,
      onConfigWrite: (offset, width) => this.configWritten(offset, width),
      onNotify: (device, queue) => this.work(device.rings[queue]!, queue),
    });
  }

  /** The host wants a balloon of so many pages. */
  wish(pageCount: number): void {
    this.view.setUint32(NUM_PAGES, pageCount, true);
    this.device.interrupts.config();
  }

  /** The host moves the machine: a command of §5.5.6.5. */
  command(id: number): void {
    this.view.setUint32(COMMAND, id, true);
    this.device.interrupts.config();
  }

  /** The host wants figures. */
  askForFigures(): void {
    const chain = this.figuresChain;
    if (chain === undefined) throw new Error('the device has no buffer for figures');
    this.figuresChain = undefined;
    this.device.rings[STATISTICS]!.give(chain.head, 0);
  }

  /** A device that was reset has no pages and no buffers. */
  private forgetIfReset(): void {
    const resetCount = this.device.statusWrites.filter((status) => status === 0).length;
    if (resetCount === this.resetCount) return;
    this.resetCount = resetCount;
    this.inside.clear();
    this.figuresChain = undefined;
  }

  private configWritten(offset: number, width: number): void {
    if (width !== 4) this.machine.violate(`${width} bytes of the configuration are written at once`);
    if (offset === ACTUAL) this.sizes.push(this.view.getUint32(ACTUAL, true));
    else if (offset === POISON && this.device.has(PAGE_POISON)) {
      if ((this.device.status & 4) !== 0) this.machine.violate('poison_val is written to a live device'); // §5.5.6.6.1
      this.poison = this.view.getUint32(POISON, true);
    } else this.machine.violate(`the configuration is written at ${offset}`);
  }

  private work(ring: SimRing, queue: number): void {
    this.forgetIfReset();
    const chains = ring.take();
    ring.askForNotifications();
    for (const chain of chains) {
      if (queue === STATISTICS) this.takeFigures(chain);
      else this.serve(ring, chain, queue);
    }
  }

  private serve(ring: SimRing, chain: SimChain, queue: number): void {
    const kind = this.kindOf(queue, chain);
    this.requests.push(kind);
    const answer = this.answer(kind);
    const finish = (): void => {
      this.act(queue, chain);
      for (let i = 0; i < (answer.times ?? 1); i++) ring.give(answer.usedHead ?? chain.head, answer.usedLength ?? 0);
    };
    if (answer.delay === undefined) finish();
    else if (answer.delay !== Number.POSITIVE_INFINITY) this.machine.after(answer.delay, finish);
  }

  private kindOf(queue: number, chain: SimChain): string {
    const [page] = chain.readable;
    if (queue === INFLATE) return `inflate ${this.numbersOf(chain).length}`;
    if (queue === DEFLATE) return `deflate ${this.numbersOf(chain).length}`;
    if (page !== undefined) return `command ${this.memory.getUint32(page.offset, true)}`;
    const count = chain.writable.reduce((sum, each) => sum + this.pagesOf(each).length, 0);
    return `${this.device.has(FREE_PAGE_HINT) && queue === 3 ? 'hint' : 'report'} ${count}`;
  }

  private act(queue: number, chain: SimChain): void {
    for (const number of queue > DEFLATE ? [] : this.numbersOf(chain)) {
      const isInside = this.inside.has(number);
      if (isInside === (queue === INFLATE)) {
        this.machine.violate(`page ${number} is ${isInside ? 'inflated twice' : 'deflated, and not in the balloon'}`);
      }
      if (queue === INFLATE) this.inside.add(number);
      else this.inside.delete(number);
    }
  }

  /** Returns the numbers of the pages that a request names: those of the machine's free memory, each an own one. */
  private numbersOf(chain: SimChain): number[] {
    const numbers: number[] = [];
    for (const { offset, length } of chain.readable) {
      if (length % 4 !== 0) this.machine.violate(`a list of ${length} bytes`);
      for (let at = offset; at < offset + length; at += 4) numbers.push(this.memory.getUint32(at, true));
    }
    if (new Set(numbers).size !== numbers.length) this.machine.violate('a page is named twice');
    for (const number of numbers) {
      if (!this.machine.pages.has(number * PAGE_SIZE, PAGE_SIZE))
        this.machine.violate(`page ${number} is no free page`);
    }
    return numbers;
  }

  /** Pages that the device may write to must be nobody's while it has them. */
  private pagesOf({ address, length }: SimBuffer): number[] {
    if (address === undefined) {
      this.machine.violate('something other than free pages is reported');
      return [];
    }
    const indices = this.machine.pages.indicesAt(address, length);
    for (const index of indices) {
      const owner = this.machine.pages.owners[index];
      if (owner !== 'driver' && owner !== 'held') this.machine.violate(`page ${index} is given away, and ${owner}`);
    }
    return indices;
  }

  private takeFigures(chain: SimChain): void {
    if (this.figuresChain !== undefined) this.machine.violate('two buffers of figures at a time'); // §5.5.6.3.1
    this.figuresChain = chain;
    const figures = new Map<number, number>();
    for (const { offset, length } of chain.readable) {
      if (length % STATISTIC_SIZE !== 0 || length % 6 !== 0) this.machine.violate(`figures of ${length} bytes`);
      for (let at = offset; at < offset + length; at += STATISTIC_SIZE) {
        figures.set(this.memory.getUint16(at, true), Number(this.memory.getBigUint64(at + 2, true)));
      }
    }
    this.figures.push(figures);
  }
}
