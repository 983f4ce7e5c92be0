// Everything that the support page is printed from, in its order.

import type { SupportTables } from './check.ts';
import { COMBINATIONS } from './combinations.ts';
import { COUNTS } from './counts.ts';
import { FEATURES } from './features.ts';
import { BASIC } from './requirements-basic.ts';
import { RESERVED_FEATURES } from './requirements-features.ts';
import { INITIALIZATION } from './requirements-initialization.ts';
import { MMIO } from './requirements-mmio.ts';
import { PACKED_QUEUES } from './requirements-packed.ts';
import { PCI } from './requirements-pci.ts';
import { SPLIT_QUEUES } from './requirements-split.ts';
import { WEAKNESSES } from './weaknesses.ts';

export const SUPPORT_TABLES: SupportTables = {
  chapters: [
    { title: '2.1 to 2.6: basic facilities', rows: BASIC },
    { title: '2.7: split virtqueues', rows: SPLIT_QUEUES },
    { title: '2.8: packed virtqueues', rows: PACKED_QUEUES },
    { title: '3: initialisation and operation', rows: INITIALIZATION },
    { title: '4.1: virtio over PCI', rows: PCI },
    { title: '4.2: virtio over MMIO', rows: MMIO },
    { title: '6: reserved feature bits', rows: RESERVED_FEATURES },
  ],
  counts: COUNTS,
  features: FEATURES,
  combinations: COMBINATIONS,
  weaknesses: WEAKNESSES,
};
