// switch with a default clause that is not the last one. Porffor moves the default to the end, and falls through in that order.
//
//   switch (x) { case 1: A  default: B  case 2: C }
//
//   ──►  const on = x; const entry = on === 1 ? 0 : on === 2 ? 2 : 1;
//        switch (entry) { case 0: A  case 1: B  case 2: C }

import ts from 'typescript';
import type { Pass } from '../context.ts';
import { declare, equals, standFor } from './nodes.ts';

const { factory } = ts;

/** Numbers the clauses of a switch whose default is not the last clause. */
export const lowerSwitch: Pass = () => (context) => (source) => {
  const visit = (node: ts.Node): ts.Node => {
    const visited = ts.visitEachChild(node, visit, context);
    return ts.isSwitchStatement(visited) && defaultIndex(visited) >= 0 ? numberClauses(visited) : visited;
  };
  return visit(source) as ts.SourceFile;
};

/** Returns the place of a default clause that others follow; −1 when there is none. */
const defaultIndex = (node: ts.SwitchStatement): number => {
  const clauses = node.caseBlock.clauses;
  const index = clauses.findIndex(ts.isDefaultClause);
  return index === clauses.length - 1 ? -1 : index;
};

const numberClauses = (node: ts.SwitchStatement): ts.Statement => {
  const on = factory.createUniqueName('on');
  const entry = factory.createUniqueName('entry');
  const clauses = node.caseBlock.clauses;
  let chosen: ts.Expression = factory.createNumericLiteral(defaultIndex(node));
  for (let index = clauses.length - 1; index >= 0; index--) {
    const clause = clauses[index]!;
    if (ts.isDefaultClause(clause)) continue;
    const matches = equals(on, factory.createParenthesizedExpression(clause.expression));
    chosen = factory.createConditionalExpression(
      matches,
      undefined,
      factory.createNumericLiteral(index),
      undefined,
      chosen,
    );
  }
  const numbered = clauses.map((clause, index) =>
    standFor(factory.createCaseClause(factory.createNumericLiteral(index), clause.statements), clause),
  );
  const body = factory.updateSwitchStatement(node, entry, factory.updateCaseBlock(node.caseBlock, numbered));
  return standFor(
    factory.createBlock([standFor(declare(on, node.expression), node), declare(entry, chosen), body], true),
    node,
  );
};
