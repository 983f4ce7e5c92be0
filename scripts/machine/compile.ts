// The machine back end: machine modules in, one C file out.
//
//   machine modules ─▶ collect (definitions) ─▶ compile bodies ─▶ C
//                          └─▶ exports: what the border (border.ts, glue.ts) may use

import type ts from 'typescript';
import type { Reporter } from '../diagnostics.ts';
import { collectDefinitions } from './collect.ts';
import { functionText, isInline, prototype, structs, variable } from './emit.ts';
import type { Definition, MachineFunction, MachineProgram } from './module.ts';
import { prelude } from './prelude.ts';

/** What to compile, and how. */
export interface CompileOptions {
  readonly checker: ts.TypeChecker;
  /** The machine modules, a module after all it imports. */
  readonly files: readonly ts.SourceFile[];
  /** File names in messages and debug information are relative to this folder. */
  readonly root: string;
  /** True for traps on overflow; false for wrap-around. Bounds of arrays and windows are checked in both. */
  readonly checked: boolean;
  readonly reporter: Reporter;
}

/** A definition that the control plane may meet: a function, constant, record, enum, or a variable that it must not touch. */
export type MachineExport = Definition;

/** Everything defined in machine modules, by its symbol (aliases resolved). Methods are in it, too. */
export type MachineExports = ReadonlyMap<ts.Symbol, MachineExport>;

/** The outcome: C, and what the control plane may use of it. */
export interface CompiledMachine {
  /**
   * Returns the C file; it means nothing when something was reported. Functions that are not `called` from outside are static: the C compiler may
   * then put them into their callers, and leave them out where there are none.
   */
  text(called: (definition: MachineFunction) => boolean): string;
  readonly exports: MachineExports;
}

/** Compiles machine modules. Reports what the machine language does not have, all of it in one run. */
export const compileMachine = (options: CompileOptions): CompiledMachine => {
  const program: MachineProgram = { ...options, definitions: new Map(), refused: new Set() };
  collectDefinitions(program);
  const definitions = [...program.definitions.values()];
  const functions = definitions.filter((definition): definition is MachineFunction => definition.kind === 'function');
  const records = definitions.filter((definition) => definition.kind === 'record');
  const variables = definitions.filter((definition) => definition.kind === 'variable');
  const bodies = functions.map((definition) => functionText(program, definition));
  return {
    text: (called) => {
      const prototypes = functions
        .filter((definition) => !isInline(definition))
        .map((definition) => `${linkage(definition, called)}${prototype(definition)};\n`);
      const parts = [
        prelude(options.checked),
        structs(records),
        ...variables.map(variable),
        prototypes.join(''),
        ...bodies,
      ];
      return parts.join('\n');
    },
    exports: program.definitions,
  };
};

const linkage = (definition: MachineFunction, called: (definition: MachineFunction) => boolean): string => {
  if (definition.body === undefined) return 'extern ';
  return called(definition) ? '' : 'static ';
};
