// Runs the plain passes over JavaScript and the result on Node: lowered code must still mean what it meant.

import ts from 'typescript';
import type { LowerContext, Pass } from '../../../../../scripts/lower/context.ts';
import { plainFlowPasses } from '../../../../../scripts/lower/flow/passes.ts';

/** The helpers that lowered code calls in these tests, as Node would have them. */
const HELPERS: Readonly<Record<string, unknown>> = { generatorReturnSignal: {} };

/** Returns `js` after `passes`; the plain passes of the build when none are given. */
export const lowered = (js: string, passes: readonly Pass[] = plainFlowPasses): string => {
  const context: LowerContext = {
    entry: undefined as unknown as ts.SourceFile,
    checker: undefined as unknown as ts.TypeChecker,
    reporter: { diagnostics: [], report: (_node, rule) => void refuse(rule.code) },
    typeOf: () => refuse('a plain pass has no types'),
    nameInModule: (text, _module, count) => `${text}$main$${count}`,
    isFirstWithFunction: () => true,
    hasGetter: () => false,
    runtime: (name) => ts.factory.createIdentifier(name),
  };
  return ts
    .transpileModule(js, {
      compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
      transformers: { after: passes.map((pass) => pass(context)) },
    })
    .outputText.replace(/^"use strict";\n/, '');
};

const refuse = (what: string): never => {
  throw new Error(`refused: ${what}`);
};

/** Returns what the function body `js` returns, lowered. */
export const resultOf = (js: string): unknown => {
  const names = Object.keys(HELPERS);
  const body = lowered(`const program = () => {${js}};`);
  return new Function(...names, `${body}\nreturn program();`)(...names.map((name) => HELPERS[name]));
};
