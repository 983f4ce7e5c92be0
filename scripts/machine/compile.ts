// The machine back end: machine modules in, one C file out.
//
//   machine modules ─▶ collect (definitions) ─▶ compile bodies ─▶ C
//                          └─▶ exports: what the border (border.ts, glue.ts) may use

import type ts from 'typescript';
import type { Reporter } from '../diagnostics.ts';
import type { Version } from '../program.ts';
import { collectDefinitions } from './collect.ts';
import { declaredVariable, functionText, isInline, prototype, structs, variable } from './emit.ts';
import type { Definition, MachineFunction, MachineProgram, MachineVariable } from './module.ts';
import { OUT_OF_LINE, prelude } from './prelude.ts';
import type { RecordType } from './types.ts';

/** What to compile, and how. */
export interface CompileOptions {
  readonly checker: ts.TypeChecker;
  /** The machine modules, a module after all it imports. */
  readonly files: readonly ts.SourceFile[];
  /** File names in messages and debug information are relative to this folder. */
  readonly root: string;
  /** True for traps on overflow; false for wrap-around. Bounds of arrays and windows are checked in both. */
  readonly checked: boolean;
  /** True for a program that notes the events of kernel/hal/trace.ts. */
  readonly traced?: boolean;
  readonly reporter: Reporter;
  /** The versions of files that are free of errors. */
  readonly versions: ReadonlyMap<ts.SourceFile, Version>;
}

/** A definition that the control plane may meet: a function, constant, record, enum, or a variable that it must not touch. */
export type MachineExport = Definition;

/** Everything defined in machine modules, by its symbol (aliases resolved). Methods are in it, too. */
export type MachineExports = ReadonlyMap<ts.Symbol, MachineExport>;

/** The outcome: C, and what the control plane may use of it. */
export interface CompiledMachine {
  /**
   * Returns the program as one C file, with `glue` behind it; it means nothing when something was reported. Functions that are not `called` from outside are static: the C
   * compiler may then put them into their callers, and leave them out where there are none.
   */
  text(called: (definition: MachineFunction) => boolean, glue: string): string;
  /** Returns the same as several C files, one a module and one with `glue`: a module's changes only with the module, and with the shape of what it uses. */
  units(glue: string): readonly string[];
  readonly exports: MachineExports;
}

/** Compiles machine modules. Reports what the machine language does not have, all of it in one run. */
export const compileMachine = (options: CompileOptions): CompiledMachine => {
  const program: MachineProgram = { ...options, definitions: new Map(), refused: new Set() };
  const modules = compileModules(program, options);
  const functions = modules.flatMap((module) => module.functions);
  const records = modules.flatMap((module) => module.records);
  const head = prelude(options.checked, options.traced === true);
  return {
    text: (called, glue) => {
      const prototypes = functions
        .filter((definition) => !isInline(definition))
        .map((definition) => `${linkage(definition, called)}${prototype(definition)};\n`);
      const variables = modules.flatMap((module) => module.variables).map((each) => `static ${variable(each)}`);
      const bodies = modules.flatMap((module) => module.bodies);
      return [head, OUT_OF_LINE, structs(records), ...variables, prototypes.join(''), ...bodies, glue].join('\n');
    },
    units: (glue) => {
      const declare = declarer(modules);
      const units = modules.map((module) => [...module.variables.map(variable), ...module.bodies].join('\n'));
      return [...units.filter((own) => own !== ''), `${OUT_OF_LINE}${glue}`].map((own) =>
        [head, declare(own), own].join('\n'),
      );
    },
    exports: program.definitions,
  };
};

/** What one module defines, and the texts of its functions. */
interface Module {
  readonly functions: readonly MachineFunction[];
  readonly records: readonly RecordType[];
  readonly variables: readonly MachineVariable[];
  readonly bodies: readonly string[];
}

type Definitions = ReadonlyMap<ts.Symbol, Definition>;

/** What was compiled before in this process: a version defines the same in every program, and has the same C where checks are the same. */
const keptDefinitions = new WeakMap<Version, Definitions>();
const keptModules = { checked: new WeakMap<Version, Module>(), unchecked: new WeakMap<Version, Module>() };

/** Fills `program.definitions`, and returns the modules in their order. */
const compileModules = (program: MachineProgram, { checked, files, versions, reporter }: CompileOptions): Module[] => {
  const keeper = checked ? keptModules.checked : keptModules.unchecked;
  const definitions = definitionsOf(program, versions);
  const modules = files.map((file) => {
    const version = versions.get(file);
    return (version && keeper.get(version)) ?? moduleOf(program, definitions.get(file)!);
  });
  if (reporter.diagnostics.length > 0) return modules;
  for (const [index, file] of files.entries()) {
    const version = versions.get(file);
    if (version === undefined) continue;
    keptDefinitions.set(version, definitions.get(file)!);
    keeper.set(version, modules[index]!);
  }
  return modules;
};

/** Fills `program.definitions`, and returns them by module. */
const definitionsOf = (
  program: MachineProgram,
  versions: ReadonlyMap<ts.SourceFile, Version>,
): ReadonlyMap<ts.SourceFile, Definitions> => {
  const byFile = new Map<ts.SourceFile, Definitions>();
  for (const file of program.files) {
    const version = versions.get(file);
    const kept = version && keptDefinitions.get(version);
    if (kept === undefined) continue;
    byFile.set(file, kept);
    for (const [symbol, definition] of kept) program.definitions.set(symbol, definition);
  }
  const fresh = program.files.filter((file) => !byFile.has(file));
  collectDefinitions(program, fresh);
  const collected = new Map(fresh.map((file) => [file, new Map<ts.Symbol, Definition>()]));
  for (const [symbol, definition] of program.definitions)
    collected.get(symbol.declarations![0]!.getSourceFile())?.set(symbol, definition);
  return new Map([...byFile, ...collected]);
};

const moduleOf = (program: MachineProgram, definitions: Definitions): Module => {
  const all = [...definitions.values()];
  const functions = all.filter((each): each is MachineFunction => each.kind === 'function');
  return {
    functions,
    records: all.filter((each): each is RecordType => each.kind === 'record'),
    variables: all.filter((each): each is MachineVariable => each.kind === 'variable'),
    bodies: functions.map((each) => functionText(program, each)).filter((text) => text !== ''),
  };
};

/** Returns a function that gives the declarations of what a text names, in an order that does not depend on the rest of the program. */
const declarer = (modules: readonly Module[]): ((text: string) => string) => {
  const records = new Map(modules.flatMap((module) => module.records.map((each) => [each.cName, each] as const)));
  const others = new Map(
    modules.flatMap(({ functions, variables }) => [
      ...functions
        .filter((each) => !isInline(each))
        .map((each) => [each.cName, `${each.body === undefined ? 'extern ' : ''}${prototype(each)};`] as const),
      ...variables.map((each) => [each.cName, `extern ${declaredVariable(each)};`] as const),
    ]),
  );
  const namesIn = (text: string): string[] => text.match(/\b(?:m|hal)_\w+/g) ?? [];
  return (text) => {
    const named = [...new Set(namesIn(text))].sort();
    const declared = named.flatMap((name) => others.get(name) ?? []);
    const types = [...new Set([...named, ...namesIn(declared.join('\n'))])].sort();
    return [structs(types.flatMap((name) => records.get(name) ?? [])), ...declared].join('\n');
  };
};

const linkage = (definition: MachineFunction, called: (definition: MachineFunction) => boolean): string => {
  if (definition.body === undefined) return 'extern ';
  return called(definition) ? '' : 'static ';
};
