// `this` in what a class does when it is made. Porffor leaves it undefined there.
//
//   class C { static count = 0; static { this.count = 1; } }   ──►   class C { static count = 0; static { C.count = 1; } }

import ts from 'typescript';
import { FLOW_RULES } from '../../dialect/flow.ts';
import type { Pass } from '../context.ts';
import { standFor } from './nodes.ts';

const { factory } = ts;

/** Names the class there; refuses a class without a name. */
export const lowerStaticThis: Pass = (lower) => (context) => (source) => {
  /** `owner` is the class whose static part `node` stands in, where `this` is the class. */
  const visitIn =
    (owner: ts.ClassLikeDeclaration | undefined): ts.Visitor =>
    (node) => {
      if (ts.isClassLike(node)) return ts.visitEachChild(node, (member) => visitMember(member, node), context);
      if (ts.isFunctionLike(node) && !ts.isArrowFunction(node))
        return ts.visitEachChild(node, visitIn(undefined), context);
      if (node.kind !== ts.SyntaxKind.ThisKeyword || owner === undefined)
        return ts.visitEachChild(node, visitIn(owner), context);
      if (owner.name !== undefined) return standFor(factory.createIdentifier(owner.name.text), node);
      lower.reporter.report(node, FLOW_RULES.staticThis);
      return node;
    };
  const visitMember = (member: ts.Node, owner: ts.ClassLikeDeclaration): ts.Node => {
    if (ts.isClassStaticBlockDeclaration(member)) return ts.visitEachChild(member, visitIn(owner), context);
    if (!ts.isPropertyDeclaration(member)) return visitIn(undefined)(member) as ts.Node;
    const isStatic = member.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword) ?? false;
    return ts.visitEachChild(member, visitIn(isStatic ? owner : undefined), context);
  };
  return ts.visitEachChild(source, visitIn(undefined), context);
};
