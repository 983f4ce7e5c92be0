import path from 'node:path';
import { describe, expect, it } from 'vitest';
import * as bits from '../../../../kernel/base/bits.ts';
import { compileFile, ROOT } from '../../../native/build.ts';
import { type Call, callNatively, type ScalarName } from '../../../native/calls.ts';
import { runExercise } from '../../../native/queue-exercise.ts';
import { Random, randomOperand } from '../../../native/random.ts';
import { installMachine, SimMachine } from '../../../sim/machine.ts';

const SEED = Number(process.env['SEED'] ?? 20261122);

describe(`machine modules of the kernel, natively and on Node (SEED=${SEED} repeats this run)`, () => {
  it('queues of both layouts and the DMA pool behave the same over a long random schedule', async () => {
    const target = {
      cName: 'm_test_native_queue_exercise__runExercise',
      parameters: ['u32', 'u32'] as const,
      result: 'u32' as const,
    };
    const calls: Call[] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 11, 16, 17, 18, 23, SEED].map((seed) => ({
      target,
      operands: [seed, 20_000],
    }));
    const expected = calls.map(({ operands }) => {
      installMachine(new SimMachine()).map(0xfe000000, 4096); // The doorbell.
      return runExercise(operands[0] as number, operands[1] as number);
    });
    const [checked, release] = compileFile(path.join(ROOT, 'test/native/queue-exercise.ts'), [true, false]);
    expect(checked!.refusals).toEqual([]);
    expect(await callNatively(checked!.c, undefined, calls, '-O0')).toEqual(expected);
    expect(await callNatively(release!.c, undefined, calls, '-O2')).toEqual(expected);
  });

  it('functions of kernel/base/bits.ts give the same for random operands', async () => {
    const random = new Random(SEED);
    const [checked] = compileFile(path.join(ROOT, 'kernel/base/bits.ts'), [true]);
    const calls = [...checked!.exports.values()].flatMap((definition) => {
      if (definition.kind !== 'function' || !definition.exported) return [];
      const nameOf = (type: (typeof definition)['result']): ScalarName =>
        (type.kind === 'integer' ? type.name : type.kind === 'bool' ? 'bool' : 'f64') as ScalarName;
      const target = {
        cName: definition.cName,
        parameters: definition.parameters.map(({ type }) => nameOf(type)),
        result: nameOf(definition.result),
      };
      return Array.from({ length: 200 }, () => ({
        target,
        operands: target.parameters.map((type) => randomOperand(random, type)),
      }));
    });
    expect(calls.length).toBeGreaterThan(200);
    const functions = bits as unknown as Readonly<Record<string, (...operands: unknown[]) => number | boolean>>;
    const outcomes = await callNatively(checked!.c, undefined, calls, '-O0');
    const wrong = calls.filter(({ target, operands }, index) => {
      if (outcomes[index] === 'stop') return false;
      try {
        return functions[target.cName.replace(/^.*__/, '')]!(...operands) !== outcomes[index];
      } catch {
        return true; // An assertion that fails on Node stops the native program, too.
      }
    });
    expect(wrong).toEqual([]);
  });
});
