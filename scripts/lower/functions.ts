// Functions of every kind, made anew with other parameters and another body. TypeScript's factory has a method for each kind.

import ts from 'typescript';

const { factory } = ts;

/** Returns `node` with the given parameters and body; as it is when it is of a kind that has no parameters. For plain JavaScript: types are left out. */
export const withParametersAndBody = (
  node: ts.FunctionLikeDeclaration,
  parameters: ts.ParameterDeclaration[],
  body: ts.Block,
): ts.Node => {
  if (ts.isArrowFunction(node)) {
    const arrow = node.equalsGreaterThanToken;
    return factory.updateArrowFunction(node, node.modifiers, undefined, parameters, undefined, arrow, body);
  }
  if (ts.isFunctionExpression(node)) {
    return factory.updateFunctionExpression(
      node,
      node.modifiers,
      node.asteriskToken,
      node.name,
      undefined,
      parameters,
      undefined,
      body,
    );
  }
  if (ts.isFunctionDeclaration(node)) {
    return factory.updateFunctionDeclaration(
      node,
      node.modifiers,
      node.asteriskToken,
      node.name,
      undefined,
      parameters,
      undefined,
      body,
    );
  }
  if (ts.isMethodDeclaration(node)) {
    return factory.updateMethodDeclaration(
      node,
      node.modifiers,
      node.asteriskToken,
      node.name,
      undefined,
      undefined,
      parameters,
      undefined,
      body,
    );
  }
  if (ts.isConstructorDeclaration(node))
    return factory.updateConstructorDeclaration(node, node.modifiers, parameters, body);
  return ts.isSetAccessorDeclaration(node)
    ? factory.updateSetAccessorDeclaration(node, node.modifiers, node.name, parameters, body)
    : node;
};
