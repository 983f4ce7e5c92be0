// A variable of a loop's body that has no value yet. Porffor leaves it what it was in the round before.
//
//   while (a()) { let x; … }   ──►   while (a()) { let x = void 0; … }

import ts from 'typescript';
import type { Pass } from '../context.ts';
import { isFunctionBoundary, isLoop } from './nodes.ts';

const { factory } = ts;

/** Gives them undefined. */
export const startVariables: Pass = () => (context) => (source) => {
  const visitIn =
    (isRepeated: boolean): ts.Visitor =>
    (node) => {
      const isInside = isLoop(node) || (isRepeated && !isFunctionBoundary(node));
      const visited = ts.visitEachChild(node, visitIn(isInside), context);
      return isRepeated && ts.isVariableStatement(visited) ? started(visited) : visited;
    };
  return ts.visitEachChild(source, visitIn(false), context);
};

const started = (statement: ts.VariableStatement): ts.VariableStatement => {
  const list = statement.declarationList;
  const declarations = list.declarations.map((declaration) =>
    declaration.initializer === undefined && ts.isIdentifier(declaration.name)
      ? factory.updateVariableDeclaration(declaration, declaration.name, undefined, undefined, factory.createVoidZero())
      : declaration,
  );
  return factory.updateVariableStatement(
    statement,
    statement.modifiers,
    factory.updateVariableDeclarationList(list, declarations),
  );
};
