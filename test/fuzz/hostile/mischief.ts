// What a hostile device does: each deed is one step of the fuzzer. Some are honest, so that drivers get far enough to be hurt.

import type { Random } from '../../native/random.ts';
import { MESSAGE_ADDRESS } from '../../sim/interrupts.ts';
import type { SimVirtioDevice } from '../../sim/virtio/device.ts';
import type { SimRing } from '../../sim/virtio/ring.ts';
import { IN_ORDER, type SimChain, type SimRingWatcher } from '../../sim/virtio/ring-layout.ts';
import { forgive, type Place } from './lending.ts';
import { type HostileMachine, lieAbout } from './machine.ts';

const NEEDS_RESET = 64;
const MS = 1_000_000;

/** Interrupts that come at once in a storm. */
const STORM_COUNT = 50;

/** How hostile the device is, as probabilities. */
export interface Malice {
  /** An honest answer is changed on its way. */
  readonly answers: number;
  /** Memory changes right before the driver reads it. */
  readonly memory: number;
}

export class Mischief implements SimRingWatcher<SimRing> {
  /** What was done, in order. */
  readonly deeds: string[] = [];
  malice: Malice = { answers: 0, memory: 0 };
  isRemoved = false;
  /** It has broken a ring: what its own side makes of that from now on says nothing about the driver. */
  hasLied = false;
  private readonly random: Random;
  private readonly machine: HostileMachine;
  private readonly device: SimVirtioDevice;

  constructor(random: Random, machine: HostileMachine, device: SimVirtioDevice) {
    this.random = random;
    this.machine = machine;
    this.device = device;
    device.watch(this);
    machine.lending.beforeRead = (place, ring) => this.disturb(place, ring);
    machine.lending.isCutOff = () => !device.isMmio && !device.pciFunction.reachesMemory;
    const { options } = device;
    const { onNotify } = options;
    Object.assign(options, {
      onNotify: (target: SimVirtioDevice, queue: number) => forgive(() => onNotify(target, queue)),
    });
  }

  enabled(ring: SimRing): void {
    this.machine.lending.place(ring);
  }

  restarted(ring: SimRing): void {
    this.machine.lending.forget(ring);
  }

  taken(ring: SimRing, chain: SimChain): void {
    this.machine.lending.take(ring, chain);
  }

  /** Passes an honest answer on, or something like it. */
  give(ring: SimRing, given: readonly number[], length: number): void {
    const { random } = this;
    if (!this.isLive(ring)) return;
    const heads = this.inOrder(ring, given);
    if (heads.length === 0) return;
    const chain = this.machine.lending.chainsOf(ring)?.get(heads.at(-1)!);
    if (chain === undefined) {
      this.giveLate(ring, heads, length); // An answer from before a reset.
      return;
    }
    if (!random.chance(this.malice.answers)) {
      ring.giveNow(heads, length);
      return;
    }
    switch (random.below(6)) {
      case 0:
        return; // It never comes.
      case 1:
        this.machine.after(random.below(200) * MS, () => {
          if (this.isLive(ring)) this.giveLate(ring, heads, length);
        });
        return;
      case 2:
        ring.giveNow(heads, lieAbout(random, length, 4));
        return;
      case 3:
        ring.giveNow(heads, length);
        this.giveLate(ring, heads, length);
        return;
      default:
        this.spoil(chain);
        ring.giveNow(heads, length);
    }
  }

  /** Returns what is given back with `heads`: with IN_ORDER, which the classes do not keep to, all before the last of them. */
  private inOrder(ring: SimRing, heads: readonly number[]): readonly number[] {
    const chains = this.machine.lending.chainsOf(ring);
    if (!ring.has(IN_ORDER) || chains === undefined) return heads;
    const all = [...chains.keys()];
    return all.slice(0, all.indexOf(heads.at(-1)!) + 1);
  }

  /** Does one deed. `host` is what the host of the device's class may do. */
  step(host: (() => void) | undefined): void {
    const { random } = this;
    if (this.isRemoved) {
      this.note('nothing: it is gone');
      return;
    }
    if (host !== undefined && random.chance(0.3)) {
      this.note('the host acts');
      this.act(host);
      return;
    }
    const rings = this.device.rings.filter((ring) => this.isLive(ring));
    const ring = rings.length === 0 ? undefined : random.pick(rings);
    const deed = random.pick(DEEDS);
    if (deed.needsRing && ring === undefined) this.note('nothing');
    else {
      this.note(ring === undefined ? deed.name : `${deed.name} (queue ${this.device.rings.indexOf(ring)})`);
      this.act(() => deed.act(this, ring!));
    }
  }

  /** It is torn out of the machine. */
  remove(): void {
    if (this.device.isMmio) return;
    this.isRemoved = true;
    this.machine.pci?.remove(2, 0);
    this.device.pciFunction.parent = undefined;
    this.machine.lending.forgetAll();
  }

  /** Gives a chain that the device has; takes one first where it can. */
  giveOne(ring: SimRing, isSpoilt: boolean): void {
    forgive(() => ring.takeOne());
    const chains = [...(this.machine.lending.chainsOf(ring)?.values() ?? [])];
    if (chains.length === 0) return;
    const chain = this.random.pick(chains);
    if (isSpoilt) this.spoil(chain);
    const length = lengthOf(chain);
    const heads = this.inOrder(ring, [chain.head]);
    ring.giveNow(
      heads,
      this.random.pick([length, length, 0, this.random.below(length + 1), lieAbout(this.random, length, 4)]),
    );
  }

  /** Gives a head that it may not have. */
  giveAny(ring: SimRing): void {
    const { random } = this;
    const head = random.pick([
      0,
      1,
      ring.size - 1,
      ring.size,
      random.below(ring.size),
      random.below(2 ** 16),
      0xffff,
      random.below(2 ** 32),
    ]);
    this.giveLie(ring, [head], random.pick([0, 1, 8, 0xffffffff, random.below(5000)]));
  }

  /** Gives what it may not have any more, at any time: in a packed ring that may be over a chain that is being built. */
  private giveLate(ring: SimRing, heads: readonly number[], length: number): void {
    this.lieIn(ring);
    ring.giveNow(heads, length);
  }

  /** Gives what it may not have. It takes first what there is, so that it is known what it does have: in a packed ring, answers lie over what is not taken yet. */
  private giveLie(ring: SimRing, heads: readonly number[], length: number): void {
    this.hasLied = true;
    forgive(() => ring.take());
    if (ring.has(IN_ORDER)) this.lieIn(ring); // The driver takes back all before it, of which the device's side knows nothing.
    ring.giveNow(heads, length);
  }

  /** Moves its place in the ring without an answer: a little, or by more than a ring has. */
  skip(ring: SimRing): void {
    this.lieIn(ring);
    ring.skip(this.random.chance(0.5) ? 1 + this.random.below(4) : this.random.below(2 ** 16));
  }

  /** Writes over what the driver reads of a ring. */
  scribble(ring: SimRing): void {
    const { offset, length } = this.random.pick(this.machine.lending.writableOf(ring));
    this.lieIn(ring);
    this.change({ offset: offset + 2 * this.random.below(length / 2), length: this.random.pick([2, 2, 4, 8]) });
  }

  /** Writes over what it has of the driver's, without giving it back. */
  spoilHeld(ring: SimRing): void {
    for (const chain of this.machine.lending.chainsOf(ring)?.values() ?? [])
      if (this.random.chance(0.5)) this.spoil(chain);
  }

  needReset(): void {
    this.device.status |= NEEDS_RESET;
    this.device.interrupts.config();
  }

  changeStatus(): void {
    this.device.status = lieAbout(this.random, this.device.status, 1) || NEEDS_RESET; // 0 would say that it was reset.
    if (this.random.chance(0.5)) this.device.interrupts.config();
  }

  changeConfig(): void {
    const { config } = this.device.options;
    if (config.length === 0) return;
    const at = this.random.below(Math.min(config.length, 128));
    this.device.changeConfig(at, [lieAbout(this.random, config[at]!, 1)]);
  }

  /** Interrupts for a queue or the configuration, for nothing, or for both; or by a message that nobody asked for. */
  interrupt(count: number): void {
    const { random, device, machine } = this;
    for (let i = 0; i < count; i++) {
      if (random.chance(0.3)) device.interrupts.config();
      else device.interrupts.queue(random.below(device.rings.length));
      if (random.chance(0.1)) machine.interrupts.raise(32 + random.below(224));
    }
    if (random.chance(0.1)) machine.interrupts.message(MESSAGE_ADDRESS, 32 + random.below(224));
  }

  pass(): void {
    this.machine.now += this.random.pick([1, 11, 60, 120, 1000]) * MS;
  }

  /** What the device's own side does wrong is nobody's fault. */
  private act(deed: () => void): void {
    const { violations } = this.machine;
    const { length } = violations;
    forgive(deed);
    violations.length = length;
  }

  private note(deed: string): void {
    this.deeds.push(deed);
  }

  private isLive(ring: SimRing): boolean {
    return !this.isRemoved && ring.enabled && this.machine.lending.chainsOf(ring) !== undefined;
  }

  /** Changes some of the bytes that it may write: mostly the first ones, which are headers, and the last one, which is often a status. */
  private spoil(chain: SimChain): void {
    const { random } = this;
    for (const { offset, length } of chain.writable) {
      if (offset < 0) continue;
      for (let count = 1 + random.below(4); count > 0; count--) {
        const at = random.pick([random.below(Math.min(length, 32)), random.below(length), length - 1]);
        this.change({ offset: offset + at, length: Math.min(random.pick([1, 1, 2, 4, 8]), length - at) });
      }
    }
  }

  /** The driver is about to read what the device can write to: it may find something else than a moment before. */
  private disturb(place: Place, ring: SimRing | undefined): void {
    if (this.malice.memory === 0 || this.isRemoved) return;
    if (!this.random.chance(ring === undefined ? 4 * this.malice.memory : this.malice.memory)) return;
    if (ring !== undefined) this.lieIn(ring);
    this.change(place);
  }

  private lieIn(ring: SimRing): void {
    this.hasLied = true;
    this.machine.lending.doubt(ring);
  }

  private change({ offset, length }: Place): void {
    const { dma } = this.machine;
    const width = Math.min(length, 4);
    let value = 0;
    for (let i = width - 1; i >= 0; i--) value = value * 256 + dma[offset + i]!;
    let lie = lieAbout(this.random, value, width);
    for (let i = 0; i < width; i++, lie = Math.floor(lie / 256)) dma[offset + i] = lie % 256;
  }
}

const lengthOf = ({ writable }: SimChain): number => writable.reduce((sum, { length }) => sum + length, 0);

interface Deed {
  readonly name: string;
  readonly needsRing: boolean;
  readonly act: (mischief: Mischief, ring: SimRing) => void;
}

const often = (count: number, deed: Deed): Deed[] => Array.from({ length: count }, () => deed);

const DEEDS: readonly Deed[] = [
  ...often(30, { name: 'works', needsRing: false, act: () => {} }),
  ...often(10, { name: 'gives a chain', needsRing: true, act: (mischief, ring) => mischief.giveOne(ring, false) }),
  ...often(10, {
    name: 'gives a spoilt chain',
    needsRing: true,
    act: (mischief, ring) => mischief.giveOne(ring, true),
  }),
  ...often(2, { name: 'gives what it may not have', needsRing: true, act: (mischief, ring) => mischief.giveAny(ring) }),
  ...often(2, { name: 'scribbles in the ring', needsRing: true, act: (mischief, ring) => mischief.scribble(ring) }),
  ...often(5, { name: 'spoils what it has', needsRing: true, act: (mischief, ring) => mischief.spoilHeld(ring) }),
  { name: 'skips answers', needsRing: true, act: (mischief, ring) => mischief.skip(ring) },
  { name: 'needs a reset', needsRing: false, act: (mischief) => mischief.needReset() },
  { name: 'changes its status', needsRing: false, act: (mischief) => mischief.changeStatus() },
  ...often(4, { name: 'changes its configuration', needsRing: false, act: (mischief) => mischief.changeConfig() }),
  ...often(4, { name: 'interrupts', needsRing: false, act: (mischief) => mischief.interrupt(1) }),
  ...often(2, { name: 'storms', needsRing: false, act: (mischief) => mischief.interrupt(STORM_COUNT) }),
  ...often(4, { name: 'lets time pass', needsRing: false, act: (mischief) => mischief.pass() }),
  { name: 'is torn out', needsRing: false, act: (mischief) => mischief.remove() },
];
