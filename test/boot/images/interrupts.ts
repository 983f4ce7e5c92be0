// An image that has interrupts come in the way its command line names, and says what came. interrupts.test.ts

import type { MmioOffset, PhysicalAddress } from '../../../kernel/base/machine.ts';
import { clockNow } from '../../../kernel/hal/clock.ts';
import { consoleWrite } from '../../../kernel/hal/console.ts';
import {
  acpiInterruptOfPin,
  acpiPinIsActiveLow,
  fenceDevices,
  idleUntil,
  interruptAllocate,
  interruptCount,
  interruptIsNoted,
  interruptMessageAddress,
  interruptNext,
  interruptRearm,
  interruptRoute,
  interruptSpuriousCount,
  interruptUnexpectedCount,
  NO_INTERRUPT,
  VECTOR_NONE,
} from '../../../kernel/hal/interrupts.ts';
import { mmioMap, mmioWrite32 } from '../../../kernel/hal/mmio.ts';
import { readOptions } from '../../../kernel/hal/options.ts';
import { portRead8, portWrite8 } from '../../../kernel/hal/ports.ts';
import { EXIT_SUCCESS, exit } from '../../../kernel/hal/power.ts';
import { sizeBars } from '../../../kernel/pci/bar.ts';
import { enableCommand, enablePath } from '../../../kernel/pci/command.ts';
import { type PciFunction, PciTree } from '../../../kernel/pci/function.ts';
import { COMMAND_MEMORY } from '../../../kernel/pci/registers.ts';
import { startPci } from '../../../kernel/pci/start.ts';
import { compute } from './computation.ts';
import { Cells, sendAndIdle, sendToSelf, spin, startTimer, sweep } from './interrupts-machine.ts';

const SECOND = 1_000_000_000;
const MODE_PERIODIC = 0x20000;
const SPIN_LIMIT = 100_000_000;

const say = (line: string): void => consoleWrite(`${line}\n`);

/** The local APIC, mapped a second time. */
const mapApic = (): MmioOffset => mmioMap(0xfee00000 as PhysicalAddress, 4096);

/** Waits for one vector, at most a second. */
const take = (): number => {
  idleUntil(clockNow() + SECOND);
  return interruptNext();
};

const sayVectors = (): void => {
  const first = interruptAllocate();
  let count = first === VECTOR_NONE ? 0 : 1;
  let last = first;
  for (let vector = interruptAllocate(); vector !== VECTOR_NONE; vector = interruptAllocate()) {
    count++;
    last = vector;
  }
  say(`vectors ${count} from ${first} to ${last} messages to 0x${interruptMessageAddress().toString(16)}`);
};

/** Sends messages as a function does, and takes them in the order in which they came. */
const sayMessages = (): void => {
  const [first, second] = [interruptAllocate(), interruptAllocate()];
  const target = mmioMap(interruptMessageAddress() as PhysicalAddress, 4);
  for (const vector of [second, first, second]) {
    mmioWrite32(target, vector);
    spin(SPIN_LIMIT);
  }
  const taken = [interruptNext() === second, interruptNext() === first, interruptNext() === VECTOR_NONE];
  say(`messages ${taken.join(' ')} counted ${interruptCount(first)} ${interruptCount(second)}`);
};

/** Vectors that nobody has: one in the middle, and the one that the local APIC uses for what is taken back. */
const sayStrangers = (): void => {
  const vector = interruptAllocate();
  const apic = mapApic();
  fenceDevices(); // The place where the test puts instructions of its own.
  for (const stranger of [0xa0, 0xa0, 0xff]) sendToSelf(apic, stranger);
  sendToSelf(apic, vector); // What comes after a stranger still comes.
  const isLast = take() === vector && !interruptIsNoted();
  const counts = [interruptCount(0xa0), interruptCount(0xff), interruptUnexpectedCount(), interruptSpuriousCount()];
  say(`strangers ${isLast} counted ${counts.join(' ')}`);
};

/** Waits for each of many durations, and says how late the latest was. */
const sayTimes = (): void => {
  idleUntil(clockNow() + 1); // The first wait measures the timer.
  let latest = 0;
  for (let round = 0; round < 300; round++) {
    const deadline = clockNow() + 1000 * ((round * 7919) % 20_011);
    idleUntil(deadline);
    const late = clockNow() - deadline;
    if (late < 0) say(`early ${-late}`);
    if (late > latest) latest = late;
  }
  say(`latest ${latest}`);
};

/** Waits on a timer of a second, again and again. */
const waitForSeconds = (count: number): void => {
  const start = clockNow();
  for (let second = 1; second <= count; second++) {
    idleUntil(start + second * SECOND);
    say(`second ${second} late ${clockNow() - start - second * SECOND}`);
  }
};

const saySweep = (last: number): void => {
  const vector = interruptAllocate();
  const apic = mapApic();
  startTimer(apic, vector, 0, 0);
  let failures = 0;
  for (let round = 0; round < 5; round++) failures += sweep(apic, vector, 1, last);
  say(`sweep ${interruptCount(vector)} failures ${failures}`);
};

const saySent = (count: number): void => {
  const vector = interruptAllocate();
  const failures = sendAndIdle(mapApic(), vector, count);
  say(`sent ${interruptCount(vector)} failures ${failures}`);
};

const sayStorm = (interval: number): void => {
  const vector = interruptAllocate();
  startTimer(mapApic(), vector, MODE_PERIODIC, interval);
  const result = compute(new Cells(), 1500);
  say(`storm ${interruptCount(vector)}`);
  say(`result ${result}`);
};

const recurse = (depth: number): number => (depth < 0 ? 0 : recurse(depth + 1) + 1);

const failInStorm = (how: string): void => {
  startTimer(mapApic(), interruptAllocate(), MODE_PERIODIC, 2000);
  compute(new Cells(), 20);
  if (how === 'stack') say(`${recurse(0)}`);
  throw new Error('disk on fire');
};

// The first UART's transmitter, which has its line asserted while it is empty and told to. 16550 data sheet.
const UART = 0x3f8;
const UART_LINE = 4;
const INTERRUPT_ENABLE = UART + 1;
const INTERRUPT_IDENTIFICATION = UART + 2; // To read it takes the request back.
const MODEM_CONTROL = UART + 4;
const ENABLE_TRANSMITTER_EMPTY = 2;
const OUT_2 = 8;

const sayLine = (): void => {
  const vector = interruptAllocate();
  const isRouted = interruptRoute(UART_LINE, vector, true, false);
  const isRoutedBeyond = interruptRoute(1000, vector, true, false);
  portWrite8(MODEM_CONTROL, OUT_2);
  portWrite8(INTERRUPT_ENABLE, ENABLE_TRANSMITTER_EMPTY);
  const taken = [take() === vector];
  idleUntil(clockNow() + SECOND / 100); // Asserted still, and masked.
  taken.push(interruptIsNoted());
  const countMasked = interruptCount(vector);
  interruptRearm(vector);
  taken.push(take() === vector);
  portRead8(INTERRUPT_IDENTIFICATION);
  interruptRearm(vector);
  idleUntil(clockNow() + SECOND / 100);
  taken.push(interruptIsNoted());
  portWrite8(INTERRUPT_ENABLE, 0);
  say(`line ${isRouted} ${isRoutedBeyond} taken ${taken.join(' ')} counted ${countMasked} ${interruptCount(vector)}`);
};

// QEMU's educational device. docs/specs/edu.txt
const EDU = 0x11e81234;
const EDU_RAISE = 0x60;
const EDU_ACKNOWLEDGE = 0x64;

/** Has the device raise its line, and says at which one it was expected and whether it came there, twice. */
const sayPin = (edu: PciFunction): void => {
  const device = (edu.address >> 3) & 31;
  const gsi = acpiInterruptOfPin(device, edu.interruptPin);
  if (gsi === NO_INTERRUPT) {
    say(`pin of device ${device} has no line`);
    return;
  }
  sizeBars(edu);
  enableCommand(edu, COMMAND_MEMORY);
  const vector = interruptAllocate();
  const isRouted = interruptRoute(gsi, vector, true, acpiPinIsActiveLow(device, edu.interruptPin));
  const registers = mmioMap(edu.bars[0]!.address as PhysicalAddress, 4096);
  const taken: boolean[] = [];
  for (let round = 0; round < 2; round++) {
    mmioWrite32((registers + EDU_RAISE) as MmioOffset, 1);
    taken.push(take() === vector);
    mmioWrite32((registers + EDU_ACKNOWLEDGE) as MmioOffset, 1);
    interruptRearm(vector);
  }
  say(
    `pin of device ${device} is line ${gsi} routed ${isRouted} taken ${taken.join(' ')} counted ${interruptCount(vector)}`,
  );
};

const sayPins = (): void => {
  const tree = new PciTree();
  startPci(tree);
  for (let index = 0; index < tree.count; index++) {
    const pciFunction = tree.functions[index]!;
    if (pciFunction.deviceId * 0x10000 + pciFunction.vendorId !== EDU) continue;
    enablePath(tree, pciFunction);
    sayPin(pciFunction);
  }
};

/** Says what a fence that devices keep costs. */
const sayFence = (): void => {
  const count = 10_000;
  const start = clockNow();
  for (let round = 0; round < count; round++) fenceDevices();
  say(`fence ${Math.round((clockNow() - start) / count)} ns`);
};

const run = (what: string, value: string): void => {
  if (what === 'vectors') sayVectors();
  if (what === 'messages') sayMessages();
  if (what === 'strangers') sayStrangers();
  if (what === 'times') sayTimes();
  if (what === 'seconds') waitForSeconds(Number(value));
  if (what === 'sweep') saySweep(Number(value));
  if (what === 'sent') saySent(Number(value));
  if (what === 'storm') sayStorm(Number(value));
  if (what === 'fail') failInStorm(value);
  if (what === 'line') sayLine();
  if (what === 'pins') sayPins();
  if (what === 'fence') sayFence();
};

for (const { name, value } of readOptions()) run(name, value ?? '');
exit(EXIT_SUCCESS);
