// The examples of docs/devices: each page has QEMU's option in a `make qemu` line, one program, and what it prints, where `…` is anything.
//
// All programs are in one image, which runs the one that its command line names: an image takes long to build.
//
// A page that not every host can boot begins a line with the file that it needs: "Needs `/dev/vhost-vsock`". Its program is compiled all the same.

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../../scripts/build.ts';
import { splitArguments } from '../../scripts/qemu/command-line.ts';

const FOLDER = 'docs/devices';

/** The program of all examples, below the root. */
const ENTRY = 'build/examples/main.ts';

/** One page. */
export interface Example {
  /** `entropy`, of docs/devices/entropy.md. */
  readonly name: string;
  readonly page: string;
  readonly program: string;
  /** QEMU's arguments, as they stand in the page. */
  readonly qemuArguments: readonly string[];
  /** The lines that it prints. */
  readonly lines: readonly string[];
  /** A file that the host must have. */
  readonly hostFile: string | undefined;
}

/** Returns the example of each page. Throws for a page that has none. */
export const readExamples = (): Example[] =>
  readdirSync(path.join(ROOT, FOLDER))
    .filter((file) => file.endsWith('.md'))
    .map((file) => {
      const page = `${FOLDER}/${file}`;
      const text = readFileSync(path.join(ROOT, page), 'utf8');
      return {
        name: file.replace(/\.md$/, ''),
        page,
        program: only(text, page, /^```ts\n([\s\S]*?)^```$/gm),
        qemuArguments: splitArguments(only(text, page, /^make qemu .*QEMU_ARGS='([^']*)'$/gm)),
        lines: only(text, page, /^```text\n([\s\S]*?)^```$/gm)
          .trimEnd()
          .split('\n'),
        hostFile: /^Needs `(\/[^`]+)`/m.exec(text)?.[1],
      };
    });

/** Returns whether the host has the file that an example needs. */
export const hasHostFile = ({ hostFile }: Example): boolean => hostFile === undefined || existsSync(hostFile);

const only = (text: string, page: string, pattern: RegExp): string => {
  const found = [...text.matchAll(pattern)].map(([, part]) => part as string);
  if (found.length !== 1) throw new Error(`${page} has ${found.length} of ${pattern}, expected one`);
  return found[0] as string;
};

/** Writes the program that runs the example that `example=` names. Returns its entry, relative to the root. */
export const writeExamples = (examples: readonly Example[]): string => {
  const imports = new Map<string, Set<string>>();
  const functions = examples.map(({ name, program }) => {
    const body = program.replace(/^import \{([^}]*)\} from '([^']*)';\n/gm, (_, names: string, file: string) => {
      const known = imports.get(file) ?? new Set();
      imports.set(file, known);
      for (const each of names.split(',')) if (each.trim() !== '') known.add(each.trim());
      return '';
    });
    return `const ${functionOf(name)} = async (): Promise<void> => {\n${body}};\n`;
  });
  const lines = [
    "import { findOption } from '../../kernel/base/command-line.ts';",
    "import { readOptions } from '../../kernel/hal/options.ts';",
    ...[...imports].map(([file, names]) => `import { ${[...names].join(', ')} } from '${file}';`),
    ...functions,
    "const example = findOption(readOptions(), 'example');",
    ...examples.map(({ name }) => `if (example === '${name}') await ${functionOf(name)}();`),
    '',
  ];
  mkdirSync(path.join(ROOT, path.dirname(ENTRY)), { recursive: true });
  writeFileSync(path.join(ROOT, ENTRY), lines.join('\n'));
  return ENTRY;
};

const functionOf = (name: string): string => `run_${name.replaceAll('-', '_')}`;

/** Returns whether a line is what a page says: `…` stands for anything. */
export const isLine = (said: string, expected: string): boolean => {
  const parts = expected.split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(said);
};
