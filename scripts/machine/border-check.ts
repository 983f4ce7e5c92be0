// What the control plane must not do with machine modules. On Node a record is an object like any other; on metal it is a handle. So wherever
// the difference could show — printing, spreading, a type that is not the class — the program is refused.

import ts from 'typescript';
import type { Reporter } from '../diagnostics.ts';
import {
  CLASS_AS_VALUE,
  MACHINE_VARIABLE,
  NOT_AT_THE_BORDER,
  RECORD_ESCAPES,
  RECORD_IMITATED,
  RECORD_PART,
  SHARED_FIELD_WRITE,
} from '../dialect/machine.ts';
import type { DialectRule } from '../dialect/rule.ts';
import { crossesBorder } from './glue.ts';
import type { Planes } from './planes.ts';
import { isScalar, type MachineType } from './types.ts';

/** Reports every forbidden use in one control-plane module. `file` is the parsed file, before any pass. */
export const checkBorder = (file: ts.SourceFile, planes: Planes, checker: ts.TypeChecker, reporter: Reporter): void => {
  const holders = new Map<ts.Type, boolean>();
  const check: Check = { planes, checker, reporter, holders };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return;
    if (ts.isHeritageClause(node) && node.token === ts.SyntaxKind.ImplementsKeyword) return;
    if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) return;
    if (ts.isIdentifier(node)) checkName(check, node);
    if (ts.isExpression(node) && isValue(node)) checkExpression(check, node);
    if (ts.isObjectBindingPattern(node) || ts.isArrayBindingPattern(node)) checkPattern(check, node);
    ts.forEachChild(node, visit);
  };
  visit(file);
};

interface Check {
  readonly planes: Planes;
  readonly checker: ts.TypeChecker;
  readonly reporter: Reporter;
  /** Types that have been searched for records, and whether they hold one. */
  readonly holders: Map<ts.Type, boolean>;
}

/** Classes, enums and variables by name. */
const checkName = ({ planes, reporter }: Check, node: ts.Identifier): void => {
  const { parent } = node;
  if ('name' in parent && parent.name === node && !ts.isPropertyAccessExpression(parent)) return;
  const found = planes.definitionOf(node);
  if (found === undefined) return;
  const isMember = ts.isPropertyAccessExpression(parent) && parent.expression === node;
  if (found.kind === 'variable')
    reporter.report(node, MACHINE_VARIABLE, `the variable ${node.text} of a machine module`);
  if (found.kind === 'function' && !crossesBorder(found))
    reporter.report(node, NOT_AT_THE_BORDER, `a use of ${node.text}`);
  if (found.kind === 'enum' && !isMember) reporter.report(node, CLASS_AS_VALUE, `the enum ${node.text} as an object`);
  if (found.kind === 'record' && !(ts.isNewExpression(parent) && parent.expression === node)) {
    reporter.report(node, CLASS_AS_VALUE, `the record class ${node.text} as a value`);
  }
};

/** A record is not taken apart, wherever it comes from: an initializer, an argument, an element of a list, a part of an object that is taken apart. */
const checkPattern = ({ planes, checker, reporter }: Check, pattern: ts.BindingPattern): void => {
  const type = checker.getTypeAtLocation(pattern);
  const members = type.isUnion() ? type.types : [type];
  if (members.some((member) => planes.recordOfType(member) !== undefined)) {
    reporter.report(pattern, RECORD_ESCAPES, 'a record taken apart');
  }
};

/** Leaves out what only looks like an expression: names of properties and declarations. */
const isValue = (node: ts.Expression): boolean => {
  const { parent } = node;
  if (ts.isParenthesizedExpression(node) || ts.isNonNullExpression(node)) return false;
  if (!ts.isIdentifier(node)) return true;
  return (
    !('name' in parent && parent.name === node) &&
    !('propertyName' in parent && parent.propertyName === node) &&
    !ts.isLabeledStatement(parent)
  );
};

const checkExpression = (check: Check, node: ts.Expression): void => {
  const { planes } = check;
  const use = outermost(node);
  const read = planes.readOf(node);
  if (read !== undefined) checkRead(check, node, read.type, use);
  else if (planes.recordOf(node) !== undefined) checkRecordUse(check, node, use);
  else checkForeignUse(check, node, use);
};

/** Returns the expression with the parentheses and assertions around it. */
const outermost = (node: ts.Expression): ts.Expression => {
  const { parent } = node;
  const wraps =
    ts.isParenthesizedExpression(parent) || ts.isNonNullExpression(parent) || ts.isSatisfiesExpression(parent);
  return wraps ? outermost(parent) : node;
};

/** `queue.first.size`, `queue.first`, and what lies on the way. */
const checkRead = (check: Check, node: ts.Expression, type: MachineType | undefined, use: ts.Expression): void => {
  const { planes, reporter } = check;
  const { parent } = use;
  const rule =
    isOwner(use) && planes.readOf(parent as ts.Expression) !== undefined
      ? undefined
      : ruleForRead(check, node, type, use);
  if (rule !== undefined) reporter.report(node, rule);
  if (rule !== SHARED_FIELD_WRITE) checkOptional(reporter, node);
};

const ruleForRead = (
  check: Check,
  node: ts.Expression,
  type: MachineType | undefined,
  use: ts.Expression,
): DialectRule | undefined => {
  const { planes } = check;
  if (isStored(use)) return SHARED_FIELD_WRITE;
  const isCalled = ts.isCallExpression(use.parent) && use.parent.expression === use;
  const method = ts.isPropertyAccessExpression(node) ? planes.definitionOf(node.name) : undefined;
  if (method?.kind === 'function' && isCalled) return crossesBorder(method) ? undefined : NOT_AT_THE_BORDER;
  if (type?.kind === 'record') return ruleForUse(check, node, use);
  return (type !== undefined && isScalar(type)) || planes.arrayLength(node) !== undefined ? undefined : RECORD_PART;
};

/** `?.` is possible on a plain name alone, for the last step. */
const checkOptional = (reporter: Reporter, node: ts.Expression): void => {
  const isOptional =
    (ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)) && node.questionDotToken !== undefined;
  if (!isOptional) return;
  const isSimple = ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression) && !isOwner(outermost(node));
  if (!isSimple) reporter.report(node, RECORD_PART, '?. inside a record');
};

const isOwner = (use: ts.Expression): boolean => {
  const { parent } = use;
  return (ts.isPropertyAccessExpression(parent) || ts.isElementAccessExpression(parent)) && parent.expression === use;
};

const isStored = (use: ts.Expression): boolean => {
  const { parent } = use;
  if (ts.isPostfixUnaryExpression(parent) || ts.isDeleteExpression(parent)) return true;
  if (ts.isPrefixUnaryExpression(parent))
    return parent.operator === ts.SyntaxKind.PlusPlusToken || parent.operator === ts.SyntaxKind.MinusMinusToken;
  return (
    ts.isBinaryExpression(parent) &&
    parent.left === use &&
    parent.operatorToken.kind >= ts.SyntaxKind.FirstAssignment &&
    parent.operatorToken.kind <= ts.SyntaxKind.LastAssignment
  );
};

/** A record as a whole: it may be passed on, compared with its like and tested for presence. */
const checkRecordUse = (check: Check, node: ts.Expression, use: ts.Expression): void => {
  const rule = ruleForUse(check, node, use);
  if (rule !== undefined) check.reporter.report(node, rule);
};

const TRANSPARENT = new Set([
  ts.SyntaxKind.AmpersandAmpersandToken,
  ts.SyntaxKind.BarBarToken,
  ts.SyntaxKind.QuestionQuestionToken,
  ts.SyntaxKind.CommaToken,
  ts.SyntaxKind.InstanceOfKeyword, // Its right side is refused as a class used as a value.
]);

const ruleForUse = (check: Check, node: ts.Expression, use: ts.Expression): DialectRule | undefined => {
  const { parent } = use;
  if (ts.isTemplateSpan(parent) || ts.isSpreadElement(parent) || ts.isSpreadAssignment(parent)) return RECORD_ESCAPES;
  if (ts.isTypeOfExpression(parent) || ts.isThrowStatement(parent) || ts.isSwitchStatement(parent))
    return RECORD_ESCAPES;
  if (ts.isVariableDeclaration(parent) && !ts.isIdentifier(parent.name)) return undefined; // checkPattern has seen it.
  if (isOwner(use)) return undefined; // The read that it starts is looked at on its own.
  if (ts.isAsExpression(parent))
    return accepts(check, check.checker.getTypeFromTypeNode(parent.type), node) ? undefined : RECORD_ESCAPES;
  if (ts.isBinaryExpression(parent)) return ruleForOperator(check, node, use, parent);
  const expected = check.checker.getContextualType(use);
  return expected === undefined || accepts(check, expected, node) ? undefined : RECORD_ESCAPES;
};

const ruleForOperator = (
  check: Check,
  node: ts.Expression,
  use: ts.Expression,
  parent: ts.BinaryExpression,
): DialectRule | undefined => {
  const operator = parent.operatorToken.kind;
  if (TRANSPARENT.has(operator)) return undefined;
  if (operator === ts.SyntaxKind.EqualsToken) {
    const target = check.checker.getTypeAtLocation(parent.left);
    return parent.left === use || accepts(check, target, node) ? undefined : RECORD_ESCAPES;
  }
  const isComparison =
    operator === ts.SyntaxKind.EqualsEqualsEqualsToken || operator === ts.SyntaxKind.ExclamationEqualsEqualsToken;
  if (!isComparison) return RECORD_ESCAPES;
  const other = parent.left === use ? parent.right : parent.left;
  return isMissing(check.checker.getTypeAtLocation(other)) ||
    check.planes.recordOf(other) === check.planes.recordOf(node)
    ? undefined
    : RECORD_ESCAPES;
};

const isMissing = (type: ts.Type): boolean => (type.flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Null)) !== 0;

/** Returns true when a place of type `expected` keeps the class of the record that `node` is. */
const accepts = (check: Check, expected: ts.Type, node: ts.Expression): boolean => {
  if (expected.flags & ts.TypeFlags.TypeParameter) return true;
  const record = check.planes.recordOf(node);
  const members = expected.isUnion() ? expected.types : [expected];
  return members.some((member) => check.planes.recordOfType(member) === record);
};

/** An object that is no record: it must not stand in for one, and must not carry one to where its type is lost. */
const checkForeignUse = (check: Check, node: ts.Expression, use: ts.Expression): void => {
  const type = check.checker.getTypeAtLocation(node);
  if ((type.flags & ts.TypeFlags.Object) === 0 && !type.isUnion() && !type.isIntersection()) return;
  const expected = check.checker.getContextualType(use);
  if (expected === undefined) return;
  const record = check.planes.recordOfType(expected);
  if (record !== undefined && !isMissing(type) && !holdsOnly(check, type, record.name))
    check.reporter.report(node, RECORD_IMITATED);
  const forgets = (expected.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown | ts.TypeFlags.NonPrimitive)) !== 0;
  if (forgets && holdsRecord(check, type, 0))
    check.reporter.report(node, RECORD_ESCAPES, 'an object with a record inside, where its type is lost');
};

/** True for a union whose object members are all the record itself, such as `Queue | undefined`. */
const holdsOnly = ({ planes }: Check, type: ts.Type, name: string): boolean => {
  const members = type.isUnion() ? type.types : [type];
  return members.every((member) => isMissing(member) || planes.recordOfType(member)?.name === name);
};

const DEPTH_MAX = 6; // Types can be nested without end; values that are printed are not.

const holdsRecord = (check: Check, type: ts.Type, depth: number): boolean => {
  const known = check.holders.get(type);
  if (known !== undefined || depth > DEPTH_MAX) return known ?? false;
  check.holders.set(type, false);
  const found = searchRecord(check, type, depth);
  check.holders.set(type, found);
  return found;
};

const searchRecord = (check: Check, type: ts.Type, depth: number): boolean => {
  const { checker, planes } = check;
  if (planes.recordOfType(type) !== undefined) return true;
  if (type.isUnionOrIntersection()) return type.types.some((member) => holdsRecord(check, member, depth + 1));
  if ((type.flags & ts.TypeFlags.Object) === 0 || type.getCallSignatures().length > 0) return false;
  const isReference = ((type as ts.ObjectType).objectFlags & ts.ObjectFlags.Reference) !== 0;
  const operands = isReference ? checker.getTypeArguments(type as ts.TypeReference) : [];
  if (operands.some((operand) => operand !== type && holdsRecord(check, operand, depth + 1))) return true;
  const declaredHere = type
    .getProperties()
    .filter((property) => property.valueDeclaration?.getSourceFile().isDeclarationFile === false);
  return declaredHere.some((property) => holdsRecord(check, checker.getTypeOfSymbol(property), depth + 1));
};
