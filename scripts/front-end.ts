// The front end: one run over the program that finds every error, and the texts for the two back ends when there is none.

import { bundle } from './bundle.ts';
import { createReporter, type Diagnostic, sortDiagnostics } from './diagnostics.ts';
import { checkFloors } from './floors.ts';
import { panicFunctions } from './machine/at-panic.ts';
import { createBorder } from './machine/border.ts';
import { compileMachine } from './machine/compile.ts';
import { createGlue } from './machine/glue.ts';
import { filesOf, importsOf, openProject, type ProgramFiles, typeErrors } from './program.ts';

/** The outcome of a run: either `diagnostics` is empty or the texts mean nothing. */
export interface Compiled {
  readonly diagnostics: readonly Diagnostic[];
  /** JavaScript for Porffor. */
  readonly control: string;
  /** C for the machine modules: checked, one text a module; otherwise one text, for the C compiler to see all of it. */
  readonly machine: readonly string[];
  /** Every file the program was made from. */
  readonly sources: readonly string[];
}

/** Compiles the program that starts at `files.entry`; `checked` asks for traps on overflow in machine modules. */
export const compileProgram = (files: ProgramFiles, checked: boolean): Compiled => {
  const reporter = createReporter(files.root);
  const project = openProject(files, reporter);
  const { checker, root } = project;
  const errors = typeErrors(project);
  const modules = [...new Set([...project.helpers, ...project.control]), ...project.machine];
  for (const module of modules) checkFloors(module, checker, reporter);

  const machine = compileMachine({
    checker,
    files: project.machine,
    root,
    checked,
    traced: project.traced,
    reporter,
    versions: project.versions,
  });
  const glue = createGlue();
  const border = createBorder(machine.exports, glue, checker);
  const control = bundle(project, border, glue, reporter);
  const { js, c } = glue.text(
    panicFunctions(machine.exports.values(), importsOf(project.entry, project.program), glue.uses),
  );
  return {
    diagnostics: sortDiagnostics([...errors, ...reporter.diagnostics]),
    // Modules are strict code; joined, they have to say so.
    control: `'use strict';\n${js}\n${control}`,
    machine: checked ? machine.units(c) : [machine.text(glue.uses, c)],
    sources: filesOf(project),
  };
};
