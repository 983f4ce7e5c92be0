// All test files of a run as one program: each behind a module that says its name, and what serves them last.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { nameIn, PROJECT, ROOT } from '../folders.ts';

/** Writes the program of the files below build/. Returns its main module. */
export const writeTestProgram = (files: readonly string[]): string => {
  const folder = path.join(PROJECT, 'build/metal-tests');
  mkdirSync(folder, { recursive: true });
  const from = (file: string): string => {
    const relative = nameIn(folder, file);
    return relative.startsWith('.') ? relative : `./${relative}`;
  };
  const library = (name: string): string => from(path.join(ROOT, 'kernel/test', name));
  const imports = files.flatMap((file, index) => {
    const name = JSON.stringify(nameIn(PROJECT, file));
    const mark = `import { beginFile } from '${library('registry.ts')}';\n\nbeginFile(${name});\n`;
    write(path.join(folder, `file-${index}.ts`), mark);
    return [`import './file-${index}.ts';`, `import '${from(file)}';`];
  });
  const entry = path.join(folder, 'main.ts');
  const lines = [...imports, `import { serveTests } from '${library('serve.ts')}';`, '', 'await serveTests();', ''];
  write(entry, lines.join('\n'));
  return entry;
};

/** A file that stays as it is keeps its time of change, by which the build knows that an image is up to date. */
const write = (file: string, text: string): void => {
  if (!existsSync(file) || readFileSync(file, 'utf8') !== text) writeFileSync(file, text);
};
