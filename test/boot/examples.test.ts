// The example of each page of docs/devices, booted with the option that stands there. Those of devices that no QEMU has by itself run on Node, too: test/unit/drivers/open/examples.test.ts

import { beforeAll, describe, expect, it } from 'vitest';
import { type Example, hasHostFile, isLine, readExamples, writeExamples } from './examples.ts';
import { bootToEnd, deviceProperties, imageOf, temporaryDisk, temporaryFolder } from './harness.ts';

const TIMEOUT_MS = 300_000;

const examples = readExamples();

/** Returns whether the QEMU at hand has the devices of a page. All examples are built, whatever it has. */
const hasDevices = async (qemuArguments: readonly string[]): Promise<boolean> => {
  for (const [i, word] of qemuArguments.entries()) {
    if (word !== '-device') continue;
    const [device = ''] = (qemuArguments[i + 1] ?? '').split(',');
    if ((await deviceProperties(device)).size === 0) return false;
  }
  return true;
};

const bootable: Example[] = [];
for (const example of examples) {
  if (hasHostFile(example) && (await hasDevices(example.qemuArguments))) bootable.push(example);
}

/** Returns QEMU's arguments with the files of the page in places of this test's: `disk.img` is a disk, what is in /tmp is in a folder of its own. */
const withFiles = async (qemuArguments: readonly string[]): Promise<string[]> => {
  const folder = temporaryFolder();
  const disk = await temporaryDisk();
  return qemuArguments.map((word) => word.replaceAll('/tmp', folder).replaceAll(/\bdisk\.img\b/g, disk));
};

describe('the example of', () => {
  let entry = '';

  beforeAll(async () => {
    entry = writeExamples(examples);
    await imageOf(entry, true);
  }, TIMEOUT_MS);

  it.each(bootable)('$page prints what stands there', async ({ name, qemuArguments, lines }) => {
    const { exit, text } = await bootToEnd(entry, {
      release: true,
      commandLine: `example=${name}`,
      extra: await withFiles(qemuArguments),
    });
    const said = text.replaceAll('\r', '').split('\n');
    expect(exit).toEqual({ status: 0, reason: 'success' });
    for (const line of lines) expect(said.filter((each) => isLine(each, line))).toHaveLength(1);
  });
});
