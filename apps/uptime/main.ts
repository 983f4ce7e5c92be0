// Two reads from the disk at once, then a line every second, and a processor that sleeps in between.
//
//   make qemu APP=uptime                    until Ctrl-C
//   make qemu APP=uptime ARGS=seconds=3     for three seconds

import { openBlockDevice } from '../../drivers/open/block.ts';
import { findOption } from '../../kernel/base/command-line.ts';
import { uptime } from '../../kernel/event/time.ts';
import { readOptions } from '../../kernel/hal/options.ts';

const seconds = Number(findOption(readOptions(), 'seconds') ?? Infinity);

const disk = await openBlockDevice();
const [a, b] = await Promise.all([disk.read(0, 8), disk.read(4096, 8)]); // Both in flight at once.
console.log(`${disk.name}: read ${a.length} and ${b.length} bytes`);

const timer = setInterval(() => {
  console.log(`up ${uptime().toFixed(1)} s`);
  if (uptime() >= seconds) clearInterval(timer); // Nothing is left to wait for: the program ends.
}, 1000);
