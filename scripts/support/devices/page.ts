// docs/devices.md, printed from the tables of this folder. Run as a program it writes the page.

import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { typeName } from '../../../drivers/virtio/names.ts';
import { stateOf } from '../claim.ts';
import { claimCells, tableHead, tableRow } from '../page.ts';
import type { DeviceClass } from './device.ts';
import { DEVICES } from './tables.ts';

export const DEVICES_PAGE = 'docs/devices.md';

/** Returns the text of the page. */
export const devicesPage = (devices: readonly DeviceClass[] = DEVICES): string =>
  [
    '<!-- Written by scripts/support/devices/page.ts from the tables in scripts/support/devices. Do not edit. -->',
    '# Devices',
    '',
    'The virtio devices that have a driver. Each is opened by its class and awaited; its page has the QEMU option that makes it appear and an example that a test boots. What they share is in',
    '[virtio-support.md](virtio-support.md): every driver works over PCI and virtio-mmio, with MSI-X, a line or polled, in split and packed rings.',
    '',
    ...tableHead('device', 'QEMU', 'feature bits of its own', 'of them kept'),
    ...devices.map(summaryRow),
    '',
    ...devices.filter(({ features }) => features.length > 0).flatMap(classText),
  ].join('\n');

const summaryRow = ({ type, page, qemu, features }: DeviceClass): string => {
  const kept = features.filter((row) => stateOf(row) === 'kept').length;
  const link = page === undefined ? typeName(type) : `[${typeName(type)}](${path.relative('docs', page)})`;
  return tableRow(link, qemu.map((name) => `\`${name}\``).join(', '), `${features.length}`, `${kept}`);
};

const classText = ({ type, features }: DeviceClass): string[] => [
  `## ${typeName(type)}`,
  '',
  ...tableHead('bit', 'feature', 'what the driver does with it', 'kept by', 'proved by'),
  ...features.map((row) => tableRow(`${row.bit}`, row.name, row.use, ...claimCells(row))),
  '',
];

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(DEVICES_PAGE, devicesPage());
