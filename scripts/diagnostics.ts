// What the build tool says when it refuses a program.
//
//   file:line:col error HEDnnn: what, why, what to write instead
//
// A run collects every diagnostic and prints them together, sorted by place, so that one run shows all there is to mend.

import ts from 'typescript';
import type { DialectRule } from './dialect/rule.ts';
import { nameIn } from './folders.ts';

/** One refusal. `line` and `column` count from 1; `file` is relative to the project's root, with forward slashes. */
export interface Diagnostic {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly code: string;
  readonly message: string;
}

/** Collects the diagnostics of one run. */
export interface Reporter {
  /** Refuses `node` by `rule`. `what` names the concrete thing found; the rule's title stands in when it is absent. */
  report(node: ts.Node, rule: DialectRule, what?: string): void;
  /** Everything reported so far, in the order of reporting. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Returns a reporter whose file names are relative to `root`. The same refusal at the same place is kept once. */
export const createReporter = (root: string): Reporter => {
  const diagnostics: Diagnostic[] = [];
  const seen = new Set<string>();
  return {
    diagnostics,
    report(node, rule, what) {
      const diagnostic = diagnosticAt(root, node, rule.code, `${what ?? rule.title}: ${rule.why}; ${rule.instead}`);
      const key = formatDiagnostic(diagnostic);
      if (seen.has(key)) return;
      seen.add(key);
      diagnostics.push(diagnostic);
    },
  };
};

/** Returns a diagnostic at the first character of `node`, or at its nearest original when a transformer made it. */
const diagnosticAt = (root: string, node: ts.Node, code: string, message: string): Diagnostic => {
  const original = ts.getOriginalNode(node);
  const source = original.getSourceFile();
  const place = source.getLineAndCharacterOfPosition(original.getStart(source));
  return {
    file: nameIn(root, source.fileName),
    line: place.line + 1,
    column: place.character + 1,
    code,
    message,
  };
};

/** Returns the one line that a user reads. */
export const formatDiagnostic = (diagnostic: Diagnostic): string =>
  `${diagnostic.file}:${diagnostic.line}:${diagnostic.column} error ${diagnostic.code}: ${diagnostic.message}`;

/** Returns the diagnostics in the order a user mends them: by file, line and column. */
export const sortDiagnostics = (diagnostics: readonly Diagnostic[]): Diagnostic[] =>
  [...diagnostics].sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line || a.column - b.column);
