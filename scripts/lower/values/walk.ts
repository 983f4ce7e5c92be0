// One walk over a file, for all rewrites of values.
//
// A rewrite is a function for one kind of node. It sees the node as the checker knows it (types, refusals) and the same node with its
// children already lowered (what the new node is made of).

import ts from 'typescript';
import type { LowerContext } from '../context.ts';
import { kindsOf } from './kinds.ts';

/** What rewrites are given, besides the services of the run. */
export interface Tools extends LowerContext {
  /** Returns the bits of `Kind` for the checked type of `node`. */
  kindsOf(node: ts.Node): number;
}

/** Returns the replacement of `lowered`, or undefined to leave the node to the next rewrite. */
export type Rewrite<T extends ts.Node = ts.Node> = (node: T, lowered: T, tools: Tools) => ts.Node | undefined;

/** Rewrites by the kind of node. */
export type Rewrites = ReadonlyMap<ts.SyntaxKind, Rewrite>;

/** Returns an entry of `Rewrites`; `kind` and `rewrite` speak of the same node type. */
export const on = <T extends ts.Node>(kind: T['kind'], rewrite: Rewrite<T>): [ts.SyntaxKind, Rewrite] => [
  kind,
  rewrite as unknown as Rewrite,
];

/** Returns the transformer that applies the first matching rewrite to every node, children first. */
export const walk =
  (tables: readonly Rewrites[]) =>
  (context: LowerContext): ts.TransformerFactory<ts.SourceFile> =>
  (transformation) => {
    const tools: Tools = { ...context, kindsOf: (node) => kindsOf(context.typeOf(node), context.checker) };
    const visit: ts.Visitor = (node) => {
      if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) return node;
      if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return node;
      const lowered = ts.visitEachChild(node, visit, transformation);
      if (!isChecked(node)) return lowered;
      for (const table of tables) {
        const replacement = table.get(node.kind)?.(node, lowered, tools);
        if (replacement !== undefined) return standFor(replacement, node);
      }
      return lowered;
    };
    return (file) => ts.visitEachChild(file, visit, transformation);
  };

/** Only what was written in the program has a type; what an earlier pass made up is right as it is. */
const isChecked = (node: ts.Node): boolean => ts.getParseTreeNode(node) !== undefined;

/** Returns `node`, marked as standing for `original`, so that types and line tables find its source. */
export const standFor = <T extends ts.Node>(node: T, original: ts.Node): T =>
  ts.setTextRange(ts.setOriginalNode(node, original), original);

/** Returns `helper(...values)`, linking the helper. */
export const callHelper = (tools: Tools, helper: string, ...values: readonly ts.Expression[]): ts.CallExpression =>
  ts.factory.createCallExpression(tools.runtime(helper), undefined, values);

/** Returns `node` without the parentheses, assertions and `!` around it. */
export const bare = (node: ts.Expression): ts.Expression =>
  ts.isParenthesizedExpression(node) ||
  ts.isAsExpression(node) ||
  ts.isSatisfiesExpression(node) ||
  ts.isNonNullExpression(node)
    ? bare(node.expression)
    : node;
