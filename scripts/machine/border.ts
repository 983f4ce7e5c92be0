// The border in the control plane: a typed pass that turns what it uses of machine modules into glue.
//
//   pop(queue)           stays a call; the bundler writes the name that `nameOf` returns
//   new Queue()          glue_new_…()
//   renew(queue)         glue_renew_…(queue)
//   queue.size           glue_get_…(queue)              queue.slots[i].size    glue_get_…(queue, i)
//   queue.slots[i]       glue_get_…(queue, i), a handle
//   queue.push(3)        glue_…__Queue_push(queue, 3)
//   LIMIT, Kind.Disk     their values

import ts from 'typescript';
import { RENEWAL } from '../dialect/modules.ts';
import type { Pass } from '../lower/context.ts';
import { isKnownModule } from '../program.ts';
import { checkBorder } from './border-check.ts';
import type { MachineExports } from './compile.ts';
import { crossesBorder, type Glue } from './glue.ts';
import { type MachineFunction, symbolOf } from './module.ts';
import { type ArrayLength, createPlanes, type RecordRead } from './planes.ts';
import type { MachineType } from './types.ts';

const f = ts.factory;

/** What the rest of the build needs of the border. */
export interface MachineBorder {
  readonly pass: Pass;
  /** Returns the glue's name of a machine function and notes that it is used; undefined for any other declaration. */
  nameOf(declaration: ts.Node): string | undefined;
}

/** Returns the border of a program's compiled machine modules. What the pass and `nameOf` meet is noted in `glue`. */
export const createBorder = (exports: MachineExports, glue: Glue, checker: ts.TypeChecker): MachineBorder => {
  const planes = createPlanes(exports, checker);
  const functions = functionsByDeclaration(exports);
  return {
    nameOf(declaration) {
      const found = functions.get(declaration);
      return found === undefined || !crossesBorder(found) ? undefined : glue.useFunction(found);
    },
    pass: (context) => (transformation) => {
      const visit: ts.Visitor = (node) => {
        if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) return node;
        return rewritten(node) ?? ts.visitEachChild(node, visit, transformation);
      };
      const child = (node: ts.Expression): ts.Expression => ts.visitNode(node, visit, ts.isExpression) ?? node;

      const rewritten = (node: ts.Node): ts.Node | undefined => {
        if (ts.isShorthandPropertyAssignment(node)) return shorthand(node);
        if (!ts.isExpression(node) || isDeclaredName(node)) return undefined;
        const value =
          ts.isIdentifier(node) || ts.isPropertyAccessExpression(node) ? planes.constantOf(node) : undefined;
        if (value !== undefined) return from(literal(value), node);
        if (ts.isNewExpression(node)) return allocation(node);
        if (ts.isCallExpression(node)) return isRenewal(node) ? renewal(node) : methodCall(node);
        const length = planes.arrayLength(node);
        if (length !== undefined) return from(lengthOf(length), node);
        const read = planes.readOf(node);
        return read === undefined ? undefined : getter(node, read);
      };

      const shorthand = (node: ts.ShorthandPropertyAssignment): ts.Node | undefined => {
        const symbol = checker.getShorthandAssignmentValueSymbol(ts.getOriginalNode(node));
        const resolved =
          symbol !== undefined && symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
        const found = resolved === undefined ? undefined : exports.get(resolved);
        return found?.kind === 'constant'
          ? from(f.createPropertyAssignment(node.name.text, literal(found.value)), node)
          : undefined;
      };

      const allocation = (node: ts.NewExpression): ts.Node | undefined => {
        const found = planes.definitionOf(node.expression);
        return found?.kind === 'record' ? from(callOf(glue.useAllocation(found), []), node) : undefined;
      };

      const isRenewal = ({ expression }: ts.CallExpression): boolean => {
        const declaration = ts.isIdentifier(expression) ? symbolOf(checker, ts.getOriginalNode(expression)) : undefined;
        const file = declaration?.valueDeclaration?.getSourceFile();
        return declaration?.name === 'renew' && file !== undefined && isKnownModule(file);
      };

      const renewal = (node: ts.CallExpression): ts.Node | undefined => {
        const record = node.arguments[0] && planes.recordOf(node.arguments[0]);
        if (record !== undefined) return from(callOf(glue.useRenewal(record), node.arguments.map(child)), node);
        context.reporter.report(node, RENEWAL);
        return undefined;
      };

      const methodCall = (node: ts.CallExpression): ts.Node | undefined => {
        if (!ts.isPropertyAccessExpression(node.expression)) return undefined;
        const found = planes.definitionOf(node.expression.name);
        if (found?.kind !== 'function' || found.receiver === undefined || !crossesBorder(found)) return undefined;
        const operands = [node.expression.expression, ...node.arguments].map(child);
        return from(callOf(glue.useFunction(found), operands), node);
      };

      const getter = (node: ts.Expression, read: RecordRead): ts.Node | undefined => {
        if (read.type === undefined || read.type.kind === 'array') return undefined;
        const call = from(readCall(read, read.type), node);
        const isOptional = ts.isPropertyAccessExpression(node) && node.questionDotToken !== undefined;
        return isOptional ? from(unlessMissing(child(read.root), call), node) : call;
      };

      const readCall = (read: RecordRead, type: MachineType): ts.Expression =>
        callOf(glue.useGetter(read.record, read.path, type), [child(read.root), ...read.indices.map(child)]);

      /** A length is known here, but what stands before it is still evaluated, and its indices checked. */
      const lengthOf = ({ length, owner }: ArrayLength): ts.Expression => {
        const isQuiet = ts.isIdentifier(owner.root) && owner.indices.length === 0;
        if (isQuiet || owner.type === undefined) return literal(length);
        const before = owner.path.length === 0 ? child(owner.root) : readCall(owner, owner.type);
        return f.createParenthesizedExpression(f.createComma(before, literal(length)));
      };

      return (file) => {
        checkBorder(ts.getOriginalNode(file, ts.isSourceFile), planes, checker, context.reporter);
        return ts.visitEachChild(file, visit, transformation);
      };
    },
  };
};

const functionsByDeclaration = (exports: MachineExports): Map<ts.Node, MachineFunction> => {
  const functions = new Map<ts.Node, MachineFunction>();
  for (const [symbol, definition] of exports) {
    const declaration = symbol.valueDeclaration;
    if (definition.kind === 'function' && definition.receiver === undefined && declaration !== undefined)
      functions.set(declaration, definition);
  }
  return functions;
};

/** Names of declarations and of properties are identifiers, too, and stay as they are. */
const isDeclaredName = (node: ts.Node): boolean => {
  const original = ts.getOriginalNode(node);
  const { parent } = original;
  if (parent === undefined || !ts.isIdentifier(original)) return false;
  return (
    (ts.isPropertyAccessExpression(parent) && parent.name === original) ||
    ('name' in parent && parent.name === original) ||
    ts.isImportSpecifier(parent) ||
    ts.isExportSpecifier(parent)
  );
};

const from = <T extends ts.Node>(made: T, node: ts.Node): T =>
  ts.setTextRange(ts.setOriginalNode(made, ts.getOriginalNode(node)), node);

const callOf = (name: string, operands: readonly ts.Expression[]): ts.CallExpression =>
  f.createCallExpression(f.createIdentifier(name), undefined, operands);

/** `queue?.size` of a plain name: nothing else is allowed there, because it is named twice. */
const unlessMissing = (root: ts.Expression, value: ts.Expression): ts.Expression => {
  const isUndefined = f.createStrictEquality(root, f.createIdentifier('undefined'));
  const isNull = f.createStrictEquality(root, f.createNull());
  return f.createConditionalExpression(
    f.createLogicalOr(isUndefined, isNull),
    undefined,
    f.createIdentifier('undefined'),
    undefined,
    value,
  );
};

const literal = (value: number | boolean): ts.Expression => {
  if (typeof value === 'boolean') return value ? f.createTrue() : f.createFalse();
  if (Number.isNaN(value)) return f.createIdentifier('NaN');
  const magnitude = Number.isFinite(value) ? f.createNumericLiteral(Math.abs(value)) : f.createIdentifier('Infinity');
  return value < 0 || Object.is(value, -0)
    ? f.createParenthesizedExpression(f.createPrefixUnaryExpression(ts.SyntaxKind.MinusToken, magnitude))
    : magnitude;
};
