// What `make check` asks of docs/devices.md: that what it names exists, and that every feature bit of a type has a row.

import { featureName, typeName } from '../../../drivers/virtio/names.ts';
import { findingsInClaims, type ReadFile } from '../check.ts';
import { FEATURE_BIT_MAX, FEATURE_BIT_MIN } from '../features.ts';
import type { DeviceClass } from './device.ts';

const BIT_COUNT = 128;

/** Returns a line for each thing wrong with the tables; `read` reads the files that they name. */
export const findingsInDevices = (devices: readonly DeviceClass[], read: ReadFile): string[] =>
  devices.flatMap((device) => [
    ...(device.page !== undefined && read(device.page) === undefined ? [`${device.page} does not exist`] : []),
    ...unlisted(device),
    ...findingsInClaims(
      device.features.map((row) => [`${typeName(device.type)} ${row.name}`, row]),
      read,
    ),
  ]);

/** The bits that drivers/virtio/names.ts has a name for are those of the rows. */
const unlisted = ({ type, features }: DeviceClass): string[] => {
  const expected: string[] = [];
  for (let bit = 0; bit < BIT_COUNT; bit++) {
    if (bit >= FEATURE_BIT_MIN && bit <= FEATURE_BIT_MAX) continue;
    const name = featureName(bit, type);
    if (name !== `bit ${bit}`) expected.push(`${bit} ${name}`);
  }
  const found = features.map(({ bit, name }) => `${bit} ${name}`);
  const missing = expected.filter((each) => !found.includes(each)).map((each) => `feature ${each} has no row`);
  const unknown = found.filter((each) => !expected.includes(each)).map((each) => `there is no feature ${each}`);
  const disorder = found.join() === expected.join() ? [] : ['the rows are not in the order of their bits'];
  const wrong = missing.length + unknown.length > 0 ? [...missing, ...unknown] : disorder;
  return wrong.map((each) => `${typeName(type)}: ${each}`);
};
