// The event loop of a program that uses it: the end of main() runs it. A program that does not has nothing of it.

import type ts from 'typescript';
import { isOwnFile } from './folders.ts';
import type { Linker } from './link.ts';
import type { Project } from './program.ts';

/** Where globals of the loop are implemented: the loop itself, which imports whatever it serves, and what is built on that. */
export const LOOP_MODULES: readonly string[] = ['kernel/event/loop.ts', 'kernel/event/abort.ts'];

/** What is served by the loop, and means nothing without it. */
const SERVED = ['timers', 'immediates', 'source', 'interrupts'].map((name) => `kernel/event/${name}.ts`);

/** Links the loop into a program that uses it. Returns its function that the end of the program calls; undefined for other programs. */
export const needLoop = (project: Project, linker: Linker): ts.Node | undefined => {
  const isUsed = [...project.control, ...linker.needed.keys()].some((file) =>
    SERVED.some((name) => isOwnFile(file.fileName, name)),
  );
  return isUsed ? linker.need('runLoop') : undefined;
};
