// What the build accepts behaves as on Node: programs, run on both and compared byte for byte.

import { beforeAll, describe, expect, it } from 'vitest';
import { readCorpus } from './corpus.ts';
import { groupsOf, namesOf, type Outputs, outputOf, runOnNode, splitOutput } from './group.ts';
import { acceptedOf, type Build, runOnMetal } from './image.ts';

/** Compares the cases of the corpus that share programs, in one build. */
export const compareCorpus = (build: Build): void =>
  describe.each(groupsOf(readCorpus()))(`the corpus, ${build} build, $name`, (group) => {
    let onNode: Outputs;
    let onMetal: Outputs;
    let refusals: ReadonlyMap<string, string>;
    let last: string;

    beforeAll(async () => {
      const accepted = await acceptedOf(group, build);
      refusals = accepted.refusals;
      const [node, metal] = await Promise.all([
        runOnNode(accepted.entry),
        runOnMetal(accepted.entry, build === 'release'),
      ]);
      onNode = node;
      onMetal = splitOutput(metal.text);
      last = `the image ended with status ${metal.exit.status}:\n${metal.text.slice(-800)}`;
    });

    it.each(namesOf(group))('%s', (name) => {
      expect(refusals.get(name.split(' > ', 1)[0] ?? '')).toBeUndefined();
      expect(outputOf(onMetal, name) ?? last).toBe(outputOf(onNode, name));
    });
  });
