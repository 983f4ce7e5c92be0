// Signatures: the parameters and result of functions, methods and declared functions.

import ts from 'typescript';
import { ASYNC_FUNCTION, NO_MACHINE_TYPE, PARAMETER_SHAPE, STRING_VALUE, TYPE_PARAMETER } from '../dialect/machine.ts';
import type { DialectRule } from '../dialect/rule.ts';
import { type FunctionNode, type MachineFunction, type MachineProgram, type Parameter, resolveType } from './module.ts';
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
    const { name } = parameter;
    if (ts.isIdentifier(name) && name.text === 'this') return [];
    if (!ts.isIdentifier(name) || parameter.initializer || parameter.questionToken || parameter.dotDotDotToken) {
      program.reporter.report(parameter, PARAMETER_SHAPE);
      return [];
    }
    const symbol = program.checker.getSymbolAtLocation(name);
    const type = symbol === undefined ? undefined : resolveType(program, program.checker.getTypeOfSymbol(symbol));
    if (type?.kind === 'string' && !allowText)
      program.reporter.report(parameter, STRING_VALUE, `the string parameter ${name.text}`);
    else if (type === undefined || type.kind === 'void' || type.kind === 'never') {
      if (node.typeParameters === undefined)
        program.reporter.report(parameter, NO_MACHINE_TYPE, `the parameter ${name.text} has no machine type`);
    } else return [{ name: name.text, type, symbol }];
    return [];
  });

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
