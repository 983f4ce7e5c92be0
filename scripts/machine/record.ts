// Records: classes of machine modules. A record is a C struct; its methods are functions that take it as `this`.

import ts from 'typescript';
import { FIELD_INITIALISER, NO_MACHINE_TYPE, RECORD_SHAPE, TYPE_PARAMETER } from '../dialect/machine.ts';
import { initialValue } from './initial.ts';
import { type MachineProgram, noteRefused, resolveType } from './module.ts';
import { functionOf, hasModifier } from './signature.ts';
import { isScalar, type MachineType, type RecordType } from './types.ts';

/** Makes the record known by its class, still without fields. */
export const declareRecord = (program: MachineProgram, node: ts.ClassDeclaration, prefix: string): void => {
  const symbol = node.name === undefined ? undefined : program.checker.getSymbolAtLocation(node.name);
  if (symbol === undefined) program.reporter.report(node, RECORD_SHAPE, 'a class without a name');
  else {
    const exported = hasModifier(node, ts.SyntaxKind.ExportKeyword);
    const { name } = symbol;
    const cName = `${prefix}${name}`;
    program.definitions.set(symbol, { kind: 'record', name, cName, declaration: node, exported, fields: new Map() });
  }
};

/** Adds the fields and methods of a record. */
export const collectRecord = (program: MachineProgram, node: ts.ClassDeclaration, prefix: string): void => {
  const symbol = node.name === undefined ? undefined : program.checker.getSymbolAtLocation(node.name);
  const record = symbol === undefined ? undefined : program.definitions.get(symbol);
  if (record?.kind !== 'record') return;
  if (node.typeParameters !== undefined)
    program.reporter.report(node, TYPE_PARAMETER, `the type parameter of ${record.name}`);
  if (node.heritageClauses?.some((clause) => clause.token === ts.SyntaxKind.ExtendsKeyword))
    program.reporter.report(node, RECORD_SHAPE);
  for (const member of node.members) {
    if (ts.isSemicolonClassElement(member)) continue;
    if (!isPlainMember(member)) program.reporter.report(member, RECORD_SHAPE);
    else if (ts.isPropertyDeclaration(member)) collectField(program, record, member);
    else collectMethod(program, record, member, prefix);
  }
};

type PlainMember = (ts.PropertyDeclaration | ts.MethodDeclaration) & { readonly name: ts.Identifier };

const isPlainMember = (member: ts.ClassElement): member is PlainMember => {
  if (!ts.isPropertyDeclaration(member) && !ts.isMethodDeclaration(member)) return false;
  const plain = [ts.SyntaxKind.ReadonlyKeyword, ts.SyntaxKind.PublicKeyword, ts.SyntaxKind.PrivateKeyword];
  return ts.isIdentifier(member.name) && (member.modifiers ?? []).every((modifier) => plain.includes(modifier.kind));
};

const collectField = (
  program: MachineProgram,
  record: RecordType,
  member: ts.PropertyDeclaration & PlainMember,
): void => {
  const name = member.name.text;
  const type = resolveType(program, program.checker.getTypeAtLocation(member));
  if (type === undefined || !(isScalar(type) || type.kind === 'array' || type.kind === 'record')) {
    program.reporter.report(member, NO_MACHINE_TYPE, `the field ${name} has no machine type`);
    noteRefused(program, member.name);
    return;
  }
  const initial = contains(record, type) ? undefined : initialValue(program, member.initializer, type);
  if (initial === undefined) {
    program.reporter.report(member, FIELD_INITIALISER, `the field ${name} without a constant initial value`);
    noteRefused(program, member.name);
  } else record.fields.set(name, { name, type, initial });
};

/** Returns true when `type` has a `record` somewhere inside: such a record would have no end. */
const contains = (record: RecordType, type: MachineType): boolean => {
  if (type.kind === 'array') return contains(record, type.element);
  if (type.kind !== 'record') return false;
  return type === record || [...type.fields.values()].some((field) => contains(record, field.type));
};

const collectMethod = (
  program: MachineProgram,
  record: RecordType,
  member: ts.MethodDeclaration & PlainMember,
  prefix: string,
): void => {
  const symbol = program.checker.getSymbolAtLocation(member.name);
  const name = member.name.text;
  if (symbol === undefined || member.body === undefined || member.questionToken)
    program.reporter.report(member, RECORD_SHAPE);
  else {
    const cName = `${prefix}${record.name}_${name}`;
    program.definitions.set(symbol, functionOf(program, member, name, cName, record.exported, record));
  }
};
