// What the boot stage finds out about the machine, against what QEMU was told to make.

import { describe, expect, it } from 'vitest';
import { CLOCK_ASSUMED, CLOCK_PIT, CLOCK_PM_TIMER } from '../../kernel/hal/clock.ts';
import { type BootOptions, bootToEnd, FACTS, PROVOKE } from './harness.ts';

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

describe('ACPI', () => {
  const twoDevices = ['-device', 'virtio-rng-device', '-device', 'virtio-serial-device'];

  it('lists the virtio-mmio devices of a microvm', async () => {
    const text = await factsOf({ machine: 'microvm', extra: twoDevices });
    const slots = [...text.matchAll(/^listed virtio-mmio 0xfeb0(\w+) length 512 interrupt (\d+)$/gm)];
    expect(slots).toHaveLength(2);
    // Slot n is at n × 512, and its interrupt line n above the first one's.
    const [first, second] = slots.map(([, offset, interrupt]) => [Number(`0x${offset}`) / 512, Number(interrupt)]);
    expect(first![0]! - second![0]!).toBe(first![1]! - second![1]!);
  });

  it.each(['q35', 'microvm'] as const)('lists none on %s without any', async (machine) =>
    expect(await factsOf({ machine })).not.toContain('listed virtio-mmio'),
  );

  it.each([
    [
      'a q35',
      'q35',
      [],
      ['io 0xc000 to 0x10000', 'memory32 0x4000000 to 0xb0000000', 'memory64 0x100000000 to 0x900000000'],
    ],
    ['a pc', 'q35', ['-machine', 'pc'], ['memory32 0x4000000 to 0xfec00000', 'memory64 0x100000000 to 0x180000000']],
    [
      'a microvm',
      'microvm',
      [],
      ['io 0x0 to 0x0', 'memory32 0xc0000000 to 0xe0000000', 'memory64 0xc000000000 to 0x10000000000'],
    ],
  ] as const)('states the windows of %s', async (_, machine, extra, windows) => {
    const text = await factsOf({ machine, extra });
    expect(text).toMatch(/^windows by ACPI$/m);
    for (const window of windows) expect(text).toContain(`window ${window}\n`);
  });

  it('is replaced by the rule of chipsets where it is off', async () => {
    const text = await factsOf({ extra: ['-machine', 'acpi=off'] });
    expect(text).toMatch(/^windows by rule$/m);
    expect(text).toMatch(/^window memory32 0xc0000000 to 0xfec00000$/m);
    expect(text).toMatch(/^window memory64 0x100000000 to 0x\w+$/m);
  });
});

describe('the MMIO window', () => {
  it.each(['q35', 'microvm'] as const)('reaches registers above 4 GiB on %s', async (machine) => {
    const text = await factsOf({ machine, commandLine: 'mappings' });
    for (const name of ['end of the high window', 'page above 4 GiB']) {
      expect(text).toContain(`mapping ${name} reads the same at both ends\n`);
    }
  });

  it('refuses RAM above 4 GiB, and what the processor cannot address', async () => {
    const text = await factsOf({ commandLine: 'mappings', memory: '6G' });
    for (const name of ['RAM', 'end of the addresses']) expect(text).toContain(`mapping ${name} is refused\n`);
  });

  it('refuses what it has no room left for, and keeps what is there', async () => {
    const text = await factsOf({ commandLine: 'mappings' });
    expect(text.match(/^mapping 256 MiB number \d+ reads/gm)).toHaveLength(14); // And 256 MiB before them, in 4 GiB.
    expect(text).toContain('mapping 256 MiB number 19 is refused\n');
    expect(text).toContain('mapping what is mapped is no other place\n');
  });
});

describe('a board without a serial port', () => {
  const withoutSerial = ['-machine', 'isa-serial=off'];
  const withDebugConsole = [...withoutSerial, '-device', 'isa-debugcon,iobase=0xe9,chardev=serial'];

  it('says everything on the debug console', async () =>
    expect(await factsOf({ machine: 'microvm', extra: withDebugConsole })).toMatch(
      /^memory \d+ KiB\noptions 0\n(.*\n)+windows by ACPI\n$/,
    ));

  it('says nothing where that is not there either, and ends with its status', async () =>
    expect(await factsOf({ machine: 'microvm', extra: withoutSerial })).toBe(''));

  it('keeps the status of a panic, and its words', async () => {
    const said = await bootToEnd(PROVOKE, { machine: 'microvm', commandLine: 'throw', extra: withDebugConsole });
    expect(said.exit.status).toBe(32);
    expect(said.text).toContain('\nPANIC uncaught exception (status 32)\n  Error: disk on fire\n');
    const silent = await bootToEnd(PROVOKE, { machine: 'microvm', commandLine: 'throw', extra: withoutSerial });
    expect(silent.exit.status).toBe(32);
  });

  it('may lack timers and interrupt controllers too', async () => {
    const extra = ['-machine', 'isa-serial=off,pit=off,pic=off,rtc=off', ...withDebugConsole.slice(2)];
    expect(await factsOf({ machine: 'microvm', extra })).toMatch(/^options 0$/m);
  });
});

describe('the clock', () => {
  /** Guest time is the number of instructions then, and the counter's frequency 1 GHz to the last digit. */
  const exact = ['-icount', 'shift=0,sleep=off'];

  it.each([
    ['at once', 'clock=first'],
    ['when its timer has gone round', 'clock=late'],
  ])('is right to 0.3 % when it is first looked at %s', async (_, commandLine) => {
    for (const machine of ['q35', 'microvm'] as const) {
      const text = await factsOf({ machine, commandLine, accelerator: 'tcg', extra: exact });
      const [, hertz, reference] = /^clock (\d+) hertz by (\d+)$/m.exec(text) ?? [];
      expect(Math.abs(Number(hertz) / 1e9 - 1)).toBeLessThan(0.003);
      expect(Number(reference)).toBe(CLOCK_PIT);
    }
  });

  it('is measured against the PM timer where there is no PIT', async () => {
    const text = await factsOf({ extra: ['-machine', 'pit=off'], commandLine: 'clock=first', accelerator: 'tcg' });
    expect(text).toMatch(new RegExp(`^clock \\d+ hertz by ${CLOCK_PM_TIMER}$`, 'm'));
  });

  it('assumes a frequency where there is nothing to measure against', async () => {
    const extra = ['-machine', 'pit=off', '-cpu', 'qemu64'];
    const text = await factsOf({ machine: 'microvm', extra, commandLine: 'clock=first', accelerator: 'tcg' });
    expect(text).toMatch(new RegExp(`^clock 1000000000 hertz by ${CLOCK_ASSUMED}$`, 'm'));
  });
});
