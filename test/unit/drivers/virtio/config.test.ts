import { describe, expect, it } from 'vitest';
import {
  CONFIG_READ_COUNT_MAX,
  configGeneration,
  failUnstable,
  readConfig8,
  readConfig16,
  readConfig32,
  requireConfig,
  writeConfig8,
  writeConfig16,
  writeConfig32,
} from '../../../../drivers/virtio/config.ts';
import { describeFault } from '../../../../drivers/virtio/describe.ts';
import type { Transport } from '../../../../drivers/virtio/transport/record.ts';
import { usualCapabilities } from '../../../sim/virtio/registers-pci.ts';
import { openedDisk, TRANSPORTS } from './transport/harness.ts';

/** Reads as drivers do. Returns how often it took, 0 when it never held still. */
const readingsOf = (transport: Transport): number => {
  for (let attempt = 1; attempt <= CONFIG_READ_COUNT_MAX; attempt++) {
    const generation = configGeneration(transport);
    readConfig32(transport, 0);
    if (configGeneration(transport) === generation) return attempt;
  }
  failUnstable(transport);
  return 0;
};

describe.each(TRANSPORTS)('the configuration over %s', (transport) => {
  it('is read field by field at its own width', () => {
    const { transport: opened, machine } = openedDisk({ transport, features: [32], capacity: [0x04030201, 5] });
    machine.accesses.length = 0;
    expect([readConfig8(opened, 3), readConfig16(opened, 2), readConfig32(opened, 0)]).toEqual([4, 0x403, 0x4030201]);
    expect(machine.accesses.map((access) => access.replace(/ .*/, ''))).toEqual(
      transport === 'pci-legacy' ? ['in8', 'in16', 'in32'] : ['read8', 'read16', 'read32'],
    );
    expect(readConfig32(opened, 4)).toBe(5);
    expect(machine.violations).toEqual([]);
  });

  it('is written field by field at its own width', () => {
    const { transport: opened, machine } = openedDisk({ transport, features: [32] });
    machine.accesses.length = 0;
    writeConfig32(opened, 0, 0xa1a2a3a4);
    writeConfig16(opened, 2, 0xb1b2);
    writeConfig8(opened, 1, 0xc1);
    expect(machine.accesses.map((access) => access.replace(/ .*/, ''))).toEqual(
      transport === 'pci-legacy' ? ['out32', 'out16', 'out8'] : ['write32', 'write16', 'write8'],
    );
    expect(readConfig32(opened, 0)).toBe(0xb1b2c1a4);
  });

  it('is read again until it holds still', () => {
    const { transport: opened } = openedDisk({ transport, features: [32], faults: { generations: 5 } });
    expect(readingsOf(opened)).toBeGreaterThan(1);
  });

  it('that is too short is an error with both lengths', () => {
    const { transport: opened } = openedDisk({ transport, features: [32] });
    expect(requireConfig(opened, 24)).toBe(true);
    expect(requireConfig(opened, 5000)).toBe(false);
    expect(describeFault(opened).kind).toBe('config-too-small');
    expect(describeFault(opened).message).toMatch(/^device configuration has \d+ bytes, expected at least 5000$/);
  });

  it('outside or unaligned is our own mistake', () => {
    const { transport: opened } = openedDisk({ transport, features: [32] });
    expect(() => readConfig32(opened, opened.configLength - 2)).toThrow('assertion failed');
    expect(() => readConfig32(opened, opened.configLength)).toThrow('assertion failed');
    expect(() => readConfig16(opened, 1)).toThrow('assertion failed');
    expect(() => writeConfig8(opened, opened.configLength, 0)).toThrow('assertion failed');
  });
});

describe('W14: reading the configuration has a limit', () => {
  it.each(TRANSPORTS)('%s: one that never holds still is an error, not a hang', (transport) => {
    const faults = { generations: Number.POSITIVE_INFINITY };
    const { transport: opened } = openedDisk({ transport, features: [32], faults });
    expect(readingsOf(opened)).toBe(0);
    expect(describeFault(opened)).toMatchObject({ kind: 'config-unstable' });
    expect(describeFault(opened).message).toContain(`${CONFIG_READ_COUNT_MAX}`);
  });
});

describe('a device without a configuration of its own', () => {
  it('is an error for a driver that needs one, and for no other', () => {
    const capabilities = usualCapabilities().filter((capability) => capability[3] !== 4);
    const { transport } = openedDisk({ capabilities });
    expect(transport.configLength).toBe(0);
    expect(requireConfig(transport, 0)).toBe(true);
    expect(requireConfig(transport, 8)).toBe(false);
    expect(describeFault(transport).kind).toBe('config-missing');
  });
});
