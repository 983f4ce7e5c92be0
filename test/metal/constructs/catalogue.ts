// All of the syntax that there is, chapter by chapter.

import { CLASSES } from './classes.ts';
import type { ConstructChapter, Kind } from './construct.ts';
import { EXPRESSIONS } from './expressions.ts';
import { FUNCTIONS } from './functions.ts';
import { MODULES } from './modules.ts';
import { STATEMENTS } from './statements.ts';
import { TYPES } from './types.ts';

/** The chapters, in the order of the page. */
export const CATALOGUE: readonly ConstructChapter[] = [EXPRESSIONS, STATEMENTS, FUNCTIONS, CLASSES, MODULES, TYPES];

/** Kinds that nobody types in a program: what a parser makes up, JSX and what stands in comments, and words that are only reserved. */
export const NOT_TYPED: readonly Kind[] = [
  'Unknown',
  'EndOfFileToken',
  'NewLineTrivia',
  'WhitespaceTrivia',
  'ShebangTrivia',
  'ConflictMarkerTrivia',
  'NonTextFileMarkerTrivia',
  'LessThanSlashToken',
  'PackageKeyword',
  'SyntheticExpression',
  'MissingDeclaration',
  'ImportTypeAssertionContainer',
  'SourceFile',
  'Bundle',
  'SyntaxList',
  'NotEmittedStatement',
  'NotEmittedTypeElement',
  'PartiallyEmittedExpression',
  'CommaListExpression',
  'SyntheticReferenceExpression',
  'Count',
];
