// The passes of this folder, in the order they run.

import type { Pass } from '../context.ts';
import { builtInRewrites } from './built-ins.ts';
import { consoleRewrites } from './console.ts';
import { forInRewrites } from './for-in.ts';
import { operatorRewrites } from './operators.ts';
import { optionalRewrites } from './optional.ts';
import { lowerParameters } from './parameters.ts';
import { refusals } from './refusals.ts';
import { lowerTaggedTemplates } from './tagged-templates.ts';
import { typedArrayRewrites } from './typed-arrays.ts';
import { walk } from './walk.ts';

/** Passes over the checked tree, before TypeScript's own emit. */
export const valuePasses: readonly Pass[] = [
  lowerTaggedTemplates,
  walk([
    refusals,
    consoleRewrites,
    operatorRewrites,
    optionalRewrites,
    forInRewrites,
    typedArrayRewrites,
    builtInRewrites,
  ]),
];

/** Passes over the plain JavaScript that TypeScript emits, before those of control flow. */
export const plainValuePasses: readonly Pass[] = [lowerParameters];
