// What the dialect leaves out, found by name or by syntax.

import ts from 'typescript';
import { VALUE_RULES } from '../../dialect/values.ts';
import { libraryNames } from './library.ts';
import { on, type Rewrites, type Tools } from './walk.ts';

const { SyntaxKind } = ts;

const refuseBigInt = (node: ts.Node, tools: Tools): undefined =>
  tools.reporter.report(node, VALUE_RULES.bigint) as undefined;

/** The refusals, as rewrites that never rewrite. */
export const refusals: Rewrites = new Map([
  on<ts.BigIntLiteral>(SyntaxKind.BigIntLiteral, (node, _lowered, tools) => refuseBigInt(node, tools)),
  on<ts.Identifier>(SyntaxKind.Identifier, (node, _lowered, tools) => {
    if (/^Big(Int|Uint)/.test(node.text) && libraryNames(node, tools).length > 0) return refuseBigInt(node, tools);
    return undefined;
  }),
]);
