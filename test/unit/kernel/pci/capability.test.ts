import { describe, expect, it } from 'vitest';
import { CAPABILITY_COUNT_MAX, readCapabilities } from '../../../../kernel/pci/capability.ts';
import { SimFunction } from '../../../sim/pci.ts';
import { expectError, expectValue, machineWith } from '../../../sim/setup.ts';

const withList = (change: (config: DataView) => void): ReturnType<typeof readCapabilities> => {
  const sim = new SimFunction();
  sim.config.setUint16(0x06, 0x0010, true);
  change(sim.config);
  return readCapabilities(machineWith(sim).pciFunction);
};

describe('the capability list', () => {
  it('is read in device order', () => {
    const sim = new SimFunction({
      capabilities: [
        [0x11, 0, 0, 0],
        [0x09, 0, 16, 1],
        [0x05, 0],
      ],
    });
    const list = expectValue(readCapabilities(machineWith(sim).pciFunction));
    expect(list).toEqual([
      { id: 0x11, offset: 0x40 },
      { id: 0x09, offset: 0x44 },
      { id: 0x05, offset: 0x48 },
    ]);
  });

  it('an absent list is an empty one, whatever the pointer says', () => {
    const sim = new SimFunction();
    sim.config.setUint8(0x34, 0x40);
    expect(expectValue(readCapabilities(machineWith(sim).pciFunction))).toEqual([]);
  });

  it('a pointer of zero ends it before it began', () => expect(expectValue(withList(() => {}))).toEqual([]));

  it('the reserved low bits of a pointer are ignored', () => {
    const list = withList((config) => {
      config.setUint8(0x34, 0x43);
      config.setUint8(0x40, 0x09);
      config.setUint8(0x41, 0x03); // Ends: 0 with its reserved bits set.
    });
    expect(expectValue(list)).toEqual([{ id: 0x09, offset: 0x40 }]);
  });

  it('a loop is an error, not a hang', () => {
    const list = withList((config) => {
      config.setUint8(0x34, 0x40);
      config.setUint8(0x41, 0x50);
      config.setUint8(0x51, 0x40);
    });
    expect(expectError(list).kind).toBe('capability-list-loops');
  });

  it('a pointer to itself is an error', () => {
    const list = withList((config) => {
      config.setUint8(0x34, 0x40);
      config.setUint8(0x41, 0x40);
    });
    expect(expectError(list).kind).toBe('capability-list-loops');
  });

  it('a pointer into the header is an error that names it', () => {
    const list = withList((config) => config.setUint8(0x34, 0x10));
    expect(expectError(list)).toMatchObject({ kind: 'capability-in-header', offset: 0x10 });
    expect(expectError(list).message).toContain('0x10');
  });

  it('as many elements as fit are not yet a loop', () => {
    const list = withList((config) => {
      config.setUint8(0x34, 0x40);
      for (let offset = 0x40; offset < 0xfc; offset += 4) config.setUint8(offset + 1, offset + 4);
      config.setUint8(0xfd, 0);
    });
    expect(expectValue(list)).toHaveLength(CAPABILITY_COUNT_MAX);
  });
});
