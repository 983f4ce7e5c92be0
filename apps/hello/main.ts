import { clockNow } from '../../kernel/hal/clock.ts';
import { memoryTotal } from '../../kernel/hal/memory.ts';
import { formatAddress } from '../../kernel/pci/describe.ts';
import { PciTree } from '../../kernel/pci/function.ts';
import { startPci } from '../../kernel/pci/start.ts';

const tree = new PciTree();
startPci(tree);
const names: string[] = [];
for (let i = 0; i < tree.count; i++) names.push(formatAddress(tree.functions[i].address));

console.log('hello from bare metal');
console.log(`${Math.floor(memoryTotal() / 1048576)} MiB of memory, ${tree.count} PCI functions:`, names);
console.log(`${Math.floor(clockNow() / 1000)} µs since the kernel was entered`);
