// On Node the declarations of kernel/hal are implemented by the simulated machine, and the job queue by Node's.

import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** Returns the file that stands for the module that `importer` imports from `source`; undefined where that is the module itself. */
export const simulatedMachine = (source: string, importer: string | undefined): string | undefined => {
  if (importer === undefined || !source.startsWith('.')) return undefined;
  // The implementations themselves take the constants from the declarations.
  if (importer.startsWith(path.join(root, 'test/sim/hal'))) return undefined;
  const file = path.relative(root, path.resolve(path.dirname(importer), source));
  const simulated = path.join(root, 'test/sim', file.replace(/^kernel[\\/]/, ''));
  return /^kernel[\\/](hal[\\/]|runtime[\\/]jobs\.ts)/.test(file) && existsSync(simulated) ? simulated : undefined;
};
