import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { compileBoth } from '../../../native/build.ts';
import { type Call, callNatively, type Outcome } from '../../../native/calls.ts';
import { Random, randomOperand } from '../../../native/random.ts';
import {
  type RandomFunction,
  REFERENCE_HEAD,
  randomFunctions,
  SOURCE_HEAD,
  stubFor,
} from '../../../native/random-program.ts';
import { plainCaller, referenceCaller } from '../../../native/reference.ts';

const SEED = Number(process.env['SEED'] ?? 20261122);
const FUNCTIONS = 120;
const CALLS_EACH = 30;

const sourceOf = (functions: readonly RandomFunction[]): string =>
  SOURCE_HEAD + functions.map(({ source }) => source).join('');

/** Puts a stub for each function in which a value can never fit: the compiler refuses those. */
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
    for (const refusal of refusals) expect(refusal).toMatch(/error HED21[56]/);
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

const callsOf = (functions: readonly RandomFunction[], seed: number): Call[] => {
  const random = new Random(seed);
  return functions.flatMap(({ name, parameters, result }) =>
    Array.from({ length: CALLS_EACH }, () => ({
      target: { cName: `m_kernel_base_example__${name}`, parameters, result },
      operands: parameters.map((type) => randomOperand(random, type)),
    })),
  );
};

const nameOf = (call: Call): string => call.target.cName.replace(/^.*__/, '');
const describeCall = (call: Call): string =>
  `${nameOf(call)}(${call.operands.map((operand) => (Object.is(operand, -0) ? '-0' : operand)).join(', ')})`;

describe(`random machine modules (SEED=${SEED} repeats this run)`, () => {
  const functions = acceptedFunctions(randomFunctions(SEED, FUNCTIONS));
  const names = functions.map(({ name }) => name);
  const calls = callsOf(functions, SEED + 1);
  const source = sourceOf(functions);
  const plain = plainCaller(source, names);
  const reference = referenceCaller(
    REFERENCE_HEAD + functions.map((definition) => definition.reference).join(''),
    names,
  );
  const onNode = calls.map((call) => plain(nameOf(call), call.operands));
  const expected = calls.map((call) => reference(nameOf(call), call.operands));

  const compiled = compileBoth(source);
  const native = (checked: boolean): Promise<Outcome[]> =>
    callNatively(compiled[checked ? 0 : 1]!.c, 'm_kernel_base_example__reset', calls, checked ? '-O0' : '-O2');

  it('give what Node gives in a checked build, or stop where the language says so', async () => {
    const wrong = (await native(true)).flatMap((outcome, index) => {
      const isRight = Object.is(outcome, onNode[index]) || (outcome === 'stop' && expected[index] === 'stop');
      return isRight
        ? []
        : [`${describeCall(calls[index]!)} is ${outcome}, on Node ${onNode[index]}, expected ${expected[index]}`];
    });
    expect(wrong).toEqual([]);
  });

  it('give what Node gives in a release build wherever a checked one would not stop', async () => {
    const wrong = (await native(false)).flatMap((outcome, index) =>
      expected[index] === 'stop' || Object.is(outcome, onNode[index])
        ? []
        : [`${describeCall(calls[index]!)} is ${outcome}, on Node ${onNode[index]}`],
    );
    expect(wrong).toEqual([]);
  });

  it('reach both outcomes often', () => {
    const stops = expected.filter((outcome) => outcome === 'stop').length;
    expect(stops).toBeGreaterThan(calls.length / 10);
    expect(stops).toBeLessThan((calls.length * 3) / 4);
  });
});
