// An image that ends the machine in the way its command line names, for power.test.ts: `poweroff now` at once; `poweroff`, `reboot` and `shutdown` behind
// a write that nobody waits for.

import { openBlockDevice } from '../../../drivers/open/block.ts';
import { SECTOR_SIZE } from '../../../kernel/device/block.ts';
import { poweroff, reboot, shutdown } from '../../../kernel/event/shutdown.ts';
import { consoleWrite } from '../../../kernel/hal/console.ts';
import { readOptions } from '../../../kernel/hal/options.ts';
import { poweroffNow, rebootNow } from '../../../kernel/hal/power.ts';

const SECTOR = 100;
const MARK = 0xa5;
const STATUS = 9;

const [end, when] = readOptions().map(({ name }) => name);
consoleWrite(`power: ${end}\n`);

if (when === 'now') {
  if (end === 'poweroff') poweroffNow();
  else rebootNow();
}
const disk = await openBlockDevice();
void disk.write(SECTOR, new Uint8Array(8 * SECTOR_SIZE).fill(MARK));
if (end === 'poweroff') await poweroff();
if (end === 'reboot') await reboot();
if (end === 'shutdown') await shutdown(STATUS);
consoleWrite('power: the machine goes on\n');
