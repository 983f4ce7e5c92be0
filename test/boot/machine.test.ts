// What the boot stage finds out about the machine, against what QEMU was told to make.

import { describe, expect, it } from 'vitest';
import { type BootOptions, bootToEnd, FACTS } from './harness.ts';

const factsOf = async (options: BootOptions): Promise<string> => {
  const { exit, text } = await bootToEnd(FACTS, options);
  expect(exit).toEqual({ status: 0, reason: 'success' });
  return text;
};

/** The length of the longest command line that is read whole. */
const COMMAND_LINE_MAX = 4096;

describe('the command line', () => {
  it('may be absent', async () => expect(await factsOf({})).toMatch(/^options 0$/m));

  it('is read word by word', async () => {
    const text = await factsOf({ commandLine: 'virtio_mmio.device=4K@0xd0000000:5 text="two words"' });
    expect(text).toMatch(/^options 2$/m);
    expect(text).toMatch(/^named virtio-mmio 0xd0000000 length 4096 interrupt 5$/m);
    expect(text).toMatch(/^option text is 'two words'$/m);
  });

  it('is read to its last byte when it is as long as can be', async () => {
    const word = `first=${'a'.repeat(COMMAND_LINE_MAX - 12)}`;
    const text = await factsOf({ commandLine: `${word} last=` });
    expect(text).toMatch(/^option last is ''$/m);
    expect(text).not.toContain('is not read');
  });

  it('loses the word that would be cut in two, and says so', async () => {
    const word = `first=${'a'.repeat(COMMAND_LINE_MAX - 12)}`;
    const text = await factsOf({ commandLine: `${word} last=1 more` });
    expect(text).toMatch(/^boot: the command line is longer than 4096 bytes; the rest of it is not read$/m);
    expect(text).toMatch(/^options 1$/m);
  });

  it('names the devices of a microvm without ACPI', async () => {
    const text = await factsOf({
      machine: 'microvm',
      extra: ['-machine', 'acpi=off', '-device', 'virtio-rng-device', '-device', 'virtio-rng-device'],
    });
    expect(text.match(/^named virtio-mmio 0xfeb00\w+ length 512 interrupt \d+$/gm)).toHaveLength(2);
  });
});
