// The names that a debugger shows: those of the source, where the compilers made others of them.
//
//   p12_readDisk                  readDisk       a function of the control plane
//   m_drivers_blk_flow__send      send           of a machine module
//   disk_242                      disk           a variable of a module: disk$2, where another module has one, too
//   _23this                       this
//   _2361, kept_24at1                            what nobody wrote: gdb leaves out what has no name
//
// They are strings of .debug_str, each no longer than the one that it replaces. What the image runs and its own table of symbols stay as they were.

import { readElf } from './elf.ts';
import { displayName } from './symbols.ts';

/** Changes the names in the debug information of a linked image, in place. */
export const showSourceNames = (image: Buffer): void => {
  const strings = readElf(image).bytes('.debug_str'); // A view of the image's bytes.
  const names = strings.toString('latin1').split('\0');
  const numbered = countNumbered(names);
  let at = 0;
  for (const name of names) {
    const shown = sourceName(name, numbered);
    if (shown.length < name.length) strings.fill(0, at, at + name.length).write(shown, at, 'latin1');
    at += name.length + 1;
  }
};

/** Returns how many variables there are of each name that has a number behind it. */
const countNumbered = (names: readonly string[]): Map<string, number> => {
  const counts = new Map<string, number>();
  for (const name of names) {
    const base = NUMBERED.exec(name)?.[1];
    if (base !== undefined) counts.set(base, (counts.get(base) ?? 0) + 1);
  }
  return counts;
};

/** A function of either plane. Record classes keep their module, by which scripts/gdb knows them: `m_drivers_blk_flow__Flow`. */
const FUNCTION = /^(p\d+_|m_\w+?__([a-z]|\w+_))/;
/** A variable that lowering (kept$at1, timer$set$main$1) or Porffor (#61) made. */
const MADE = /^_23|_24at\d+(_23\d+)?$|_24set_24/;
/** The variable of a module, joined with others: `disk$2`. */
const NUMBERED = /^(\w+?)_24\d+$/;

/** Returns the name to show; '' for what nobody wrote. */
const sourceName = (name: string, numbered: ReadonlyMap<string, number>): string => {
  if (FUNCTION.test(name)) return displayName(name) || name;
  if (name === '_23this') return 'this';
  if (MADE.test(name)) return '';
  const base = NUMBERED.exec(name)?.[1];
  if (base !== undefined && numbered.get(base) === 1) return base;
  return name.replace(/_2[34](?=\w)/g, '$'); // `a$b`, and `a$1` for one that hides another `a`.
};
