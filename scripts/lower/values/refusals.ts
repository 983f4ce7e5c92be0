// What the dialect leaves out, found by its name in the library or by its syntax.

import ts from 'typescript';
import { FLOW_RULES } from '../../dialect/flow.ts';
import type { DialectRule } from '../../dialect/rule.ts';
import { VALUE_RULES } from '../../dialect/values.ts';
import { isOwnFile } from '../../folders.ts';
import { Kind } from './kinds.ts';
import { isTimerNumber, libraryNames, namesOf } from './library.ts';
import { bare, on, type Rewrites, type Tools } from './walk.ts';

const { SyntaxKind } = ts;

/** Rules by the library's names that they refuse. */
const REFUSED: readonly (readonly [RegExp, DialectRule])[] = [
  [/^Big(Int|Uint)|^DataView#[gs]etBig/, VALUE_RULES.bigint],
  [/[#.]toLocale\w*$|#localeCompare$|#normalize$|^Intl\b/, VALUE_RULES.locale],
  [/^String#(anchor|big|blink|bold|fixed|font\w+|italics|link|small|strike|sub|sup)$/, VALUE_RULES.legacy],
  [
    /^(un)?escape$|^RegExp#compile$|^RegExp\.(\$.|input|last\w+|leftContext|rightContext)$|^Date#(toGMTString|getYear|setYear)$/,
    VALUE_RULES.legacy,
  ],
  [/^Function#(caller|arguments)$/, VALUE_RULES.legacy],
  [/^Function#toString$/, VALUE_RULES.functionText],
  [
    /^(Proxy|Reflect|Atomics|SharedArrayBuffer|FinalizationRegistry|WeakRef|eval|Function)$|^Reflect\.|^Atomics\./,
    VALUE_RULES.missing,
  ],
  [/^(Object|Map)\.groupBy$|^Promise\.withResolvers$/, VALUE_RULES.missing],
  [
    /^(SharedArrayBuffer|FinalizationRegistry|WeakRef)#|^RegExp#unicodeSets$|^ArrayBuffer#(resize|resizable|maxByteLength|transfer\w*|detached)$/,
    VALUE_RULES.missing,
  ],
  [
    /^Symbol\.(toPrimitive|hasInstance|toStringTag|species|match\w*|replace|search|split|unscopables|isConcatSpreadable)$/,
    VALUE_RULES.wellKnownSymbol,
  ],
  [/^\w+\.prototype$/, VALUE_RULES.prototype],
];

/** The member that is an object's prototype, for old pages. */
const PROTO = '__proto__';
/** `\p{Script=Greek}` and its short names. */
const SCRIPT = /\\[pP]\{(Script|sc|Script_Extensions|scx)=/;

/** The refusals, as rewrites that never rewrite. */
export const refusals: Rewrites = new Map([
  on<ts.BigIntLiteral>(SyntaxKind.BigIntLiteral, (node, _lowered, tools) => refuse(node, VALUE_RULES.bigint, tools)),
  on<ts.Identifier>(SyntaxKind.Identifier, (node, _lowered, tools) => {
    if (node.text === PROTO) return refuse(node, VALUE_RULES.legacy, tools, PROTO);
    if (isDeclarationName(node)) return undefined;
    if (node.text === 'arguments' && isArguments(node, tools)) return refuse(node, VALUE_RULES.argumentsObject, tools);
    return refuseByName(node, node.text, tools) ?? refuseConstructorAsValue(node, tools);
  }),
  on<ts.PropertyAccessExpression>(SyntaxKind.PropertyAccessExpression, (node, _lowered, tools) =>
    isTimerNumber(ts.getOriginalNode(node).parent, tools) ? undefined : refuseByName(node, node.name.text, tools),
  ),
  on<ts.ElementAccessExpression>(SyntaxKind.ElementAccessExpression, (node, _lowered, tools) => {
    const name = bare(node.argumentExpression);
    return ts.isStringLiteralLike(name)
      ? refuseMember(node, tools.typeOf(node.expression), name.text, tools)
      : undefined;
  }),
  on<ts.BindingElement>(SyntaxKind.BindingElement, (node, _lowered, tools) => {
    const { name, propertyName, parent } = ts.getOriginalNode(node) as ts.BindingElement;
    const taken = propertyName ?? name;
    if (!ts.isObjectBindingPattern(parent) || !(ts.isIdentifier(taken) || ts.isStringLiteral(taken))) return undefined;
    return refuseMember(node, tools.typeOf(parent), taken.text, tools);
  }),
  on<ts.NewExpression>(SyntaxKind.NewExpression, (node, _lowered, tools) => {
    const [name] = libraryNames(node.expression, tools);
    if (name === 'String' || name === 'Number' || name === 'Boolean' || name === 'Object')
      refuse(node, VALUE_RULES.boxed, tools, `new ${name}`);
    if (name === 'RegExp' && node.arguments?.some((value) => ts.isStringLiteralLike(value) && SCRIPT.test(value.text)))
      refuse(node, VALUE_RULES.scriptInPattern, tools);
    return undefined;
  }),
  on<ts.CallExpression>(SyntaxKind.CallExpression, (node, _lowered, tools) => refuseCall(node, tools)),
  on<ts.ArrayLiteralExpression>(SyntaxKind.ArrayLiteralExpression, (node, _lowered, tools) => {
    const hole = node.elements.find(ts.isOmittedExpression);
    if (hole !== undefined && !isPattern(node)) return refuse(node, VALUE_RULES.hole, tools);
    return undefined;
  }),
  on<ts.StringLiteral>(SyntaxKind.StringLiteral, (node, _lowered, tools) => {
    const { parent } = ts.getOriginalNode(node);
    const isName = ts.isPropertyAssignment(parent) || ts.isElementAccessExpression(parent);
    return node.text === PROTO && isName ? refuse(node, VALUE_RULES.legacy, tools, PROTO) : undefined;
  }),
  on<ts.RegularExpressionLiteral>(SyntaxKind.RegularExpressionLiteral, (node, _lowered, tools) =>
    SCRIPT.test(node.text) ? refuse(node, VALUE_RULES.scriptInPattern, tools) : undefined,
  ),
  on<ts.TemplateSpan>(SyntaxKind.TemplateSpan, (node, _lowered, tools) => refuseText(node.expression, tools)),
  on<ts.BinaryExpression>(SyntaxKind.BinaryExpression, (node, _lowered, tools) => {
    const { kind } = node.operatorToken;
    if (kind === SyntaxKind.InstanceOfKeyword && isNoClass(bare(node.right), tools))
      return refuse(node, VALUE_RULES.instanceOfObject, tools);
    if (kind === SyntaxKind.PlusToken || kind === SyntaxKind.PlusEqualsToken) {
      if (tools.kindsOf(node.right) === Kind.string) refuseText(node.left, tools);
      if (tools.kindsOf(node.left) === Kind.string) refuseText(node.right, tools);
    }
    return undefined;
  }),
]);

/** Object and Function, and functions that nothing can be made of. */
const isNoClass = (node: ts.Expression, tools: Tools): boolean => {
  if (/^(Object|Function)$/.test(libraryNames(node, tools)[0] ?? '')) return true;
  const type = tools.typeOf(node);
  return type.getCallSignatures().length > 0 && type.getConstructSignatures().length === 0;
};

const refuse = (node: ts.Node, rule: DialectRule, tools: Tools, what?: string): undefined => {
  if (!isRuntime(node)) tools.reporter.report(node, rule, what);
};

/** The helpers are what stands in for the library, and know what they use of it. */
export const isRuntime = (node: ts.Node): boolean =>
  isOwnFile(ts.getOriginalNode(node).getSourceFile().fileName, 'kernel/runtime/');

const refuseByName = (node: ts.Identifier | ts.PropertyAccessExpression, shown: string, tools: Tools): undefined => {
  for (const name of libraryNames(node, tools)) {
    const rule = REFUSED.find(([pattern]) => pattern.test(name))?.[1];
    if (rule !== undefined) return refuse(node, rule, tools, `'${shown}'`);
  }
};

/** A function of the library by another way than its name. */
const refuseMember = (node: ts.Node, owner: ts.Type, name: string, tools: Tools): undefined => {
  const symbol = owner.getNonNullableType().getProperty(name);
  if (symbol === undefined || namesOf(symbol).length === 0) return undefined;
  if (tools.checker.getTypeOfSymbol(symbol).getCallSignatures().length > 0)
    refuse(node, VALUE_RULES.memberByName, tools, `'${name}'`);
};

const refuseCall = (node: ts.CallExpression, tools: Tools): undefined => {
  const callee = bare(node.expression);
  const [name] = libraryNames(callee, tools);
  const [value] = node.arguments;
  if (name === 'Object' && ts.isIdentifier(callee)) return refuse(node, VALUE_RULES.boxed, tools, 'Object()');
  if (value === undefined) return undefined;
  if (/^Console\./.test(name ?? '') && ts.isStringLiteralLike(value) && /%o/.test(value.text.replaceAll('%%', '')))
    return refuse(value, VALUE_RULES.hiddenProperties, tools);
  if (name === 'String' && ts.isIdentifier(callee)) return refuseText(value, tools);
  if (name === 'Object.freeze' && hasPrivateNames(value, tools)) return refuse(node, FLOW_RULES.privateName, tools);
  if (/^Object\.(freeze|seal|preventExtensions)$/.test(name ?? '') && isList(value, tools))
    return refuse(node, VALUE_RULES.frozenArray, tools);
  return undefined;
};

/** A function, or a date, turned into a string. */
const refuseText = (node: ts.Expression, tools: Tools): undefined => {
  const type = tools.typeOf(node);
  for (const member of type.isUnion() ? type.types : [type]) {
    if (member.getCallSignatures().length > 0 || member.getConstructSignatures().length > 0)
      return refuse(node, VALUE_RULES.functionText, tools);
    if (member.getSymbol()?.name === 'Date') return refuse(node, VALUE_RULES.dateAsText, tools);
  }
};

const hasPrivateNames = (node: ts.Expression, tools: Tools): boolean =>
  tools
    .typeOf(node)
    .getProperties()
    .some(({ valueDeclaration }) => {
      const name = valueDeclaration && ts.getNameOfDeclaration(valueDeclaration);
      return name !== undefined && ts.isPrivateIdentifier(name);
    });

const isList = (node: ts.Expression, tools: Tools): boolean => {
  const type = tools.typeOf(node);
  return tools.checker.isArrayType(type) || tools.checker.isTupleType(type);
};

const CONSTRUCTORS_AS_VALUES =
  /^(Object|Array|Map|Set|WeakMap|WeakSet|Date|RegExp|Promise|ArrayBuffer|DataView|(Ui|I)nt\d+(Clamped)?Array|Float\d+Array)$/;

/** `new X`, `X()`, `X.y` and `instanceof X` are known; X passed on is not. */
const refuseConstructorAsValue = (node: ts.Identifier, tools: Tools): undefined => {
  if (!CONSTRUCTORS_AS_VALUES.test(node.text)) return;
  const original = ts.getOriginalNode(node);
  const { parent } = original;
  if ((ts.isNewExpression(parent) || ts.isCallExpression(parent)) && parent.expression === original) return;
  if (ts.isPropertyAccessExpression(parent) || ts.isExpressionWithTypeArguments(parent)) return;
  if (ts.isBinaryExpression(parent) && parent.operatorToken.kind === SyntaxKind.InstanceOfKeyword) return;
  if (libraryNames(node, tools).includes(node.text))
    refuse(node, VALUE_RULES.constructorAsValue, tools, `'${node.text}' as a value`);
};

const isArguments = (node: ts.Identifier, tools: Tools): boolean =>
  (tools.checker.getSymbolAtLocation(ts.getOriginalNode(node))?.declarations?.length ?? 0) === 0;

/** `[, b] = pair` takes apart, it makes no holes. */
const isPattern = (node: ts.ArrayLiteralExpression): boolean => {
  let child: ts.Node = ts.getOriginalNode(node);
  while (!ts.isBinaryExpression(child.parent) && !ts.isForOfStatement(child.parent)) {
    const { parent } = child;
    const isNested =
      ts.isArrayLiteralExpression(parent) ||
      ts.isObjectLiteralExpression(parent) ||
      ts.isPropertyAssignment(parent) ||
      ts.isParenthesizedExpression(parent) ||
      ts.isSpreadElement(parent);
    if (!isNested) return false;
    child = parent;
  }
  if (ts.isForOfStatement(child.parent)) return child.parent.initializer === child;
  return child.parent.left === child && child.parent.operatorToken.kind === SyntaxKind.EqualsToken;
};

/** Tells whether an identifier names a member or a declaration, and is no expression. */
export const isDeclarationName = (node: ts.Identifier): boolean => {
  const original = ts.getOriginalNode(node) as ts.Identifier;
  const { parent } = original;
  if (ts.isPropertyAccessExpression(parent)) return parent.name === original;
  if (ts.isShorthandPropertyAssignment(parent)) return false;
  return (
    (parent as ts.NamedDeclaration).name === original ||
    (ts.isBindingElement(parent) && parent.propertyName === original)
  );
};
