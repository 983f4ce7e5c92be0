// The blocks of a simulated machine: which are in use by its allocator, and where there is memory at all. A block that is taken into use without memory behind it would
// destroy what is put there.

/** Blocks by their addresses. */
export class SimPlugged {
  /** Where regions may be: from 4 GiB to 1 TiB. */
  readonly start = 2 ** 32;
  readonly end = 2 ** 40;
  /** Blocks that the allocator has, with whether a page of them is in use. */
  readonly blocks = new Map<number, boolean>();
  /** Says whether there is memory at an address: the device's own word on what it has plugged. */
  isMemory: (address: number) => boolean = () => false;
  /** Blocks that the allocator can take, before it has no page for its tables. */
  roomLeft = Infinity;
  private readonly violate: (text: string) => void;

  constructor(violate: (text: string) => void) {
    this.violate = violate;
  }

  open(address: number, length: number): boolean {
    return address >= this.start && address + length <= this.end;
  }

  add(address: number, length: number): boolean {
    if (this.blocks.has(address))
      this.violate(`block 0x${address.toString(16)} of ${length} bytes is taken into use twice`);
    if (!this.isMemory(address) || this.roomLeft === 0) return false;
    this.roomLeft -= 1;
    this.blocks.set(address, false);
    return true;
  }

  remove(address: number, _length: number): boolean {
    if (this.blocks.get(address) !== false) return false;
    this.blocks.delete(address);
    return true;
  }

  has(address: number): boolean {
    return this.blocks.has(address);
  }

  /** Uses a page of a block, or no page of it any more. */
  use(address: number, isUsed: boolean): void {
    if (!this.blocks.has(address)) throw new Error(`there is no block 0x${address.toString(16)}`);
    this.blocks.set(address, isUsed);
  }
}
