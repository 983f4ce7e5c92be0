import { clockNow } from 'hedyn/kernel/hal/clock.ts';
import { memoryTotal } from 'hedyn/kernel/hal/memory.ts';
import { inMebibytes } from './units.ts';

console.log('hello from bare metal');
console.log(
  `${inMebibytes(memoryTotal())} of memory, ${Math.floor(clockNow() / 1000)} µs since the kernel was entered`,
);
