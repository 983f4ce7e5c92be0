// An image that stops while all is under way: a disk has requests, functions wait, a timer is set. For panic.test.ts.

import { openBlockDevice } from '../../../drivers/open/block.ts';
import { sleep } from '../../../kernel/event/time.ts';
import { panic } from '../../../kernel/hal/power.ts';

const disk = await openBlockDevice();

const readFirst = async (): Promise<void> => {
  await disk.read(0, 8);
};

const rest = async (): Promise<void> => {
  await sleep(50_000);
};

void readFirst();
void readFirst();
void rest();
panic('stopped in the middle');
