// The passes of this folder, in the order they run.

import type { Pass } from '../context.ts';
import { lowerErrors } from './errors.ts';
import { lowerTry } from './try.ts';

/** Passes over the checked tree, before TypeScript's own emit. */
export const typedFlowPasses: readonly Pass[] = [lowerErrors];

/** Passes over the plain JavaScript that TypeScript emits. */
export const plainFlowPasses: readonly Pass[] = [lowerTry];
