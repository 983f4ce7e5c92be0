// The kinds of nodes and tokens that TypeScript's parser knows.

import ts from 'typescript';
import type { Kind } from '../../test/metal/constructs/construct.ts';

/** Of JSX and of comments that describe types: there are none in what is built. */
const OTHER_LANGUAGES = /^(Jsx|JSDoc)/;
/** Second names: of the first or last kind of a range, and what import attributes were called. */
const MARKERS = /^(First|Last)|^Assert(Clause|Entry)$/;

/** Returns the kinds by their names. */
export const kindsOfParser = (): Kind[] =>
  (Object.keys(ts.SyntaxKind) as (Kind | `${number}`)[]).filter(
    (name): name is Kind => !/^\d/.test(name) && !OTHER_LANGUAGES.test(name) && !MARKERS.test(name),
  );
