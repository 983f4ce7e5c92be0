import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { compileFile, ROOT } from '../../../native/build.ts';
import { type Call, callNatively, type ScalarName } from '../../../native/calls.ts';
import * as language from '../../../native/language.ts';
import { Random, randomOperand } from '../../../native/random.ts';

const SIGNATURES: Readonly<
  Record<Exclude<keyof typeof language, 'theJournal'>, readonly [readonly ScalarName[], ScalarName]>
> = {
  whileLoops: [['u8'], 'u32'],
  labels: [['u8'], 'u32'],
  twoCounters: [['u8'], 'u32'],
  arrays: [['u8'], 'u32'],
  records: [['u8'], 'u32'],
  recursion: [['u8'], 'u53'],
  enums: [['u8'], 'u32'],
  floats: [['f64', 'i32'], 'f64'],
  casts: [['u32'], 'u32'],
  conditions: [['i32', 'bool'], 'bool'],
  declared: [['u8'], 'u16'],
  widening: [['u8', 'u16', 'i8'], 'f64'],
  moduleRecords: [['u8'], 'u32'],
  byteSwitch: [['u8'], 'u32'],
  wordSwitch: [['u32'], 'u32'],
};

describe('the machine language', () => {
  const random = new Random(1);
  const calls: Call[] = Object.entries(SIGNATURES).flatMap(([name, [parameters, result]]) =>
    Array.from({ length: 40 }, () => ({
      target: { cName: `m_test_native_language__${name}`, parameters, result },
      operands: parameters.map((type) => randomOperand(random, type)),
    })),
  );
  const nameOf = (call: Call): string => call.target.cName.replace(/^.*__/, '');
  const functions = language as unknown as Readonly<Record<string, (...operands: unknown[]) => number | boolean>>;
  const expected = calls.map((call) => functions[nameOf(call)]!(...call.operands));
  const [checked, release] = compileFile(path.join(ROOT, 'test/native/language.ts'), [true, false]);

  it('is accepted without a type error', () => {
    expect([...checked!.typeErrors(), ...checked!.refusals]).toEqual([]);
  });

  it.each(['checked', 'release'] as const)('gives natively what it gives on Node, in a %s build', async (mode) => {
    const { c } = (mode === 'checked' ? checked : release)!;
    const outcomes = await callNatively(c, undefined, calls, mode === 'checked' ? '-O0' : '-O2');
    const wrong = calls.flatMap((call, index) => {
      const fitsType = Number.isSafeInteger(expected[index]) && Number(expected[index]) <= 0xffffffff;
      const mayStop = outcomes[index] === 'stop' && call.target.result !== 'f64' && !fitsType;
      return Object.is(outcomes[index], expected[index]) || mayStop || (mode === 'release' && !fitsType)
        ? []
        : [`${nameOf(call)}(${call.operands.join(', ')}) is ${outcomes[index]}, on Node ${expected[index]}`];
    });
    expect(wrong).toEqual([]);
  });
});
