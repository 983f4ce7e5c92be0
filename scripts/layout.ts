// The order in which modules are laid into the one program.
//
//   helpers, each behind what it needs ─▶ the program's modules, each behind what it imports
//
// A helper needs what it imports, and what lowering calls in it. A class of Porffor's sees only what stands before it, and so do the functions that it
// calls.

import type ts from 'typescript';
import { importsOf, type Project } from './program.ts';

/** Which helper modules the lowering of a module has asked for. */
export type Uses = ReadonlyMap<ts.SourceFile, ReadonlySet<ts.SourceFile>>;

/** Returns the modules in order. Where helpers need each other in a circle, an import counts for more than a call. */
export const layOut = (project: Project, uses: Uses): ts.SourceFile[] => {
  const helpers = new Set(project.helpers);
  const laid = new Set<ts.SourceFile>();
  const open = new Set<ts.SourceFile>();
  const lay = (file: ts.SourceFile): void => {
    if (!helpers.has(file) || laid.has(file) || open.has(file)) return;
    open.add(file);
    const imports = importsOf(file, project.program);
    for (const imported of project.helpers) if (imports.has(imported)) lay(imported);
    for (const used of uses.get(file) ?? []) {
      const needed = importsOf(used, project.program);
      if (![...open].some((waiting) => needed.has(waiting))) lay(used);
    }
    open.delete(file);
    laid.add(file);
  };
  for (const file of project.helpers) lay(file);
  return [...laid, ...project.control.filter((file) => !helpers.has(file))];
};
