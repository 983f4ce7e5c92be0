// An image that prints what the boot stage found, for tests that compare it with what QEMU was told.

import { mmioDevices } from '../../../kernel/base/command-line-mmio.ts';
import { consoleWrite } from '../../../kernel/hal/console.ts';
import { readOptions } from '../../../kernel/hal/options.ts';
import { EXIT_SUCCESS, exit } from '../../../kernel/hal/power.ts';

const say = (line: string): void => consoleWrite(`${line}\n`);

const sayCommandLine = (): void => {
  const options = readOptions();
  say(`options ${options.length}`);
  for (const option of options)
    say(`option ${option.name}${option.value === undefined ? '' : ` is '${option.value}'`}`);
  const devices = mmioDevices(options);
  if (!devices.ok) {
    say(devices.error);
    return;
  }
  for (const { address, length, interrupt } of devices.value) {
    say(`named virtio-mmio 0x${address.toString(16)} length ${length} interrupt ${interrupt}`);
  }
};

sayCommandLine();
exit(EXIT_SUCCESS);
