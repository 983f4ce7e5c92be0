// Episode after episode: what test/fuzz/hostile.ts starts.

import { playEpisode } from './episode.ts';
import { Watchdog } from './watchdog.ts';

/** What a run came to. */
export interface HostileRun {
  readonly steps: number;
  readonly episodes: number;
  /** What does not hold, undefined when all does: with the seed that begins with it. */
  readonly problem: string | undefined;
}

/** Plays episodes from `seed` on, one more for each, until they have had `stepCount` steps, or one of them shows what does not hold. */
export const run = async (seed: number, stepCount: number): Promise<HostileRun> => {
  const rejections: unknown[] = [];
  const onRejection = (reason: unknown): void => {
    rejections.push(reason);
  };
  process.on('unhandledRejection', onRejection);
  const watchdog = new Watchdog();
  let steps = 0;
  let episodes = 0;
  let problem: string | undefined;
  while (steps < stepCount && problem === undefined) {
    const own = (seed + episodes) % 2 ** 32;
    watchdog.begin(`hostile: seed ${own}`);
    const outcome = await playEpisode(own, stepCount - steps);
    steps += outcome.steps;
    episodes++;
    problem = outcome.problem;
    if (rejections.length > 0)
      problem ??= `nobody heard of ${(rejections[0] as Error)?.stack ?? String(rejections[0])}`;
    if (problem !== undefined) problem = `seed ${own}, step ${outcome.steps}: ${outcome.name}: ${problem}`;
  }
  process.off('unhandledRejection', onRejection);
  await watchdog.end();
  return { steps, episodes, problem };
};
