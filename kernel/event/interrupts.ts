// The table of interrupts: who listens to a vector. The entry of an interrupt only notes its vector; here the notes are taken, in the
// loop's own time.

import { log } from '../base/log.ts';
import { interruptSpuriousCount, interruptUnexpectedCount, VECTOR_NONE } from '../hal/interrupts.ts';
import { takeVector } from './waiting.ts';

type Listener = () => void;

/** By vector. */
const listenersOf: Listener[][] = [];
for (let vector = 0; vector < 256; vector++) listenersOf.push([]);

/** Calls `listener` in the loop each time `vector` was noted, once however often it came. There may be several listeners. */
export const onInterrupt = (vector: number, listener: () => void): void => {
  listenersOf[vector]!.push(listener);
};

/** Takes `listener` off a vector. Nothing happens when it does not listen. */
export const offInterrupt = (vector: number, listener: () => void): void => {
  listenersOf[vector] = listenersOf[vector]!.filter((each) => each !== listener);
};

/** Calls the listeners of every noted vector. For the loop. */
export const takeInterrupts = (): void => {
  for (let vector: number = takeVector(); vector !== VECTOR_NONE; vector = takeVector()) {
    for (const listener of listenersOf[vector]!) listener();
  }
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
