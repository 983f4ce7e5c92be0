// What Node makes of machine modules: as plain TypeScript, and with the stops of a checked build.

import ts from 'typescript';
import type { Outcome } from './calls.ts';
import { LIMITS } from './random.ts';

/** A call of a function by its name, after a reset of the module's state. */
export type Caller = (name: string, operands: readonly (number | boolean)[]) => Outcome;

class Stop extends Error {}

const stopUnless = (holds: boolean): void => {
  if (!holds) throw new Stop();
};

/** The helpers that the reference text calls. Each throws where a checked build stops the machine. */
const HELPERS = {
  $fit(type: string, value: number): number {
    const [low, high] = LIMITS[type]!;
    stopUnless(Number.isInteger(value) && value >= low && value <= high);
    return value + 0;
  },
  $safe(value: number): number {
    stopUnless(Number.isSafeInteger(value));
    return value;
  },
  $remainder(a: number, b: number): number {
    stopUnless(b !== 0);
    return a % b;
  },
  $divided(a: number, b: number): number {
    stopUnless(b !== 0);
    return a / b;
  },
  $exact(a: number, b: number): number {
    stopUnless(b !== 0 && a % b === 0);
    return a / b;
  },
  $index(index: number, length: number): number {
    stopUnless(index >= 0 && index < length);
    return index;
  },
};

/** Returns the reference: `text` defines `reset` and the functions `names`. */
export const referenceCaller = (text: string, names: readonly string[]): Caller =>
  callerOf(evaluate(text, names, HELPERS));

/** Returns the machine module itself, as Node runs it. */
export const plainCaller = (source: string, names: readonly string[]): Caller => {
  const options = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext };
  const emitted = ts.transpileModule(source, { compilerOptions: options }).outputText;
  const text = emitted.replace(/^import .*$/gm, '').replace(/^export /gm, '');
  const fixedArray = (length: number, value: unknown): unknown[] => new Array(length).fill(value);
  return callerOf(evaluate(text, names, { fixedArray }));
};

type Functions = Readonly<Record<string, (...operands: (number | boolean)[]) => Outcome>>;

const evaluate = (text: string, names: readonly string[], globals: object): Functions => {
  const body = `${text}\nreturn { reset, ${names.join(', ')} };`;
  return new Function(...Object.keys(globals), body)(...Object.values(globals)) as Functions;
};

const callerOf =
  (functions: Functions): Caller =>
  (name, operands) => {
    functions['reset']!();
    try {
      return functions[name]!(...operands);
    } catch (error) {
      if (error instanceof Stop) return 'stop';
      throw error;
    }
  };
