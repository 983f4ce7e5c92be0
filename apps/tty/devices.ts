// The machine's devices: lspci and lsvirtio.

import { printDetails } from '../../drivers/listing/details.ts';
import { printTree } from '../../drivers/listing/tree.ts';
import { devicePlaces, deviceTree, type Place } from '../../drivers/open/places.ts';
import { formatInterrupts } from '../../drivers/virtio/describe-interrupts.ts';
import { featureNames, typeName } from '../../drivers/virtio/names.ts';
import { type Command, wrongWords } from './command.ts';

const NAME_WIDTH = 30;

export const listPci: Command = {
  name: 'lspci',
  usage: '[-v]',
  summary: 'the PCI functions; -v: all that is known of them',
  run: async ({ words, write }) => {
    if (words.length > 1 || (words.length === 1 && words[0] !== '-v')) throw wrongWords(listPci);
    const lines: string[] = [];
    const print = (line: string): void => void lines.push(`${line}\n`);
    if (words.length === 0) printTree(deviceTree(), print);
    else printDetails(deviceTree(), print);
    await write(lines.join(''));
  },
};

export const listVirtio: Command = {
  name: 'lsvirtio',
  usage: '',
  summary: 'the virtio devices, and what those that are in use have agreed on',
  run: async ({ words, write }) => {
    if (words.length > 0) throw wrongWords(listVirtio);
    await write(devicePlaces().map(describePlace).join(''));
  },
};

/** Returns `0000:00:02.0 virtio-blk  live, MSI-X, 2 vectors`, and the features in a line of their own. */
const describePlace = ({ type, name, live, interrupts, transport }: Place): string => {
  const what = `${name} ${typeName(type)}`.padEnd(NAME_WIDTH);
  if (live?.state !== 'live') return `${what} ${live?.state ?? 'not opened'}\n`;
  return `${what} ${live.state}, ${formatInterrupts(interrupts)}\n    ${featureNames(transport.accepted, type).join(' ')}\n`;
};
