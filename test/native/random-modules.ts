// Random machine modules, called natively and on Node, and what they give compared.

import ts from 'typescript';
import { type CompiledSource, compileBoth } from './build.ts';
import { type Call, callNatively, type Outcome } from './calls.ts';
import { Random, randomOperand } from './random.ts';
import { type RandomFunction, REFERENCE_HEAD, randomFunctions, SOURCE_HEAD, stubFor } from './random-program.ts';
import { plainCaller, referenceCaller } from './reference.ts';

/** What came out. */
export interface ModulesResult {
  readonly calls: number;
  /** How many of the calls a checked build has to stop. */
  readonly stops: number;
  /** Each outcome that is not Node's, as a reader wants to see it. */
  readonly wrong: readonly string[];
}

/**
 * Calls random functions with random operands. A checked build gives what Node gives, or stops where the language says so; a release build gives what Node
 * gives wherever a checked one would not stop.
 */
export const compareRandomModules = async (
  seed: number,
  functionCount: number,
  callsEach: number,
): Promise<ModulesResult> => {
  const functions = acceptedFunctions(randomFunctions(seed, functionCount));
  const names = functions.map(({ name }) => name);
  const calls = callsOf(functions, seed + 1, callsEach);
  const source = sourceOf(functions);
  const plain = plainCaller(source, names);
  const reference = referenceCaller(
    REFERENCE_HEAD + functions.map((definition) => definition.reference).join(''),
    names,
  );
  const onNode = calls.map((call) => plain(nameOf(call), call.operands));
  const expected = calls.map((call) => reference(nameOf(call), call.operands));
  const [checked, released] = compileBoth(source) as [CompiledSource, CompiledSource];
  const [stopping, plainly] = await Promise.all([
    callNatively(checked.c, RESET, calls, '-O0'),
    callNatively(released.c, RESET, calls, '-O2'),
  ]);
  const wrong = calls.flatMap((call, index) => [
    ...wrongOutcome('checked', call, stopping[index]!, onNode[index]!, expected[index] === 'stop' ? ['stop'] : []),
    ...(expected[index] === 'stop' ? [] : wrongOutcome('release', call, plainly[index]!, onNode[index]!, [])),
  ]);
  return { calls: calls.length, stops: expected.filter((outcome) => outcome === 'stop').length, wrong };
};

const MODULE = 'm_kernel_base_example__';
const RESET = `${MODULE}reset`;

const wrongOutcome = (
  build: string,
  call: Call,
  outcome: Outcome,
  onNode: Outcome,
  others: readonly Outcome[],
): string[] =>
  Object.is(outcome, onNode) || others.includes(outcome)
    ? []
    : [`${build}: ${describeCall(call)} is ${outcome}, on Node ${onNode}`];

const sourceOf = (functions: readonly RandomFunction[]): string =>
  SOURCE_HEAD + functions.map(({ source }) => source).join('');

/** Puts a stub for each function in which a value can never fit: the compiler refuses those. Throws when it refuses anything else. */
const acceptedFunctions = (written: readonly RandomFunction[]): RandomFunction[] => {
  const functions = [...written];
  const leaveOut = (source: string, lines: readonly number[]): void => {
    for (const line of lines) {
      const index = functionAt(source, line);
      functions[index] = stubFor(functions[index]!);
    }
  };
  leaveOut(sourceOf(functions), misreadLines(sourceOf(functions)));
  for (let round = 0; round < 20; round++) {
    const source = sourceOf(functions);
    const refusals = compileBoth(source).flatMap((compiled) => compiled.refusals);
    if (refusals.length === 0) return functions;
    // A value that never fits, and a switch over a constant that is −0 or no integer, are what a random text gets wrong.
    const unexpected = refusals.find((refusal) => !/error HED21[56]/.test(refusal));
    if (unexpected !== undefined) throw new Error(unexpected);
    leaveOut(
      source,
      refusals.map((refusal) => Number(/:(\d+):/.exec(refusal)![1])),
    );
  }
  throw new Error('the compiler still refuses');
};

/** TypeScript takes `(a) << ((b > (c)) ? d : e)` for a call with type arguments and reports a syntax error. */
const misreadLines = (source: string): number[] => {
  const { diagnostics } = ts.transpileModule(source, { reportDiagnostics: true });
  return (diagnostics ?? []).map(({ start }) => source.slice(0, start).split('\n').length);
};

const functionAt = (source: string, line: number): number => {
  const before = source.split('\n').slice(0, line).join('\n');
  return Number([...before.matchAll(/^export const f(\d+) =/gm)].at(-1)![1]);
};

const callsOf = (functions: readonly RandomFunction[], seed: number, callsEach: number): Call[] => {
  const random = new Random(seed);
  return functions.flatMap(({ name, parameters, result }) =>
    Array.from({ length: callsEach }, () => ({
      target: { cName: `${MODULE}${name}`, parameters, result },
      operands: parameters.map((type) => randomOperand(random, type)),
    })),
  );
};

const nameOf = (call: Call): string => call.target.cName.replace(/^.*__/, '');
const describeCall = (call: Call): string =>
  `${nameOf(call)}(${call.operands.map((operand) => (Object.is(operand, -0) ? '-0' : operand)).join(', ')})`;
