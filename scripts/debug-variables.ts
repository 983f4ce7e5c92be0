// Variables that a debugger could not find: those of a module, and those that closures share, which live on the heap without a name.
//
//   const tick = () => {                    const tick = () => {
//     count += 1;               ──►           const count$at0 = count;      how the function reaches the variable, as Porffor prints it
//                                             count += 1;
//
// In an image for the debugger, the C of such a constant becomes a pointer to the variable, under its own name (scripts/patch/variables.ts).

import ts from 'typescript';

/** Behind the name of a constant that shows where a variable is. No name of a program ends so (scripts/names.ts). */
const MARK = '$at0';

/** What lowering made, and what has a name of its own in C. */
const MADE = /\$at\d+$|\$set\$|^\$/;
const RUNTIME = 'kernel/runtime/';
const FILE = 'control.js';

/** Returns the program with a constant for each variable that a function of the user's shares with others. */
export const markVariables = (js: string): string => {
  const { file, checker } = parse(js);
  const insertions: { at: number; text: string }[] = [];
  const mark = (at: number, symbol: ts.Symbol): void => {
    insertions.push({ at, text: `const ${symbol.name}${MARK} = ${symbol.name};` });
  };
  const visit = (node: ts.Node): void => {
    if (isFunction(node) && isWritten(node.body)) {
      const body = node.body;
      for (const symbol of outerVariables(node, checker)) mark(body.getStart(file) + 1, symbol);
      for (const [declaration, symbol] of sharedVariables(node, checker)) {
        const at = behind(declaration, file);
        if (at !== undefined) mark(at, symbol);
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(file);

  let text = '';
  let from = 0;
  for (const insertion of insertions.sort((a, b) => a.at - b.at)) {
    text += js.slice(from, insertion.at) + insertion.text;
    from = insertion.at;
  }
  return text + js.slice(from);
};

const parse = (js: string): { file: ts.SourceFile; checker: ts.TypeChecker } => {
  const file = ts.createSourceFile(FILE, js, ts.ScriptTarget.Latest, true, ts.ScriptKind.JS);
  const options = { allowJs: true, noLib: true, noResolve: true, types: [], target: ts.ScriptTarget.Latest };
  const host: ts.CompilerHost = {
    getSourceFile: (name) => (name === FILE ? file : undefined),
    getDefaultLibFileName: () => '',
    writeFile: () => {},
    getCurrentDirectory: () => '',
    getCanonicalFileName: (name) => name,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => '\n',
    fileExists: (name) => name === FILE,
    readFile: () => undefined,
  };
  return { file, checker: ts.createProgram([FILE], options, host).getTypeChecker() };
};

type WithBody = ts.FunctionLikeDeclaration & { readonly body: ts.Block };

const isFunction = (node: ts.Node): node is WithBody =>
  ts.isFunctionLike(node) && 'body' in node && node.body !== undefined && ts.isBlock(node.body as ts.Node);

/** A function has lines of TypeScript, and is no helper that lowered code calls. */
const isWritten = (body: ts.Block): boolean =>
  body.statements.some((statement) => {
    if (!ts.isExpressionStatement(statement) || !ts.isTaggedTemplateExpression(statement.expression)) return false;
    const text = statement.expression.template.getText();
    return text.includes('#line') && !text.includes(RUNTIME);
  });

const ownerOf = (node: ts.Node): ts.Node | undefined => ts.findAncestor(node.parent, ts.isFunctionLike);

/** Calls `found` with each variable that is read or written below `node`. */
const eachVariable = (
  node: ts.Node,
  checker: ts.TypeChecker,
  found: (symbol: ts.Symbol, declaration: ts.Declaration, use: ts.Identifier) => void,
): void => {
  const visit = (child: ts.Node): void => {
    if (ts.isIdentifier(child)) {
      const symbol = ts.isShorthandPropertyAssignment(child.parent)
        ? checker.getShorthandAssignmentValueSymbol(child.parent)
        : checker.getSymbolAtLocation(child);
      const declaration = symbol?.valueDeclaration;
      if (symbol && declaration && isVariable(declaration) && !MADE.test(symbol.name))
        found(symbol, declaration, child);
    }
    ts.forEachChild(child, visit);
  };
  visit(node);
};

const isVariable = (declaration: ts.Declaration): boolean => {
  if (ts.isParameter(declaration) || ts.isBindingElement(declaration)) return true;
  if (!ts.isVariableDeclaration(declaration)) return false;
  const value = declaration.initializer;
  return value === undefined || !(ts.isFunctionLike(value) || ts.isClassLike(value));
};

/** Returns the variables of functions around `node`, and of the module, that its own statements speak of. */
const outerVariables = (node: WithBody, checker: ts.TypeChecker): Set<ts.Symbol> => {
  const symbols = new Set<ts.Symbol>();
  eachVariable(node.body, checker, (symbol, declaration, use) => {
    const isOuter = ts.findAncestor(declaration, (outer) => outer === node) === undefined;
    if (isOuter && ownerOf(use) === node) symbols.add(symbol);
  });
  return symbols;
};

/** Returns the variables of `node` itself that a function inside it speaks of, by their declaration. */
const sharedVariables = (node: WithBody, checker: ts.TypeChecker): Map<ts.Declaration, ts.Symbol> => {
  const shared = new Map<ts.Declaration, ts.Symbol>();
  eachVariable(node.body, checker, (symbol, declaration, use) => {
    if (!ts.isParameter(declaration) && ownerOf(declaration) === node && ownerOf(use) !== node)
      shared.set(declaration, symbol);
  });
  return shared;
};

/** Returns the place behind a declaration where its variable can be read; undefined where there is no such place. */
const behind = (declaration: ts.Declaration, file: ts.SourceFile): number | undefined => {
  const list = ts.findAncestor(declaration, ts.isVariableDeclarationList);
  const parent = list?.parent;
  if (parent === undefined) return undefined;
  if (ts.isVariableStatement(parent)) return parent.end;
  const loop = parent as ts.ForStatement | ts.ForOfStatement | ts.ForInStatement;
  return ts.isBlock(loop.statement) ? loop.statement.getStart(file) + 1 : undefined;
};
