// Compile-time evaluation. The value is computed as JavaScript does, so a constant means on metal exactly what it means on Node.

import ts from 'typescript';

/** Returns the value of a name that stands for a constant, or undefined. */
export type ConstantOf = (name: ts.Identifier) => number | boolean | undefined;

/**
 * Returns the value of a constant expression, or undefined when it depends on anything that is not constant.
 * `inner` evaluates the operands; a caller that remembers what it was asked passes itself.
 */
export const evaluate = (
  node: ts.Expression,
  checker: ts.TypeChecker,
  constantOf: ConstantOf,
  inner: (operand: ts.Expression) => number | boolean | undefined = (operand) => evaluate(operand, checker, constantOf),
): number | boolean | undefined => {
  if (ts.isParenthesizedExpression(node) || ts.isSatisfiesExpression(node)) return inner(node.expression);
  if (ts.isNumericLiteral(node)) return Number(node.text);
  if (node.kind === ts.SyntaxKind.TrueKeyword) return true;
  if (node.kind === ts.SyntaxKind.FalseKeyword) return false;
  if (ts.isIdentifier(node)) return constantOf(node);
  if (ts.isPropertyAccessExpression(node)) return memberValue(node, checker);
  if (ts.isPrefixUnaryExpression(node)) return unary(node.operator, inner(node.operand));
  if (ts.isConditionalExpression(node)) {
    const condition = inner(node.condition);
    return condition === undefined ? undefined : inner(condition ? node.whenTrue : node.whenFalse);
  }
  if (!ts.isBinaryExpression(node)) return undefined;
  const left = inner(node.left);
  const right = inner(node.right);
  if (left === undefined || right === undefined) return undefined;
  return typeof left === 'number' && typeof right === 'number'
    ? arithmetic(node.operatorToken.kind, left, right)
    : logic(node.operatorToken.kind, left, right);
};

/** Members of an enum, and the numbers of Math and Number. */
const memberValue = (node: ts.PropertyAccessExpression, checker: ts.TypeChecker): number | undefined => {
  const member = checker.getSymbolAtLocation(node)?.valueDeclaration;
  if (member !== undefined && ts.isEnumMember(member)) {
    const value = checker.getConstantValue(member);
    return typeof value === 'number' ? value : undefined;
  }
  const owner = ts.isIdentifier(node.expression) ? node.expression.text : undefined; // A node that a pass has made has no text.
  if (owner !== 'Math' && owner !== 'Number') return undefined;
  const standard = Reflect.get(owner === 'Math' ? Math : Number, node.name.text) as unknown;
  return typeof standard === 'number' ? standard : undefined;
};

const unary = (operator: ts.PrefixUnaryOperator, value: number | boolean | undefined): number | boolean | undefined => {
  if (value === undefined) return undefined;
  if (operator === ts.SyntaxKind.ExclamationToken) return !value;
  if (typeof value !== 'number') return undefined;
  if (operator === ts.SyntaxKind.MinusToken) return -value;
  if (operator === ts.SyntaxKind.PlusToken) return value;
  return operator === ts.SyntaxKind.TildeToken ? ~value : undefined;
};

const logic = (
  operator: ts.SyntaxKind,
  left: number | boolean,
  right: number | boolean,
): number | boolean | undefined => {
  switch (operator) {
    case ts.SyntaxKind.AmpersandAmpersandToken:
      return left && right;
    case ts.SyntaxKind.BarBarToken:
      return left || right;
    case ts.SyntaxKind.EqualsEqualsEqualsToken:
      return left === right;
    case ts.SyntaxKind.ExclamationEqualsEqualsToken:
      return left !== right;
    default:
      return undefined;
  }
};

const arithmetic = (operator: ts.SyntaxKind, left: number, right: number): number | boolean | undefined => {
  switch (operator) {
    case ts.SyntaxKind.PlusToken:
      return left + right;
    case ts.SyntaxKind.MinusToken:
      return left - right;
    case ts.SyntaxKind.AsteriskToken:
      return left * right;
    case ts.SyntaxKind.SlashToken:
      return left / right;
    case ts.SyntaxKind.PercentToken:
      return left % right;
    case ts.SyntaxKind.AmpersandToken:
      return left & right;
    case ts.SyntaxKind.BarToken:
      return left | right;
    case ts.SyntaxKind.CaretToken:
      return left ^ right;
    case ts.SyntaxKind.LessThanLessThanToken:
      return left << right;
    case ts.SyntaxKind.GreaterThanGreaterThanToken:
      return left >> right;
    case ts.SyntaxKind.GreaterThanGreaterThanGreaterThanToken:
      return left >>> right;
    case ts.SyntaxKind.LessThanToken:
      return left < right;
    case ts.SyntaxKind.LessThanEqualsToken:
      return left <= right;
    case ts.SyntaxKind.GreaterThanToken:
      return left > right;
    case ts.SyntaxKind.GreaterThanEqualsToken:
      return left >= right;
    default:
      return logic(operator, left, right);
  }
};
