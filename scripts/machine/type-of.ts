// The machine type of an expression, found without compiling it. Arithmetic on integers is WIDE until it is stored.
//
// TypeScript's own type of an expression would not do: a sum is `number` to it, and narrowing changes what it says of a variable.

import ts from 'typescript';
import { constantValue, type FunctionContext, localOf } from './context.ts';
import { definitionOf, resolveType, symbolOf } from './module.ts';
import { BOOL, FLOAT, integerNamed, type MachineType, WIDE } from './types.ts';

/** Returns the machine type of `node`, or undefined for an expression that the machine language does not have. */
export const typeOf = (context: FunctionContext, node: ts.Expression): MachineType | undefined => {
  const { types } = context;
  if (!types.has(node)) types.set(node, findType(context, node));
  return types.get(node);
};

const findType = (context: FunctionContext, node: ts.Expression): MachineType | undefined => {
  if (ts.isIdentifier(node)) return typeOfName(context, node);
  const constant = constantValue(context, node);
  if (constant !== undefined) return typeOfConstant(constant);
  if (ts.isParenthesizedExpression(node) || ts.isNonNullExpression(node) || ts.isSatisfiesExpression(node))
    return typeOf(context, node.expression);
  if (ts.isAsExpression(node)) return typeOfCast(context, node);
  if (node.kind === ts.SyntaxKind.ThisKeyword) return context.definition.receiver;
  if (ts.isPropertyAccessExpression(node)) return typeOfProperty(context, node);
  if (ts.isElementAccessExpression(node)) {
    const owner = typeOf(context, node.expression);
    return owner?.kind === 'bytes' ? integerNamed('u8') : owner?.kind === 'array' ? owner.element : undefined;
  }
  if (ts.isCallExpression(node)) return typeOfCall(context, node);
  if (ts.isPrefixUnaryExpression(node)) {
    if (node.operator === ts.SyntaxKind.ExclamationToken) return BOOL;
    const operand = typeOf(context, node.operand);
    const steps = node.operator === ts.SyntaxKind.PlusPlusToken || node.operator === ts.SyntaxKind.MinusMinusToken;
    return steps ? operand : node.operator === ts.SyntaxKind.TildeToken || operand?.kind !== 'float' ? WIDE : FLOAT;
  }
  if (ts.isPostfixUnaryExpression(node)) return typeOf(context, node.operand);
  if (ts.isConditionalExpression(node)) return unify(typeOf(context, node.whenTrue), typeOf(context, node.whenFalse));
  return ts.isBinaryExpression(node) ? typeOfBinary(context, node) : undefined;
};

/** Returns true for `=`, `+=` and the like. */
export const isAssignment = (operator: ts.SyntaxKind): boolean =>
  operator >= ts.SyntaxKind.FirstAssignment && operator <= ts.SyntaxKind.LastAssignment;

/** Returns the expression inside parentheses. */
export const bare = (node: ts.Expression): ts.Expression =>
  ts.isParenthesizedExpression(node) ? bare(node.expression) : node;

/** Returns the division when `node` is one of two integers: an integer only where the reader says how to round, or where it is exact. */
export const integerDivision = (context: FunctionContext, node: ts.Expression): ts.BinaryExpression | undefined => {
  const inner = bare(node);
  if (!ts.isBinaryExpression(inner) || inner.operatorToken.kind !== ts.SyntaxKind.SlashToken) return undefined;
  if (constantValue(context, inner) !== undefined) return undefined;
  return isFloat(context, inner.left) || isFloat(context, inner.right) ? undefined : inner;
};

/** Returns true when the expression has to be computed as a double. */
export const isFloat = (context: FunctionContext, node: ts.Expression): boolean =>
  typeOf(context, node)?.kind === 'float';

/** Returns the name of the function when `node` calls one of Math. */
export const mathFunction = (context: FunctionContext, node: ts.CallExpression): string | undefined => {
  const { expression } = node;
  if (!ts.isPropertyAccessExpression(expression) || !ts.isIdentifier(expression.expression)) return undefined;
  const symbol = symbolOf(context.program.checker, expression.expression);
  const isGlobal = symbol?.valueDeclaration?.getSourceFile().isDeclarationFile === true;
  return expression.expression.text === 'Math' && isGlobal ? expression.name.text : undefined;
};

const typeOfConstant = (value: number | boolean): MachineType => {
  if (typeof value === 'boolean') return BOOL;
  return Number.isSafeInteger(value) && !Object.is(value, -0) ? WIDE : FLOAT;
};

const typeOfName = (context: FunctionContext, node: ts.Identifier): MachineType | undefined => {
  const local = localOf(context, node);
  if (local !== undefined) return local.type;
  const found = definitionOf(context.program, node);
  if (found?.kind === 'constant' || found?.kind === 'variable') return found.type;
  const constant = constantValue(context, node);
  return constant === undefined ? undefined : typeOfConstant(constant);
};

const typeOfCast = (context: FunctionContext, node: ts.AsExpression): MachineType | undefined => {
  const target = context.program.checker.getTypeFromTypeNode(node.type);
  return target.flags & ts.TypeFlags.Number ? typeOf(context, node.expression) : resolveType(context.program, target);
};

const typeOfProperty = (context: FunctionContext, node: ts.PropertyAccessExpression): MachineType | undefined => {
  const owner = typeOf(context, node.expression);
  if (owner?.kind === 'record') return owner.fields.get(node.name.text)?.type;
  const isLength = node.name.text === 'length' && (owner?.kind === 'array' || owner?.kind === 'bytes');
  return isLength ? integerNamed('u32') : undefined;
};

const typeOfCall = (context: FunctionContext, node: ts.CallExpression): MachineType | undefined => {
  const math = mathFunction(context, node);
  if (math !== undefined) return typeOfMath(context, math, node.arguments);
  const name = ts.isPropertyAccessExpression(node.expression) ? node.expression.name : node.expression;
  const found = definitionOf(context.program, name);
  return found?.kind === 'function' ? found.result : undefined;
};

const typeOfMath = (
  context: FunctionContext,
  name: string,
  operands: readonly ts.Expression[],
): MachineType | undefined => {
  switch (name) {
    case 'imul':
    case 'clz32':
      return WIDE;
    case 'floor':
    case 'ceil':
    case 'trunc':
    case 'round':
      return operands.some((operand) => isFloat(context, operand) && integerDivision(context, operand) === undefined)
        ? FLOAT
        : WIDE;
    case 'abs':
    case 'min':
    case 'max':
      return operands.some((operand) => isFloat(context, operand)) ? FLOAT : WIDE;
    case 'sqrt':
      return FLOAT;
    default:
      return undefined;
  }
};

const typeOfBinary = (context: FunctionContext, node: ts.BinaryExpression): MachineType | undefined => {
  const operator = node.operatorToken.kind;
  if (isAssignment(operator)) return typeOf(context, node.left);
  switch (operator) {
    case ts.SyntaxKind.SlashToken:
      return FLOAT;
    case ts.SyntaxKind.PlusToken:
    case ts.SyntaxKind.MinusToken:
    case ts.SyntaxKind.AsteriskToken:
    case ts.SyntaxKind.PercentToken:
      return isFloat(context, node.left) || isFloat(context, node.right) ? FLOAT : WIDE;
    case ts.SyntaxKind.AmpersandAmpersandToken:
    case ts.SyntaxKind.BarBarToken:
      return unify(typeOf(context, node.left), typeOf(context, node.right));
    case ts.SyntaxKind.AmpersandToken:
    case ts.SyntaxKind.BarToken:
    case ts.SyntaxKind.CaretToken:
    case ts.SyntaxKind.LessThanLessThanToken:
    case ts.SyntaxKind.GreaterThanGreaterThanToken:
    case ts.SyntaxKind.GreaterThanGreaterThanGreaterThanToken:
      return WIDE;
    case ts.SyntaxKind.EqualsEqualsEqualsToken:
    case ts.SyntaxKind.ExclamationEqualsEqualsToken:
    case ts.SyntaxKind.LessThanToken:
    case ts.SyntaxKind.LessThanEqualsToken:
    case ts.SyntaxKind.GreaterThanToken:
    case ts.SyntaxKind.GreaterThanEqualsToken:
      return BOOL;
    default:
      return undefined;
  }
};

/** The type of an expression that is one of two. */
const unify = (a: MachineType | undefined, b: MachineType | undefined): MachineType | undefined => {
  if (a === undefined || b === undefined || a === b) return a ?? b;
  if (a.kind === 'float' || b.kind === 'float') return FLOAT;
  return a.kind === 'integer' && b.kind === 'integer' ? WIDE : a;
};
