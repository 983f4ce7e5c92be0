// An image that ends the machine in the way its command line names, for power.test.ts.

import { commandLineByte, commandLineLength } from '../../../kernel/hal/command-line.ts';
import { consoleWrite } from '../../../kernel/hal/console.ts';
import { poweroffNow, rebootNow } from '../../../kernel/hal/power.ts';

let what = '';
for (let index = 0; index < commandLineLength(); index++) what += String.fromCharCode(commandLineByte(index));
consoleWrite(`power: ${what}\n`);
if (what === 'poweroff') poweroffNow();
if (what === 'reboot') rebootNow();
