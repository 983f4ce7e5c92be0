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

/** Devices that hurt their driver once: of memory without an answer, of sound with a reset between two answers, of a network with 32,768 pairs of queues. */
const SEEDS = [20280513, 20305226, 20366648, 20365720, 20369293, 20370603];

it.each(SEEDS)('nor by the device of seed %i', async (each) => {
  expect(await runHostile(each, 150)).toContain('150 steps');
});
