import { describe, expect, it } from 'vitest';
import { reasonAgainst, replayArguments, withDriveFiles } from '../../../../scripts/qemu/replay-arguments.ts';

const DRIVE = 'file=a,,b.img,if=none,format=raw,id=image0';

describe('the arguments of a run that is recorded', () => {
  it('count instructions, under the emulator', () => {
    expect(replayArguments(['-accel', 'kvm', '-m', '64M'], { mode: 'record', file: 'x/record.bin' })).toEqual(
      '-accel tcg -m 64M -global apic-common.vapic=off -icount shift=auto,rr=record,rrfile=x/record.bin'.split(' '),
    );
  });

  it('have each drive behind a blkreplay of its name, and each network behind a filter', () => {
    const recorded = replayArguments(['-drive', DRIVE, '-netdev', 'user,id=n0'], { mode: 'replay', file: 'r' });
    expect(recorded.slice(0, 8)).toEqual([
      '-drive',
      'file=a,,b.img,if=none,format=raw,id=image0-outside',
      '-drive',
      'driver=blkreplay,if=none,image=image0-outside,id=image0',
      '-netdev',
      'user,id=n0',
      '-object',
      'filter-replay,id=n0-replay,netdev=n0',
    ]);
  });

  it('take copies of the drives that nothing is written to', () => {
    const seen: string[] = [];
    const renamed = withDriveFiles(['-drive', DRIVE, '-drive', 'file=c.img,readonly=on,id=d'], (file) => {
      seen.push(file);
      return `copy${seen.length}`;
    });
    expect(seen).toEqual(['a,b.img', 'c.img']);
    expect(renamed[1]).toBe('file=copy1,if=none,format=raw,id=image0,snapshot=on');
    expect(renamed[3]).toBe('file=copy2,readonly=on,id=d');
  });

  it.each([
    ['-enable-kvm', /only the emulator/],
    ['-icount shift=0', /-icount is given already/],
    ['-blockdev driver=raw', /-blockdev/],
    ['-smp 2', /several processors/],
    ['-device virtio-9p-pci,mount_tag=t', /what virtio-9p-pci gets from the host/],
  ])('are refused for %s', (words, reason) => {
    const plain = words.split(' ');
    expect(reasonAgainst(plain)).toMatch(reason);
    expect(() => replayArguments(plain, { mode: 'record', file: 'r' })).toThrow(reason);
  });

  it('are possible otherwise', () => {
    expect(reasonAgainst('-smp 1 -device virtio-rng-pci -device virtio-gpu-pci'.split(' '))).toBeUndefined();
  });
});
