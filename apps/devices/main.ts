// Shows each virtio device of the machine in a line: where it is, what it is, and what its class says of it. Then it ends.
//
//   make qemu APP=devices QEMU_ARGS='-device virtio-keyboard-pci -device virtio-rng-pci'
//   make qemu APP=devices QEMU_ARGS='-device virtio-gpu-pci -vnc :0' ARGS=stay       the same on a screen; with `stay` it does not end
//
// Every device is opened by its class, asked, and closed again. One without a driver is named; one that fails says why, and keeps nobody else from being shown.

import { devicePlaces } from '../../drivers/open/places.ts';
import { typeName } from '../../drivers/virtio/names.ts';
import { findOption } from '../../kernel/base/command-line.ts';
import { counted } from '../../kernel/base/hex.ts';
import { startLog } from '../../kernel/base/log.ts';
import { DeviceFailure } from '../../kernel/device/failure.ts';
import { consoleWrite } from '../../kernel/hal/console.ts';
import { readOptions } from '../../kernel/hal/options.ts';
import { showers } from './classes.ts';
import { showOnScreen } from './screen.ts';

const NAME_WIDTH = 30;

startLog(consoleWrite, 'warn');

const show = async (type: number, index: number): Promise<string> => {
  const shower = showers.get(type);
  if (shower === undefined) return 'no driver';
  try {
    return await shower(index);
  } catch (error) {
    if (!(error instanceof DeviceFailure)) throw error;
    return `${error.kind}: ${error.message}`;
  }
};

const places = devicePlaces();
const counts = new Map<number, number>();
const lines: string[] = [];
const say = (line: string): void => {
  lines.push(line);
  console.log(line);
};
for (const { type, name } of places) {
  const index = counts.get(type) ?? 0;
  counts.set(type, index + 1);
  say(`${`${name} ${typeName(type)}`.padEnd(NAME_WIDTH)} ${await show(type, index)}`);
}
say(counted(places.length, 'virtio device'));
await showOnScreen(lines);
if (findOption(readOptions(), 'stay') !== undefined) setInterval(() => {}, 2 ** 31 - 1);
