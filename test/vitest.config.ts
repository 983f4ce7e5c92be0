// Projects: `unit` runs on Node against the simulated machine, `unit-metal` and `unit-release` run those of its files on metal that need neither, in both builds, `metal` compares
// programs on Node and in QEMU, `boot` boots images and looks at them from outside.

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { simulatedMachine } from './simulated-machine.ts';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

const machinePlugin = { name: 'simulated-machine', enforce: 'pre' as const, resolveId: simulatedMachine };

/** What stands for Vitest on metal; a unit test that imports it runs there, too. */
const METAL_LIBRARY = /'[./]+\/kernel\/test\/index\.ts'/;

const expectations = {
  name: 'expectations',
  enforce: 'pre' as const,
  transform: (code: string, file: string): string | undefined =>
    file.endsWith('.test.ts') ? code.replace(METAL_LIBRARY, "'vitest'") : undefined,
};

/** `isolate: false`: files share a process, and so TypeScript, what it has read, and what is lowered already. Unit tests share no simulated machine. */
const project = (name: string, testTimeout: number, isolate: boolean) => ({
  plugins: [machinePlugin, expectations],
  root,
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    exclude: ['**/*.metal.test.ts'], // They run on the machine: hedyn test.
    testTimeout,
    hookTimeout: 300_000,
    maxWorkers: 2,
    minWorkers: 1,
    isolate,
  },
});

const unitTests = readdirSync(path.join(root, 'test/unit'), { recursive: true, encoding: 'utf8' })
  .map((name) => `test/unit/${name}`)
  .filter((name) => name.endsWith('.test.ts') && METAL_LIBRARY.test(readFileSync(path.join(root, name), 'utf8')));

const onMetal = (name: string) => ({
  root,
  test: {
    name,
    include: unitTests,
    runner: path.join(root, 'scripts/test/runner.ts'),
    testTimeout: 30_000,
    maxWorkers: 1, // All files are one program, and one machine runs them.
    sequence: { groupOrder: 1 }, // Vitest wants that of projects with another number of workers.
    isolate: false,
  },
});

export default defineConfig({
  root,
  test: {
    reporters: ['default', path.join(root, 'test/reporter.ts'), path.join(root, 'test/metal-reporter.ts')],
    projects: [
      project('unit', 30_000, true),
      onMetal('unit-metal'),
      onMetal('unit-release'),
      project('metal', 300_000, false),
      project('boot', 60_000, false),
    ],
  },
});
