// The machine of a hostile device: registers and configuration space may lie, memory is guarded, and nothing goes on for ever.

import type { Random } from '../../native/random.ts';
import { SimMachine } from '../../sim/machine.ts';
import { SimBus, type SimFunction } from '../../sim/pci.ts';
import { forgive, Hang, Lending } from './lending.ts';

/** Accesses of the driver in one turn. The longest honest one, a reset that never ends at the shortest clock step, takes a tenth of them. */
const ACCESS_COUNT_MAX = 1_000_000;

const PORTS = 2 ** 32;
const CONFIG_SPACE = 2 ** 33;

/** When nothing is due, a halt ends after so long: something else has interrupted. */
const HALT_NS = 10_000_000;

/** A register that lies: what it shows, and how often still. */
interface Lie {
  readonly value: number;
  left: number;
}

export class HostileMachine extends SimMachine {
  readonly lending = new Lending(this);
  isHung = false;
  /** How likely a register lies when it is read, and configuration space. */
  registerLies = 0;
  configLies = 0;
  /** Lies that were told. */
  lieCount = 0;
  /** The machine halted, and nothing would ever have woken it. */
  isForgotten = false;
  private readonly random: Random;
  private readonly lies = new Map<number, Lie>();
  private accessesLeft = ACCESS_COUNT_MAX;

  constructor(random: Random, dmaLength: number) {
    super(dmaLength);
    this.random = random;
    this.memoryGuard = (offset, length, isWrite) => {
      this.spend();
      this.lending.judge(offset, length, isWrite);
    };
  }

  /** Puts a bus into the machine, with one function on it whose configuration space may lie. */
  addBus(pciFunction: SimFunction | undefined, device: number): void {
    this.pci = new HostileBus(this);
    if (pciFunction === undefined) return;
    this.pci.add(device, 0, pciFunction);
    const read = pciFunction.read.bind(pciFunction);
    pciFunction.read = (offset, width) => {
      this.spend();
      return this.told(CONFIG_SPACE + offset, read(offset, width), width, this.configLies);
    };
  }

  /** Begins a turn: the driver may make as many accesses as in any. */
  beginTurn(): void {
    this.accessesLeft = ACCESS_COUNT_MAX;
  }

  /** Nobody asks what it was. */
  override noteAccess(): void {}

  override tick(): number {
    this.spend();
    return super.tick();
  }

  override mmioRead(offset: number, width: number): number {
    this.spend();
    return this.told(
      offset,
      this.unharmed(() => super.mmioRead(offset, width), width),
      width,
      this.registerLies,
    );
  }

  override mmioWrite(offset: number, width: number, value: number): void {
    this.spend();
    this.unharmed(() => {
      super.mmioWrite(offset, width, value);
      return 0;
    }, width);
  }

  override after(delay: number, action: () => void): void {
    super.after(delay, () => {
      const { length } = this.violations;
      forgive(action);
      this.violations.length = length;
    });
  }

  override idle(deadline: number): void {
    try {
      super.idle(deadline);
    } catch (error) {
      if (error instanceof Hang) throw error;
      this.isForgotten = true;
      this.now += HALT_NS;
    }
  }

  /** Returns what a register shows that holds `value`. `name` is its offset in the window, behind which ports and configuration space have theirs. */
  told(name: number, value: number, width: number, probability: number): number {
    const { random, lies } = this;
    if (probability === 0 && lies.size === 0) return value;
    const known = lies.get(name);
    if (known !== undefined && known.left > 0) {
      known.left--;
      this.lieCount++;
      return known.value % 2 ** (8 * width);
    }
    if (probability === 0 || !random.chance(probability)) return value;
    const lie = lieAbout(random, value, width);
    this.lieCount++;
    lies.set(name, { value: lie, left: random.pick([0, 0, 0, 1, 5, 100, Number.POSITIVE_INFINITY]) });
    return lie;
  }

  /** The device tells the truth from now on. */
  repent(): void {
    this.registerLies = 0;
    this.configLies = 0;
    this.lies.clear();
  }

  /** Counts an access. Throws a Hang when they are too many. */
  spend(): void {
    if (--this.accessesLeft > 0) return;
    this.isHung = true;
    throw new Hang('the driver does not come to an end');
  }

  /** What the device's side throws is no failure of the driver. An access that no device would ever see is. */
  private unharmed(action: () => number, width: number): number {
    try {
      return action();
    } catch (error) {
      if (error instanceof Hang || (error instanceof RangeError && /^MMIO access|does not fit/.test(error.message)))
        throw error;
      return 2 ** (8 * width) - 1;
    }
  }
}

/** Ports are registers, too. */
class HostileBus extends SimBus {
  private readonly machine: HostileMachine;

  constructor(machine: HostileMachine) {
    super();
    this.machine = machine;
  }

  override readPort(port: number, width: number): number | undefined {
    this.machine.spend();
    const value = super.readPort(port, width);
    return value === undefined ? undefined : this.machine.told(PORTS + port, value, width, this.machine.registerLies);
  }
}

/** Returns something other than `value`: near to it, at an end of the range, a bit of it, or anything. */
export const lieAbout = (random: Random, value: number, width: number): number => {
  const limit = 2 ** (8 * width);
  const bit = 2 ** random.below(8 * width);
  const others = [
    0,
    limit - 1,
    limit / 2,
    Math.floor(value / bit) % 2 === 0 ? value + bit : value - bit,
    (value + 1) % limit,
    (value + limit - 1) % limit,
    random.below(limit),
    random.below(300) % limit,
  ];
  return random.pick(others);
};
