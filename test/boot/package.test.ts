// A project as `hedyn new` makes it, with this package as npm packs it, in a folder outside of this one. Of what npm would install besides,
// the project gets exactly what its lock names, as links: to unpack the compilers once more would take longer than all the rest.

import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../../scripts/build.ts';
import { newProject } from '../../scripts/new.ts';
import { runTool } from '../../scripts/toolchain.ts';

const outside = mkdtempSync(path.join(tmpdir(), 'hedyn-package-'));
let project = '';

/** Does what `npm ci` does in the project. */
const install = async (): Promise<void> => {
  const { packages } = JSON.parse(readFileSync(path.join(project, 'package-lock.json'), 'utf8'));
  const modules = path.join(project, 'node_modules');
  const own = path.join(modules, 'hedyn');
  mkdirSync(own, { recursive: true });
  await runTool('tar', [
    '-xzf',
    path.join(project, packages['node_modules/hedyn'].resolved.replace('file:', '')),
    '--strip-components=1',
    '-C',
    own,
  ]);
  for (const place of Object.keys(packages)) {
    const [, name] = /^node_modules\/((?:@[^/]+\/)?[^/]+)$/.exec(place) ?? [];
    const installed = path.join(ROOT, place);
    if (name === undefined || name === 'hedyn' || !existsSync(installed)) continue; // Of other systems, or inside another package.
    mkdirSync(path.dirname(path.join(modules, name)), { recursive: true });
    symlinkSync(installed, path.join(modules, name));
  }
  mkdirSync(path.join(modules, '.bin'));
  chmodSync(path.join(own, 'scripts/start.mjs'), 0o755);
  symlinkSync('../hedyn/scripts/start.mjs', path.join(modules, '.bin/hedyn'));
  writeFileSync(path.join(modules, '.package-lock.json'), '');
};

const make = (...words: string[]) => {
  const { APP, MAKEFLAGS, MAKELEVEL, ...environment } = process.env; // Of the make that runs the tests.
  return spawnSync('make', words, { cwd: project, env: environment, encoding: 'utf8' });
};

beforeAll(async () => {
  project = await newProject(path.join(outside, 'my-os'));
  await install();
});
afterAll(() => rmSync(outside, { recursive: true }));

describe('a new project, with the package that npm packs', () => {
  it('says hello from bare metal, and leaves nothing but build/ behind', { timeout: 300_000 }, () => {
    const before = readdirSync(project);
    const { stdout, stderr, status } = make('qemu');
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^hello from bare metal\n\d+ MiB of memory, \d+ µs since the kernel was entered$/m);
    expect(status).toBe(0);
    expect(existsSync(path.join(project, 'build/development/my-os/my-os.elf'))).toBe(true);
    expect(readdirSync(project).sort()).toEqual([...before, 'build'].sort());
  });

  it('runs its test on the machine, though its folder was moved to a name with a blank and a comma', {
    timeout: 300_000,
  }, () => {
    const moved = path.join(outside, 'My OS, again');
    renameSync(project, moved);
    project = moved;
    const { stdout, stderr, status } = make('test');
    expect(`${stdout}${stderr}`).toMatch(/Tests +2 passed/);
    expect(status).toBe(0);
  });

  it('hears of an error by the place of it in the project', { timeout: 300_000 }, () => {
    writeFileSync(
      path.join(project, 'src/units.ts'),
      'export const inMebibytes = (bytes: bigint): string => `${bytes}`;\n',
    );
    const { stderr, status } = make('build');
    expect(stderr).toMatch(/^src\/main\.ts:7:18 error HED001: Argument of type 'u53' is not assignable/m);
    expect(stderr).toMatch(/node_modules\/hedyn\/docs\/dialect\.md explains each number/);
    expect(status).toBe(2);
    expect(existsSync(path.join(project, 'node_modules/hedyn/docs/dialect.md'))).toBe(true);
  });
});
