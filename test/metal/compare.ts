// What the build accepts behaves as on Node: programs, run on both and compared byte for byte.

import { beforeAll, describe, expect, it } from 'vitest';
import { readCorpus } from './corpus.ts';
import { groupsOf, namesOf, type Outputs, runOnNode, splitOutput } from './group.ts';
import { acceptedOf, runOnMetal } from './image.ts';

const BUILDS = ['development', 'release'] as const;

/** What an image printed: by the names of cases, and at its end, for those that it did not reach. */
interface Found {
  readonly outputs: Outputs;
  readonly last: string;
}

/** Compares every second program of the corpus, in both builds: two workers have as much to do. `share` is 0 or 1. */
export const compareCorpus = (share: number): void =>
  describe.each(groupsOf(readCorpus()).filter((_, index) => index % 2 === share))('the corpus, $name', (group) => {
    const found = new Map<string, Found>();
    let onNode: Outputs;
    let refusals: ReadonlyMap<string, string>;

    beforeAll(async () => {
      const accepted = await acceptedOf(group);
      refusals = accepted.refusals;
      onNode = await runOnNode(accepted.entry);
      for (const build of BUILDS) {
        const { text, exit } = await runOnMetal(accepted.entry, build === 'release');
        const last = `the image ended with status ${exit.status}:\n${text.slice(-800)}`;
        found.set(build, { outputs: splitOutput(text), last });
      }
    });

    describe.each(BUILDS)('%s build', (build) => {
      it.each(namesOf(group))('%s', (name) => {
        expect(refusals.get(name.split(' > ', 1)[0] ?? '')).toBeUndefined();
        const { outputs, last } = found.get(build) ?? { outputs: new Map(), last: 'it was not built' };
        expect(outputs.get(name) ?? last).toBe(onNode.get(name));
      });
    });
  });
