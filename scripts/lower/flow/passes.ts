// The passes of this folder, in the order they run.

import type { Pass } from '../context.ts';
import { lowerCells } from './cells.ts';
import { lowerErrors } from './errors.ts';
import { hoistFunctions } from './hoist.ts';
import { lowerLoops } from './loops.ts';
import { lowerSwitch } from './switch.ts';
import { lowerTry } from './try.ts';

/** Passes over the checked tree, before TypeScript's own emit. */
export const typedFlowPasses: readonly Pass[] = [lowerCells, lowerErrors];

/** Passes over the plain JavaScript that TypeScript emits. */
export const plainFlowPasses: readonly Pass[] = [hoistFunctions, lowerLoops, lowerSwitch, lowerTry];
