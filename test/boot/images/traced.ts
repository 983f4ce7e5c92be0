// Does a known number of everything that a trace shows: 42 reads of a disk, a timer, an immediate, and enough garbage to be collected.

import { openBlockDevice } from '../../../drivers/open/block.ts';

const disk = await openBlockDevice();
for (let index = 0; index < 10; index++) await disk.read(index * 8, 8); // One at a time.
const reads: Promise<Uint8Array>[] = [];
for (let index = 0; index < 32; index++) reads.push(disk.read(index * 16, 8));
await Promise.all(reads);

await new Promise<void>((resolve) => {
  setTimeout(() => resolve(), 50);
});
await new Promise<void>((resolve) => {
  setImmediate(() => resolve());
});

let length = 0;
for (let index = 0; index < 200; index++) length += new Uint8Array(32_768 + index).length;
console.log(`traced: ok ${length > 0}`);
