// What the machine has done so far: stats.

import { devicePlaces, devicePool } from '../../drivers/open/places.ts';
import { formatInterrupts } from '../../drivers/virtio/describe-interrupts.ts';
import { INTERRUPT_LINE, INTERRUPT_NONE, type Interrupts } from '../../drivers/virtio/interrupts.ts';
import { typeName } from '../../drivers/virtio/names.ts';
import { uptime } from '../../kernel/event/time.ts';
import { dmaLength } from '../../kernel/hal/dma.ts';
import { dmaFreeBytes } from '../../kernel/hal/dma-pool.ts';
import {
  interruptCount,
  interruptSpuriousCount,
  interruptUnexpectedCount,
  VECTOR_FIRST,
  VECTOR_LAST,
} from '../../kernel/hal/interrupts.ts';
import { memoryFree, memoryTotal } from '../../kernel/hal/memory.ts';
import { type Command, wrongWords } from './command.ts';

const MIB = 1024 * 1024;

export const showStatistics: Command = {
  name: 'stats',
  usage: '',
  summary: 'time, memory and interrupts',
  run: async ({ words, write }) => {
    if (words.length > 0) throw wrongWords(showStatistics);
    const lines = [
      `up ${uptime().toFixed(1)} s`,
      `memory: ${mebibytes(memoryTotal())}, ${mebibytes(memoryFree())} free`,
      `memory for devices: ${mebibytes(dmaLength())}, ${mebibytes(dmaFreeBytes(devicePool()))} free`,
      `interrupts: ${countInterrupts()}, ${interruptUnexpectedCount()} unexpected, ${interruptSpuriousCount()} spurious`,
      ...devicePlaces().flatMap(({ name, type, interrupts }) =>
        interrupts.kind === INTERRUPT_NONE
          ? []
          : [`  ${name} ${typeName(type)}: ${countOf(interrupts)} by ${formatInterrupts(interrupts)}`],
      ),
    ];
    await write(`${lines.join('\n')}\n`);
  },
};

const mebibytes = (bytes: number): string => `${(bytes / MIB).toFixed(1)} MiB`;

const countInterrupts = (): number => {
  let count = 0;
  for (let vector: number = VECTOR_FIRST; vector <= VECTOR_LAST; vector++) count += interruptCount(vector);
  return count;
};

/** How often a device has interrupted; the line of one that has no vectors of its own may be another's, too. */
const countOf = (interrupts: Interrupts): number => {
  if (interrupts.kind === INTERRUPT_LINE) return interruptCount(interrupts.lineVector);
  let count = 0;
  for (let entry = 0; entry < interrupts.entryCount; entry++) count += interruptCount(interrupts.vectors[entry]!);
  return count;
};
