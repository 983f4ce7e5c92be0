// The package-lock.json of a new project: the very versions that this package was tested with, so that npm has nothing to choose.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** What is used of a package.json. */
export interface PackageManifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
  readonly engines?: Readonly<Record<string, string>>;
  readonly bin?: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly allowScripts?: Readonly<Record<string, boolean>>;
}

interface LockedPackage {
  readonly version?: string;
  readonly dev?: boolean;
  readonly devOptional?: boolean;
}

/** What is used of a package-lock.json. */
export interface PackageLock {
  readonly lockfileVersion: number;
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

/** Returns the lock of a project that depends on nothing but this package, whose tarball has the hash `integrity`. */
export const lockFor = (
  project: Pick<PackageManifest, 'name' | 'version' | 'engines' | 'dependencies'>,
  own: PackageManifest,
  ownLock: PackageLock,
  integrity: string,
): unknown => {
  const needed = Object.entries(ownLock.packages).filter(
    ([place, { dev, devOptional }]) => place !== '' && !dev && !devOptional,
  );
  const { version, license, bin, engines, dependencies } = own;
  const resolved = project.dependencies[own.name];
  const entry = { version, resolved, integrity, license, dependencies, bin, engines };
  const packages = [...needed, [`node_modules/${own.name}`, entry] as const].sort(([a], [b]) =>
    a.localeCompare(b, 'en'),
  );
  return {
    name: project.name,
    version: project.version,
    lockfileVersion: ownLock.lockfileVersion,
    requires: true,
    packages: {
      '': {
        name: project.name,
        version: project.version,
        dependencies: project.dependencies,
        engines: project.engines,
      },
      ...Object.fromEntries(packages),
    },
  };
};

/** Returns the hash of a file as npm writes it. */
export const hashOfTarball = (file: string): string =>
  `sha512-${createHash('sha512').update(readFileSync(file)).digest('base64')}`;
