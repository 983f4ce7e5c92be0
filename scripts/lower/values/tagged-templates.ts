// Tagged templates: the tag is given the same object of texts each time a template is evaluated. Porffor makes a new one.
//
//   tag`a${x}b`   ──►   const strings$of$main$1 = templateStrings(['a', 'b'], ['a', 'b']);   at the top of the module
//                       tag(strings$of$main$1, x)

import ts from 'typescript';
import type { Pass } from '../context.ts';
import { declare } from '../flow/nodes.ts';
import { libraryNames } from './library.ts';
import { standFor } from './walk.ts';

const { factory } = ts;

/** Lowers them, String.raw left aside: nobody keeps what that is given. */
export const lowerTaggedTemplates: Pass = (lower) => (context) => (file) => {
  let count = 0;
  const made: ts.Statement[] = [];
  const visit = (node: ts.Node): ts.Node => {
    if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) return node;
    const visited = ts.visitEachChild(node, visit, context);
    if (!ts.isTaggedTemplateExpression(visited) || libraryNames(visited.tag, lower).includes('String.raw'))
      return visited;
    const { template } = visited;
    count += 1;
    const name = factory.createIdentifier(lower.nameInModule('strings$of', file, count));
    const strings = factory.createCallExpression(lower.runtime('templateStrings'), undefined, [
      factory.createArrayLiteralExpression(literalsOf(template).map(cooked)),
      factory.createArrayLiteralExpression(
        literalsOf(template).map((literal) => factory.createStringLiteral(rawText(literal))),
      ),
    ]);
    made.push(standFor(declare(name, strings), node));
    const values = ts.isTemplateExpression(template) ? template.templateSpans.map((span) => span.expression) : [];
    return standFor(factory.createCallExpression(visited.tag, undefined, [name, ...values]), node);
  };
  const visited = ts.visitEachChild(file, visit, context);
  return made.length === 0 ? visited : factory.updateSourceFile(visited, [...made, ...visited.statements]);
};

type Literal = ts.TemplateHead | ts.TemplateMiddle | ts.TemplateTail | ts.NoSubstitutionTemplateLiteral;

const literalsOf = (template: ts.TemplateLiteral): Literal[] =>
  ts.isTemplateExpression(template)
    ? [template.head, ...template.templateSpans.map((span) => span.literal)]
    : [template];

/** An escape that means nothing makes the text undefined; typed, it is still there. */
const cooked = (literal: Literal): ts.Expression => {
  const isInvalid = ((literal as { templateFlags?: ts.TokenFlags }).templateFlags ?? 0) !== 0;
  return isInvalid ? factory.createVoidZero() : factory.createStringLiteral(literal.text);
};

/** Returns the text between the marks as it was typed, lines ended by one character. */
const rawText = (literal: Literal): string => {
  const text = ts.getOriginalNode(literal).getText();
  const end = ts.isNoSubstitutionTemplateLiteral(literal) || ts.isTemplateTail(literal) ? 1 : 2;
  return text.slice(1, text.length - end).replace(/\r\n?/g, '\n');
};
