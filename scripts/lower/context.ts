// What every lowering pass is given. A pass is a TypeScript transformer over one source file.
//
//   typed passes ── run before TypeScript's own emit, on the checked tree: what depends on types
//   plain passes ── run after it, on plain JavaScript: what depends on control flow only

import type ts from 'typescript';
import type { Reporter } from '../diagnostics.ts';

/** The services of one run, shared by all passes. */
export interface LowerContext {
  /** The module that the program starts from. It runs last, and it alone may wait. */
  readonly entry: ts.SourceFile;
  readonly checker: ts.TypeChecker;
  readonly reporter: Reporter;
  /** Returns the checked type of `node`; for a node that a pass made, of the node it stands for. */
  typeOf(node: ts.Node): ts.Type;
  /** Returns a name for something new at the top level of a module: `text` with the module's own name, which no other module has, and a number behind it. */
  nameInModule(text: string, module: ts.SourceFile, count: number): string;
  /** Tells whether no module in front of this one has a variable of that name, at its top level or in a function, that is a function. */
  isFirstWithFunction(name: string, module: ts.SourceFile): boolean;
  /** Tells whether a class or an object of the program has a getter of that name. */
  hasGetter(name: string): boolean;
  /** Returns an identifier for a helper exported by a module of kernel/runtime, and links that helper into the image. */
  runtime(name: string): ts.Identifier;
}

/** A lowering pass: returns a transformer for each file of the program. */
export type Pass = (context: LowerContext) => ts.TransformerFactory<ts.SourceFile>;
