// Debug lines of the control plane: the last pass over the JavaScript that Porffor is given.
//
// Before each statement inside a function goes the directive `#line N "file"`, as inline C that Porffor copies to that place of its
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
    const inFunction: ts.Visitor = (node) => {
      if (ts.isArrowFunction(node) && !ts.isBlock(node.body)) {
        const result = ts.setOriginalNode(f.createReturnStatement(node.body), node.body);
        return ts.visitEachChild(withBody(node, f.createBlock([result])), inFunction, transformation);
      }
      if (ts.isDebuggerStatement(node)) return ts.setOriginalNode(inlineC(`${DEBUGGER};`), node);
      const visited = ts.visitEachChild(braced(node), inFunction, transformation);
      if (ts.isBlock(visited)) return f.updateBlock(visited, withDirectives(visited.statements));
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

/** Returns the statement that sets file and line for what follows, or undefined for a statement that stands nowhere in the source. */
const directive = (statement: ts.Statement, root: string): ts.Statement | undefined => {
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
