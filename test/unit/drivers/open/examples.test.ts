// The examples of docs/devices that not every QEMU can boot, on Node with the simulated device. The others: test/boot/examples.test.ts

import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it, vi } from 'vitest';
import { ROOT } from '../../../../scripts/build.ts';
import { isLine, readExamples } from '../../../boot/examples.ts';
import { installMachine, SimMachine } from '../../../sim/machine.ts';
import { SimBus } from '../../../sim/pci.ts';
import { SimRtcDevice } from '../../../sim/virtio/rtc.ts';
import { SimVsockDevice } from '../../../sim/virtio/vsock.ts';
import { run } from '../virtio/live-harness.ts';

const FOLDER = path.join(ROOT, 'build/examples');

/** Returns a module that runs a page's program when it is called. */
const moduleOf = (program: string): string => {
  const at = program.lastIndexOf('import ');
  const start = program.indexOf('\n', at) + 1;
  return `${program.slice(0, start)}export const example = async (): Promise<void> => {\n${program.slice(start)}};\n`;
};

it('the examples of rtc and vsock print what stands there', async () => {
  const machine = new SimMachine(8 * 2 ** 20);
  installMachine(machine);
  const bus = new SimBus();
  machine.pci = bus;
  bus.add(2, 0, new SimRtcDevice(machine, { clocks: [{ type: 0, startNs: 0n }] }).device.pciFunction);
  bus.add(3, 0, new SimVsockDevice(machine, { address: 0xfe10_0000 }).device.pciFunction);
  mkdirSync(FOLDER, { recursive: true });
  for (const { name, program, lines } of readExamples().filter(({ name }) => name === 'rtc' || name === 'vsock')) {
    const file = path.join(FOLDER, `${name}-simulated.ts`);
    writeFileSync(file, moduleOf(program));
    const { example } = (await import(file)) as { example: () => Promise<void> };
    const said: string[] = [];
    const log = vi.spyOn(console, 'log').mockImplementation((line: string) => void said.push(line));
    await run(example()).finally(() => log.mockRestore());
    expect([name, ...lines.filter((line) => said.filter((each) => isLine(each, line)).length !== 1)]).toEqual([name]);
  }
});
