// Mends the C that Porffor 0.0.0-alpha.7 prints, where no JavaScript could be written that comes out right.
//
//   porf c ─▶ x.c ─▶ patchC ─▶ x.c ─▶ zig cc
//
// Every edit knows the exact text it expects and how often. One that does not match stops the build: another Porffor, or another
// shape of its output, must never be compiled half mended.

import { DEBUGGER, DEBUGGER_MACRO } from './debugger.ts';
import { collectionEdits, followKeys } from './patch/collections.ts';
import { collectorEdits } from './patch/collector.ts';
import { coroutineEdits } from './patch/coroutines.ts';
import { applyEdits } from './patch/edit.ts';
import { checkElements } from './patch/elements.ts';
import { endEdits } from './patch/ends.ts';
import { errorEdits } from './patch/errors.ts';
import { eventEdits } from './patch/events.ts';
import { showWrittenNames } from './patch/function-names.ts';
import { generatorEdits } from './patch/generators.ts';
import { heapEdits } from './patch/heap.ts';
import { revealHidden } from './patch/hidden.ts';
import { favourHot } from './patch/hot.ts';
import { mendIncrements } from './patch/increments.ts';
import { keepIntegers } from './patch/integers.ts';
import { jobEdits } from './patch/jobs.ts';
import { lengthEdits } from './patch/lengths.ts';
import { makeFunctionsStatic } from './patch/local.ts';
import { mainModuleEdits } from './patch/main-module.ts';
import { numberEdits } from './patch/numbers.ts';
import { readOffsets } from './patch/offsets.ts';
import { outline } from './patch/outline.ts';
import { conversionEdits } from './patch/outline-numbers.ts';
import { pendingEdits } from './patch/pending.ts';
import { privateEdits } from './patch/private-names.ts';
import { searchEdits } from './patch/searches.ts';
import { stringEdits } from './patch/strings.ts';
import { textEdits } from './patch/text.ts';
import { traceEdits } from './patch/traces.ts';
import { makeLocalsVolatile } from './patch/volatile.ts';

/** Where the program will run: in the image, or as a Linux process that prints the same (tests). */
export interface PatchOptions {
  readonly target: 'metal' | 'native';
  /** It notes the events of kernel/hal/trace.ts. */
  readonly traced?: boolean;
}

/** Returns the mended C. Throws an Error that names the edit when an expected text is missing. */
export const patchC = (c: string, options: PatchOptions): string =>
  (c.includes(DEBUGGER) ? DEBUGGER_MACRO : '') +
  favourHot(
    makeFunctionsStatic(
      keepIntegers(
        readOffsets(
          outline(
            applyEdits(
              makeLocalsVolatile(mendIncrements(checkElements(followKeys(showWrittenNames(revealHidden(c)))))),
              [
                ...numberEdits,
                ...conversionEdits,
                ...textEdits(c),
                ...searchEdits(c),
                ...endEdits(c, options.target),
                ...errorEdits(c),
                ...privateEdits(c),
                ...stringEdits(c),
                ...collectionEdits(c),
                ...collectorEdits,
                ...heapEdits(c),
                ...lengthEdits(c),
                ...coroutineEdits(c),
                ...jobEdits(c),
                ...pendingEdits(c),
                ...mainModuleEdits(c, options.target),
                ...traceEdits(c, options.target),
                ...generatorEdits(c),
                ...(options.traced === true ? eventEdits(c) : []),
              ],
            ),
          ),
        ),
      ),
    ),
  );
