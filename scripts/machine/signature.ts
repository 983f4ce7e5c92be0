// Signatures: the parameters and result of functions, methods and declared functions.

import ts from 'typescript';
import { ASYNC_FUNCTION, NO_MACHINE_TYPE, PARAMETER_SHAPE, STRING_VALUE, TYPE_PARAMETER } from '../dialect/machine.ts';
import type { DialectRule } from '../dialect/rule.ts';
import {
  type FunctionNode,
  type MachineFunction,
  type MachineProgram,
  noteRefused,
  type Parameter,
  resolveType,
} from './module.ts';
import type { MachineType, RecordType } from './types.ts';

/** Returns true when the declaration carries the modifier. */
export const hasModifier = (node: ts.Node, kind: ts.SyntaxKind): boolean =>
  ts.canHaveModifiers(node) && (node.modifiers?.some((modifier) => modifier.kind === kind) ?? false);

/** Returns the definition of a function or method with a body. */
export const functionOf = (
  program: MachineProgram,
  body: FunctionNode,
  name: string,
  cName: string,
  exported: boolean,
  receiver?: RecordType,
): MachineFunction => {
  const refuse = (rule: DialectRule): void => program.reporter.report(body, rule);
  if (hasModifier(body, ts.SyntaxKind.AsyncKeyword) || body.asteriskToken !== undefined) refuse(ASYNC_FUNCTION);
  else if (body.typeParameters !== undefined) refuse(TYPE_PARAMETER);
  return {
    kind: 'function',
    name,
    cName: cName.replace(/\W/g, '_'),
    parameters: parametersOf(program, body, false),
    result:
      hasModifier(body, ts.SyntaxKind.AsyncKeyword) || body.asteriskToken !== undefined
        ? { kind: 'void' }
        : resultOf(program, body),
    exported,
    node: body,
    body,
    receiver,
  };
};

/** Returns the parameters of a signature. Text is allowed where the machine layer implements the function. */
export const parametersOf = (program: MachineProgram, node: ts.SignatureDeclaration, allowText: boolean): Parameter[] =>
  node.parameters.flatMap((parameter) => {
    const isThis = ts.isIdentifier(parameter.name) && parameter.name.text === 'this';
    const found = isThis ? undefined : parameterOf(program, parameter, allowText);
    if (found === undefined && !isThis) noteRefused(program, parameter.name);
    return found ?? [];
  });

const parameterOf = (
  program: MachineProgram,
  parameter: ts.ParameterDeclaration,
  allowText: boolean,
): Parameter | undefined => {
  const { name } = parameter;
  const refuse = (rule: DialectRule, what?: string): undefined => {
    program.reporter.report(parameter, rule, what);
    return undefined;
  };
  const isPlain =
    ts.isIdentifier(name) && !parameter.initializer && !parameter.questionToken && !parameter.dotDotDotToken;
  if (!isPlain) return refuse(PARAMETER_SHAPE);
  const type = resolveType(program, program.checker.getTypeAtLocation(name));
  if (type?.kind === 'string' && !allowText) return refuse(STRING_VALUE, `the string parameter ${name.text}`);
  if (type === undefined || type.kind === 'void' || type.kind === 'never') {
    // Of a function with type parameters, those are what is wrong.
    const isGeneric = (parameter.parent as ts.SignatureDeclaration).typeParameters !== undefined;
    return isGeneric ? undefined : refuse(NO_MACHINE_TYPE, `the parameter ${name.text} has no machine type`);
  }
  return { name: name.text, type, symbol: program.checker.getSymbolAtLocation(name) };
};

/** Returns the result type of a signature; VOID after a report when it has none. */
export const resultOf = (program: MachineProgram, node: ts.SignatureDeclaration): MachineType => {
  const signature = program.checker.getSignatureFromDeclaration(node);
  const type =
    signature === undefined ? undefined : resolveType(program, program.checker.getReturnTypeOfSignature(signature));
  if (type !== undefined && type.kind !== 'string' && type.kind !== 'array' && type.kind !== 'bytes') return type;
  if (type?.kind === 'string') program.reporter.report(node, STRING_VALUE, 'a string as the result');
  else if (node.typeParameters === undefined)
    program.reporter.report(node, NO_MACHINE_TYPE, 'the result has no machine type');
  return { kind: 'void' };
};
