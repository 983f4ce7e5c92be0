// The control plane as one JavaScript file: what Porffor compiles.
//
//   modules in order ─▶ join ─▶ typed passes ─▶ TypeScript's emit ─▶ plain passes ─▶ top level ─▶ lines ─▶ text
//
// Helpers of kernel/runtime are linked when a pass asks for them; they go through the same passes, in front of the program.

import ts from 'typescript';
import type { Reporter } from './diagnostics.ts';
import { joinPass, type NameOf } from './join.ts';
import { createKeeper } from './kept.ts';
import { layOut } from './layout.ts';
import { linePass } from './lines.ts';
import { createLinker, needPass } from './link.ts';
import { needLoop } from './loop.ts';
import { assertPass } from './lower/assert.ts';
import { constantPass } from './lower/constants.ts';
import type { LowerContext, Pass } from './lower/context.ts';
import { earlyReadPass } from './lower/early-reads.ts';
import { plainFlowPasses, typedFlowPasses } from './lower/flow/passes.ts';
import { functionVariablesOf } from './lower/flow/shadows.ts';
import { functionNamePass } from './lower/function-names.ts';
import { orderPass } from './lower/order.ts';
import { withoutTaskNotes } from './lower/tasks.ts';
import { plainValuePasses, valuePasses } from './lower/values/passes.ts';
import type { Glue } from './machine/glue.ts';
import { chooseNames } from './names.ts';
import type { Project } from './program.ts';
import { topLevelPass } from './top-level.ts';

/** What the machine back end adds to the control plane. */
export interface Border {
  /** The typed pass that turns records and machine constants into glue. */
  readonly pass: Pass;
  /** Returns the glue's name of a machine function and notes that it is used; undefined for anything else. */
  readonly nameOf: NameOf;
}

const getterNames = new WeakMap<ts.SourceFile, ReadonlySet<string>>();

/** Returns the names of the getters of a module. */
const gettersOf = (file: ts.SourceFile): ReadonlySet<string> => {
  const known = getterNames.get(file);
  if (known !== undefined) return known;
  const found = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isGetAccessor(node)) found.add(node.name.getText(file));
    ts.forEachChild(node, visit);
  };
  if (/\bget\s/.test(file.text)) visit(file);
  getterNames.set(file, found);
  return found;
};

/** Returns the program without its glue. `reporter` holds what was refused; the text means nothing if anything was. */
export const bundle = (project: Project, border: Border, glue: Glue, reporter: Reporter): string => {
  const files = [...new Set([...project.helpers, ...project.control])];
  const names = chooseNames(files, project.checker, reporter);
  const moduleNames = chooseModuleNames(files, project.entry);
  const firstModules = new Map(
    files.toReversed().flatMap((file) => [...functionVariablesOf(file)].map((name) => [name, file] as const)),
  );
  const getters = new Set(files.flatMap((file) => [...gettersOf(file)]));
  const linker = createLinker(project);
  const uses = new Map<ts.SourceFile, Set<ts.SourceFile>>();
  let lowering: ts.SourceFile | undefined;
  const keeper = createKeeper(
    {
      nameOf: (declaration) => names.get(declaration) ?? border.nameOf(declaration),
      link: (name) => {
        const helper = linker.need(name);
        if (lowering !== undefined) uses.set(lowering, (uses.get(lowering) ?? new Set()).add(helper.getSourceFile()));
        return names.get(helper) ?? name;
      },
      isFirst: (name, file) => firstModules.get(name) === file,
      hasGetter: (name) => getters.has(name),
    },
    glue,
  );
  const context: LowerContext = {
    entry: project.entry,
    checker: project.checker,
    reporter,
    typeOf: (node) => project.checker.getTypeAtLocation(ts.getOriginalNode(node)),
    nameInModule: (text, module, count) =>
      `${text}$${moduleNames.get(ts.getOriginalNode(module, ts.isSourceFile))}$${count}`,
    isFirstWithFunction: (name, module) => keeper.answers.isFirst(name, module),
    hasGetter: (name) => keeper.answers.hasGetter(name),
    runtime: (name) => ts.factory.createIdentifier(keeper.answers.link(name)),
  };

  const typed = [
    needPass(linker),
    joinPass(keeper.answers.nameOf),
    earlyReadPass,
    constantPass,
    ...(project.traced ? [] : [withoutTaskNotes]),
    assertPass(project.root),
    border.pass,
    ...valuePasses,
    ...typedFlowPasses,
  ];
  const plain = [
    ...plainValuePasses,
    ...plainFlowPasses,
    topLevelPass,
    functionNamePass,
    orderPass,
    linePass(project.root),
  ];
  const transformers: ts.CustomTransformers = {
    before: typed.map((pass) => pass(context)),
    after: plain.map((pass) => pass(context)),
  };

  const texts = new Map<ts.SourceFile, string>();
  const lowerFile = (file: ts.SourceFile): void => {
    lowering = file;
    const refusedBefore = reporter.diagnostics.length;
    const terms = {
      file,
      version: project.versions.get(file),
      key: JSON.stringify([project.root, project.traced, moduleNames.get(file), file === project.entry]),
      statements: linker.needed.get(file),
    };
    const text = keeper.textOf(
      terms,
      () => emit(project, file, transformers),
      () => reporter.diagnostics.length === refusedBefore,
    );
    texts.set(file, text);
  };
  for (const file of project.control) lowerFile(file);
  // Lowering a helper may ask for further helpers, of the same module too: what has grown is done again.
  const lowered = new Map<ts.SourceFile, number>();
  let runLoop = needLoop(project, linker);
  for (let grown = [...linker.needed]; grown.length > 0; ) {
    for (const [file, statements] of grown) {
      lowered.set(file, statements.size);
      lowerFile(file);
    }
    runLoop = needLoop(project, linker);
    grown = [...linker.needed].filter(([file, statements]) => lowered.get(file) !== statements.size);
  }
  const end = runLoop === undefined ? [] : [`${names.get(runLoop)}();\n`];
  return [...layOut(project, uses).flatMap((file) => texts.get(file) ?? []), ...end].join('\n');
};

const emit = (project: Project, file: ts.SourceFile, transformers: ts.CustomTransformers): string => {
  let text = '';
  project.program.emit(
    file,
    (_, written) => {
      text = written;
    },
    undefined,
    false,
    transformers,
  );
  return text.replace(/^export \{\};\n?/m, '');
};

/** A backtrace shows them for what runs at the top level: `main` for the entry, the name of the file for another module. No two modules have the same. */
const chooseModuleNames = (files: readonly ts.SourceFile[], entry: ts.SourceFile): Map<ts.SourceFile, string> => {
  const names = new Map<ts.SourceFile, string>();
  const used = new Set<string>();
  for (const file of files) {
    const name = file === entry ? 'main' : file.fileName.replace(/^.*\/|\.ts$/g, '').replace(/\W|^in$/g, '_');
    let own = name;
    for (let suffix = 2; used.has(own); suffix++) own = `${name}$${suffix}`;
    used.add(own);
    names.set(file, own);
  }
  return names;
};
