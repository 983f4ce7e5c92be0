// `make check`: everything about the sources that can be said without running them.
//
//   types · dialect and floors of every app · format and lint · docstrings · generated documents

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { ROOT, runtimeFiles } from './build.ts';
import { findingsInConformance } from './conformance/check.ts';
import { readConformance } from './conformance/constructs.ts';
import { CONFORMANCE_PAGE, conformancePage } from './conformance/page.ts';
import { formatDiagnostic, sortDiagnostics } from './diagnostics.ts';
import { DIALECT_PAGE, dialectPage } from './dialect/page.ts';
import { missingDocstrings } from './docstrings.ts';
import { compileProgram } from './front-end.ts';
import { paint } from './paint.ts';
import { findingsIn } from './support/check.ts';
import { findingsInDevices } from './support/devices/check.ts';
import { DEVICES_PAGE, devicesPage } from './support/devices/page.ts';
import { DEVICES } from './support/devices/tables.ts';
import { SUPPORT_PAGE, supportPage } from './support/page.ts';
import { SUPPORT_TABLES } from './support/tables.ts';
import { runTool, ToolError } from './toolchain.ts';

const require = createRequire(import.meta.url);

/** Runs every check, prints what each found, and returns the exit status: 0 when nothing was found. */
export const checkProject = async (): Promise<number> => {
  let failed = 0;
  for (const [name, find] of CHECKS) {
    const found = await find();
    console.log(`${found.length === 0 ? paint('green', 'ok  ') : paint('red', 'fail')} ${name}`);
    for (const line of found) console.error(`  ${line}`);
    if (found.length > 0) failed += 1;
  }
  return failed === 0 ? 0 : 1;
};

/** Each check returns what it found wrong, one line each. */
const CHECKS: readonly (readonly [string, () => Promise<readonly string[]>])[] = [
  ['types of scripts', () => tool('typescript/bin/tsc', '-p', 'scripts/tsconfig.json')],
  ['types of test', () => tool('typescript/bin/tsc', '-p', 'test/tsconfig.json')],
  ['types of kernel, drivers and apps', () => tool('typescript/bin/tsc', '-p', 'tsconfig.json')],
  ['dialect and floors of every app', checkApps],
  ['format and lint', () => tool('@biomejs/biome/bin/biome', 'check', '--colors=off', '.')],
  ['docstrings of every export', async () => missingDocstrings(ROOT)],
  [
    'docs/dialect.md is what the rules say',
    async () => staleness(DIALECT_PAGE, dialectPage(), 'scripts/dialect/page.ts'),
  ],
  [
    'every construct of the language has a case, and docs/conformance.md lists it',
    async () => {
      const conformance = await readConformance();
      return [
        ...findingsInConformance(conformance),
        ...staleness(CONFORMANCE_PAGE, conformancePage(conformance), 'scripts/conformance/page.ts'),
      ];
    },
  ],
  ['what the support tables name exists', async () => findingsIn(SUPPORT_TABLES, readText)],
  [
    'docs/virtio-support.md is what the support tables say',
    async () => staleness(SUPPORT_PAGE, supportPage(), 'scripts/support/page.ts'),
  ],
  ['what the device tables name exists', async () => findingsInDevices(DEVICES, readText)],
  [
    'docs/devices.md is what the device tables say',
    async () => staleness(DEVICES_PAGE, devicesPage(), 'scripts/support/devices/page.ts'),
  ],
];

async function checkApps(): Promise<readonly string[]> {
  const apps = readdirSync(path.join(ROOT, 'apps')).map((name) => path.join(ROOT, 'apps', name, 'main.ts'));
  const runtime = await runtimeFiles();
  return apps
    .filter((entry) => existsSync(entry))
    .flatMap((entry) =>
      sortDiagnostics(compileProgram({ root: ROOT, entry, runtimeFiles: runtime }, true).diagnostics).map(
        formatDiagnostic,
      ),
    );
}

/** Returns the text of a file of the tree, undefined when there is none. */
function readText(name: string): string | undefined {
  const file = path.join(ROOT, name);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

/** A page that is printed by `program` must be what it prints now. */
function staleness(page: string, expected: string, program: string): readonly string[] {
  return readText(page) === expected ? [] : [`${page} differs: run node --import tsx ${program}`];
}

/** Runs a tool of node_modules. Returns its output as findings when it fails. */
const tool = async (script: string, ...args: string[]): Promise<readonly string[]> => {
  const [scope, name] = script.split('/');
  const packageName = script.startsWith('@') ? `${scope}/${name}` : (scope ?? '');
  const root = path.dirname(require.resolve(`${packageName}/package.json`));
  try {
    await runTool(process.execPath, [path.join(root, script.slice(packageName.length + 1)), ...args], { cwd: ROOT });
    return [];
  } catch (error) {
    if (error instanceof ToolError) return error.output.trimEnd().split('\n');
    throw error;
  }
};
