// The table of interrupts: who listens to a vector. The entry of an interrupt only notes its vector; here the notes are taken, in the
// loop's own time.

import { log } from '../base/log.ts';
import {
  interruptNext,
  interruptRearm,
  interruptSpuriousCount,
  interruptUnexpectedCount,
  VECTOR_NONE,
} from '../hal/interrupts.ts';

type Listener = () => void;

/** By vector. */
const listenersOf: (Listener[] | undefined)[] = [];
for (let vector = 0; vector < 256; vector++) listenersOf.push(undefined);

/** The vectors of this turn, whose lines stay closed until their devices were asked. */
const taken: number[] = [];

/** Calls `listener` in the loop each time `vector` was noted, once however often it came. There may be several listeners. */
export const onInterrupt = (vector: number, listener: () => void): void => {
  const listeners = listenersOf[vector];
  if (listeners === undefined) listenersOf[vector] = [listener];
  else listeners.push(listener);
};

/** Takes `listener` off a vector. Nothing happens when it does not listen. */
export const offInterrupt = (vector: number, listener: () => void): void => {
  listenersOf[vector] = listenersOf[vector]?.filter((each) => each !== listener);
};

/** Calls the listeners of every noted vector. For the loop. */
export const takeInterrupts = (): void => {
  for (let vector = interruptNext(); vector !== VECTOR_NONE; vector = interruptNext()) {
    taken.push(vector);
    const listeners = listenersOf[vector];
    if (listeners !== undefined) for (let index = 0; index < listeners.length; index++) listeners[index]!();
  }
};

/** Opens the level lines that were taken, now that their devices have been asked. For the loop. */
export const rearmInterrupts = (): void => {
  while (taken.length > 0) interruptRearm(taken.pop()!);
};

let isUnexpectedLogged = false;
let isSpuriousLogged = false;

/** Logs, once for each kind, that interrupts came which nobody asked for. For the loop. */
export const logStrayInterrupts = (): void => {
  if (!isUnexpectedLogged && interruptUnexpectedCount() > 0) {
    isUnexpectedLogged = true;
    log('warn', 'interrupts', 'one came at a vector that nobody has; later ones are only counted');
  }
  if (!isSpuriousLogged && interruptSpuriousCount() > 0) {
    isSpuriousLogged = true;
    log('warn', 'interrupts', 'one was spurious; later ones are only counted');
  }
};
