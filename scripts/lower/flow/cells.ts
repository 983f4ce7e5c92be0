// Variables of a loop's body that closures share.
//
// Porffor gives each closure made in a loop its own copy of the body's variables, as they are at that moment. Where a variable never
// changes after the closure is made, nobody can tell. Elsewhere it becomes a cell, a constant that holds an object:
//
//   let sum = 0; each((n) => { sum += n; });   ──►   const sum = { value: 0 }; each((n) => { sum.value += n; });

import ts from 'typescript';
import type { LowerContext, Pass } from '../context.ts';
import { findSharedVariables, namesOf, type SharedVariable, symbolOf } from './loop-variables.ts';
import { assign, declare, standFor, statementsOf } from './nodes.ts';

const { factory } = ts;

type Cells = ReadonlyMap<ts.Symbol, SharedVariable>;
/** The copies that a pattern binds in place of cells. */
type Copies = Map<ts.Identifier, ts.Identifier>;

/** Turns shared variables of loop bodies into cells. */
export const lowerCells: Pass = (lower) => (context) => (source) => {
  const cells = findSharedVariables(ts.getOriginalNode(source, ts.isSourceFile), lower);
  return cells.size === 0 ? source : rewrite(source, cells, lower, context);
};

const rewrite = (
  source: ts.SourceFile,
  cells: Cells,
  lower: LowerContext,
  context: ts.TransformationContext,
): ts.SourceFile => {
  const cellOf = (node: ts.Node): SharedVariable | undefined => {
    const written = ts.getParseTreeNode(node);
    const symbol = written && ts.isIdentifier(written) ? symbolOf(written, lower) : undefined;
    return symbol && cells.get(symbol);
  };
  const isMention = (node: ts.Node): node is ts.Identifier => {
    const cell = ts.isIdentifier(node) ? cellOf(node) : undefined;
    return cell !== undefined && ts.getParseTreeNode(node) !== cell.name;
  };

  const visit = (node: ts.Node): ts.Node | ts.Node[] => {
    if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) return node;
    if (ts.isShorthandPropertyAssignment(node) && cellOf(node.name)) return lowerShorthand(node);
    if (isMention(node)) return standFor(readCell(node), node);
    if (ts.isCallExpression(node) && isMention(node.expression)) return lowerCall(node);
    if (ts.isVariableStatement(node)) return lowerDeclarations(node);
    if (ts.isBlock(node)) return hoistCells(ts.visitEachChild(node, visit, context), earlyCellsIn(node));
    if (ts.isForOfStatement(node) || ts.isForInStatement(node)) return lowerForEach(node);
    return ts.visitEachChild(node, visit, context);
  };
  const visitExpression = (node: ts.Expression | undefined): ts.Expression | undefined =>
    ts.visitNode(node, visit) as ts.Expression | undefined;

  const earlyCellsIn = (block: ts.Block): ts.Identifier[] =>
    [...cells.values()]
      .filter((cell) => cell.isMentionedEarly && blockOf(cell) === ts.getParseTreeNode(block))
      .map((cell) => cell.name);

  const lowerShorthand = (node: ts.ShorthandPropertyAssignment): ts.Node => {
    const initial = visitExpression(node.objectAssignmentInitializer);
    const value = initial ? factory.createAssignment(readCell(node.name), initial) : readCell(node.name);
    return standFor(factory.createPropertyAssignment(node.name, value), node);
  };

  /** `(0, cell.value)(…)`: the function called must not see the cell as its this. */
  const lowerCall = (node: ts.CallExpression): ts.Node => {
    const visited = ts.visitEachChild(node, visit, context);
    const plain = factory.createComma(factory.createNumericLiteral(0), visited.expression);
    const callee = factory.createParenthesizedExpression(plain);
    return factory.updateCallExpression(visited, callee, undefined, visited.arguments);
  };

  const lowerDeclarations = (node: ts.VariableStatement): ts.Node | ts.Node[] => {
    const { declarations } = node.declarationList;
    if (!declarations.some((declaration) => namesOf(declaration.name).some(cellOf))) {
      return ts.visitEachChild(node, visit, context);
    }
    return declarations.flatMap((declaration) =>
      lowerDeclaration(declaration, node.declarationList.flags).map((statement) => standFor(statement, node)),
    );
  };

  const lowerDeclaration = (declaration: ts.VariableDeclaration, flags: ts.NodeFlags): ts.Statement[] => {
    const value = visitExpression(declaration.initializer);
    if (ts.isIdentifier(declaration.name)) {
      const cell = cellOf(declaration.name);
      return [cell ? startCell(cell, value ?? factory.createVoidZero()) : declare(declaration.name, value, flags)];
    }
    const copies: Copies = new Map();
    const pattern = copyCells(declaration.name, copies);
    return [declare(pattern, value, flags), ...startsOf(copies)];
  };

  /** Returns the pattern with fresh names for the cells in it. */
  const copyCells = (pattern: ts.BindingPattern, copies: Copies): ts.BindingPattern => {
    const copy = (node: ts.Node): ts.Node => {
      if (!ts.isBindingElement(node)) return ts.visitEachChild(node, copy, context);
      const initial = visitExpression(node.initializer);
      if (!ts.isIdentifier(node.name) || !cellOf(node.name)) {
        const name = ts.visitNode(node.name, copy) as ts.BindingName;
        return factory.updateBindingElement(node, node.dotDotDotToken, node.propertyName, name, initial);
      }
      const isNamed = ts.isObjectBindingPattern(ts.getOriginalNode(node).parent) && !node.dotDotDotToken;
      const property = node.propertyName ?? (isNamed ? factory.createIdentifier(node.name.text) : undefined);
      return factory.updateBindingElement(node, node.dotDotDotToken, property, copyOf(node.name, copies), initial);
    };
    return ts.visitEachChild(pattern, copy, context);
  };

  const startsOf = (copies: Copies): ts.Statement[] =>
    [...copies].map(([name, copy]) => startCell(cellOf(name)!, copy));

  /** `for (let x of …)` whose body changes x: the head binds copies, the body starts the cells from them. */
  const lowerForEach = (node: ts.ForInOrOfStatement): ts.Node => {
    const list = node.initializer;
    const pattern = ts.isVariableDeclarationList(list) ? list.declarations[0]?.name : undefined;
    if (!pattern || !namesOf(pattern).some(cellOf)) return ts.visitEachChild(node, visit, context);
    const copies: Copies = new Map();
    const head = ts.isIdentifier(pattern) ? copyOf(pattern, copies) : copyCells(pattern, copies);
    const starts = startsOf(copies).map((statement) => standFor(statement, node.statement));
    const statement = ts.visitNode(node.statement, visit) as ts.Statement;
    const body = standFor(factory.createBlock([...starts, ...statementsOf(statement)], true), node.statement);
    const bound = factory.createVariableDeclarationList([factory.createVariableDeclaration(head)], ts.NodeFlags.Const);
    const expression = visitExpression(node.expression)!;
    return ts.isForOfStatement(node)
      ? factory.updateForOfStatement(node, node.awaitModifier, bound, expression, body)
      : factory.updateForInStatement(node, bound, expression, body);
  };

  return ts.visitEachChild(source, visit, context);
};

const copyOf = (name: ts.Identifier, copies: Copies): ts.Identifier => {
  const copy = factory.createUniqueName(name.text);
  copies.set(name, copy);
  return copy;
};

/** Returns an identifier that stands for `name`, so that a later pass renames both. */
const sameName = (name: ts.Identifier): ts.Identifier => standFor(factory.createIdentifier(name.text), name);

const readCell = (name: ts.Identifier): ts.Expression =>
  factory.createPropertyAccessExpression(sameName(name), 'value');

const startCell = (cell: SharedVariable, value: ts.Expression): ts.Statement =>
  cell.isMentionedEarly ? assign(readCell(cell.name), value) : declare(sameName(cell.name), cellHolding(value));

const cellHolding = (value: ts.Expression): ts.Expression =>
  factory.createObjectLiteralExpression([factory.createPropertyAssignment('value', value)]);

const hoistCells = (block: ts.Block, names: readonly ts.Identifier[]): ts.Block => {
  const cells = names.map((name) => declare(sameName(name), cellHolding(factory.createVoidZero())));
  return cells.length === 0 ? block : factory.updateBlock(block, [...cells, ...block.statements]);
};

/** Returns the block a shared variable is declared in. */
const blockOf = (cell: SharedVariable): ts.Node => cell.declaration.parent.parent.parent;
