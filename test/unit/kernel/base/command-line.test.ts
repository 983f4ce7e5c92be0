import { describe, expect, it } from 'vitest';
import { findOption, parseOptions } from '../../../../kernel/base/command-line.ts';
import { type MmioDevice, mmioDevices } from '../../../../kernel/base/command-line-mmio.ts';
import { readOptions } from '../../../../kernel/hal/options.ts';
import { installMachine, SimMachine } from '../../../sim/machine.ts';
import { expectError, expectValue } from '../../../sim/setup.ts';

describe('the command line', () => {
  it('is a list of words, each a name or a name and a value', () => {
    expect(parseOptions('verbose disk=2 empty= a=b=c')).toEqual([
      { name: 'verbose', value: undefined },
      { name: 'disk', value: '2' },
      { name: 'empty', value: '' },
      { name: 'a', value: 'b=c' },
    ]);
  });

  it('may be empty or blank', () => {
    expect(parseOptions('')).toEqual([]);
    expect(parseOptions(' \t\n ')).toEqual([]);
  });

  it('has quotes that protect blanks, around the value or the word', () => {
    const option = { name: 'text', value: 'two  words' };
    expect(parseOptions('text="two  words" x')).toEqual([option, { name: 'x', value: undefined }]);
    expect(parseOptions('"text=two  words"')).toEqual([option]);
    expect(parseOptions('text="two  words')).toEqual([option]);
  });

  it('takes - for _ in a name, and not in a value', () => {
    expect(parseOptions('virtio-mmio.device=a-b')).toEqual([{ name: 'virtio_mmio.device', value: 'a-b' }]);
  });

  it('gives the last of the options with a name', () => {
    const options = parseOptions('a=1 b a=2');
    expect(findOption(options, 'a')).toBe('2');
    expect(findOption(options, 'b')).toBe('');
    expect(findOption(options, 'c')).toBeUndefined();
  });

  it('is what the loader passed', () => {
    installMachine(new SimMachine()).commandLine = 'one two=2';
    expect(readOptions()).toEqual(parseOptions('one two=2'));
    installMachine(new SimMachine());
    expect(readOptions()).toEqual([]);
  });
});

const devicesOf = (value: string): MmioDevice[] =>
  expectValue(mmioDevices(parseOptions(`virtio_mmio.device=${value}`)));

describe('virtio_mmio.device', () => {
  it.each([
    ['512@0xfeb00e00:12', { length: 512, address: 0xfeb00e00, interrupt: 12 }],
    ['4K@0xd0000000:5', { length: 4096, address: 0xd0000000, interrupt: 5 }],
    ['1m@4096:0x10:3', { length: 0x100000, address: 4096, interrupt: 16 }],
    ['0x200@0XFEB00000:5', { length: 512, address: 0xfeb00000, interrupt: 5 }],
    ['1G@0x1ffc0000000:7', { length: 2 ** 30, address: 0x1ffc0000000, interrupt: 7 }],
  ])('reads %s', (value, device) => {
    expect(devicesOf(value)).toEqual([device]);
  });

  it('may be there several times, or not', () => {
    const text = 'virtio_mmio.device=512@0x1000:1 quiet virtio-mmio.device=512@0x2000:2';
    expect(expectValue(mmioDevices(parseOptions(text))).map(({ address }) => address)).toEqual([0x1000, 0x2000]);
    expect(expectValue(mmioDevices(parseOptions('quiet')))).toEqual([]);
  });

  it.each([
    '',
    '512',
    '512@',
    '512@0x1000',
    '512@0x1000:',
    '512@0x1000:5:',
    '512@0x1000:5:1:2',
    '@0x1000:5',
    'K@0x1000:5',
    '0@0x1000:5',
    '512T@0x1000:5',
    '0x@0x1000:5',
    '12f@0x1000:5',
    '-1@0x1000:5',
    '512@0x20000000000000:5',
    '9007199254740991K@0x1000:5',
    '512@0x1fffffffffffff:5',
  ])('refuses %s, and quotes it', (value) => {
    const error = expectError(mmioDevices(parseOptions(`virtio_mmio.device=${value}`)));
    expect(error).toContain(`virtio_mmio.device=${value} is not <size>[K|M|G]@<address>:<interrupt>[:<id>]`);
  });
});
