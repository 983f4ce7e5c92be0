// `make fuzz`: random tests by turns for MINUTES= (10), all decided by SEED=, or one kind of them: PART=programs, modules or hostile. The last lines are figures; the
// status is 1 when a fault was found.

import { STATUS_USAGE } from '../../scripts/qemu/exit-status.ts';
import { hostilePart } from './hostile.ts';
import { modulePart } from './modules.ts';
import type { Part } from './part.ts';
import { programPart } from './program-part.ts';

const DEFAULT_MINUTES = 10;

const PARTS: Readonly<Record<string, () => Part>> = {
  programs: programPart,
  modules: modulePart,
  hostile: hostilePart,
};

/** A seed has this many to itself: no two turns take the same. */
const SEEDS_PER_TURN = 1000;

/** Returns the status to leave with. */
const fuzz = async (seed: number, minutes: number, names: readonly string[]): Promise<number> => {
  if (
    !(minutes > 0 && Number.isFinite(minutes) && Number.isSafeInteger(seed)) ||
    names.some((name) => !(name in PARTS))
  ) {
    console.error(
      `SEED and MINUTES are numbers, PART is one of ${Object.keys(PARTS).join(', ')}: write SEED=1 MINUTES=10`,
    );
    return STATUS_USAGE;
  }
  console.log(`fuzz: SEED=${seed} repeats this run`);
  const parts = names.map((name) => PARTS[name]!());
  const deadline = Date.now() + minutes * 60_000;
  for (let turn = 0; Date.now() < deadline; turn++) {
    for (const part of parts) await part.turn(seed + turn * SEEDS_PER_TURN, deadline);
  }
  for (const part of parts) console.log(`fuzz: ${part.figures()}`);
  return parts.every((part) => part.faultCount() === 0) ? 0 : 1;
};

const seed = Number(process.env['SEED'] || Date.now() % 1_000_000_000);
const names = process.env['PART'] ? [process.env['PART']] : Object.keys(PARTS);
process.exitCode = await fuzz(seed, Number(process.env['MINUTES'] || DEFAULT_MINUTES), names);
