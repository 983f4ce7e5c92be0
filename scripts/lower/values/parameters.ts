// Parameters that are patterns become plain ones, taken apart in the first lines of the body: Porffor forgets a pattern that is not the
// last parameter. So do defaults in front of a parameter without one, which Porffor would fill with 0 when it is left out.
//
//   ({ a, b }, c = a) => a + c      (given, given2) => { let { a, b } = given, c = given2 === undefined ? a : given2; return a + c; }

import ts from 'typescript';
import type { Pass } from '../context.ts';
import { withParametersAndBody } from '../functions.ts';
import { standFor } from './walk.ts';

const { factory } = ts;

/** Lowers patterns in parameter lists. A plain pass: it needs no types. */
export const lowerParameters: Pass = () => (transformation) => (file) => {
  const visit: ts.Visitor = (node) => {
    const visited = ts.visitEachChild(node, visit, transformation);
    if (!ts.isFunctionLike(visited)) return visited;
    const first = firstToLower(visited.parameters);
    return first < 0 ? visited : withPlainParameters(visited as ts.FunctionLikeDeclaration, first, node);
  };
  return ts.visitEachChild(file, visit, transformation);
};

/** Returns the position of the first parameter that cannot stay as it is, or -1. */
const firstToLower = (parameters: readonly ts.ParameterDeclaration[]): number =>
  parameters.findIndex(
    (parameter, index) =>
      !ts.isIdentifier(parameter.name) ||
      (parameter.initializer !== undefined && parameters.slice(index + 1).some(hasNoDefault)),
  );

const hasNoDefault = (parameter: ts.ParameterDeclaration): boolean =>
  parameter.initializer === undefined && parameter.dotDotDotToken === undefined;

const withPlainParameters = (node: ts.FunctionLikeDeclaration, first: number, original: ts.Node): ts.Node => {
  const declarations: ts.VariableDeclaration[] = [];
  const parameters = node.parameters.map((parameter, index) => {
    if (index < first || (ts.isIdentifier(parameter.name) && parameter.initializer === undefined)) return parameter;
    const given = factory.createUniqueName('given');
    declarations.push(
      factory.createVariableDeclaration(parameter.name, undefined, undefined, givenOrDefault(given, parameter)),
    );
    return factory.updateParameterDeclaration(
      parameter,
      undefined,
      parameter.dotDotDotToken,
      given,
      undefined,
      undefined,
      undefined,
    );
  });
  const list = factory.createVariableDeclarationList(declarations, ts.NodeFlags.Let);
  const statement = standFor(factory.createVariableStatement(undefined, list), original);
  return withParametersAndBody(node, parameters, bodyAfter(statement, node));
};

/** A default counts when the argument is undefined. It may use the parameters before it. */
const givenOrDefault = (given: ts.Identifier, parameter: ts.ParameterDeclaration): ts.Expression =>
  parameter.initializer === undefined
    ? given
    : factory.createConditionalExpression(
        factory.createStrictEquality(given, factory.createVoidZero()),
        undefined,
        parameter.initializer,
        undefined,
        given,
      );

/** Returns the body of `node` with `first` in front. */
const bodyAfter = (first: ts.Statement, node: ts.FunctionLikeDeclaration): ts.Block => {
  const body = node.body!; // Plain JavaScript has no signatures without one.
  return ts.isBlock(body)
    ? inFront(first, body)
    : factory.createBlock([first, factory.createReturnStatement(body)], true);
};

const inFront = (first: ts.Statement, body: ts.Block): ts.Block =>
  factory.updateBlock(body, ts.setTextRange(factory.createNodeArray([first, ...body.statements]), body.statements));
