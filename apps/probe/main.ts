// The probe: what the machine is, what is on its PCI buses, and whether its disks work.
//
// Leaves with EXIT_SUCCESS when all that has a driver came up and worked, else with EXIT_FAILED.

import { printDetails } from '../../drivers/listing/details.ts';
import { printTree } from '../../drivers/listing/tree.ts';
import { type Device, startDevices } from '../../drivers/table.ts';
import { formatInitializeError } from '../../drivers/virtio/describe.ts';
import { findOption } from '../../kernel/base/command-line.ts';
import { startLog } from '../../kernel/base/log.ts';
import { consoleWrite } from '../../kernel/hal/console.ts';
import { DmaPool, dmaPoolStart } from '../../kernel/hal/dma-pool.ts';
import { readOptions } from '../../kernel/hal/options.ts';
import { EXIT_FAILED, EXIT_SUCCESS, exit } from '../../kernel/hal/power.ts';
import { PciTree } from '../../kernel/pci/function.ts';
import { startPci } from '../../kernel/pci/start.ts';
import { examineDisk } from './disk.ts';
import { describeMachine } from './machine.ts';
import { print, printTime } from './print.ts';

const main = (): void => {
  startLog(consoleWrite, 'info');

  print(`machine: ${describeMachine()}`);
  printTime('machine');

  const tree = new PciTree();
  startPci(tree); // Before any driver: it may number buses and place BARs.
  print(`pci: ${tree.count} functions, placed by ${tree.isPlacedByKernel ? 'kernel' : 'firmware'}`);
  if (isVerbose()) printDetails(tree, print);
  else printTree(tree, print);
  printTime('pci');

  const pool = new DmaPool(); // All that drivers share with devices comes from here.
  dmaPoolStart(pool);
  const { devices, failures } = startDevices(tree, pool);
  for (const { place, error } of failures) print(`device ${place}: failed at ${formatInitializeError(error)}`);
  printTime('drivers');

  const works = examineDisks(devices);
  printTime('disks');

  const good = works && failures.length === 0;
  print(good ? 'probe: ok' : 'probe: failed');
  exit(good ? EXIT_SUCCESS : EXIT_FAILED);
};

/** Returns whether the command line has the word `verbose`: `make qemu ARGS=verbose`. */
const isVerbose = (): boolean => findOption(readOptions(), 'verbose') !== undefined;

/** Examines each disk, also after one that does not work. Returns whether all do; none at all is fine. */
const examineDisks = (devices: readonly Device[]): boolean => {
  if (devices.length === 0) print('disk: none');
  let broken = 0;
  for (const device of devices) {
    if (!examineDisk(device.block)) broken++;
  }
  return broken === 0;
};

main();
