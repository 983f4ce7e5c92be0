// The rest of an object pattern, which closures cannot see in Porffor: it gets its name in a declaration of its own.
//
//   const { a, ...rest } = x;      ──►   const { a, ...others } = x; const rest = others;
//   ({ a, ...rest }) => rest.b     ──►   ({ a, ...others }) => { let rest = others; return rest.b; }

import ts from 'typescript';
import type { Pass } from '../context.ts';
import { withParametersAndBody } from '../functions.ts';
import { declare, standFor, statementsOf } from './nodes.ts';

const { factory } = ts;

/** A rest variable of a pattern, and the name it takes there. */
interface Rest {
  readonly name: ts.Identifier;
  readonly copy: ts.Identifier;
}

/** Gives object rests declarations of their own. */
export const lowerObjectRest: Pass = () => (context) => (source) => {
  /** Returns the pattern with fresh names for its object rests; adds them to `rests`. */
  const renamed = (pattern: ts.BindingName, rests: Rest[]): ts.BindingName => {
    const renameIn = (inner: ts.BindingPattern): ts.BindingPattern =>
      ts.visitEachChild(inner, (element) => renameElement(element, ts.isArrayBindingPattern(inner)), context);
    const renameElement = (node: ts.Node, isInArray: boolean): ts.Node => {
      if (!ts.isBindingElement(node)) return node;
      const { name, dotDotDotToken, propertyName, initializer } = node;
      if (!dotDotDotToken || !ts.isIdentifier(name) || isInArray) {
        return factory.updateBindingElement(
          node,
          dotDotDotToken,
          propertyName,
          ts.isIdentifier(name) ? name : renameIn(name),
          initializer,
        );
      }
      const copy = factory.createUniqueName(name.text);
      rests.push({ name, copy });
      return factory.updateBindingElement(node, dotDotDotToken, propertyName, copy, initializer);
    };
    return hasObjectRest(pattern) ? renameIn(pattern as ts.BindingPattern) : pattern;
  };

  const visit = (node: ts.Node): ts.Node | ts.Node[] => {
    const visited = ts.visitEachChild(node, visit, context);
    if (ts.isVariableStatement(visited)) return splitDeclarations(visited);
    if (ts.isForOfStatement(visited)) return lowerHead(visited);
    return ts.isFunctionLike(visited) && 'body' in visited && visited.body ? lowerParameters(visited) : visited;
  };

  const splitDeclarations = (node: ts.VariableStatement): ts.Node | ts.Node[] => {
    const { declarations, flags } = node.declarationList;
    if (!declarations.some((declaration) => hasObjectRest(declaration.name))) return node;
    return declarations.flatMap((declaration) => {
      const rests: Rest[] = [];
      const name = renamed(declaration.name, rests);
      return [declare(name, declaration.initializer, flags), ...declarationsOf(rests, flags)].map((statement) =>
        standFor(statement, node),
      );
    });
  };

  const lowerHead = (node: ts.ForOfStatement): ts.Node => {
    const list = node.initializer;
    const [declaration] = ts.isVariableDeclarationList(list) ? list.declarations : [];
    if (!declaration || !hasObjectRest(declaration.name)) return node;
    const rests: Rest[] = [];
    const name = renamed(declaration.name, rests);
    const head = factory.createVariableDeclarationList([factory.createVariableDeclaration(name)], list.flags);
    const body = [...declarationsOf(rests, ts.NodeFlags.Let), ...statementsOf(node.statement)];
    const block = standFor(factory.createBlock(body, true), node.statement);
    return factory.updateForOfStatement(node, node.awaitModifier, head, node.expression, block);
  };

  const lowerParameters = (node: ts.FunctionLikeDeclaration): ts.Node => {
    if (!node.parameters.some((parameter) => hasObjectRest(parameter.name))) return node;
    const rests: Rest[] = [];
    const parameters = node.parameters.map((parameter) =>
      factory.updateParameterDeclaration(
        parameter,
        parameter.modifiers,
        parameter.dotDotDotToken,
        renamed(parameter.name, rests),
        undefined,
        undefined,
        parameter.initializer,
      ),
    );
    const body = node.body!;
    const statements = ts.isBlock(body) ? body.statements : [standFor(factory.createReturnStatement(body), body)];
    const first = declarationsOf(rests, ts.NodeFlags.Let).map((statement) => standFor(statement, node));
    const block = standFor(factory.createBlock([...first, ...statements], true), body);
    return withParametersAndBody(node, parameters, block);
  };

  return ts.visitEachChild(source, visit, context);
};

const declarationsOf = (rests: readonly Rest[], flags: ts.NodeFlags): ts.Statement[] =>
  rests.map(({ name, copy }) => declare(name, copy, flags));

const hasObjectRest = (name: ts.BindingName): boolean => {
  if (ts.isIdentifier(name)) return false;
  const isObject = ts.isObjectBindingPattern(name);
  return name.elements.some(
    (element) =>
      ts.isBindingElement(element) &&
      ((isObject && element.dotDotDotToken !== undefined) || hasObjectRest(element.name)),
  );
};
