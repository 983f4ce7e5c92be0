// Prints how long the first enumeration of the boot took, and how many functions it found.
//
//   enumeration 840000 ns, 14 functions

import { clockNow } from '../../../kernel/hal/clock.ts';
import { consoleWrite } from '../../../kernel/hal/console.ts';
import { EXIT_SUCCESS, exit } from '../../../kernel/hal/power.ts';
import { PciTree } from '../../../kernel/pci/function.ts';
import { startPci } from '../../../kernel/pci/start.ts';

const tree = new PciTree();
clockNow(); // Translated before it is timed.
const before = clockNow();
startPci(tree);
const after = clockNow();
consoleWrite(`enumeration ${after - before} ns, ${tree.count} functions\n`);
exit(EXIT_SUCCESS);
