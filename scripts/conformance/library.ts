// The built-ins that a user may type: every global of the library and of kernel/runtime/globals.ts, with its own members and those of its prototype.
// The list is TypeScript's, so that none is forgotten.

import path from 'node:path';
import ts from 'typescript';

/** A member of the library. */
export interface BuiltIn {
  /** As cases name it: `new Map`, `Map.groupBy`, `Map.prototype.get`, `Array.prototype[Symbol.iterator]`, `parseInt`. */
  readonly name: string;
  /** The global that it belongs to. The typed arrays are one, `TypedArray`: what holds for one of them holds for all. */
  readonly owner: string;
  /** An expression that uses it. */
  readonly use: string;
}

const TYPED_ARRAY = /^((Uint|Int)(8|16|32)|Uint8Clamped|Float(32|64))Array$/;
/** Their members say nothing that those of Error do not. */
const ERRORS = /^(Eval|Range|Reference|Syntax|Type|URI|Aggregate)Error$/;
/** Whole worlds of their own, refused with all that is in them. */
const ONE_ROW =
  /^(Intl|BigInt|BigInt64Array|BigUint64Array|Atomics|FinalizationRegistry|Proxy|Reflect|SharedArrayBuffer|WeakRef)$/;

const GLOBALS_FILE = 'kernel/runtime/globals.ts';

/** Returns the built-ins, in the order of their globals' names. */
export const builtInsOf = (root: string): BuiltIn[] => {
  const globals = path.join(root, GLOBALS_FILE);
  const program = ts.createProgram([globals], { lib: ['lib.es2024.d.ts'], types: [], target: ts.ScriptTarget.ES2024 });
  const checker = program.getTypeChecker();
  const place = program.getSourceFile(globals);
  if (place === undefined) throw new Error(`${GLOBALS_FILE} is not there`);
  const names = new Set<string>();
  return checker
    .getSymbolsInScope(place, ts.SymbolFlags.Value | ts.SymbolFlags.NamespaceModule)
    .filter(({ name }) => name !== 'globalThis' && name !== 'undefined' && name !== 'NodeJS')
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((symbol) => membersOf(symbol, checker, place))
    .concat(FURTHER)
    .filter(({ name }) => !names.has(name) && names.add(name));
};

/** What no declaration lists. */
const FURTHER: readonly BuiltIn[] = [
  { name: 'globalThis', owner: 'globalThis', use: 'globalThis' },
  { name: 'undefined', owner: 'undefined', use: 'undefined' },
  { name: 'AggregateError.prototype.errors', owner: 'AggregateError', use: '(object as AggregateError).errors' },
  ...['next', 'return', 'throw', '[Symbol.iterator]'].map((member) => prototypeMember('Generator', 3, member)),
  ...['next', 'return', 'throw', '[Symbol.asyncIterator]'].map((member) =>
    prototypeMember('AsyncGenerator', 3, member),
  ),
];

/** Returns the built-in of that name: `TypedArray.prototype.map` is the one of Uint8Array, too. */
export const builtInName = (name: string): string => {
  const [, owner, rest] = /^(\w+)(?:\.(.*))?$/.exec(name.replace('.[', '[')) ?? [];
  return owner !== undefined && rest !== undefined && TYPED_ARRAY.test(owner)
    ? `TypedArray.${rest}`
    : name.replace('.[', '[');
};

const membersOf = (symbol: ts.Symbol, checker: ts.TypeChecker, place: ts.Node): BuiltIn[] => {
  const { name, valueDeclaration } = symbol;
  const row = (member: string, use: string): BuiltIn => ({
    name: builtInName(member),
    owner: TYPED_ARRAY.test(name) ? 'TypedArray' : name,
    use,
  });
  if (valueDeclaration === undefined || ONE_ROW.test(name)) return [row(name, name)];
  const type = checker.getTypeOfSymbolAtLocation(symbol, place);
  const constructed = type.getConstructSignatures()[0];
  const prototype = type.getProperty('prototype');
  const isFunction = ts.isFunctionDeclaration(valueDeclaration);
  if (isFunction || (type.flags & ts.TypeFlags.Object) === 0) return [row(name, name)];
  const instance =
    prototype === undefined ? constructed?.getReturnType() : checker.getTypeOfSymbolAtLocation(prototype, place);
  const parameters = (instance?.symbol && checker.getDeclaredTypeOfSymbol(instance.symbol)) as
    | ts.InterfaceType
    | undefined;
  const instanceName = instance?.symbol?.name ?? name;
  return [
    ...(constructed === undefined ? [] : [row(`new ${name}`, `new ${name}(${anyValues(constructed)})`)]),
    ...type
      .getCallSignatures()
      .slice(0, 1)
      .map((signature) => row(name, `${name}(${anyValues(signature)})`)),
    ...type
      .getProperties()
      .filter((member) => member.name !== 'prototype')
      .map((member) => row(`${name}${suffixOf(member)}`, `${name}${suffixOf(member)}`)),
    ...(ERRORS.test(name) ? [] : (instance?.getProperties() ?? [])).map((member) => ({
      ...prototypeMember(instanceName, parameters?.typeParameters?.length ?? 0, suffixOf(member).replace(/^\./, '')),
      name: builtInName(`${name}.prototype${suffixOf(member)}`),
      owner: TYPED_ARRAY.test(name) ? 'TypedArray' : name,
    })),
  ];
};

function prototypeMember(owner: string, parameterCount: number, member: string): BuiltIn {
  const suffix = member.startsWith('[') ? member : `.${member}`;
  const parameters = parameterCount === 0 ? '' : `<${Array(parameterCount).fill('any').join(', ')}>`;
  return { name: `${owner}.prototype${suffix}`, owner, use: `(object as ${owner}${parameters})${suffix}` };
}

/** TypeScript calls a member named by a well-known symbol `__@iterator@32`. */
const suffixOf = ({ name }: ts.Symbol): string => {
  const [, symbol] = /^__@(\w+)@\d+$/.exec(name) ?? [];
  if (symbol !== undefined) return `[Symbol.${symbol}]`;
  return /^[\w$]+$/.test(name) ? `.${name}` : `['${name}']`;
};

const anyValues = (signature: ts.Signature): string =>
  signature
    .getParameters()
    .filter(({ valueDeclaration }) => {
      const isParameter = valueDeclaration !== undefined && ts.isParameter(valueDeclaration);
      return (
        isParameter && valueDeclaration.questionToken === undefined && valueDeclaration.dotDotDotToken === undefined
      );
    })
    .map(() => 'object')
    .join(', ');
