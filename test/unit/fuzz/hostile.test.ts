// Hostile devices for a moment: `make fuzz` has millions of steps of them.

import { expect, it } from 'vitest';
import { runHostile } from '../../fuzz/hostile.ts';

const STEP_COUNT = 200_000;
const seed = Number(process.env['SEED'] ?? 1);

it(`no driver is hurt by ${STEP_COUNT} deeds of hostile devices`, { timeout: 600_000 }, async () => {
  const figures = await runHostile(seed, STEP_COUNT);
  console.log(figures);
  expect(figures).toContain(`${STEP_COUNT} steps`);
});
