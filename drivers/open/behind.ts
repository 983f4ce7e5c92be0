// The devices behind a bridge that come and go, whatever the way: announced, flushed, forgotten.

import { log } from '../../kernel/base/log.ts';
import { sleep } from '../../kernel/event/time.ts';
import type { PciFunction, PciTree } from '../../kernel/pci/function.ts';
import { nextBehind, removeFunction } from '../../kernel/pci/plug.ts';
import { reportFunction } from '../../kernel/pci/start.ts';
import { addPlace, devicePlaces, type Place, removePlace } from './places.ts';

/** What becomes of a device. `staying`: it is not taken out after all. */
export type ChangeKind = 'added' | 'leaving' | 'staying' | 'removed';

/** Who is told, and how long somebody has to change his mind. */
export interface PlugWatcher {
  readonly tree: PciTree;
  /** In milliseconds. */
  readonly cancelMs: number;
  tell(kind: ChangeKind, place: Place): void;
}

/** Which functions are meant. */
type Choice = (pciFunction: PciFunction) => boolean;

const all: Choice = () => true;

/** Tells of what has come behind the bridge at `index`, and has its addresses. */
export const announce = (watcher: PlugWatcher, index: number): void => {
  for (const { pciFunction } of functionsBehind(watcher.tree, index, all)) {
    if (placeAt(pciFunction) !== undefined) continue;
    reportFunction(watcher.tree, pciFunction);
    const place = addPlace(pciFunction);
    if (place !== undefined) watcher.tell('added', place);
  }
};

/** Returns the virtio devices behind the bridge at `index`; all of them, or those of which `isMeant` is true. */
export const placesBehind = ({ tree }: PlugWatcher, index: number, isMeant = all): Place[] => {
  const places: Place[] = [];
  for (const { pciFunction } of functionsBehind(tree, index, isMeant)) {
    const place = placeAt(pciFunction);
    if (place !== undefined) places.push(place);
  }
  return places;
};

/** Forgets what is, or was, behind the bridge at `index`; all of it, or that of which `isMeant` is true. Its devices are removed. */
export const forgetBehind = (watcher: PlugWatcher, index: number, isMeant = all): void => {
  for (const { pciFunction, element } of functionsBehind(watcher.tree, index, isMeant)) {
    const place = placeAt(pciFunction);
    if (place !== undefined) {
      removePlace(place);
      watcher.tell('removed', place);
    }
    removeFunction(watcher.tree, element);
  }
};

/** Has a device put what it holds on its medium; it has as long as for a request. */
export const flushPlace = async ({ live, name }: Place): Promise<void> => {
  const driver = live?.driver;
  if (live?.state !== 'live' || driver?.flush === undefined) return;
  const flushed = driver.flush().then(
    () => true,
    (error: unknown) => {
      log('error', name, `flush: ${String(error)}`);
      return true;
    },
  );
  const limit = new AbortController();
  const late = sleep(live.deadlineMs, { signal: limit.signal }).then(
    () => false,
    () => true,
  );
  if (!(await Promise.race([flushed, late]))) log('error', name, `not flushed in ${live.deadlineMs} ms`);
  limit.abort();
};

const functionsBehind = (
  tree: PciTree,
  index: number,
  isMeant: Choice,
): { readonly pciFunction: PciFunction; readonly element: number }[] => {
  const found: { pciFunction: PciFunction; element: number }[] = [];
  for (let element: number = nextBehind(tree, index, 0); element >= 0; element = nextBehind(tree, index, element + 1)) {
    const pciFunction = tree.functions[element];
    if (isMeant(pciFunction)) found.push({ pciFunction, element });
  }
  return found;
};

const placeAt = (pciFunction: PciFunction): Place | undefined =>
  devicePlaces().find((place) => place.pciFunction === pciFunction);
