// Machine modules as a checked build has them, for Node: each store is looked at (hostile/store.ts). Without it a sum that is too large for its type would be no more
// than a large number.
//
//   const end: u32 = start + length;   ─▶   const end: u32 = $u32(start + length);
//
// A field is checked as the widest type that a field of its name has in any record: who has which record is not known here.

import ts from 'typescript';

/** The types that are checked, by all their names. */
const TYPES: Readonly<Record<string, string>> = {
  i8: 'i8',
  u8: 'u8',
  i16: 'i16',
  u16: 'u16',
  i32: 'i32',
  u32: 'u32',
  u53: 'u53',
  DmaOffset: 'u32',
  MmioOffset: 'u32',
  PhysicalAddress: 'u53',
};

const NAMES = ['i8', 'u8', 'i16', 'u16', 'i32', 'u32', 'u53'];

/** From the narrowest on. */
const UNSIGNED = ['u8', 'u16', 'u32', 'u53'];

/** Types of fields, and of the elements of fields that are arrays, by name; undefined where some record has none of these types. */
export type Fields = Map<string, string | undefined>;

/** Returns whether a file is a machine module. */
export const isMachineModule = (text: string): boolean => text.startsWith("'use machine'");

/** Notes the fields of the records of a module. */
export const noteFields = (text: string, fields: Fields): void => {
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyDeclaration(node) && ts.isIdentifier(node.name)) {
      const name = node.name.text;
      const type = typeOf(node.type) ?? elementType(node.type);
      fields.set(name, fields.has(name) ? wider(fields.get(name), type) : type);
    }
    ts.forEachChild(node, visit);
  };
  visit(parse(text));
};

/** Returns the type that holds the values of both. */
const wider = (left: string | undefined, right: string | undefined): string | undefined => {
  if (left === right) return left;
  const [one, other] = [UNSIGNED.indexOf(left ?? ''), UNSIGNED.indexOf(right ?? '')];
  return one < 0 || other < 0 ? undefined : UNSIGNED[Math.max(one, other)];
};

/** Returns a machine module whose stores are checked. `storePath` is where hostile/store.ts is. */
export const withChecks = (text: string, fields: Fields, storePath: string): string => {
  const source = parse(text);
  const edits: { readonly at: number; readonly end: number; readonly text: string }[] = [];
  const insert = (at: number, inserted: string, end = at): void => {
    edits.push({ at, end, text: inserted });
  };
  const wrap = (node: ts.Expression, type: string | undefined): void => {
    if (type === undefined || ts.isNumericLiteral(node)) return;
    insert(node.getStart(source), `$${type}(`);
    insert(node.end, ')');
  };

  const visit = (node: ts.Node, scope: ReadonlyMap<string, string | undefined>): void => {
    let inner = scope;
    if (ts.isArrowFunction(node)) {
      inner = new Map([
        ...scope,
        ...node.parameters.map((each) => [each.name.getText(source), typeOf(each.type)] as const),
      ]);
      checkFunction(node);
    } else if (ts.isBlock(node) || ts.isForStatement(node)) inner = new Map([...scope, ...declaredIn(node)]);
    if (ts.isVariableDeclaration(node) && node.initializer !== undefined && !ts.isArrowFunction(node.initializer))
      wrap(node.initializer, typeOf(node.type));
    if (ts.isAsExpression(node)) wrap(node.expression, typeOf(node.type));
    if (ts.isReturnStatement(node) && node.expression !== undefined) wrap(node.expression, returnTypeOf(node));
    if (ts.isBinaryExpression(node)) checkAssignment(node, inner);
    if ((ts.isPostfixUnaryExpression(node) || ts.isPrefixUnaryExpression(node)) && isStep(node)) checkStep(node, inner);
    ts.forEachChild(node, (child) => visit(child, inner));
  };

  const checkFunction = (node: ts.ArrowFunction): void => {
    const checks = node.parameters.flatMap((each) => {
      const type = typeOf(each.type);
      return type === undefined ? [] : [`$${type}(${each.name.getText(source)})`];
    });
    if (ts.isBlock(node.body)) insert(node.body.getStart(source) + 1, checks.map((each) => `${each};`).join(''));
    else {
      const type = typeOf(node.type);
      insert(
        node.body.getStart(source),
        `(${checks.map((each) => `${each}, `).join('')}${type === undefined ? '' : `$${type}`}(`,
      );
      insert(node.body.end, '))');
    }
  };

  const targetType = (target: ts.Expression, scope: ReadonlyMap<string, string | undefined>): string | undefined => {
    if (ts.isIdentifier(target)) return scope.get(target.text);
    if (ts.isElementAccessExpression(target)) return targetType(target.expression, scope);
    return ts.isPropertyAccessExpression(target) ? fields.get(target.name.text) : undefined;
  };

  const checkAssignment = (
    { left, operatorToken, right }: ts.BinaryExpression,
    scope: ReadonlyMap<string, string | undefined>,
  ): void => {
    const operator = operatorToken.getText(source);
    const type = targetType(left, scope);
    if (type === undefined) return;
    if (operator === '=') wrap(right, type);
    else if (/^[-+*/%&|^]=$|^(<<|>>>?)=$/.test(operator)) {
      insert(
        operatorToken.getStart(source),
        `= $${type}(${left.getText(source)} ${operator.slice(0, -1)} (`,
        operatorToken.end,
      );
      insert(right.end, '))');
    }
  };

  const checkStep = (
    node: ts.PostfixUnaryExpression | ts.PrefixUnaryExpression,
    scope: ReadonlyMap<string, string | undefined>,
  ): void => {
    const type = targetType(node.operand, scope);
    if (type === undefined) return;
    const target = node.operand.getText(source);
    const sign = node.operator === ts.SyntaxKind.PlusPlusToken ? '+' : '-';
    insert(node.getStart(source), `(${target} = $${type}(${target} ${sign} 1))`, node.end);
  };

  visit(source, new Map());
  const imports = `import { ${NAMES.map((name) => `${name} as $${name}`).join(', ')} } from ${JSON.stringify(storePath)}; `;
  return imports + applied(text, edits);
};

const parse = (text: string): ts.SourceFile => ts.createSourceFile('module.ts', text, ts.ScriptTarget.Latest, true);

const typeOf = (node: ts.TypeNode | undefined): string | undefined =>
  node !== undefined && ts.isTypeReferenceNode(node) && ts.isIdentifier(node.typeName)
    ? TYPES[node.typeName.text]
    : undefined;

/** Returns the type of the elements of a FixedArray. */
const elementType = (node: ts.TypeNode | undefined): string | undefined =>
  node !== undefined && ts.isTypeReferenceNode(node) && node.typeName.getText() === 'FixedArray'
    ? typeOf(node.typeArguments?.[0])
    : undefined;

const returnTypeOf = (node: ts.Node): string | undefined => {
  let at: ts.Node | undefined = node.parent;
  while (at !== undefined && !ts.isArrowFunction(at)) at = at.parent;
  return at === undefined ? undefined : typeOf(at.type);
};

/** Returns the variables of a block or a loop with their types. */
const declaredIn = (node: ts.Block | ts.ForStatement): [string, string | undefined][] => {
  const lists = ts.isBlock(node)
    ? node.statements.filter(ts.isVariableStatement).map(({ declarationList }) => declarationList)
    : [node.initializer].filter((each) => each !== undefined && ts.isVariableDeclarationList(each));
  return lists.flatMap((list) =>
    (list as ts.VariableDeclarationList).declarations.map(({ name, type }): [string, string | undefined] => [
      name.getText(),
      typeOf(type) ?? elementType(type),
    ]),
  );
};

const isStep = ({ operator, parent }: ts.PostfixUnaryExpression | ts.PrefixUnaryExpression): boolean =>
  (operator === ts.SyntaxKind.PlusPlusToken || operator === ts.SyntaxKind.MinusMinusToken) &&
  (ts.isExpressionStatement(parent) || ts.isForStatement(parent));

/** Returns a text with its edits: those at one place in the order in which they were made, closing ones the other way round. */
const applied = (
  text: string,
  edits: readonly { readonly at: number; readonly end: number; readonly text: string }[],
): string => {
  const isClosing = (inserted: string): boolean => inserted.startsWith(')');
  const sorted = edits
    .map((edit, order) => ({ ...edit, order }))
    .sort((a, b) => {
      if (a.at !== b.at) return a.at - b.at;
      if (isClosing(a.text) !== isClosing(b.text)) return isClosing(a.text) ? -1 : 1;
      return isClosing(a.text) ? b.order - a.order : a.order - b.order;
    });
  let result = '';
  let at = 0;
  for (const edit of sorted) {
    result += text.slice(at, edit.at) + edit.text;
    at = Math.max(at, edit.end);
  }
  return result + text.slice(at);
};
