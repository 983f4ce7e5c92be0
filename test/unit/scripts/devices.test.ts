import { describe, expect, it } from 'vitest';
import { findingsInDevices } from '../../../scripts/support/devices/check.ts';
import type { DeviceClass, DeviceFeature } from '../../../scripts/support/devices/device.ts';
import { devicesPage } from '../../../scripts/support/devices/page.ts';

const FILES: Readonly<Record<string, string>> = {
  'docs/console.md': '# Consoles',
  'drivers/console.ts': 'export const beginConsole = 1;',
  'test/console.test.ts': "it('has ports', () => {});",
};

const KEPT: DeviceFeature = {
  bit: 1,
  name: 'MULTIPORT',
  use: 'ports',
  code: [{ file: 'drivers/console.ts', name: 'beginConsole' }],
  tests: [{ file: 'test/console.test.ts', name: 'has ports' }],
};
const SIZE: DeviceFeature = { bit: 0, name: 'SIZE', use: '', open: 'not asked for' };
const EMERG_WRITE: DeviceFeature = { bit: 2, name: 'EMERG_WRITE', use: '', notApplicable: 'no emergency' };

const consoleWith = (...features: DeviceFeature[]): DeviceClass => ({
  type: 3,
  page: 'docs/console.md',
  qemu: ['virtio-serial-pci'],
  features,
});

const findings = (device: DeviceClass): string[] => findingsInDevices([device], (file) => FILES[file]);

describe('the check of the device tables', () => {
  it('finds nothing wrong with good ones', () => expect(findings(consoleWith(SIZE, KEPT, EMERG_WRITE))).toEqual([]));

  it('finds a feature that has no row', () =>
    expect(findings(consoleWith(SIZE, KEPT))).toEqual(['virtio-console: feature 2 EMERG_WRITE has no row']));

  it('finds a row of a feature that there is not', () =>
    expect(findings(consoleWith(SIZE, KEPT, { ...EMERG_WRITE, bit: 9 }))).toEqual([
      'virtio-console: feature 2 EMERG_WRITE has no row',
      'virtio-console: there is no feature 9 EMERG_WRITE',
    ]));

  it('finds rows that are not in the order of their bits', () =>
    expect(findings(consoleWith(KEPT, SIZE, EMERG_WRITE))).toEqual([
      'virtio-console: the rows are not in the order of their bits',
    ]));

  it('finds code, tests and pages that are not there', () => {
    const code = [{ file: 'drivers/console.ts', name: 'endConsole' }];
    const device = consoleWith(SIZE, { ...KEPT, code } as DeviceFeature, EMERG_WRITE);
    expect(findings({ ...device, page: 'docs/gone.md' })).toEqual([
      'docs/gone.md does not exist',
      'virtio-console MULTIPORT: drivers/console.ts exports no endConsole',
    ]);
  });
});

it('the page has a row for each feature', () => {
  const page = devicesPage([consoleWith(SIZE, KEPT, EMERG_WRITE)]);
  expect(page).toContain('| [virtio-console](console.md) | `virtio-serial-pci` | 3 | 1 |');
  expect(page).toContain('| 0 | SIZE |  | *open:* not asked for |  |');
});
