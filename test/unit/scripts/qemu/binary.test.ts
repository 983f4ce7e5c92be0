import { describe, expect, it } from 'vitest';
import { hasVirtualization } from '../../../../scripts/qemu/accelerator.ts';
import {
  inspectQemu,
  parseMachines,
  parseProperties,
  parseVersion,
  requireMachine,
  versionWarning,
} from '../../../../scripts/qemu/binary.ts';

const MACHINES = `Supported machines are:
microvm              microvm (i386)
q35                  Standard PC (Q35 + ICH9, 2009) (alias of pc-q35-7.2)
pc-q35-7.2           Standard PC (Q35 + ICH9, 2009)
`;

describe('QEMU binary', () => {
  it('has a version, as Debian, Fedora and the project print it', () => {
    expect(parseVersion('QEMU emulator version 7.2.22 (Debian 1:7.2+dfsg-7+deb12u18)\n')).toBe('7.2.22');
    expect(parseVersion('QEMU emulator version 10.0.2 (qemu-10.0.2-1.fc42)')).toBe('10.0.2');
    expect(parseVersion('QEMU emulator version 9.1')).toBe('9.1');
    expect(parseVersion('bash: command not found')).toBeUndefined();
  });

  it('has the machines that it lists, and not the heading', () => {
    expect([...parseMachines(MACHINES)]).toEqual(['microvm', 'q35', 'pc-q35-7.2']);
  });

  it('has the properties of a device that it lists', () => {
    const text =
      'virtio-blk-pci options:\n  acpi-index=<uint32>    -  (default: 0)\n  in_order=<bool>        - on/off\n';
    expect([...parseProperties(text)]).toEqual(['acpi-index', 'in_order']);
  });

  it('without the machine is refused in one line that says what to do', () => {
    const binary = { program: '/usr/bin/qemu', version: '7.2.0', machines: new Set(['q35']) };
    expect(() => requireMachine(binary, 'q35')).not.toThrow();
    expect(() => requireMachine(binary, 'microvm')).toThrow(/has no machine 'microvm': set QEMU= .*MACHINE=$/);
  });

  it('is warned of when it is older than the tested ones', () => {
    expect(versionWarning('6.2.0')).toContain('older than 7.2');
    expect(versionWarning('7.1')).toContain('older than 7.2');
    expect(versionWarning('7.2.0')).toBeUndefined();
    expect(versionWarning('10.0.2')).toBeUndefined();
  });

  it('is refused when it is another program', async () => {
    await expect(inspectQemu('/bin/true')).rejects.toThrow('/bin/true is not a QEMU that runs here');
  });
});

describe('accelerator', () => {
  it('needs a CPU that shows vmx or svm', () => {
    expect(hasVirtualization('processor\t: 0\nflags\t\t: fpu vme svm sse2\n')).toBe(true);
    expect(hasVirtualization('processor\t: 0\nflags\t\t: fpu vmx\n')).toBe(true);
    expect(hasVirtualization('flags\t\t: fpu vme sse2\nvmx flags\t: none\n')).toBe(false);
    expect(hasVirtualization('')).toBe(false);
  });
});
