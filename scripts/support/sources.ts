// What a source file exports and which tests it holds, read from its syntax tree: a name in a comment or a string is no declaration.

import ts from 'typescript';

/** A test, with the titles of the groups around it. */
export interface FoundTest {
  readonly titles: readonly string[];
  /** It is written down but never runs: `it.skip`, `it.todo`, or in such a group. */
  readonly isSkipped: boolean;
}

/** Returns the names that the source exports, and `Class.member` for each member of an exported class. */
export const exportsOf = (text: string): ReadonlySet<string> => new Set(parse(text).statements.flatMap(namesExported));

/** Returns the exported constants whose value is written as a number. */
export const numbersOf = (text: string): ReadonlyMap<string, number> => {
  const source = parse(text);
  const exported = exportsOf(text);
  const declarations = source.statements
    .filter(ts.isVariableStatement)
    .flatMap((each) => each.declarationList.declarations);
  return new Map(
    declarations.flatMap(({ name, initializer }) =>
      exported.has(name.getText()) && initializer !== undefined && ts.isNumericLiteral(initializer)
        ? [[name.getText(), Number(initializer.text)] as const]
        : [],
    ),
  );
};

/** Returns the tests of a source in order: calls of `it` and `test` and their variants, inside calls of `describe` or not. */
export const testsOf = (text: string): readonly FoundTest[] =>
  testsBelow(parse(text), { titles: [], isSkipped: false });

const parse = (text: string): ts.SourceFile => ts.createSourceFile('source.ts', text, ts.ScriptTarget.ES2022, true);

const namesExported = (statement: ts.Statement): string[] => {
  if (ts.isExportDeclaration(statement)) return namesOfClause(statement.exportClause);
  const isExported =
    ts.canHaveModifiers(statement) &&
    statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true;
  return isExported ? namesDeclared(statement) : [];
};

const namesOfClause = (clause: ts.NamedExportBindings | undefined): string[] =>
  clause !== undefined && ts.isNamedExports(clause) ? clause.elements.map(({ name }) => name.text) : [];

const namesDeclared = (statement: ts.Statement): string[] => {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.flatMap(({ name }) => (ts.isIdentifier(name) ? [name.text] : []));
  }
  if (ts.isClassDeclaration(statement) && statement.name !== undefined) {
    const className = statement.name.text;
    const members = statement.members.flatMap(({ name }) =>
      name === undefined ? [] : [`${className}.${name.getText()}`],
    );
    return [className, ...members];
  }
  const { name } = statement as ts.DeclarationStatement;
  return name === undefined ? [] : [name.getText()];
};

const testsBelow = (node: ts.Node, outer: FoundTest): FoundTest[] => {
  const call = ts.isCallExpression(node) ? groupOrTest(node) : undefined;
  if (call === undefined) return childrenOf(node).flatMap((child) => testsBelow(child, outer));
  const here = { titles: [...outer.titles, call.title], isSkipped: outer.isSkipped || call.isSkipped };
  return call.isTest ? [here] : childrenOf(node).flatMap((child) => testsBelow(child, here));
};

const childrenOf = (node: ts.Node): ts.Node[] => {
  const children: ts.Node[] = [];
  node.forEachChild((child) => {
    children.push(child);
  });
  return children;
};

interface GroupOrTest {
  readonly title: string;
  readonly isTest: boolean;
  readonly isSkipped: boolean;
}

/** Returns what `it('title', …)`, `describe.each(…)('title', …)` and their like are; undefined for any other call. */
const groupOrTest = (call: ts.CallExpression): GroupOrTest | undefined => {
  const title = titleOf(call.arguments[0]);
  const names = calleeNames(call.expression);
  const [name] = names;
  if (title === undefined || (name !== 'it' && name !== 'test' && name !== 'describe')) return undefined;
  return {
    title,
    isTest: name !== 'describe',
    isSkipped: names.includes('skip') || names.includes('todo'),
  };
};

/** Returns a title as it is written; of a template, what stands between its quotes. */
const titleOf = (title: ts.Expression | undefined): string | undefined => {
  if (title === undefined) return undefined;
  if (ts.isStringLiteralLike(title)) return title.text;
  return ts.isTemplateExpression(title) ? title.getText().slice(1, -1) : undefined;
};

/** Returns `['it', 'each']` for the callee of `it.each(rows)('title', …)`. */
const calleeNames = (callee: ts.Expression): string[] => {
  if (ts.isIdentifier(callee)) return [callee.text];
  if (ts.isPropertyAccessExpression(callee)) return [...calleeNames(callee.expression), callee.name.text];
  return ts.isCallExpression(callee) ? calleeNames(callee.expression) : [];
};
