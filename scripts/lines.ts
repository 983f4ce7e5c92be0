// Debug lines of the control plane: the last pass over the JavaScript that Porffor is given.
//
// At the head of a function, and before each statement in it, goes the directive `#line N "file"`, as inline C that Porffor copies to that place of its
// output. At top level it would copy it to the head of the file instead; what runs there has moved into functions before (top-level.ts).
// `debugger;` becomes inline C in the same way.

import ts from 'typescript';
import { DEBUGGER } from './debugger.ts';
import { nameIn } from './folders.ts';
import type { Pass } from './lower/context.ts';

const f = ts.factory;

/** Returns the pass that writes the line directives. File names are relative to `root`. */
export const linePass =
  (root: string): Pass =>
  () =>
  (transformation) => {
    const owners = new Map<ts.Node, ts.Node>(); // The function of each body.
    const inFunction: ts.Visitor = (node) => {
      if (ts.isArrowFunction(node) && !ts.isBlock(node.body)) {
        const result = ts.setOriginalNode(f.createReturnStatement(node.body), node.body);
        const body = f.createBlock([result]);
        owners.set(body, node);
        return ts.visitEachChild(withBody(node, body), inFunction, transformation);
      }
      if (ts.isFunctionLike(node) && 'body' in node && node.body !== undefined) owners.set(node.body as ts.Node, node);
      if (ts.isDebuggerStatement(node)) return ts.setOriginalNode(inlineC(`${DEBUGGER};`), node);
      const visited = ts.visitEachChild(braced(node), inFunction, transformation);
      if (ts.isBlock(visited)) {
        const statements = withDirectives(visited.statements);
        const owner = owners.get(node);
        const head = owner && directive(owner, root);
        return f.updateBlock(visited, head === undefined ? statements : [head, ...statements]);
      }
      if (ts.isCaseClause(visited))
        return f.updateCaseClause(visited, visited.expression, withDirectives(visited.statements));
      if (ts.isDefaultClause(visited)) return f.updateDefaultClause(visited, withDirectives(visited.statements));
      return visited;
    };
    const outside: ts.Visitor = (node) =>
      ts.isFunctionLike(node) || ts.isClassStaticBlockDeclaration(node)
        ? inFunction(node)
        : ts.visitEachChild(node, outside, transformation);

    const withDirectives = (statements: readonly ts.Statement[]): ts.Statement[] =>
      statements.flatMap((statement) => {
        const text = directive(statement, root);
        return text === undefined ? [statement] : [text, statement];
      });

    return (file) => ts.visitEachChild(file, outside, transformation);
  };

/** Returns the statement that sets file and line for what follows, or undefined for a statement or a function that stands nowhere in the source. */
const directive = (statement: ts.Node, root: string): ts.Statement | undefined => {
  const from = ts.getOriginalNode(statement);
  if (from.pos < 0 || from.parent === undefined) return undefined;
  const file = from.getSourceFile();
  const line = file.getLineAndCharacterOfPosition(from.getStart(file)).line + 1;
  const name = nameIn(root, file.fileName);
  return inlineC(`\n#line ${line} "${name}"`);
};

/** Returns the statement that Porffor prints as this C. */
const inlineC = (text: string): ts.Statement => {
  const tag = f.createPropertyAccessExpression(f.createIdentifier('Porffor'), 'c');
  return f.createExpressionStatement(
    f.createTaggedTemplateExpression(tag, undefined, f.createNoSubstitutionTemplateLiteral(text, text)),
  );
};

/** A single statement under an `if` or a loop gets braces, so that its directive has a place. */
const braced = (node: ts.Node): ts.Node => {
  if (ts.isIfStatement(node))
    return f.updateIfStatement(
      node,
      node.expression,
      block(node.thenStatement),
      node.elseStatement && block(node.elseStatement),
    );
  if (ts.isForStatement(node))
    return f.updateForStatement(node, node.initializer, node.condition, node.incrementor, block(node.statement));
  if (ts.isForOfStatement(node))
    return f.updateForOfStatement(node, node.awaitModifier, node.initializer, node.expression, block(node.statement));
  if (ts.isForInStatement(node))
    return f.updateForInStatement(node, node.initializer, node.expression, block(node.statement));
  if (ts.isWhileStatement(node)) return f.updateWhileStatement(node, node.expression, block(node.statement));
  if (ts.isDoStatement(node)) return f.updateDoStatement(node, block(node.statement), node.expression);
  return node;
};

const block = (statement: ts.Statement): ts.Block =>
  ts.isBlock(statement) ? statement : f.createBlock([statement], true);

const withBody = (node: ts.ArrowFunction, body: ts.Block): ts.ArrowFunction =>
  f.updateArrowFunction(
    node,
    node.modifiers,
    node.typeParameters,
    node.parameters,
    node.type,
    node.equalsGreaterThanToken,
    body,
  );
