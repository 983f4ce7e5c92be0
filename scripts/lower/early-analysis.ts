// Which reads of a let, const or class may come before its declaration has run. TypeScript reports those that stand in the same function; a
// function that is called too early it lets through, and on metal such a read would yield undefined where Node throws.
//
//   const show = () => late;      reachable from the statement below, which stands before `late`
//   show();                       so the read of `late` in show is checked
//   const late = 5;
//
// A statement can reach the functions and classes of its block that it names, and those that they name. A function without a name of its own
// counts as called where it stands.

import ts from 'typescript';

/** What has to be checked in one file. */
export interface EarlyReads {
  /** Names, as uses, that may be read before they are set. */
  readonly reads: ReadonlyMap<ts.Identifier, ts.Symbol>;
  /** The variables and classes they stand for, by the statement that declares them. */
  readonly declared: ReadonlyMap<ts.Statement, readonly ts.Symbol[]>;
}

type Container = ts.SourceFile | ts.Block;

/** Returns what may be read too early in `file`, as it was parsed. */
export const findEarlyReads = (file: ts.SourceFile, checker: ts.TypeChecker): EarlyReads => {
  const reads = new Map<ts.Identifier, ts.Symbol>();
  const declared = new Map<ts.Statement, ts.Symbol[]>();
  const visit = (node: ts.Node): void => {
    if (ts.isSourceFile(node) || ts.isBlock(node)) examine(node, checker, reads, declared);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return { reads, declared };
};

const examine = (
  container: Container,
  checker: ts.TypeChecker,
  reads: Map<ts.Identifier, ts.Symbol>,
  declared: Map<ts.Statement, ts.Symbol[]>,
): void => {
  const places = placesOf(container, checker);
  if (places.size === 0) return;
  const uses = usesIn(checker);
  const named = namedParts(container, checker);
  container.statements.forEach((statement, index) => {
    const roots = executedParts(statement).flatMap((part) => uses(part));
    const late = [...reachable(roots, named, uses), ...roots.filter(({ name }) => isInFunction(name, statement))];
    for (const { name, symbol } of late) {
      const place = places.get(symbol);
      if (place === undefined || place < index) continue;
      const declaration = container.statements[place]!;
      if (isOwnName(name, declaration)) continue;
      reads.set(name, symbol);
      const known = declared.get(declaration) ?? [];
      if (!known.includes(symbol)) declared.set(declaration, [...known, symbol]);
    }
  });
};

interface Use {
  readonly name: ts.Identifier;
  readonly symbol: ts.Symbol;
}

/** The variables and classes that the container declares, by the index of their statement. */
const placesOf = (container: Container, checker: ts.TypeChecker): Map<ts.Symbol, number> => {
  const places = new Map<ts.Symbol, number>();
  const add = (name: ts.Node, index: number): void => {
    const symbol = checker.getSymbolAtLocation(name);
    if (symbol !== undefined) places.set(symbol, index);
  };
  container.statements.forEach((statement, index) => {
    if (ts.isClassDeclaration(statement) && statement.name !== undefined) add(statement.name, index);
    if (!ts.isVariableStatement(statement) || isAmbient(statement)) return;
    for (const { name } of statement.declarationList.declarations)
      for (const each of boundNames(name)) add(each, index);
  });
  return places;
};

const isAmbient = (statement: ts.VariableStatement): boolean =>
  statement.modifiers?.some((modifier) => modifier.kind === ts.SyntaxKind.DeclareKeyword) ?? false;

const boundNames = (name: ts.BindingName): ts.Identifier[] =>
  ts.isIdentifier(name)
    ? [name]
    : name.elements.flatMap((element) => (ts.isOmittedExpression(element) ? [] : boundNames(element.name)));

/** What runs when something of this name is called or made: the functions and classes that the container declares. */
const namedParts = (container: Container, checker: ts.TypeChecker): Map<ts.Symbol, ts.Node> => {
  const parts = new Map<ts.Symbol, ts.Node>();
  const add = (name: ts.Node | undefined, part: ts.Node): void => {
    const symbol = name === undefined ? undefined : checker.getSymbolAtLocation(name);
    if (symbol !== undefined) parts.set(symbol, part);
  };
  for (const statement of container.statements) {
    if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) add(statement.name, statement);
    if (!ts.isVariableStatement(statement)) continue;
    for (const { name, initializer } of statement.declarationList.declarations)
      if (initializer !== undefined && isFunction(initializer)) add(name, initializer);
  }
  return parts;
};

const isFunction = (node: ts.Node): boolean => ts.isArrowFunction(node) || ts.isFunctionExpression(node);

/** The parts of a statement that run when it does, with the functions in them that have no name. */
const executedParts = (statement: ts.Statement): ts.Node[] => {
  if (
    ts.isFunctionDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement)
  )
    return [];
  if (ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement)) return [];
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.flatMap(({ initializer }) =>
      initializer === undefined || isFunction(initializer) ? [] : [initializer],
    );
  }
  if (!ts.isClassDeclaration(statement)) return [statement];
  const isStatic = (member: ts.ClassElement): boolean =>
    ts.isClassStaticBlockDeclaration(member) ||
    (ts.isPropertyDeclaration(member) &&
      ts.getCombinedModifierFlags(member) === (ts.getCombinedModifierFlags(member) | ts.ModifierFlags.Static));
  return [...(statement.heritageClauses ?? []), ...statement.members.filter(isStatic)];
};

/** Returns the function that lists the variables used in a node, and remembers its answers. */
const usesIn = (checker: ts.TypeChecker): ((node: ts.Node) => readonly Use[]) => {
  const known = new Map<ts.Node, readonly Use[]>();
  return (root) => {
    const answer = known.get(root);
    if (answer !== undefined) return answer;
    const uses: Use[] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) return;
      if (ts.isIdentifier(node) && isUse(node)) {
        const symbol = ts.isShorthandPropertyAssignment(node.parent)
          ? checker.getShorthandAssignmentValueSymbol(node.parent)
          : checker.getSymbolAtLocation(node);
        if (symbol !== undefined) uses.push({ name: node, symbol });
      }
      ts.forEachChild(node, visit);
    };
    visit(root);
    known.set(root, uses);
    return uses;
  };
};

const isUse = (node: ts.Identifier): boolean => {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isShorthandPropertyAssignment(parent)) return true;
  return !('name' in parent && parent.name === node) && !('propertyName' in parent && parent.propertyName === node);
};

/** Returns the uses in all functions and classes that `roots` lead to. */
const reachable = (
  roots: readonly Use[],
  named: ReadonlyMap<ts.Symbol, ts.Node>,
  uses: (node: ts.Node) => readonly Use[],
): Use[] => {
  const seen = new Set<ts.Node>();
  const found: Use[] = [];
  const pending = [...roots];
  for (let use = pending.pop(); use !== undefined; use = pending.pop()) {
    const part = named.get(use.symbol);
    if (part === undefined || seen.has(part)) continue;
    seen.add(part);
    found.push(...uses(part));
    pending.push(...uses(part));
  }
  return found;
};

/** In its own body a class has its name from the start. ECMA-262 §15.7.14 */
const isOwnName = (name: ts.Identifier, declaration: ts.Statement): boolean =>
  ts.isClassDeclaration(declaration) &&
  declaration.members.some((member) => member.pos <= name.pos && name.end <= member.end);

/** A read in the statement itself is TypeScript's to report. */
const isInFunction = (name: ts.Node, statement: ts.Node): boolean => {
  for (let node = name.parent; node !== statement; node = node.parent) if (ts.isFunctionLike(node)) return true;
  return false;
};
