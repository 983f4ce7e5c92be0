import { describe, expect, it } from 'vitest';
import { buildCommandLine, type MachineOptions, splitArguments } from '../../../../scripts/qemu/command-line.ts';

const Q35: MachineOptions = { machine: 'q35', accelerator: 'tcg', memory: '256M', image: 'build/probe.elf' };

/** The values that follow `option`. */
const valuesOf = (line: readonly string[], option: string): string[] =>
  line.flatMap((word, index) => (line[index - 1] === option ? [word] : []));

describe('command line of QEMU', () => {
  it('is complete for a q35 with one disk', () => {
    const line = buildCommandLine({ ...Q35, disks: [{ file: 'build/disk.img' }] });
    expect(line.join(' ')).toBe(
      '-machine q35 -accel tcg -m 256M -nodefaults -no-user-config -display none -no-reboot ' +
        '-chardev socket,id=qmp,fd=3 -mon chardev=qmp,mode=control -chardev socket,id=serial,fd=4 -serial chardev:serial ' +
        '-device isa-debug-exit,iobase=0xf4,iosize=0x4 -kernel build/probe.elf ' +
        '-drive file=build/disk.img,if=none,format=raw,id=image0 ' +
        '-device virtio-blk-pci,id=disk0,drive=image0,addr=2.0,serial=HEDYN0001,disable-legacy=on',
    );
  });

  it('gives a microvm its PCI bus', () => {
    expect(valuesOf(buildCommandLine({ ...Q35, machine: 'microvm' }), '-machine')).toEqual(['microvm,pcie=on']);
  });

  it('gives each disk a fixed address and a serial number of its own', () => {
    const disks = Array.from({ length: 10 }, () => ({ file: 'a.img' }));
    const devices = valuesOf(buildCommandLine({ ...Q35, disks }), '-device').slice(1);
    expect(devices[1]).toContain('drive=image1,addr=3.0,serial=HEDYN0002');
    expect(devices[9]).toContain('drive=image9,addr=b.0,serial=HEDYN0010');
  });

  it('makes the bridges before the disks behind them', () => {
    const line = buildCommandLine({
      ...Q35,
      devices: ['pcie-root-port,id=rp1'],
      disks: [{ file: 'a.img', bus: 'rp1' }],
    });
    const devices = valuesOf(line, '-device').slice(1);
    expect(devices[0]).toBe('pcie-root-port,id=rp1');
    expect(devices[1]).toContain(',bus=rp1,');
  });

  it('says read-only where it is', () => {
    expect(valuesOf(buildCommandLine({ ...Q35, disks: [{ file: 'a', readOnly: true }] }), '-drive')[0]).toMatch(
      /,readonly=on$/,
    );
  });

  it('writes a comma in a file name twice', () => {
    expect(valuesOf(buildCommandLine({ ...Q35, disks: [{ file: 'a,b' }] }), '-drive')[0]).toMatch(/^file=a,,b,/);
  });

  it('leaves the accelerator to the user who names one', () => {
    expect(valuesOf(buildCommandLine({ ...Q35, extra: ['-accel', 'kvm'] }), '-accel')).toEqual(['kvm']);
  });

  it('hands on the guest command line as one argument', () => {
    expect(valuesOf(buildCommandLine({ ...Q35, commandLine: 'a b=c' }), '-append')).toEqual(['a b=c']);
  });

  it('leaves the exit device out when the machine is to stay', () => {
    expect(buildCommandLine({ ...Q35, exitDevice: false }).join(' ')).not.toContain('isa-debug-exit');
  });

  it('halts for gdb on the loopback interface only', () => {
    const line = buildCommandLine({ ...Q35, gdbPort: 1234 });
    expect(line).toContain('-S');
    expect(valuesOf(line, '-gdb')).toEqual(['tcp:127.0.0.1:1234']);
  });
});

describe('QEMU_ARGS', () => {
  it('is split at blanks', () => expect(splitArguments('  -d int   -smp 2\n')).toEqual(['-d', 'int', '-smp', '2']));
  it('is nothing when empty', () => expect(splitArguments('')).toEqual([]));
  it('keeps what quotes and backslashes protect', () => {
    expect(splitArguments(`-append "a b" 'c "d"' e\\ f g"h i"j ''`)).toEqual([
      '-append',
      'a b',
      'c "d"',
      'e f',
      'gh ij',
      '',
    ]);
    expect(splitArguments('"a \\"quoted\\" word"')).toEqual(['a "quoted" word']);
  });
});
