// The C text of definitions: structs, module variables, prototypes and function bodies.

import ts from 'typescript';
import { createContext, type FunctionContext, where } from './context.ts';
import { isZero } from './initial.ts';
import { INLINE_FUNCTIONS } from './intrinsics.ts';
import type { MachineFunction, MachineProgram, MachineVariable } from './module.ts';
import { cString, localName, relativeName } from './names.ts';
import { block, returnValue } from './statement.ts';
import { isAssignment } from './type-of.ts';
import {
  declareInPlace,
  declareLocal,
  type InitialValue,
  type MachineType,
  type RecordType,
  valueType,
} from './types.ts';

/** Returns the struct definitions, inner records before outer ones. */
export const structs = (records: readonly RecordType[]): string => {
  const done = new Set<RecordType>();
  const lines: string[] = [];
  const visit = (type: MachineType): void => {
    if (type.kind === 'array') visit(type.element);
    if (type.kind !== 'record' || done.has(type)) return;
    done.add(type);
    const fields = [...type.fields.values()];
    for (const field of fields) visit(field.type);
    const members = fields.map((field) => `  ${declareInPlace(field.type, localName(field.name))};\n`);
    // Two records are never at one address, or they would be the same to ===.
    if (fields.length === 0) members.push('  uint8_t hed_nothing;\n');
    lines.push(`struct ${type.cName} {\n${members.join('')}};\n`);
  };
  for (const record of records) visit(record);
  return lines.join('');
};

/** Returns what holds a module variable, without linkage. */
export const variable = (definition: MachineVariable): string =>
  `${declaredVariable(definition)} = ${initializer(definition.initial)};\n`;

/** Returns the declaration of a module variable, without linkage and semicolon. */
export const declaredVariable = (definition: MachineVariable): string =>
  declareInPlace(definition.type, definition.cName);

/** Returns the C initializer of a value. Zero fields are left out. */
export const initializer = (initial: InitialValue): string => {
  if (initial.kind === 'constant') return constantText(initial.value);
  if (isZero(initial)) return '{0}';
  if (initial.kind === 'repeat') return `{ [0 ... ${initial.count - 1}] = ${initializer(initial.element)} }`;
  const fields = [...initial.type.fields.values()].filter((field) => !isZero(field.initial));
  return `{ ${fields.map((field) => `.${localName(field.name)} = ${initializer(field.initial)}`).join(', ')} }`;
};

const constantText = (value: number | boolean): string => {
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (Number.isNaN(value)) return '__builtin_nan("")';
  if (!Number.isFinite(value)) return value > 0 ? '__builtin_inf()' : '-__builtin_inf()';
  if (Object.is(value, -0)) return '-0.0';
  return Number.isSafeInteger(value) ? `${value}LL` : `${value}`;
};

/** Returns the prototype of a function, without linkage and semicolon. */
export const prototype = (definition: MachineFunction): string => {
  const isDeclared = definition.body === undefined;
  const receiver = definition.receiver === undefined ? [] : [declareLocal(definition.receiver, 'this')];
  const parameters = definition.parameters.map((parameter) => {
    const name = localName(parameter.name);
    if (isDeclared && parameter.type.kind === 'bytes') return `uint8_t *${name}, uint32_t ${name}_length`;
    if (isDeclared && parameter.type.kind === 'string') return `const uint8_t *${name}, size_t ${name}_length`;
    return declareLocal(parameter.type, name);
  });
  const list = [...receiver, ...parameters].join(', ');
  const noreturn = definition.result.kind === 'never' ? '__attribute__((noreturn)) ' : '';
  return `${noreturn}${valueType(definition.result)} ${definition.cName}(${list === '' ? 'void' : list})`.replace(
    '* m_',
    '*m_',
  );
};

/** Returns true for a declared function that is defined in the prelude. */
export const isInline = (definition: MachineFunction): boolean =>
  definition.body === undefined && INLINE_FUNCTIONS.has(definition.name);

/** Compiles the body of a function. Returns its C text. */
export const functionText = (program: MachineProgram, definition: MachineFunction): string => {
  const context = createContext(program, definition);
  const { body } = definition;
  if (body?.body === undefined) return '';
  declareParameters(context, definition);
  const { line } = context.file.getLineAndCharacterOfPosition(body.getStart(context.file));
  context.lines.push(
    `#line ${line + 1} ${cString(relativeName(program.root, context.file))}`,
    prototype(definition),
    '{',
  );
  if (ts.isBlock(body.body)) block(context, body.body);
  else {
    const place = context.file.getLineAndCharacterOfPosition(body.body.getStart(context.file));
    context.lines.push(`#line ${place.line + 1}`);
    returnValue(context, body.body);
  }
  const end = context.file.getLineAndCharacterOfPosition(body.getEnd()).line;
  context.lines.push(`#line ${end + 1}`);
  if (definition.result.kind !== 'void' && !endsWithReturn(body.body)) {
    context.lines.push(`hed_stop("the function ends without a result", ${where(context, body)});`);
  }
  context.lines.push('}', '');
  return context.lines.join('\n');
};

const endsWithReturn = (body: ts.ConciseBody): boolean => {
  const last = ts.isBlock(body) ? body.statements.at(-1) : undefined;
  return !ts.isBlock(body) || (last !== undefined && ts.isReturnStatement(last));
};

/** A parameter that is never assigned is as good as a const: reading it cannot depend on order. */
const declareParameters = (context: FunctionContext, definition: MachineFunction): void => {
  const assigned = assignedNames(definition.body!);
  for (const { name, type, symbol } of definition.parameters) {
    if (symbol === undefined) continue;
    context.locals.set(symbol, {
      name: localName(name),
      type,
      range: undefined,
      fixed: !assigned.has(name),
      constant: undefined,
    });
  }
};

const assignedNames = (root: ts.Node): ReadonlySet<string> => {
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    const isStep = ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node);
    if (isStep && ts.isIdentifier(node.operand)) names.add(node.operand.text);
    const isStore = ts.isBinaryExpression(node) && isAssignment(node.operatorToken.kind);
    if (isStore && ts.isIdentifier(node.left)) names.add(node.left.text);
    ts.forEachChild(node, visit);
  };
  visit(root);
  return names;
};
