// Parameters that are patterns become plain ones, taken apart in the first lines of the body: Porffor forgets a pattern that is not the
// last parameter. So do defaults in front of a parameter without one, which Porffor would fill with 0 when it is left out, and those that
// hold a function, which would not see the parameters.
//
//   ({ a, b }, c = a) => a + c      (given, given2 = void 0) => { let { a, b } = given, c = given2 === void 0 ? a : given2; return a + c; }
//
// From the first default on all have one: a function's length counts the parameters in front of it.

import ts from 'typescript';
import type { Pass } from '../context.ts';
import { containsFunction } from '../flow/nodes.ts';
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
      (parameter.initializer !== undefined &&
        (containsFunction(parameter.initializer) || parameters.slice(index + 1).some(hasNoDefault))),
  );

const hasNoDefault = (parameter: ts.ParameterDeclaration): boolean =>
  parameter.initializer === undefined && parameter.dotDotDotToken === undefined;

const withPlainParameters = (node: ts.FunctionLikeDeclaration, first: number, original: ts.Node): ts.Node => {
  const declarations: ts.VariableDeclaration[] = [];
  const firstDefault = node.parameters.findIndex(({ initializer }) => initializer !== undefined);
  const parameters = node.parameters.map((parameter, index) => {
    if (index < first) return parameter;
    const hasDefault = firstDefault >= 0 && index >= firstDefault && parameter.dotDotDotToken === undefined;
    const start = hasDefault ? factory.createVoidZero() : undefined;
    if (ts.isIdentifier(parameter.name) && parameter.initializer === undefined)
      return withName(parameter, parameter.name, start);
    const given = factory.createUniqueName('given');
    declarations.push(
      factory.createVariableDeclaration(parameter.name, undefined, undefined, givenOrDefault(given, parameter)),
    );
    return withName(parameter, given, start);
  });
  const list = factory.createVariableDeclarationList(declarations, ts.NodeFlags.Let);
  const statement = standFor(factory.createVariableStatement(undefined, list), original);
  return withParametersAndBody(node, parameters, bodyAfter(statement, node));
};

const withName = (
  parameter: ts.ParameterDeclaration,
  name: ts.Identifier,
  initializer: ts.Expression | undefined,
): ts.ParameterDeclaration =>
  factory.updateParameterDeclaration(
    parameter,
    undefined,
    parameter.dotDotDotToken,
    name,
    undefined,
    undefined,
    initializer,
  );

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
