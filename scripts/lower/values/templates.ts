// String concatenation as one template literal: chains of `+` go wrong in Porffor when their parts have different types, templates do not.

import ts from 'typescript';

interface Parts {
  /** One more text than values: text value text … text. */
  readonly texts: string[];
  readonly values: ts.Expression[];
}

const { factory } = ts;

/** Returns `left + right` as a template literal; both may be template or string literals themselves, and are then merged. */
export const joinAsTemplate = (left: ts.Expression, right: ts.Expression): ts.Expression => {
  const parts = append(partsOf(left), partsOf(right));
  if (parts.values.length === 0) return factory.createStringLiteral(parts.texts[0]!);
  const last = parts.values.length - 1;
  const spans = parts.values.map((value, index) =>
    factory.createTemplateSpan(
      value,
      index === last
        ? factory.createTemplateTail(parts.texts[index + 1]!)
        : factory.createTemplateMiddle(parts.texts[index + 1]!),
    ),
  );
  return factory.createTemplateExpression(factory.createTemplateHead(parts.texts[0]!), spans);
};

/** Returns `value` as a string: `${value}`. */
export const asTemplate = (value: ts.Expression): ts.Expression =>
  joinAsTemplate(factory.createStringLiteral(''), value);

const partsOf = (expression: ts.Expression): Parts => {
  const inner = ts.isParenthesizedExpression(expression) ? expression.expression : expression;
  if (ts.isStringLiteralLike(inner)) return { texts: [inner.text], values: [] };
  if (ts.isTemplateExpression(inner)) {
    return {
      texts: [inner.head.text, ...inner.templateSpans.map((span) => span.literal.text)],
      values: inner.templateSpans.map((span) => span.expression),
    };
  }
  return { texts: ['', ''], values: [expression] };
};

const append = (a: Parts, b: Parts): Parts => ({
  texts: [...a.texts.slice(0, -1), a.texts.at(-1)! + b.texts[0]!, ...b.texts.slice(1)],
  values: [...a.values, ...b.values],
});
