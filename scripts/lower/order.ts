// Operands from left to right, as the language has it. Porffor writes an operand down where it is used, behind what the operands to its right
// have to do first: in `count + next()` it reads `count` when next() has run.
//
//   count + next()          (kept$at1 = count, kept$at1) + next()
//   next() * table[0]       (kept$at1 = next(), kept$at1) * table[0]
//   show(count, next())     show((kept$at1 = count, kept$at1), next())
//   port.send(next())       (kept$at1 = port, kept$at1.send(next()))
//   { [name()]: next() }    { ...(kept$at1 = name(), null), [kept$at1]: next() }
//
// And once: of `port.queue.send(x)` and `new (kind())(x)` Porffor computes `port.queue`, where it is a getter, and `kind()` or `port.kind` more than once.
//
//   port.queue.send(x)      (kept$at1 = port.queue, kept$at1.send(x))
//   new (kind())(x)         (kept$at1 = kind(), new kept$at1(x))
//   new kind(next())        (kept$at1 = kind, kept$at2 = next(), new kept$at1(kept$at2))
//
//   count += next()         count = (kept$at1 = count, kept$at1) + next()
//   port.count += next()    (kept$at1 = port, kept$at1).count = (kept$at2 = kept$at1.count, kept$at2) + next()

import ts from 'typescript';
import type { LowerContext, Pass } from './context.ts';

const f = ts.factory;

/** Keeps operands in variables where one to their right could change them. Runs on plain JavaScript, after all else that makes calls. */
export const orderPass: Pass = (lower) => (transformation) => (file) => {
  const changes = changingNames(file, lower);
  let count = 0;
  let kept: string[] = [];
  /** Returns what keeps a value in a variable, and the variable. */
  const keptIn = (value: ts.Expression): { keeping: ts.Expression; variable: ts.Identifier } => {
    count += 1;
    const name = `kept$at${count}`; // Not `kept$2`: so a variable `kept` may be called, where several modules have one.
    kept.push(name);
    return { keeping: f.createAssignment(f.createIdentifier(name), value), variable: f.createIdentifier(name) };
  };
  const keep = (value: ts.Expression): ts.Expression => {
    const { keeping, variable } = keptIn(value);
    return f.createParenthesizedExpression(f.createComma(keeping, variable));
  };

  const visit = (node: ts.Node): ts.Node => {
    if (isFunctionWithBody(node)) return inFunction(node);
    const visited = ts.visitEachChild(node, visit, transformation);
    if (ts.isBinaryExpression(visited)) return binary(visited);
    if (ts.isCallExpression(visited)) return called(visited);
    if (ts.isNewExpression(visited)) return made(visited);
    return ts.isObjectLiteralExpression(visited) ? withKeysFirst(visited) : visited;
  };

  /** A method's object is known before the arguments are computed, and computed once. */
  const called = (node: ts.CallExpression): ts.Expression => {
    const { expression } = node;
    const values = inOrder(node.arguments);
    const isMember = ts.isPropertyAccessExpression(expression) || ts.isElementAccessExpression(expression);
    if (!isMember || ts.isOptionalChain(expression) || !mustBeKept(expression.expression, node.arguments))
      return f.updateCallExpression(node, expression, undefined, values);
    const { keeping, variable } = keptIn(expression.expression);
    const method = ts.isPropertyAccessExpression(expression)
      ? f.updatePropertyAccessExpression(expression, variable, expression.name)
      : f.updateElementAccessExpression(expression, variable, expression.argumentExpression);
    const call = f.updateCallExpression(node, method, undefined, values);
    return from(f.createParenthesizedExpression(f.createComma(keeping, call)), node);
  };

  const mustBeKept = (object: ts.Expression, values: readonly ts.Expression[]): boolean => {
    if (ts.isIdentifier(object)) return changes(object) && values.some(acts);
    return readsAccessor(object, lower) || (acts(object) && !ts.isCallExpression(object));
  };

  const made = (node: ts.NewExpression): ts.Expression => {
    const isName = ts.isIdentifier(ts.skipPartiallyEmittedExpressions(node.expression));
    if (isName && !isCheckedEarly(node, lower))
      return f.updateNewExpression(node, node.expression, undefined, node.arguments && inOrder(node.arguments));
    if (isCheckedEarly(node, lower)) return madeLate(node);
    const values = node.arguments && inOrder(node.arguments);
    const { keeping, variable } = keptIn(node.expression);
    const creation = f.updateNewExpression(node, variable, undefined, values);
    return from(f.createParenthesizedExpression(f.createComma(keeping, creation)), node);
  };

  /** The arguments come before the look at what is to be made. */
  const madeLate = (node: ts.NewExpression): ts.Expression => {
    const first = keptIn(node.expression);
    const others = (node.arguments ?? []).map((value) => keptIn(value));
    const creation = f.updateNewExpression(
      node,
      first.variable,
      undefined,
      others.map(({ variable }) => variable),
    );
    const parts = [first, ...others].map(({ keeping }) => keeping);
    return from(f.createParenthesizedExpression(f.createCommaListExpression([...parts, creation])), node);
  };

  /** A computed key is known before the value beside it is computed. */
  const withKeysFirst = (node: ts.ObjectLiteralExpression): ts.ObjectLiteralExpression => {
    const members = node.properties.flatMap((member) => {
      if (!ts.isPropertyAssignment(member) || !ts.isComputedPropertyName(member.name)) return member;
      if (!isDisturbed(member.name.expression, member.initializer)) return member;
      const { keeping, variable } = keptIn(member.name.expression);
      const first = f.createSpreadAssignment(f.createParenthesizedExpression(f.createComma(keeping, f.createNull())));
      return [first, f.updatePropertyAssignment(member, f.createComputedPropertyName(variable), member.initializer)];
    });
    return members.length === node.properties.length ? node : f.updateObjectLiteralExpression(node, members);
  };

  const binary = (node: ts.BinaryExpression): ts.Expression => {
    const { left, operatorToken, right } = node;
    const compound = COMPOUND.get(operatorToken.kind);
    const isTarget = ts.isIdentifier(left) || ts.isPropertyAccessExpression(left) || ts.isElementAccessExpression(left);
    if (compound !== undefined && isTarget && acts(right)) {
      const [target, value] = twice(left);
      const sum = f.createBinaryExpression(keep(value), compound, f.createParenthesizedExpression(right));
      return from(f.createAssignment(target, sum), node);
    }
    if (!IN_ORDER.has(operatorToken.kind) || !isDisturbed(left, right)) return node;
    return f.updateBinaryExpression(node, keep(left), operatorToken, right);
  };

  /** Returns a target as it is written and as it is read: its object and its key are computed by the former. */
  const twice = (
    target: ts.Identifier | ts.PropertyAccessExpression | ts.ElementAccessExpression,
  ): [ts.Expression, ts.Expression] => {
    if (ts.isIdentifier(target)) return [target, target];
    const [object, again] = computedOnce(target.expression);
    if (ts.isPropertyAccessExpression(target))
      return [
        f.updatePropertyAccessExpression(target, object, target.name),
        f.createPropertyAccessExpression(again, target.name),
      ];
    const [key, sameKey] = computedOnce(target.argumentExpression);
    return [f.updateElementAccessExpression(target, object, key), f.createElementAccessExpression(again, sameKey)];
  };

  const computedOnce = (value: ts.Expression): [ts.Expression, ts.Expression] => {
    const isSteady =
      value.kind === ts.SyntaxKind.ThisKeyword ||
      ts.isLiteralExpression(value) ||
      (ts.isIdentifier(value) && !changes(value));
    if (isSteady) return [value, value];
    const { keeping, variable } = keptIn(value);
    return [f.createParenthesizedExpression(f.createComma(keeping, variable)), variable];
  };

  const isDisturbed = (left: ts.Expression, right: ts.Expression): boolean =>
    acts(left) ? acts(right) || reads(right, changes) : acts(right) && reads(left, changes);

  /** An argument that is more than a name is computed in its turn; a name is read last. */
  const inOrder = (operands: readonly ts.Expression[]): ts.Expression[] =>
    operands.map((operand, index) => {
      const name = lastOf(operand);
      const isRead = ts.isIdentifier(name) && changes(name);
      return isRead && operands.slice(index + 1).some(acts) ? keep(operand) : operand;
    });

  const inFunction = (node: FunctionWithBody): ts.Node => {
    const outer = kept;
    kept = [];
    const body = ts.visitNode(node.body, visit, isBody);
    const own = kept;
    kept = outer;
    const withBody = own.length === 0 ? body : declaring(body, own);
    // What parameters keep belongs to what is around the function: they are computed before its variables are there.
    return ts.visitEachChild(node, (child) => (child === node.body ? withBody : visit(child)), transformation);
  };

  const visited = ts.visitEachChild(file, visit, transformation);
  return kept.length === 0 ? visited : f.updateSourceFile(visited, [variables(kept), ...visited.statements]);
};

type FunctionWithBody = ts.FunctionLikeDeclaration & { readonly body: ts.ConciseBody };

const isFunctionWithBody = (node: ts.Node): node is FunctionWithBody =>
  ts.isFunctionLike(node) && 'body' in node && node.body !== undefined;

const isBody = (node: ts.Node): node is ts.ConciseBody => ts.isBlock(node) || ts.isExpression(node);

const declaring = (body: ts.ConciseBody, names: readonly string[]): ts.Block =>
  ts.isBlock(body)
    ? f.updateBlock(body, [variables(names), ...body.statements])
    : from(f.createBlock([variables(names), from(f.createReturnStatement(body), body)], true), body);

const variables = (names: readonly string[]): ts.Statement =>
  f.createVariableStatement(
    undefined,
    f.createVariableDeclarationList(
      names.map((name) => f.createVariableDeclaration(name)),
      ts.NodeFlags.Let,
    ),
  );

const from = <T extends ts.Node>(made: T, node: ts.Node): T =>
  ts.setTextRange(ts.setOriginalNode(made, ts.getOriginalNode(node)), node);

const K = ts.SyntaxKind;

/** Operators whose operands are numbers or compared. `&&`, `||`, `??` and the comma compute the left one first in any case. */
const IN_ORDER = new Set<ts.SyntaxKind>([
  K.PlusToken,
  K.MinusToken,
  K.AsteriskToken,
  K.AsteriskAsteriskToken,
  K.SlashToken,
  K.PercentToken,
  K.AmpersandToken,
  K.BarToken,
  K.CaretToken,
  K.LessThanLessThanToken,
  K.GreaterThanGreaterThanToken,
  K.GreaterThanGreaterThanGreaterThanToken,
  K.LessThanToken,
  K.LessThanEqualsToken,
  K.GreaterThanToken,
  K.GreaterThanEqualsToken,
  K.EqualsEqualsToken,
  K.ExclamationEqualsToken,
  K.EqualsEqualsEqualsToken,
  K.ExclamationEqualsEqualsToken,
  K.InKeyword,
]);

const COMPOUND = new Map<ts.SyntaxKind, ts.BinaryOperator>([
  [K.PlusEqualsToken, K.PlusToken],
  [K.MinusEqualsToken, K.MinusToken],
  [K.AsteriskEqualsToken, K.AsteriskToken],
  [K.AsteriskAsteriskEqualsToken, K.AsteriskAsteriskToken],
  [K.SlashEqualsToken, K.SlashToken],
  [K.PercentEqualsToken, K.PercentToken],
  [K.AmpersandEqualsToken, K.AmpersandToken],
  [K.BarEqualsToken, K.BarToken],
  [K.CaretEqualsToken, K.CaretToken],
  [K.LessThanLessThanEqualsToken, K.LessThanLessThanToken],
  [K.GreaterThanGreaterThanEqualsToken, K.GreaterThanGreaterThanToken],
  [K.GreaterThanGreaterThanGreaterThanEqualsToken, K.GreaterThanGreaterThanGreaterThanToken],
]);

/** Looks through an expression, functions in it left out. */
const holds = (node: ts.Node, matches: (node: ts.Node) => boolean): boolean =>
  !ts.isFunctionLike(node) && (matches(node) || (ts.forEachChild(node, (child) => holds(child, matches)) ?? false));

/** True for what may change something, or run what does. */
const acts = (node: ts.Node): boolean =>
  holds(
    node,
    (part) =>
      (ts.isCallExpression(part) && !isArithmetic(part)) ||
      ts.isNewExpression(part) ||
      ts.isAwaitExpression(part) ||
      ts.isYieldExpression(part) ||
      ts.isTaggedTemplateExpression(part) ||
      ts.isDeleteExpression(part) ||
      isStep(part) ||
      isAssignment(part),
  );

/** `Math.floor(x)` changes nothing. */
const isArithmetic = ({ expression }: ts.CallExpression): boolean =>
  ts.isPropertyAccessExpression(expression) &&
  ts.isIdentifier(expression.expression) &&
  expression.expression.text === 'Math';

const isStep = (node: ts.Node): node is ts.PrefixUnaryExpression | ts.PostfixUnaryExpression =>
  ts.isPostfixUnaryExpression(node) ||
  (ts.isPrefixUnaryExpression(node) && (node.operator === K.PlusPlusToken || node.operator === K.MinusMinusToken));

const isAssignment = (node: ts.Node): node is ts.BinaryExpression =>
  ts.isBinaryExpression(node) &&
  node.operatorToken.kind >= K.FirstAssignment &&
  node.operatorToken.kind <= K.LastAssignment;

/** True for what depends on something that can change: members, elements, and variables that are set again. */
const reads = (node: ts.Node, changes: (name: ts.Identifier) => boolean): boolean =>
  holds(
    node,
    (part) =>
      (ts.isPropertyAccessExpression(part) && !(ts.isIdentifier(part.expression) && part.expression.text === 'Math')) ||
      ts.isElementAccessExpression(part) ||
      (ts.isIdentifier(part) && changes(part)),
  );

/** True where arguments do something, and what is made may be no constructor: Porffor looks at it before them. */
const isCheckedEarly = (node: ts.NewExpression, { checker }: LowerContext): boolean => {
  if (!node.arguments?.some(acts) || node.arguments.some(ts.isSpreadElement)) return false;
  const written = ts.getOriginalNode(node);
  if (!ts.isNewExpression(written)) return false;
  const symbol = checker.getSymbolAtLocation(written.expression);
  const target = symbol && symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  const declarations = target?.declarations ?? [];
  return (
    declarations.length > 0 &&
    !declarations.some((declaration) => ts.isClassLike(declaration) || declaration.getSourceFile().isDeclarationFile)
  );
};

/** True for what reads a getter of the program, outside the calls in it. */
const readsAccessor = (whole: ts.Expression, lower: LowerContext): boolean => {
  const node = ts.skipPartiallyEmittedExpressions(whole);
  if (!ts.isPropertyAccessExpression(node)) return false;
  const written = ts.getOriginalNode(node);
  const symbol = ts.isPropertyAccessExpression(written) ? lower.checker.getSymbolAtLocation(written.name) : undefined;
  const isOwn = symbol?.declarations?.some((declaration) => !declaration.getSourceFile().isDeclarationFile) ?? false;
  const isAccessor = isOwn && (symbol!.flags & ts.SymbolFlags.Accessor) !== 0;
  // What an interface calls a property may be a getter of the class behind it.
  const isDeclared = isOwn && (symbol!.declarations ?? []).some(ts.isPropertySignature);
  return isAccessor || (isDeclared && lower.hasGetter(node.name.text)) || readsAccessor(node.expression, lower);
};

/** Returns the expression whose value the whole has. */
const lastOf = (node: ts.Expression): ts.Expression => {
  if (ts.isParenthesizedExpression(node)) return lastOf(node.expression);
  const isComma = ts.isBinaryExpression(node) && node.operatorToken.kind === K.CommaToken;
  return isComma ? lastOf(node.right) : node;
};

/** Returns the function that tells whether a name stands for a variable that is set more than once, here or in its own module. */
const changingNames = (file: ts.SourceFile, { checker }: LowerContext): ((name: ts.Identifier) => boolean) => {
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (isStep(node) && ts.isIdentifier(node.operand)) names.add(node.operand.text);
    // A constant of the top level is set by an assignment, once.
    if (
      isAssignment(node) &&
      !isConstant(ts.getOriginalNode(node)) &&
      !isConstant(ts.getOriginalNode(node.parent ?? node))
    )
      addTargets(node.left, names);
    if ((ts.isForInStatement(node) || ts.isForOfStatement(node)) && ts.isExpression(node.initializer))
      addTargets(node.initializer, names);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return (name) => names.has(name.text) || isForeignVariable(name, checker);
};

const isConstant = (node: ts.Node): boolean =>
  ts.isVariableStatement(node) && (node.declarationList.flags & ts.NodeFlags.Const) !== 0;

const addTargets = (node: ts.Node, names: Set<string>): void => {
  if (ts.isIdentifier(node)) names.add(node.text);
  else if (ts.isArrayLiteralExpression(node) || ts.isObjectLiteralExpression(node))
    ts.forEachChild(node, (child) => addTargets(child, names));
  else if (ts.isShorthandPropertyAssignment(node)) names.add(node.name.text);
  else if (ts.isPropertyAssignment(node)) addTargets(node.initializer, names);
  else if (ts.isSpreadElement(node) || ts.isSpreadAssignment(node) || ts.isParenthesizedExpression(node))
    addTargets(node.expression, names);
  else if (isAssignment(node)) addTargets(node.left, names);
};

/** A variable of another module is set there. */
const isForeignVariable = (name: ts.Identifier, checker: ts.TypeChecker): boolean => {
  const original = ts.getOriginalNode(name);
  if (original.parent === undefined || !ts.isIdentifier(original)) return false;
  const symbol = checker.getSymbolAtLocation(original);
  if (symbol === undefined || (symbol.flags & ts.SymbolFlags.Alias) === 0) return false;
  const declaration = checker.getAliasedSymbol(symbol).valueDeclaration;
  return (
    declaration !== undefined &&
    ts.isVariableDeclaration(declaration) &&
    (declaration.parent.flags & ts.NodeFlags.Const) === 0
  );
};
