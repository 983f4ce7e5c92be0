// The pages of a simulated machine: whose each of them is. No page can be with two owners: what a driver gives twice, or gives without having it, is a violation.

/** Whose a page is. A device may touch those that it was told of. */
export type SimPageOwner = 'fresh' | 'used' | 'returned' | 'untouched' | 'driver' | 'held';

const PAGE_SIZE = 4096;
const LIST_COUNT = 3;
const BALLOON = 0;
const LENT = 1;
const HINTED = 2;

/** Pages from `start` on, all of them fresh at first. */
export class SimPages {
  readonly start: number;
  readonly owners: SimPageOwner[];
  /** By list, the page numbers in it. */
  readonly held: number[][] = Array.from({ length: LIST_COUNT }, () => []);
  mayLend = false;
  private readonly violate: (text: string) => void;

  constructor(start: number, count: number, violate: (text: string) => void) {
    this.start = start;
    this.owners = Array.from({ length: count }, () => 'fresh' as SimPageOwner);
    this.violate = violate;
  }

  /** Returns whether all of a range are pages of these. */
  has(address: number, length: number): boolean {
    return address >= this.start && address + length <= this.start + this.owners.length * PAGE_SIZE;
  }

  /** Returns the indices of the pages of a range. */
  indicesAt(address: number, length: number): number[] {
    return Array.from({ length: length / PAGE_SIZE }, (_, i) => (address - this.start) / PAGE_SIZE + i);
  }

  /** Returns the indices of all free pages. */
  free(): number[] {
    return this.indicesOf('returned', 'fresh', 'untouched');
  }

  /** Returns the indices of the pages of some owners. */
  indicesOf(...owners: SimPageOwner[]): number[] {
    const indices: number[] = [];
    for (let index = 0; index < this.owners.length; index++)
      if (owners.includes(this.owners[index]!)) indices.push(index);
    return indices;
  }

  /** Allocates a page, as a program does that touches memory. Returns its index, undefined when memory is short. */
  allocate(): number | undefined {
    for (const owner of ['returned', 'fresh', 'untouched'] as const) {
      const index = this.owners.indexOf(owner);
      if (index < 0) continue;
      this.owners[index] = 'used';
      return index;
    }
    return this.lend() ? this.allocate() : undefined;
  }

  /** Frees a page that was allocated. */
  release(index: number): void {
    if (this.owners[index] !== 'used') throw new Error(`page ${index} is not in use`);
    this.owners[index] = 'returned';
  }

  takeRun(most: number, withUntouched: boolean): number {
    for (const owner of ['returned', 'fresh', ...(withUntouched ? (['untouched'] as const) : [])] as const) {
      const last = this.owners.lastIndexOf(owner);
      if (last < 0) continue;
      let first = last;
      while (last - first + 1 < most && this.owners[first - 1] === owner) first -= 1;
      this.owners.fill('driver', first, last + 1);
      return this.runOf(first, last - first + 1);
    }
    return 0;
  }

  giveRun(run: number): void {
    this.move(run, 'driver', 'untouched');
  }

  put(list: number, run: number): boolean {
    this.move(run, 'driver', 'held');
    for (const index of this.indices(run)) this.held[list]!.push(index);
    return true;
  }

  take(list: number, most: number): number {
    const all = this.held[list]!;
    const last = all.at(-1);
    if (last === undefined) return 0;
    let count = 1;
    while (count < Math.min(most, all.length) && all.at(-1 - count) === last - count) count += 1;
    all.length -= count;
    const first = last - count + 1;
    if (list !== LENT) this.owners.fill('driver', first, last + 1); // What was lent is somebody's already.
    return this.runOf(first, count);
  }

  private lend(): boolean {
    const list = this.held[HINTED]!.length > 0 ? HINTED : BALLOON;
    const index = this.held[list]!.at(-1);
    if (index === undefined || (list === BALLOON && !this.mayLend)) return false;
    this.held[list]!.pop();
    this.owners[index] = 'untouched';
    if (list === BALLOON) this.held[LENT]!.push(index);
    return true;
  }

  private move(run: number, from: SimPageOwner, to: SimPageOwner): void {
    for (const index of this.indices(run)) {
      if (this.owners[index] !== from) this.violate(`page ${index} is ${this.owners[index]}, expected ${from}`);
      this.owners[index] = to;
    }
  }

  private runOf(index: number, count: number): number {
    return this.start + index * PAGE_SIZE + count - 1;
  }

  private indices(run: number): number[] {
    const first = (Math.floor(run / PAGE_SIZE) * PAGE_SIZE - this.start) / PAGE_SIZE;
    return Array.from({ length: (run % PAGE_SIZE) + 1 }, (_, i) => first + i);
  }
}
