// The life of a slot: what is put in gets power, is found and announced; what is to be taken out is let go of first. PCI Express Base 5.0 §6.7.1.
//
//             put in: power on, wait until it answers
//   empty ─────────────────────────────────────────────▶ used
//     ▲                                                   │ │
//     ├──── gone without a word ◀─────────────────────────┘ │ the button: blink, so long the button takes it back
//     └──── power off, indicator off ◀── flush, let go ◀────┘
//
// What comes meanwhile is noted and looked at behind it: one slot does one thing at a time. A slot that flaps costs a wait each time round, one whose
// device does not answer is left alone until something changes.

import { log } from '../../kernel/base/log.ts';
import { sleep } from '../../kernel/event/time.ts';
import { clockNow } from '../../kernel/hal/clock.ts';
import { formatAddress } from '../../kernel/pci/describe.ts';
import type { PciFunction, PciTree } from '../../kernel/pci/function.ts';
import { addArrivals, answersBehind, nextBehind } from '../../kernel/pci/plug.ts';
import {
  EVENT_BUTTON,
  EVENT_PRESENCE,
  INDICATOR_BLINKS,
  INDICATOR_OFF,
  INDICATOR_ON,
  isSlotOccupied,
  type Slot,
  setSlotIndicator,
  setSlotPower,
  takeSlotEvents,
} from '../../kernel/pci/slot.ts';
import { announce, flushPlace, forgetBehind, type PlugWatcher, placesBehind } from './behind.ts';

const NS_PER_MS = 1_000_000;

/** After power is on a device may take so long until it may be asked, and so long until it answers. §6.6.1 */
const QUIET_MS = 100;
const ANSWER_MS = 1000;

/** After power is off nothing may be done for so long that counts on it. §6.7.1.8 */
const POWER_OFF_MS = 1000;

/** How often is looked at what nobody announces. */
const STEP_MS = 20;

/** One slot and what is known of it. */
export interface HotSlot {
  readonly slot: Slot;
  readonly port: PciFunction;
  /** Of the port, in the tree. */
  readonly index: number;
  /** `0000:00:02.0 slot 1`. */
  readonly name: string;
  /** EVENT_… that were taken from the port and not acted upon. */
  events: number;
  /** What is in the slot has power, and is in the tree. */
  isUsed: boolean;
  /** What is in the slot does not answer. */
  isSilent: boolean;
  isBusy: boolean;
  /** When power may be turned on again, in nanoseconds of clockNow(). */
  restEnd: number;
}

/** Returns a slot at which nobody has looked yet. What was in it when the buses were brought up is in the tree. */
export const newHotSlot = (tree: PciTree, slot: Slot, port: PciFunction, index: number): HotSlot => ({
  slot,
  port,
  index,
  name: `${formatAddress(port.address)} slot ${slot.number}`,
  events: 0,
  isUsed: nextBehind(tree, index, 0) >= 0,
  isSilent: false,
  isBusy: false,
  restEnd: 0,
});

/** Looks at a slot, and does what is to be done. Takes the port's interrupt back. */
export const lookAtSlot = (hot: HotSlot, watcher: PlugWatcher): void => {
  hot.events |= takeSlotEvents(hot.slot);
  if (!hot.isBusy && isDue(hot)) void act(hot, watcher);
};

const isDue = (hot: HotSlot): boolean =>
  (hot.events & (EVENT_BUTTON | EVENT_PRESENCE)) !== 0 || isSlotOccupied(hot.slot) !== (hot.isUsed || hot.isSilent);

const act = async (hot: HotSlot, watcher: PlugWatcher): Promise<void> => {
  hot.isBusy = true;
  while (isDue(hot)) await step(hot, watcher);
  hot.isBusy = false;
};

const step = async (hot: HotSlot, watcher: PlugWatcher): Promise<void> => {
  const { events } = hot;
  const isOther = hasChanged(hot);
  hot.events = 0;
  if (isOther) hot.isSilent = false;
  const isOccupied: boolean = isSlotOccupied(hot.slot);
  if (hot.isUsed && (!isOccupied || isOther)) lose(hot, watcher);
  if (!isOccupied) turnOff(hot);
  else if (!hot.isUsed)
    await arrive(hot, watcher); // The button is pressed with it: that means the same.
  else if ((events & EVENT_BUTTON) !== 0) await leave(hot, watcher);
};

/** What was in the slot is gone, whatever is in it now. */
const lose = (hot: HotSlot, watcher: PlugWatcher): void => {
  log('warn', hot.name, 'the device was taken out without a word');
  hot.isUsed = false;
  forgetBehind(watcher, hot.index);
};

const turnOff = (hot: HotSlot): void => {
  hot.isSilent = false;
  setSlotPower(hot.slot, false, INDICATOR_OFF);
};

const arrive = async (hot: HotSlot, watcher: PlugWatcher): Promise<void> => {
  const restMs = (hot.restEnd - clockNow()) / NS_PER_MS;
  if (restMs > 0) await sleep(restMs);
  setSlotPower(hot.slot, true, INDICATOR_BLINKS);
  if ((await isGoneAgain(hot)) || hasChanged(hot)) return; // The next step finds out what is in it now.
  if (addArrivals(watcher.tree, hot.index) > 0) {
    hot.isUsed = true;
    setSlotIndicator(hot.slot, INDICATOR_ON);
    announce(watcher, hot.index);
    return;
  }
  log('error', hot.name, `what was put in does not answer in ${ANSWER_MS} ms; it gets no power`);
  hot.isSilent = true;
  setSlotPower(hot.slot, false, INDICATOR_OFF);
};

/** Waits until the device in the slot answers, or has had its time. True when it is gone again. */
const isGoneAgain = async (hot: HotSlot): Promise<boolean> => {
  const deadline: number = clockNow() + ANSWER_MS * NS_PER_MS;
  await sleep(QUIET_MS);
  while (isSlotOccupied(hot.slot)) {
    if (answersBehind(hot.port) || clockNow() >= deadline) return false;
    await sleep(STEP_MS);
  }
  return true;
};

/** Somebody wants the device back: it is let go of, unless he changes his mind, and leaves when power and indicator are off. */
const leave = async (hot: HotSlot, watcher: PlugWatcher): Promise<void> => {
  setSlotIndicator(hot.slot, INDICATOR_BLINKS);
  const places = placesBehind(watcher, hot.index);
  for (const place of places) watcher.tell('leaving', place);
  if (await isCancelled(hot, watcher.cancelMs)) {
    setSlotIndicator(hot.slot, INDICATOR_ON);
    for (const place of places) watcher.tell('staying', place);
    return;
  }
  for (const place of places) await flushPlace(place);
  if (hasGone(hot)) return; // Without a word, after all.
  hot.isUsed = false;
  forgetBehind(watcher, hot.index);
  setSlotPower(hot.slot, false, INDICATOR_BLINKS);
  hot.restEnd = clockNow() + POWER_OFF_MS * NS_PER_MS;
  await sleep(POWER_OFF_MS);
  hot.isSilent = true; // Until it is gone, or another comes.
  hot.events &= EVENT_PRESENCE;
  setSlotIndicator(hot.slot, INDICATOR_OFF);
};

const hasGone = (hot: HotSlot): boolean => hasChanged(hot) || !isSlotOccupied(hot.slot);

/** Returns whether something was put in or taken out since the step began. */
const hasChanged = (hot: HotSlot): boolean => (hot.events & EVENT_PRESENCE) !== 0;

/** Waits `cancelMs`. True when the button was pressed again meanwhile. */
const isCancelled = async (hot: HotSlot, cancelMs: number): Promise<boolean> => {
  const deadline: number = clockNow() + cancelMs * NS_PER_MS;
  while (clockNow() < deadline && !hasGone(hot)) {
    if ((hot.events & EVENT_BUTTON) !== 0) {
      hot.events &= ~EVENT_BUTTON;
      return true;
    }
    await sleep(STEP_MS);
  }
  return false;
};
