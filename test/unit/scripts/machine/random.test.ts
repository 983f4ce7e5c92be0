import { beforeAll, describe, expect, it } from 'vitest';
import { compareRandomModules, type ModulesResult } from '../../../native/random-modules.ts';

const SEED = Number(process.env['SEED'] ?? 20261122);

describe(`random machine modules (SEED=${SEED} repeats this run)`, () => {
  let result: ModulesResult;
  beforeAll(async () => {
    result = await compareRandomModules(SEED, 120, 30);
  });

  it('give what Node gives, or stop in a checked build where the language says so', () => {
    expect(result.wrong).toEqual([]);
  });

  it('reach both outcomes often', () => {
    expect(result.stops).toBeGreaterThan(result.calls / 10);
    expect(result.stops).toBeLessThan((result.calls * 3) / 4);
  });
});
