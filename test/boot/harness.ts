// Boots images in a real QEMU for one test: the fixture that users have, with what only this project's tests ask for.

import { readFileSync } from 'node:fs';
import { readElf } from '../../scripts/elf.ts';
import { propertiesOf } from '../../scripts/qemu/binary.ts';
import type { QemuExit } from '../../scripts/qemu/exit-status.ts';
import { ensureQemu } from '../../scripts/qemu/install.ts';
import type { Qemu } from '../../scripts/qemu/start.ts';
import { boot as bootFixture, type BootOptions as FixtureOptions, imageOf } from '../../scripts/test/boot.ts';

export { imageOf, temporaryDisk, temporaryFolder } from '../../scripts/test/boot.ts';

/** Both machines, for tests that must hold on each. */
export const MACHINES = ['q35', 'microvm'] as const;

/** The image that fails as its command line says, and its machine module. */
export const PROVOKE = 'test/boot/images/provoke.ts';
export const PROVOKE_MACHINE = 'test/boot/images/provoke-machine.ts';

/** The image that prints what the boot stage found. */
export const FACTS = 'test/boot/images/facts.ts';

/** What a test may ask for; the rest is the fixture's default. */
export type BootOptions = Omit<FixtureOptions, 'app'>;

/** How a boot went from start to end. */
export interface BootResult {
  readonly exit: QemuExit;
  /** All that the guest said. */
  readonly text: string;
}

/** Returns the names of the properties that a device has in the QEMU at hand, none when there is no such device. Newer ones have more. */
export const deviceProperties = async (device: string): Promise<Set<string>> =>
  propertiesOf(await ensureQemu(process.env.QEMU), device);

/** Boots a program, given by its main module relative to the root, and returns while it runs. It is stopped at the end of the test at the latest. */
export const boot = (app: string, options: BootOptions = {}): Promise<Qemu> => bootFixture({ ...options, app }).qemu;

/** Boots a program and returns how it ended. */
export const bootToEnd = async (entry: string, options: BootOptions = {}): Promise<BootResult> => {
  const qemu = await boot(entry, options);
  const exit = await qemu.exit;
  return { exit, text: qemu.serial.text() };
};

/** Returns `FILE:LINE` of the only line of `file` that contains `text`. */
export const placeOf = (file: string, text: string): string => {
  const lines = readFileSync(file, 'utf8').split('\n');
  const found = lines.flatMap((line, index) => (line.includes(text) ? [index + 1] : []));
  if (found.length !== 1) throw new Error(`${file} has ${found.length} lines with '${text}'`);
  return `${file}:${found[0]}`;
};

/** Returns the address of a function or a variable of a program's image. */
export const addressOf = async (entry: string, name: string): Promise<number> => {
  const { functions, variables } = readElf(readFileSync((await imageOf(entry)).debugElf));
  const found = [...functions, ...variables()].find((symbol) => symbol.name === name);
  if (found === undefined) throw new Error(`the image of ${entry} has no ${name}`);
  return found.address;
};
