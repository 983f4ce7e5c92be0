// One device, from before it is found to after it is closed, and what holds after each of its deeds:
//
//  - the driver touches no memory but its own, and none that the device has
//  - it comes to an end: in each turn, and with each call
//  - what it throws and rejects with is a DeviceFailure
//  - a device that said what cannot be is live no more, or was reset
//  - when it has ended, all memory is back, unless the device ignores its reset

import { printTree } from '../../../drivers/listing/tree.ts';
import { findMmioInterrupt, findPciInterrupts, Interrupts } from '../../../drivers/virtio/interrupts.ts';
import { forgetLines } from '../../../drivers/virtio/lines.ts';
import { closeLive, type Live, newLive, removeLive } from '../../../drivers/virtio/live.ts';
import { openMmio } from '../../../drivers/virtio/transport/mmio.ts';
import { openPci } from '../../../drivers/virtio/transport/pci.ts';
import { Transport } from '../../../drivers/virtio/transport/record.ts';
import { startLog, stopLog } from '../../../kernel/base/log.ts';
import { DeviceFailure } from '../../../kernel/device/failure.ts';
import { isAlive, runTurn } from '../../../kernel/event/loop.ts';
import { DmaPool, dmaFreeBytes, dmaPoolStart } from '../../../kernel/hal/dma-pool.ts';
import { PciFunction, PciTree } from '../../../kernel/pci/function.ts';
import { readFunction } from '../../../kernel/pci/scan.ts';
import { startPci } from '../../../kernel/pci/start.ts';
import { Random } from '../../native/random.ts';
import { installMachine } from '../../sim/machine.ts';
import type { SimFaults, SimTransport } from '../../sim/virtio/device.ts';
import { spoilConfiguration } from './discovery.ts';
import { DISKS } from './disks.ts';
import { HostileMachine } from './machine.ts';
import { Mischief } from './mischief.ts';
import { OTHERS } from './others.ts';
import { STREAMS } from './streams.ts';
import { type Options, Program, type Sim, type Subject } from './subject.ts';

const SUBJECTS: readonly Subject<Sim, unknown>[] = [...DISKS, ...STREAMS, ...OTHERS];

/** How a device is hostile. */
type Manner = 'rings' | 'memory' | 'registers' | 'discovery' | 'faults';

const MANNERS: readonly Manner[] = [
  'rings',
  'rings',
  'rings',
  'rings',
  'rings',
  'memory',
  'memory',
  'registers',
  'registers',
  'discovery',
  'faults',
];
const TRANSPORTS: readonly SimTransport[] = ['pci', 'pci', 'pci', 'mmio', 'mmio', 'pci-legacy', 'mmio-legacy'];

/** Of a legacy device on PCI; others there are none. VIRTIO 1.2 §4.1.2.1 */
const TRANSITIONAL_IDS: Readonly<Record<string, number>> = {
  net: 0x1000,
  blk: 0x1001,
  balloon: 0x1002,
  console: 0x1003,
  scsi: 0x1004,
  entropy: 0x1005,
  '9p': 0x1009,
};

const SLOT = 0xfeb00e00;
const SLOT_LENGTH = 0x200;
const SLOT_LINE = 5;
const DEVICE = 2;
const DMA_LENGTH = 640 * 1024;

/** VERSION_1, and what rings and transports can do: indirect, event index, packed, in order, notification data, ring reset. */
const VERSION_1 = 32;
const COMMON_FEATURES = [28, 29, 34, 35, 38, 40];

/** Turns after which a call must be settled, and halts that nothing would have ended. */
const TURN_COUNT_MAX = 2000;
const FORGOTTEN_COUNT_MAX = 20;

/** What became of an episode. */
export interface Outcome {
  readonly steps: number;
  /** What the device was. */
  readonly name: string;
  /** What does not hold, undefined when all does. */
  readonly problem: string | undefined;
}

/** When the episode before ended: time goes on. */
let now = 0;

/** Plays the episode of a seed, `stepCountMax` deeds of it at most. */
export const playEpisode = async (seed: number, stepCountMax: number): Promise<Outcome> => {
  const episode = new Episode(new Random(seed));
  try {
    await episode.play(stepCountMax);
  } catch (error) {
    episode.note(`the driver throws ${textOf(error)}`);
  }
  if (episode.problem !== undefined) await episode.giveUp();
  now = episode.machine.now;
  stopLog();
  return { steps: episode.steps, name: episode.name, problem: episode.report() };
};

class Episode {
  readonly machine: HostileMachine;
  name: string;
  steps = 0;
  private readonly random: Random;
  private readonly subject: Subject<Sim, unknown>;
  private readonly sim: Sim;
  private readonly manner: Manner;
  private readonly faults: SimFaults;
  private readonly mischief: Mischief;
  private readonly pool = new DmaPool();
  private readonly program: Program;
  private readonly lines: string[] = [];
  problem: string | undefined;
  private live: Live | undefined;
  private api: unknown;
  private readonly transport = new Transport();
  private readonly interrupts = new Interrupts();
  private isFound = false;

  constructor(random: Random) {
    this.random = random;
    this.manner = random.pick(MANNERS);
    this.subject = random.pick(SUBJECTS);
    const transport = random.pick(TRANSPORTS);
    this.name = `${this.subject.name} over ${transport}, hostile in its ${this.manner}`;
    this.machine = new HostileMachine(random, DMA_LENGTH);
    this.machine.now = now;
    this.machine.clockStep = random.pick([200_000, 1_000_000, 1_000_000]);
    if (random.chance(0.1)) this.machine.interrupts.available = random.pick([0, 1, 2]);
    installMachine(this.machine);
    startLog((line) => this.lines.push(line), 'debug');
    forgetLines();
    this.faults = this.manner === 'faults' ? randomFaults(random) : {};
    this.sim = this.subject.make(this.machine, this.options(transport), random);
    this.name += `, features ${this.sim.device.options.features.join(' ')}`;
    this.mischief = new Mischief(random, this.machine, this.sim.device);
    this.machine.addBus(this.sim.device.isMmio ? undefined : this.sim.device.pciFunction, DEVICE);
    dmaPoolStart(this.pool);
    this.machine.lending.pool = this.pool;
    this.program = new Program(random, this.pool, (error) => error instanceof DeviceFailure);
    this.setManner();
  }

  async play(stepCountMax: number): Promise<void> {
    const { random, program, machine, mischief } = this;
    const free = dmaFreeBytes(this.pool);
    machine.beginTurn();
    program.ask(() => this.open());
    const stepCount = Math.min(stepCountMax, 10 + random.below(150));
    while (this.steps < stepCount && this.problem === undefined) {
      this.steps++;
      machine.beginTurn();
      mischief.step(this.subject.host === undefined ? undefined : () => this.subject.host!(this.sim, random));
      if (mischief.isRemoved && random.chance(0.3) && this.live !== undefined) removeLive(this.live);
      if (this.api !== undefined && random.chance(0.5)) this.subject.use(this.api, program);
      if (random.chance(0.05)) program.abortSome();
      await this.turn();
      if (this.hasEnded && random.chance(0.2)) program.ask(() => this.open());
    }
    await this.end(free);
  }

  /** Has the driver forget the device, so that what is played next is not troubled. */
  async giveUp(): Promise<void> {
    try {
      this.machine.beginTurn();
      if (this.live !== undefined) closeLive(this.live);
      await aTurn();
    } catch {
      // It had its problem already.
    }
  }

  /** Notes what does not hold; the first such thing counts. */
  note(problem: string): void {
    this.problem ??= problem;
  }

  /** Returns what does not hold, with what the device did before. */
  report(): string | undefined {
    if (this.problem === undefined) return undefined;
    const deeds = this.mischief.deeds.slice(-12).map((deed) => `  ${deed}`);
    const lines = this.lines.slice(-8).map((line) => `  ${line.trimEnd()}`);
    return [`${this.problem}`, 'It did, at last:', ...deeds, 'The log:', ...lines].join('\n');
  }

  private options(transport: SimTransport): Options {
    const { random } = this;
    const isModern = !transport.includes('legacy');
    const offered = [...this.subject.features, ...COMMON_FEATURES].filter(() => random.chance(0.6));
    const deviceId = TRANSITIONAL_IDS[this.subject.name];
    return {
      transport,
      ...(transport === 'pci-legacy' && deviceId !== undefined ? { deviceId } : {}),
      features: isModern || random.chance(0.02) ? [...offered, VERSION_1] : offered.filter((bit) => bit < 32),
      faults: this.faults,
      notifyOffMultiplier: random.pick([0, 4, 4, 4]),
      ...(random.chance(0.6) ? { vectors: random.pick([1, 2, 3, 8]) } : {}),
      ...(random.chance(0.1) ? { pin: 0 } : {}),
    };
  }

  private setManner(): void {
    const { random, machine, mischief } = this;
    if (this.manner === 'rings' || random.chance(0.3))
      mischief.malice = { answers: random.pick([0, 0.05, 0.3]), memory: 0 };
    if (this.manner === 'memory') mischief.malice = { answers: 0.02, memory: random.pick([0.003, 0.02]) };
    if (this.manner === 'registers') machine.registerLies = random.pick([0.05, 0.01, 0.002]);
    if (this.manner !== 'discovery' || this.sim.device.isMmio) return;
    spoilConfiguration(random, this.sim.device.pciFunction);
    machine.configLies = random.pick([0, 0, 0.01, 0.1]);
  }

  /** Whether a device has ended, and nobody waits for it: it may be opened again. */
  private get hasEnded(): boolean {
    const { live, program, mischief } = this;
    return (
      live !== undefined &&
      live.state !== 'live' &&
      program.asked.size + program.waiting.size === 0 &&
      !mischief.isRemoved
    );
  }

  /** Finds the device and opens it, as openers do. */
  private async open(): Promise<void> {
    this.api = undefined;
    if (!this.isFound) this.isFound = this.sim.device.isMmio ? this.findMmio() : this.findPci();
    if (!this.isFound || this.transport.deviceType !== this.sim.device.options.deviceType) return; // It is no such device.
    this.live = newLive(this.transport, this.interrupts, this.pool, this.random.pick([20, 100]));
    this.api = await this.subject.open(this.live, this.random);
  }

  private findMmio(): boolean {
    if (!openMmio(SLOT, SLOT_LENGTH, this.transport)) return false;
    findMmioInterrupt(SLOT_LINE, this.interrupts);
    return true;
  }

  private findPci(): boolean {
    const tree = theTree();
    let pciFunction = new PciFunction();
    if (this.manner === 'discovery') {
      startPci(tree);
      printTree(tree, () => {});
      if (tree.count === 0) return false;
      pciFunction = tree.functions[0]!;
    } else readFunction(pciFunction, DEVICE * 8, -1);
    if (!openPci(pciFunction, this.transport)) return false;
    findPciInterrupts(tree, pciFunction, this.interrupts);
    return true;
  }

  /** Runs one turn of the loop and the jobs behind it, and looks at what must hold. */
  private async turn(): Promise<void> {
    const { machine, program } = this;
    const { lending } = machine;
    const resets = this.resetCount;
    machine.beginTurn();
    await aTurn();
    lending.endTurn();
    const [problem] = lending.problems;
    if (problem !== undefined) this.note(problem);
    if (machine.isHung) this.note('the driver does not come to an end');
    if (program.crashes.length > 0) this.note(`a call rejects with ${textOf(program.crashes[0])}`);
    const [head] = lending.impossibleHeads;
    lending.impossibleHeads = [];
    if (head !== undefined && this.live?.state === 'live' && resets === this.resetCount && !this.mischief.isRemoved)
      this.note(`the device returned ${head}, which it does not have, and is live`);
    for (const violation of machine.violations) {
      if (this.isHonestElsewhere && DRIVER_VIOLATIONS.test(violation)) this.note(violation);
    }
  }

  private get resetCount(): number {
    return this.sim.device.statusWrites.filter((value) => value === 0).length;
  }

  /** Only its rings are hostile: what its registers complain of is the driver's doing. */
  private get isHonestElsewhere(): boolean {
    return this.manner === 'rings' && !this.mischief.hasLied;
  }

  /** Lets everything come to its end, closes the device, and looks at what is left. */
  private async end(free: number): Promise<void> {
    const { program, subject, machine } = this;
    await this.turnsUntil(() => program.asked.size === 0, 'a call is never settled');
    if (this.api !== undefined) {
      machine.beginTurn();
      program.ask(() => subject.close(this.api));
    }
    await this.turnsUntil(
      () => program.asked.size === 0 && program.waiting.size === 0,
      'what waits is not settled by close()',
    );
    if (this.live !== undefined) closeLive(this.live);
    await this.turnsUntil(() => !isAlive(), 'something keeps the program alive');
    if (this.problem !== undefined) return;
    machine.lending.endTurn();
    if (this.live?.state === 'live') this.note('the device is live when it was closed');
    const left = free - dmaFreeBytes(this.pool);
    if (left !== 0 && !this.ignoredReset) this.note(`${left} bytes are not given back`);
  }

  /** The device may have kept its memory: it was not to be reset. */
  private get ignoredReset(): boolean {
    const wasSaid = this.lines.some((line) => line.includes('its memory is not used again'));
    return wasSaid && (this.machine.lieCount > 0 || this.faults.resetReads !== undefined);
  }

  private async turnsUntil(isDone: () => boolean, otherwise: string): Promise<void> {
    let forgotten = 0;
    for (let turn = 0; !isDone() && this.problem === undefined; turn++) {
      this.machine.isForgotten = false;
      await this.turn();
      if (this.machine.isForgotten) forgotten++;
      if (!isAlive() && !isDone()) forgotten++;
      const calls = [...this.program.asked, ...this.program.waiting].join(' and ');
      if (turn > TURN_COUNT_MAX) this.note(`${otherwise} in ${turn} turns: ${calls}`);
      if (forgotten > FORGOTTEN_COUNT_MAX) this.note(`${otherwise}, and nothing would wake the machine: ${calls}`);
    }
  }
}

/** What a driver alone can do wrong. */
const DRIVER_VIOLATIONS =
  /outside the DMA window|made available twice|still belongs|runs ahead|longer than the queue|leaves the table/;

let tree: PciTree | undefined;

/** Returns a tree: making one takes long. */
const theTree = (): PciTree => {
  tree ??= new PciTree();
  return tree;
};

/** Runs a turn of the loop where Node has no job under way: as in the kernel, jobs run behind each callback. */
const aTurn = (): Promise<void> =>
  new Promise((resolve, reject) => {
    setImmediate(() => {
      try {
        runTurn();
        resolve();
      } catch (error) {
        reject(error);
      }
    });
  });

const textOf = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error));

/** Returns something that a device may do wrong when it comes up. */
const randomFaults = (random: Random): SimFaults => {
  const any = random.below(2 ** 16);
  const faults: readonly SimFaults[] = [
    { resetReads: random.pick([1, 50, Number.POSITIVE_INFINITY]) },
    { refuseFeatures: true },
    { needsReset: true },
    { forgetsDriverOk: true },
    { generations: random.pick([1, 5, 100_000]) },
    { notifyOff: any },
    { queueResetReads: random.pick([3, 1e9]) },
    { ignoresQueueReset: true },
    { enablesNothing: true },
    { queueCount: random.pick([0, 1, 65535, any]) },
    { hasTwoWords: true },
    { vectorsTaken: random.below(3) },
    { vectorShown: any },
    { magic: any },
    { version: random.below(5) },
    { cannotEnable: true },
    { forgetsTable: true },
  ];
  return random.pick(faults);
};
