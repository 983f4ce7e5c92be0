// The passes of this folder, in the order they run.

import type { Pass } from '../context.ts';
import { lowerAsyncGenerators } from './async-generators.ts';
import { lowerErrors } from './errors.ts';
import { lowerForOf } from './for-of.ts';
import { hoistFunctions } from './hoist.ts';
import { lowerJobs } from './jobs.ts';
import { outlineLoops } from './outline.ts';
import { lowerPrivateNames } from './private-names.ts';
import { refuseShapes } from './refusals.ts';
import { lowerObjectRest } from './rest.ts';
import { passReturnSignal } from './return-signal.ts';
import { lowerShadows } from './shadows.ts';
import { lowerSpread } from './spread.ts';
import { startVariables } from './start-variables.ts';
import { lowerStaticThis } from './static-this.ts';
import { lowerSuper } from './super.ts';
import { lowerSwitch } from './switch.ts';
import { lowerTry } from './try.ts';
import { lowerYieldStar } from './yield-star.ts';

/** Passes over the checked tree, before TypeScript's own emit. */
export const typedFlowPasses: readonly Pass[] = [
  refuseShapes,
  lowerPrivateNames,
  lowerSuper,
  lowerStaticThis,
  lowerForOf,
  lowerSpread,
  lowerYieldStar,
  lowerJobs,
  lowerErrors,
  lowerShadows,
];

/** Passes over the plain JavaScript that TypeScript emits. */
export const plainFlowPasses: readonly Pass[] = [
  hoistFunctions,
  startVariables,
  lowerObjectRest,
  lowerAsyncGenerators,
  passReturnSignal,
  outlineLoops,
  lowerSwitch,
  lowerTry,
];
