// `super.name`, which Porffor looks up from the object's own class instead of the method's.
//
//   super.method(x)   ──►   Base.prototype.method.call(this, x)
//   super.getter      ──►   readInherited(Base.prototype, 'getter', this)
//
// In a static member Base itself takes the place of Base.prototype.

import ts from 'typescript';
import { FLOW_RULES } from '../../dialect/flow.ts';
import type { LowerContext, Pass } from '../context.ts';
import { call, standFor } from './nodes.ts';

const { factory } = ts;

/** Where a `super` stands: the base class of the class around it, and what holds the inherited members. */
type Base = ts.Expression | undefined;

/** Lowers mentions of inherited members; calls of the base constructor stay. */
export const lowerSuper: Pass = (lower) => (context) => (source) => {
  const visit = (node: ts.Node, base: ts.Expression | undefined, home: Base): ts.Node => {
    if (ts.isClassLike(node)) return visitClass(node);
    if (ts.isCallExpression(node) && isSuperMember(node.expression)) {
      const values = node.arguments.map((value) => visit(value, base, home) as ts.Expression);
      return standFor(callInherited(node.expression, values, home, lower), node);
    }
    if (isSuperMember(node)) return standFor(readInherited(node, home, lower), node);
    if (ts.isFunctionLike(node) && !ts.isArrowFunction(node) && !ts.isClassElement(node)) {
      return ts.visitEachChild(node, (child) => visit(child, base, undefined), context);
    }
    return ts.visitEachChild(node, (child) => visit(child, base, home), context);
  };
  const visitClass = (node: ts.ClassLikeDeclaration): ts.Node => {
    const base = node.heritageClauses?.find((clause) => clause.token === ts.SyntaxKind.ExtendsKeyword)?.types[0]
      ?.expression;
    return ts.visitEachChild(node, (member) => visit(member, base, base && homeOf(member, base)), context);
  };
  return ts.visitEachChild(source, (node) => visit(node, undefined, undefined), context);
};

type SuperMember = ts.PropertyAccessExpression | ts.ElementAccessExpression;

const isSuperMember = (node: ts.Node): node is SuperMember =>
  (ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)) &&
  node.expression.kind === ts.SyntaxKind.SuperKeyword;

const homeOf = (member: ts.Node, base: ts.Expression): ts.Expression => {
  const isStatic =
    ts.isClassStaticBlockDeclaration(member) ||
    (ts.canHaveModifiers(member) && (member.modifiers ?? []).some((m) => m.kind === ts.SyntaxKind.StaticKeyword));
  return isStatic ? base : factory.createPropertyAccessExpression(base, 'prototype');
};

const callInherited = (
  member: SuperMember,
  values: ts.Expression[],
  home: Base,
  lower: LowerContext,
): ts.Expression => {
  if (!home || !ts.isPropertyAccessExpression(member)) {
    lower.reporter.report(member, FLOW_RULES.superMember);
    return member;
  }
  const method = factory.createPropertyAccessExpression(home, member.name);
  return call(factory.createPropertyAccessExpression(method, 'call'), factory.createThis(), ...values);
};

const readInherited = (member: SuperMember, home: Base, lower: LowerContext): ts.Expression => {
  const written = ts.getParseTreeNode(member);
  const isWritten = written && isWriteTarget(written);
  if (!home || !ts.isPropertyAccessExpression(member) || isWritten) {
    lower.reporter.report(member, FLOW_RULES.superMember);
    return member;
  }
  const name = factory.createStringLiteral(member.name.text);
  return call(lower.runtime('readInherited'), home, name, factory.createThis());
};

const isWriteTarget = (node: ts.Node): boolean => {
  const { parent } = node;
  if (ts.isPrefixUnaryExpression(parent) || ts.isPostfixUnaryExpression(parent)) return true;
  if (!ts.isBinaryExpression(parent) || parent.left !== node) return false;
  const operator = parent.operatorToken.kind;
  return operator >= ts.SyntaxKind.FirstAssignment && operator <= ts.SyntaxKind.LastAssignment;
};
