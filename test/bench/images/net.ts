// The loads of the floor of a network device (../floor/net.zig), done by Hedyn's: the same frames, the same lines.
//
//   load NAME FRAMES TICKS DOORBELLS

import { beginNet, Net, readConfiguration, setUpPair } from '../../../drivers/net/bring-up.ts';
import { Pair } from '../../../drivers/net/pair.ts';
import { describeFault, formatInitializeError } from '../../../drivers/virtio/describe.ts';
import { TYPE_NET, virtioDeviceType } from '../../../drivers/virtio/ids.ts';
import { finish } from '../../../drivers/virtio/initialize.ts';
import { openPci } from '../../../drivers/virtio/transport/pci.ts';
import { Transport } from '../../../drivers/virtio/transport/record.ts';
import { consoleWrite } from '../../../kernel/hal/console.ts';
import { DmaPool, dmaPoolStart } from '../../../kernel/hal/dma-pool.ts';
import { EXIT_SUCCESS, exit, panic } from '../../../kernel/hal/power.ts';
import { enablePath } from '../../../kernel/pci/command.ts';
import { type PciFunction, PciTree } from '../../../kernel/pci/function.ts';
import { startPci } from '../../../kernel/pci/start.ts';
import { ticksOf } from './disk.ts';
import { LOAD_FAILED, runLoad } from './net-machine.ts';

/** The same as in the floor driver. */
const LOADS = [
  { name: 'tx64-64', length: 64, depth: 64, batches: 512, isAhead: true },
  { name: 'tx64-64-in-turn', length: 64, depth: 64, batches: 512, isAhead: false },
  { name: 'tx64-1514', length: 1514, depth: 64, batches: 512, isAhead: true },
];
const SAMPLES_EACH = 3;

/** Brings the first network device up, with one pair of queues. */
const startPair = (): Pair => {
  const tree = new PciTree();
  startPci(tree);
  const pool = new DmaPool();
  dmaPoolStart(pool);
  const pciFunction = firstNet(tree);
  if (pciFunction === undefined) return panic('there is no network device');
  enablePath(tree, pciFunction);
  const transport = new Transport();
  const net = new Net();
  const pair = new Pair();
  const isLive =
    openPci(pciFunction, transport) &&
    beginNet(transport, net, false, false) &&
    readConfiguration(transport, net) &&
    setUpPair(transport, pool, net, pair, 0) &&
    finish(transport);
  if (!isLive) panic(formatInitializeError(describeFault(transport)));
  return pair;
};

const firstNet = (tree: PciTree): PciFunction | undefined => {
  for (let i = 0; i < tree.count; i++) {
    if (virtioDeviceType(tree.functions[i]) === TYPE_NET) return tree.functions[i];
  }
  return undefined;
};

const transmit = startPair().transmit;

for (const { name, length, depth, batches, isAhead } of LOADS) {
  for (let sample = 0; sample < SAMPLES_EACH; sample++) {
    const rung: number = transmit.queue.doorbellCount;
    const nanoseconds = runLoad(transmit, length, depth, batches, isAhead);
    if (nanoseconds === LOAD_FAILED) panic(`${name}: a frame was not sent`);
    consoleWrite(`load ${name} ${batches * depth} ${ticksOf(nanoseconds)} ${transmit.queue.doorbellCount - rung}\n`);
  }
}
exit(EXIT_SUCCESS);
