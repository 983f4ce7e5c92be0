// The machines of the projects `unit-metal` and `unit-release`.

import { chooseAccelerator } from '../scripts/qemu/accelerator.ts';
import { ensureQemu } from '../scripts/qemu/install.ts';
import type { LoadOptions } from '../scripts/test/load.ts';
import { MetalTests } from '../scripts/test/metal-tests.ts';

const machineOf = async (project: string): Promise<Omit<LoadOptions, 'files'>> => ({
  release: project === 'unit-release',
  machine: {
    qemu: await ensureQemu(process.env.QEMU),
    machine: 'microvm',
    accelerator: chooseAccelerator(),
    memory: '256M',
  },
});

/** Runs unit tests on metal, in the build that the project's name says. */
export default class UnitTestsOnMetal extends MetalTests {
  constructor() {
    super(machineOf);
  }
}
