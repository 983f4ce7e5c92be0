// An image that prints what the boot stage found, for tests that compare it with what QEMU was told.

import { findOption } from '../../../kernel/base/command-line.ts';
import { mmioDevices } from '../../../kernel/base/command-line-mmio.ts';
import {
  acpiVirtioMmioBase,
  acpiVirtioMmioCount,
  acpiVirtioMmioInterrupt,
  acpiVirtioMmioLength,
} from '../../../kernel/hal/acpi.ts';
import { clockHertz, clockReference } from '../../../kernel/hal/clock.ts';
import { consoleWrite } from '../../../kernel/hal/console.ts';
import { CPUID_EAX, cpuid } from '../../../kernel/hal/cpu.ts';
import {
  HOST_WINDOW_IO,
  HOST_WINDOW_MEMORY32,
  HOST_WINDOW_MEMORY64,
  hostWindowEnd,
  hostWindowStart,
  hostWindowsAreFromAcpi,
} from '../../../kernel/hal/host-bridge.ts';
import {
  MEMORY_RAM,
  memoryRegionCount,
  memoryRegionStart,
  memoryRegionType,
  memoryTotal,
} from '../../../kernel/hal/memory.ts';
import { MMIO_MAP_FAILED, mmioMap, mmioRead32 } from '../../../kernel/hal/mmio.ts';
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

const saySlots = (): void => {
  for (let index = 0; index < acpiVirtioMmioCount(); index++) {
    const [address, interrupt] = [acpiVirtioMmioBase(index), acpiVirtioMmioInterrupt(index)];
    say(`listed virtio-mmio 0x${address.toString(16)} length ${acpiVirtioMmioLength(index)} interrupt ${interrupt}`);
  }
};

const sayWindow = (name: string, window: number): void =>
  say(`window ${name} 0x${hostWindowStart(window).toString(16)} to 0x${hostWindowEnd(window).toString(16)}`);

/** Maps a range of registers; where that is done, reads its first and its last one. */
const sayMapping = (name: string, address: number, length: number): void => {
  const offset = mmioMap(address, length);
  if (offset === MMIO_MAP_FAILED) {
    say(`mapping ${name} is refused`);
    return;
  }
  const [first, last] = [mmioRead32(offset), mmioRead32(offset + length - 4)];
  say(`mapping ${name} reads ${first === last ? 'the same' : 'different words'} at both ends`); // Nothing answers there.
};

const lastRam = (): number => {
  let last = 0;
  for (let index = 0; index < memoryRegionCount(); index++) {
    if (memoryRegionType(index) === MEMORY_RAM) last = memoryRegionStart(index);
  }
  return last;
};

const MIB = 1048576;

const sayMappings = (): void => {
  const high = hostWindowEnd(HOST_WINDOW_MEMORY64);
  sayMapping('end of the high window', high - 256 * MIB, 256 * MIB);
  sayMapping('page above 4 GiB', hostWindowStart(HOST_WINDOW_MEMORY64) + 4096, 4096);
  sayMapping('end of the addresses', 2 ** (cpuid(0x80000008, 0, CPUID_EAX) & 0xff), 4096);
  sayMapping('RAM', lastRam(), 4096);
  for (let index = 0; index < 20; index++) {
    sayMapping(`256 MiB number ${index}`, high - (index + 2) * 256 * MIB, 256 * MIB);
  }
  const first = mmioMap(high - 256 * MIB, 256 * MIB);
  say(`mapping what is mapped is ${first === mmioMap(high - 256 * MIB, 4096) ? 'no other place' : 'another place'}`);
};

/** Looks at the clock for the first time, at once or when its timer has gone round. */
const sayClock = (isLate: boolean): void => {
  let passed = 0;
  if (isLate) for (let index = 0; index < 3_000_000; index++) passed += index % 7;
  say(`clock ${clockHertz()} hertz by ${clockReference()}${passed < 0 ? '!' : ''}`);
};

if (findOption(readOptions(), 'clock') !== undefined) sayClock(findOption(readOptions(), 'clock') === 'late');
say(`memory ${memoryTotal() / 1024} KiB`);
sayCommandLine();
saySlots();
if (findOption(readOptions(), 'mappings') !== undefined) sayMappings();
sayWindow('io', HOST_WINDOW_IO);
sayWindow('memory32', HOST_WINDOW_MEMORY32);
sayWindow('memory64', HOST_WINDOW_MEMORY64);
say(`windows by ${hostWindowsAreFromAcpi() ? 'ACPI' : 'rule'}`);
exit(EXIT_SUCCESS);
