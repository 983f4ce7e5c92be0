// The floors of the tree, enforced: which folder may import which. ARCHITECTURE.md draws them.
//
//   apps
//    └▶ drivers/table, with drivers/open and drivers/listing
//         └▶ drivers/<one>
//              └▶ drivers/virtio
//                   └▶ kernel/pci · kernel/event · kernel/draw · kernel/device      kernel/pci: not from drivers/<one>
//                        └▶ kernel/hal
//                             └▶ kernel/base
//
// Tests that run on the machine import kernel/test, which stands on kernel/runtime; nothing else does.

import ts from 'typescript';
import type { Reporter } from './diagnostics.ts';
import { FLOOR_RULE } from './dialect/floors.ts';
import { nameIn, ROOT } from './folders.ts';

/** What each floor may import besides itself. `drivers/*` stands for any one driver's folder. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  apps: [
    'drivers/table',
    'drivers/*',
    'drivers/virtio',
    'kernel/event',
    'kernel/draw',
    'kernel/device',
    'kernel/pci',
    'kernel/hal',
    'kernel/base',
  ],
  'drivers/table': [
    'drivers/*',
    'drivers/virtio',
    'kernel/pci',
    'kernel/device',
    'kernel/event',
    'kernel/hal',
    'kernel/base',
  ],
  'drivers/*': ['drivers/virtio', 'kernel/device', 'kernel/event', 'kernel/hal', 'kernel/base'],
  'drivers/virtio': ['kernel/pci', 'kernel/event', 'kernel/device', 'kernel/hal', 'kernel/base'],
  'kernel/event': ['kernel/runtime', 'kernel/hal', 'kernel/base'],
  'kernel/draw': ['kernel/device', 'kernel/hal', 'kernel/base'],
  'kernel/device': ['kernel/base'],
  'kernel/pci': ['kernel/hal', 'kernel/base'],
  'kernel/hal': ['kernel/base'],
  'kernel/runtime': ['kernel/hal', 'kernel/base'],
  'kernel/test': ['kernel/runtime', 'kernel/hal', 'kernel/base'],
  'kernel/base': [],
};

/** Returns the floor of a file given relative to this package's root, or undefined for a file that is in none (a test, a package, a user's own). */
export const floorOf = (file: string): string | undefined => {
  const [top, folder, ...rest] = file.split('/');
  if (top === 'apps') return 'apps';
  if (top === 'kernel' && rest.length > 0) return `kernel/${folder}`;
  if (top !== 'drivers') return undefined;
  if (rest.length === 0 || folder === 'open' || folder === 'listing') return 'drivers/table';
  return folder === 'virtio' ? 'drivers/virtio' : 'drivers/*';
};

/** Reports every import of `file` that goes up or sideways, type imports included: a type is knowledge too. */
export const checkFloors = (file: ts.SourceFile, checker: ts.TypeChecker, reporter: Reporter): void => {
  const from = nameIn(ROOT, file.fileName);
  const floor = floorOf(from);
  if (floor === undefined) return;

  for (const statement of file.statements) {
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) continue;
    const specifier = statement.moduleSpecifier;
    const target = specifier && checker.getSymbolAtLocation(specifier)?.valueDeclaration;
    if (target === undefined || !ts.isSourceFile(target)) continue;
    const to = nameIn(ROOT, target.fileName);
    if (!allowed(from, floor, to)) reporter.report(statement, FLOOR_RULE, `${from} imports ${to}`);
  }
};

const allowed = (from: string, floor: string, to: string): boolean => {
  const target = floorOf(to);
  if (target === undefined) return !to.startsWith('test/') && !to.startsWith('scripts/');
  if (target !== floor) return (MAY_IMPORT[floor] ?? []).includes(target);
  // The same floor: an app or a driver is its own folder only; inside kernel/x the folder is the floor.
  return floor === 'apps' || floor === 'drivers/*' ? secondFolder(from) === secondFolder(to) : true;
};

const secondFolder = (file: string): string => file.split('/')[1] ?? '';
