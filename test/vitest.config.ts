// Three projects: `unit` runs on Node against the simulated machine, `metal` compares programs on Node and in QEMU, `boot` boots images
// and looks at them from outside.

import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { simulatedMachine } from './simulated-machine.ts';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

const machinePlugin = { name: 'simulated-machine', enforce: 'pre' as const, resolveId: simulatedMachine };

/** Unit tests that run on metal, too, import what stands for Vitest there. */
const expectations = {
  name: 'expectations',
  enforce: 'pre' as const,
  transform: (code: string, file: string): string | undefined =>
    file.endsWith('.test.ts') ? code.replace(/'[./]+\/metal\/expect\.ts'/, "'vitest'") : undefined,
};

/** `isolate: false`: files share a process, and so TypeScript, what it has read, and what is lowered already. Unit tests share no simulated machine. */
const project = (name: string, testTimeout: number, isolate: boolean) => ({
  plugins: [machinePlugin, expectations],
  root,
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    testTimeout,
    hookTimeout: 300_000,
    maxWorkers: 2,
    minWorkers: 1,
    isolate,
  },
});

export default defineConfig({
  root,
  test: {
    reporters: ['default', path.join(root, 'test/reporter.ts')],
    projects: [project('unit', 30_000, true), project('metal', 300_000, false), project('boot', 60_000, false)],
  },
});
