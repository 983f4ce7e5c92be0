import { expect, it } from 'vitest';
import { openBlockDevice } from '../../../drivers/open.ts';
import { startLog, stopLog } from '../../../kernel/base/log.ts';
import { installMachine, SimMachine } from '../../sim/machine.ts';
import { SimBus } from '../../sim/pci.ts';
import { SimBlkDevice } from '../../sim/virtio/block.ts';

it('a slot of virtio-mmio whose device cannot be opened is said, and is no block device', async () => {
  const machine = installMachine(new SimMachine(4 * 2 ** 20));
  machine.pci = new SimBus();
  new SimBlkDevice(machine, { transport: 'mmio', faults: { version: 3 } });
  const lines: string[] = [];
  startLog((line) => lines.push(line), 'error');
  await expect(openBlockDevice()).rejects.toMatchObject({
    kind: 'no-device',
    message: 'the machine has 0 block devices, there is no number 0',
  });
  stopLog();
  expect(lines).toEqual([
    'error mmio@0xfeb00e00: failed at step 0 (open the transport): Version reads 3, expected 1 or 2\n',
  ]);
});
