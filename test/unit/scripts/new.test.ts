import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ROOT } from '../../../scripts/folders.ts';
import { newProject } from '../../../scripts/new.ts';
import { lockFor } from '../../../scripts/new-lock.ts';

describe('a new project', () => {
  it.each([
    ['inside this repository', 'apps/mine', /^apps\/mine is inside .*: name a folder outside of it, as \.\.\/my-os$/],
    ['at this very place', '.', /: name a folder outside of it/],
    ['that npm has no name for', '/tmp/---', /^\/tmp\/--- has no letter that npm takes in a name: name it like my-os$/],
  ])('is refused %s, in one line', async (_, name, line) => {
    await expect(
      newProject(path.isAbsolute(name) ? name : path.relative('', path.join(ROOT, name)) || '.'),
    ).rejects.toThrow(line);
  });

  it('is refused where there is a folder already, which stays as it is', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'hedyn-new-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    await expect(newProject(folder)).rejects.toThrow(`${folder} exists already: name a folder that does not`);
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('the lock of a new project', () => {
  const own = { name: 'hedyn', version: '1.2.3', dependencies: { a: '1.0.0' }, bin: { hedyn: 'start.mjs' } };
  const ownLock = {
    lockfileVersion: 3,
    packages: {
      '': {},
      'node_modules/a': { version: '1.0.0' },
      'node_modules/z': { version: '1.0.0', dev: true },
      'node_modules/y': { version: '1.0.0', devOptional: true },
    },
  };
  const project = { name: 'mine', version: '0.0.0', dependencies: { hedyn: 'file:vendor/hedyn-1.2.3.tgz' } };

  it('names the package by its tarball and hash, and what it needs, but not what it is developed with', () => {
    expect(lockFor(project, own, ownLock, 'sha512-x')).toMatchObject({
      name: 'mine',
      packages: {
        '': { name: 'mine', dependencies: project.dependencies },
        'node_modules/a': { version: '1.0.0' },
        'node_modules/hedyn': {
          version: '1.2.3',
          resolved: 'file:vendor/hedyn-1.2.3.tgz',
          integrity: 'sha512-x',
          dependencies: { a: '1.0.0' },
        },
      },
    });
    expect(Object.keys((lockFor(project, own, ownLock, '') as { packages: object }).packages)).toHaveLength(3);
  });
});
