import { describe, expect, it } from 'vitest';
import { compileBoth } from '../../../native/build.ts';
import { type Call, callNatively } from '../../../native/calls.ts';
import { callsOf, OPERATORS_HEAD, type OperatorFunction, operatorFunctions } from '../../../native/operators.ts';
import { plainCaller } from '../../../native/reference.ts';

/** Some thousand functions are a minute's work for the C compiler on a busy machine. */
const BUILD_LIMIT_MS = 240_000;
const PREFIX = 'm_kernel_base_example__';

const functions = operatorFunctions();
const byName = new Map(functions.map((each) => [each.name, each]));
const source = OPERATORS_HEAD + functions.map((each) => each.source).join('');
const calls = callsOf(functions, PREFIX);
const functionOf = ({ target }: Call): OperatorFunction => byName.get(target.cName.slice(PREFIX.length))!;
const describeCall = (call: Call): string =>
  `${functionOf(call).source.trim()} of ${call.operands.map((operand) => (Object.is(operand, -0) ? '-0' : operand)).join(', ')}`;

describe('every operator over every machine type, at the edges of the types', () => {
  const compiled = compileBoth(source);

  it('is accepted', () => {
    expect(compiled.flatMap(({ refusals, typeErrors }) => [...refusals, ...typeErrors()])).toEqual([]);
  });

  it.each([
    { build: 'checked', level: '-O0' },
    { build: 'release', level: '-O2' },
  ] as const)(
    'gives what the language says, in a $build build',
    async ({ build, level }) => {
      const isChecked = build === 'checked';
      const outcomes = await callNatively(compiled[isChecked ? 0 : 1]!.c, undefined, calls, level);
      const wrong = outcomes.flatMap((outcome, index) => {
        const call = calls[index]!;
        const expected = functionOf(call).expected(call.operands, isChecked);
        return Object.is(outcome, expected) ? [] : [`${describeCall(call)} is ${outcome}, expected ${expected}`];
      });
      expect(wrong.slice(0, 20)).toEqual([]);
    },
    BUILD_LIMIT_MS,
  );

  it('gives on Node what a checked build gives, wherever that does not stop', () => {
    const onNode = plainCaller(`${source}const reset = () => {};`, [...byName.keys()]);
    const wrong = calls.flatMap((call) => {
      const expected = functionOf(call).expected(call.operands, true);
      const outcome = onNode(functionOf(call).name, call.operands);
      // An integer has no −0 on metal.
      const isSame = Object.is(outcome, expected) || (outcome === 0 && expected === 0 && call.target.result !== 'f64');
      return expected === 'stop' || isSame ? [] : [`${describeCall(call)} is ${outcome}, expected ${expected}`];
    });
    expect(wrong.slice(0, 20)).toEqual([]);
  });
});
