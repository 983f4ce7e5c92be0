// The front end: one run over the program that finds every error, and the texts for the two back ends when there is none.

import ts from 'typescript';
import { bundle } from './bundle.ts';
import { createReporter, type Diagnostic, sortDiagnostics } from './diagnostics.ts';
import { checkFloors } from './floors.ts';
import { openProject, typeErrors } from './program.ts';

/** The outcome of a run: either `diagnostics` is empty or the texts mean nothing. */
export interface Compiled {
  readonly diagnostics: readonly Diagnostic[];
  /** JavaScript for Porffor. */
  readonly control: string;
  /** C for the machine modules. */
  readonly machine: string;
  /** Every file the program was made from. */
  readonly sources: readonly string[];
}
