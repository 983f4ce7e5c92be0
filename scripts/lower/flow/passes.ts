// The passes of this folder, in the order they run.

import type { Pass } from '../context.ts';
import { lowerTry } from './try.ts';

/** Passes over the checked tree, before TypeScript's own emit. */
export const typedFlowPasses: readonly Pass[] = [];

/** Passes over the plain JavaScript that TypeScript emits. */
export const plainFlowPasses: readonly Pass[] = [lowerTry];
