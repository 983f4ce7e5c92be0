// Functions and classes that take the name of what they are given to. Porffor names those of declarations alone.
//
//   later = () => 1              later = { later: () => 1 }.later
//   (f = () => 1) => f.name      (f = { f: () => 1 }.f) => f.name
//   { [key]: () => 1 }           { [key]: named(() => 1, key) }
//   const C = class {}           const C = class C {}

import ts from 'typescript';
import type { Pass } from './context.ts';
import { isPlain } from './values/optional.ts';

const f = ts.factory;

/** Gives the names. Runs on plain JavaScript, when statements of the top level have become assignments. */
export const functionNamePass: Pass = (lower) => (transformation) => (file) => {
  const visit = (node: ts.Node, parent: ts.Node): ts.Node => {
    const visited = ts.visitEachChild(node, (child) => visit(child, node), transformation);
    if (ts.isPropertyAssignment(visited) && isNamedByKey(visited))
      return f.updatePropertyAssignment(
        visited,
        visited.name,
        f.createCallExpression(lower.runtime('named'), undefined, [visited.initializer, visited.name.expression]),
      );
    const name = isNameless(visited) ? nameGiven(node) : undefined;
    if (name === undefined) return visited;
    if (ts.isClassExpression(visited)) return named(visited, name);
    const isDeclared = ts.isVariableDeclaration(parent) && parent.initializer === node;
    return isDeclared ? visited : fromObject(visited as ts.Expression, name);
  };
  return ts.visitEachChild(file, (child) => visit(child, file), transformation);
};

/** A key that does something cannot be written twice: such a function stays without a name. */
const isNamedByKey = (
  node: ts.PropertyAssignment,
): node is ts.PropertyAssignment & { readonly name: ts.ComputedPropertyName } =>
  ts.isComputedPropertyName(node.name) &&
  isPlain(node.name.expression) &&
  !ts.isStringLiteral(node.name.expression) &&
  isNameless(node.initializer);

const isNameless = (node: ts.Node): boolean =>
  ts.isArrowFunction(node) ||
  ((ts.isFunctionExpression(node) || ts.isClassExpression(node)) && node.name === undefined);

/** The assignments that give a name. */
const NAMING: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.EqualsToken,
  ts.SyntaxKind.AmpersandAmpersandEqualsToken,
  ts.SyntaxKind.BarBarEqualsToken,
  ts.SyntaxKind.QuestionQuestionEqualsToken,
]);

/** Returns the name that the source gives to a function or class, when it gives one. ECMA-262 §8.4 */
const nameGiven = (node: ts.Node): string | undefined => {
  let original = ts.getOriginalNode(node);
  while (original.parent !== undefined && ts.isParenthesizedExpression(original.parent)) original = original.parent;
  const { parent } = original;
  if (parent === undefined) return undefined;
  if (ts.isBinaryExpression(parent)) {
    const isGiven = NAMING.has(parent.operatorToken.kind) && parent.right === original;
    return isGiven && ts.isIdentifier(parent.left) ? parent.left.text : undefined;
  }
  const holds = ts.isVariableDeclaration(parent) || ts.isParameter(parent) || ts.isBindingElement(parent);
  return holds && parent.initializer === original && ts.isIdentifier(parent.name) ? parent.name.text : undefined;
};

const named = (node: ts.ClassExpression, name: string): ts.ClassExpression =>
  f.updateClassExpression(
    node,
    node.modifiers,
    f.createIdentifier(name),
    undefined,
    node.heritageClauses,
    node.members,
  );

const fromObject = (node: ts.Expression, name: string): ts.Expression => {
  const object = f.createObjectLiteralExpression([f.createPropertyAssignment(f.createStringLiteral(name), node)]);
  const made = f.createElementAccessExpression(f.createParenthesizedExpression(object), f.createStringLiteral(name));
  return ts.setTextRange(ts.setOriginalNode(made, ts.getOriginalNode(node)), node);
};
