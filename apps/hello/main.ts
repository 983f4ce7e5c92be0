import { clockNow } from '../../kernel/hal/clock.ts';
import { memoryTotal } from '../../kernel/hal/memory.ts';
import { flatten } from '../../kernel/pci/bus.ts';
import { startPci } from '../../kernel/pci/start.ts';

const functions = flatten(startPci().nodes);
const names = functions.map((pciFunction) => pciFunction.name);

console.log('hello from bare metal');
console.log(`${Math.floor(memoryTotal() / 1048576)} MiB of memory, ${functions.length} PCI functions:`, names);
console.log(`${Math.floor(clockNow() / 1000)} µs since the kernel was entered`);
