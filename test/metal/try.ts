// node --import tsx test/metal/try.ts [--release] FILE…: files of test/metal/cases as one program, and what of them differs from Node.
// The build tells what it refuses; a file that it refuses is left out.

import path from 'node:path';
import { readCorpus } from './corpus.ts';
import { groupsOf, namesOf, runOnNode, splitOutput } from './group.ts';
import { acceptedOf, runOnMetal } from './image.ts';

const release = process.argv.includes('--release');
const files = process.argv
  .slice(2)
  .filter((word) => !word.startsWith('--'))
  .map((file) => path.resolve(file));
const { running } = readCorpus();
const unknown = files.filter((file) => !running.some((found) => found.file === file));
if (unknown.length > 0) throw new Error(`no file of cases that run: ${unknown.join(' ')}`);

const isAsked = ({ file }: { file: string }): boolean => files.includes(file);
let same = 0;
let different = 0;
for (const group of groupsOf({ running: running.filter(isAsked) })) {
  const { group: accepted, entry, refusals } = await acceptedOf({ ...group, name: `try-${group.name}` });
  for (const refusal of refusals.values()) console.log(refusal);
  const [node, metal] = await Promise.all([runOnNode(entry), runOnMetal(entry, release)]);
  const onMetal = splitOutput(metal.text);
  for (const name of namesOf(accepted)) {
    if (onMetal.get(name) === node.get(name)) same += 1;
    else {
      different += 1;
      console.log(
        `--- ${name}\nNode:\n${node.get(name)}metal:\n${onMetal.get(name) ?? `not reached, status ${metal.exit.status}: ${metal.text.slice(-400)}`}`,
      );
    }
  }
}
console.log(`${same} same, ${different} different`);
