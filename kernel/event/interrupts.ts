// The table of interrupts: who listens to a vector. The entry of an interrupt only notes its vector; here the notes are taken, in the
// loop's own time.

import { log } from '../base/log.ts';
import { interruptSpuriousCount, interruptUnexpectedCount, VECTOR_NONE } from '../hal/interrupts.ts';
import { beginListener, endTask } from './task.ts';
import { NO_SOURCE, setOwner, takeVector } from './waiting.ts';

interface Listener {
  readonly call: () => void;
  /** The number of the source that the vector wakes, NO_SOURCE when the listener does more. */
  readonly source: number;
}

/** By vector. */
const listenersOf: (readonly Listener[])[] = [];
for (let vector = 0; vector < 256; vector++) listenersOf.push([]);

/** Calls `listener` in the loop each time `vector` was noted, once however often it came. There may be several listeners. */
export const onInterrupt = (vector: number, listener: () => void): void => listenFor(vector, listener, NO_SOURCE);

/** The same for a listener that wakes a source and does nothing else. */
export const listenFor = (vector: number, call: () => void, source: number): void =>
  setListeners(vector, [...listenersOf[vector]!, { call, source }]);

/** Takes `listener` off a vector. Nothing happens when it does not listen. */
export const offInterrupt = (vector: number, listener: () => void): void =>
  setListeners(
    vector,
    listenersOf[vector]!.filter(({ call }) => call !== listener),
  );

/** A vector that wakes one source alone wakes it without a call. */
const setListeners = (vector: number, listeners: readonly Listener[]): void => {
  listenersOf[vector] = listeners;
  setOwner(vector, listeners.length === 1 ? listeners[0]!.source : NO_SOURCE);
};

/** Wakes the sources and calls the listeners of every noted vector. For the loop. */
export const takeInterrupts = (): void => {
  for (let vector: number = takeVector(); vector !== VECTOR_NONE; vector = takeVector()) {
    for (const { call } of listenersOf[vector]!) {
      beginListener(call);
      call();
      endTask();
    }
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
