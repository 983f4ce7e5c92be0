// `make fuzz`: random tests by turns for MINUTES= (10), all decided by SEED=. The last lines are figures; the status is 1 when a fault was found.

import { STATUS_USAGE } from '../../scripts/qemu/exit-status.ts';
import { modulePart } from './modules.ts';
import type { Part } from './part.ts';
import { programPart } from './program-part.ts';

const DEFAULT_MINUTES = 10;

/** A seed has this many to itself: no two turns take the same. */
const SEEDS_PER_TURN = 1000;

/** Returns the status to leave with. */
const fuzz = async (seed: number, minutes: number): Promise<number> => {
  if (!(minutes > 0 && Number.isFinite(minutes) && Number.isSafeInteger(seed))) {
    console.error('SEED and MINUTES are numbers: write SEED=1 MINUTES=10');
    return STATUS_USAGE;
  }
  console.log(`fuzz: SEED=${seed} repeats this run`);
  const parts: readonly Part[] = [programPart(), modulePart()];
  const deadline = Date.now() + minutes * 60_000;
  for (let turn = 0; Date.now() < deadline; turn++) {
    for (const part of parts) await part.turn(seed + turn * SEEDS_PER_TURN, deadline);
  }
  for (const part of parts) console.log(`fuzz: ${part.figures()}`);
  return parts.every((part) => part.faultCount() === 0) ? 0 : 1;
};

const seed = Number(process.env['SEED'] || Date.now() % 1_000_000_000);
process.exitCode = await fuzz(seed, Number(process.env['MINUTES'] || DEFAULT_MINUTES));
