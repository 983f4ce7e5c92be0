// What a hostile function shows in its configuration space: capabilities that loop, overlap and lie outside, BARs of any size.

import type { Random } from '../../native/random.ts';
import type { SimFunction } from '../../sim/pci.ts';
import { lieAbout } from './machine.ts';

const BARS = 0x10;
const BAR_COUNT = 6;
const CAPABILITIES = 0x34;
const FIRST = 0x40;
const VENDOR_SPECIFIC = 0x09;

// Fields of a virtio capability. VIRTIO 1.2 §4.1.4
const CAPABILITY_LENGTH = 2;
const TYPE = 3;
const BAR = 4;
const OFFSET = 8;
const LENGTH = 12;
const MULTIPLIER = 16;

/** Spoils one to four things. */
export const spoilConfiguration = (random: Random, pciFunction: SimFunction): void => {
  for (let count = 1 + random.below(4); count > 0; count--) random.pick(SPOILERS)(random, pciFunction);
};

type Spoiler = (random: Random, pciFunction: SimFunction) => void;

const change = (random: Random, view: DataView, offset: number, width: 1 | 4): void => {
  if (width === 1) view.setUint8(offset, lieAbout(random, view.getUint8(offset), 1));
  else view.setUint32(offset, lieAbout(random, view.getUint32(offset, true), 4), true);
};

/** Returns where the capabilities are that the function shows. */
const capabilitiesOf = ({ config }: SimFunction): number[] => {
  const found: number[] = [];
  let offset = config.getUint8(CAPABILITIES);
  while (offset >= FIRST && offset < 0xfc && !found.includes(offset)) {
    found.push(offset);
    offset = config.getUint8(offset + 1);
  }
  return found;
};

/** Spoils a field of a virtio capability, or of the MSI-X capability, whose table and pending bits are where offset and BAR would be. */
const spoilField =
  (field: number, width: 1 | 4): Spoiler =>
  (random, pciFunction) => {
    const found = capabilitiesOf(pciFunction);
    if (found.length > 0) change(random, pciFunction.config, Math.min(random.pick(found) + field, 0xfc), width);
  };

const SPOILERS: readonly Spoiler[] = [
  // A pointer to anywhere, or back to one that was there before.
  (random, pciFunction) => {
    const found = capabilitiesOf(pciFunction);
    if (found.length === 0) return;
    const to = random.chance(0.5) ? random.pick(found) : random.below(256);
    pciFunction.config.setUint8(random.pick([CAPABILITIES, ...found.map((offset) => offset + 1)]), to);
  },
  // A second one of a kind, over whatever is there.
  (random, pciFunction) => {
    const found = capabilitiesOf(pciFunction);
    if (found.length < 2) return;
    const [from, to] = [random.pick(found), random.pick(found)];
    for (let i = 2; i < 20 && to + i < 256; i++)
      pciFunction.config.setUint8(to + i, pciFunction.config.getUint8(from + i));
  },
  spoilField(0, 1),
  spoilField(CAPABILITY_LENGTH, 1),
  spoilField(TYPE, 1),
  spoilField(BAR, 1),
  spoilField(BAR, 4),
  spoilField(OFFSET, 4),
  spoilField(OFFSET, 4),
  spoilField(LENGTH, 4),
  spoilField(LENGTH, 4),
  spoilField(MULTIPLIER, 4),
  // A BAR of another size, at another place, of another kind.
  (random, pciFunction) => change(random, pciFunction.writable, BARS + 4 * random.below(BAR_COUNT), 4),
  (random, pciFunction) => change(random, pciFunction.config, BARS + 4 * random.below(BAR_COUNT), 4),
  (random, pciFunction) => change(random, pciFunction.config, BARS + 4 * random.below(BAR_COUNT), 1),
  // Anything, anywhere in the header or the capabilities, but who it is.
  (random, pciFunction) => change(random, pciFunction.config, 4 + random.below(252), 1),
  (random, pciFunction) => pciFunction.config.setUint8(FIRST + random.below(0xb0), VENDOR_SPECIFIC),
];
