// Waits for a timer of one second, and does nothing else: the host looks what that costs.

import { consoleWrite } from '../../../kernel/hal/console.ts';

const SECONDS = 12;

let count = 0;
const timer = setInterval(() => {
  count += 1;
  consoleWrite(`second ${count}\n`);
  if (count === SECONDS) clearInterval(timer);
}, 1000);
