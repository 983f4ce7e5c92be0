// Three projects: `unit` runs on Node against the simulated machine, `metal` compares programs on Node and in QEMU, `boot` boots images
// and looks at them from outside.

import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** On Node the declarations of kernel/hal are implemented by the simulated machine, and the job queue by Node's. */
const simulatedMachine = {
  name: 'simulated-machine',
  enforce: 'pre' as const,
  resolveId(source: string, importer: string | undefined): string | undefined {
    if (importer === undefined || !source.startsWith('.')) return undefined;
    // The implementations themselves take the constants from the declarations.
    if (importer.startsWith(path.join(root, 'test/sim/hal'))) return undefined;
    const file = path.relative(root, path.resolve(path.dirname(importer), source));
    const simulated = path.join(root, 'test/sim', file.replace(/^kernel[\\/]/, ''));
    return /^kernel[\\/](hal[\\/]|runtime[\\/]jobs\.ts)/.test(file) && existsSync(simulated) ? simulated : undefined;
  },
};

/** Unit tests that run on metal, too, import what stands for Vitest there. */
const expectations = {
  name: 'expectations',
  enforce: 'pre' as const,
  transform: (code: string, file: string): string | undefined =>
    file.endsWith('.test.ts') ? code.replace(/'[./]+\/metal\/expect\.ts'/, "'vitest'") : undefined,
};

const project = (name: string, testTimeout: number, maxWorkers: number) => ({
  plugins: [simulatedMachine, expectations],
  root,
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    testTimeout,
    hookTimeout: 300_000,
    maxWorkers,
    minWorkers: 1,
  },
});

export default defineConfig({
  root,
  test: {
    reporters: ['default', path.join(root, 'test/reporter.ts')],
    projects: [project('unit', 30_000, 2), project('metal', 300_000, 2), project('boot', 60_000, 2)],
  },
});
