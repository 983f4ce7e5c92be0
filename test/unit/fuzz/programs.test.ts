import { describe, expect, it } from 'vitest';
import { isDifferent, runBatch } from '../../fuzz/batch.ts';
import { writeProgram } from '../../fuzz/programs.ts';

const SEED = Number(process.env['SEED'] || 20261122);
const PROGRAMS = 16;
const LIMIT_MS = 300_000;

describe(`random programs (SEED=${SEED} repeats this run)`, () => {
  it(
    'print natively what they print on Node',
    async () => {
      const seeds = Array.from({ length: PROGRAMS }, (_, index) => SEED + index);
      const outcomes = await runBatch('test', seeds.map(writeProgram), ['-O0']);
      const different = seeds.filter((_, index) => isDifferent(outcomes[index]!));
      expect(different).toEqual([]);
      expect(outcomes.filter(({ natively }) => natively.size === 1).length).toBeGreaterThan(PROGRAMS * 0.8);
    },
    LIMIT_MS,
  );

  it('are decided by their seed', () => {
    expect(writeProgram(SEED)).toBe(writeProgram(SEED));
    expect(writeProgram(SEED)).not.toBe(writeProgram(SEED + 1));
  });
});
