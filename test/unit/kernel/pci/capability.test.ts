import { describe, expect, it } from 'vitest';
import { findCapability, readCapabilities } from '../../../../kernel/pci/capability.ts';
import { describePciFault } from '../../../../kernel/pci/describe.ts';
import { FAULT_CAPABILITY_IN_HEADER, FAULT_CAPABILITY_LOOP } from '../../../../kernel/pci/fault.ts';
import { CAPABILITY_COUNT_MAX, type PciFunction } from '../../../../kernel/pci/function.ts';
import { SimFunction } from '../../../sim/pci.ts';
import { machineWith } from '../../../sim/setup.ts';

/** Returns the function behind a device whose list is what `change` makes it. */
const withList = (change: (config: DataView) => void): PciFunction => {
  const sim = new SimFunction();
  sim.config.setUint16(0x06, 0x0010, true);
  change(sim.config);
  return machineWith(sim).pciFunction;
};

/** Returns the list as id and offset. */
const listOf = (pciFunction: PciFunction): (readonly [number, number])[] => {
  expect(readCapabilities(pciFunction)).toBe(true);
  return Array.from({ length: pciFunction.capabilityCount }, (_, index) => {
    const { id, offset } = pciFunction.capabilities[index]!;
    return [id, offset] as const;
  });
};

const expectFault = (pciFunction: PciFunction, code: number): void => {
  expect(readCapabilities(pciFunction)).toBe(false);
  expect(pciFunction.fault.code).toBe(code);
  expect(pciFunction.capabilityCount).toBe(0);
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
    const { pciFunction } = machineWith(sim);
    expect(listOf(pciFunction)).toEqual([
      [0x11, 0x40],
      [0x09, 0x44],
      [0x05, 0x48],
    ]);
    expect([findCapability(pciFunction, 0x09), findCapability(pciFunction, 0x10)]).toEqual([0x44, 0]);
  });

  it('is read once: what the device says later changes nothing', () => {
    const sim = new SimFunction({ capabilities: [[0x09, 0]] });
    const { pciFunction } = machineWith(sim);
    listOf(pciFunction);
    sim.config.setUint8(0x34, 0x10);
    expect(listOf(pciFunction)).toEqual([[0x09, 0x40]]);
  });

  it('an absent list is an empty one, whatever the pointer says', () => {
    const sim = new SimFunction();
    sim.config.setUint8(0x34, 0x40);
    expect(listOf(machineWith(sim).pciFunction)).toEqual([]);
  });

  it('the reserved low bits of a pointer are ignored', () => {
    const list = withList((config) => {
      config.setUint8(0x34, 0x43);
      config.setUint8(0x40, 0x09);
      config.setUint8(0x41, 0x03); // Ends: 0 with its reserved bits set.
    });
    expect(listOf(list)).toEqual([[0x09, 0x40]]);
  });

  it('as many elements as fit are not yet a loop, and the last may be at 0xfc', () => {
    const list = withList((config) => {
      config.setUint8(0x34, 0x40);
      for (let offset = 0x40; offset < 0xfc; offset += 4) config.setUint8(offset + 1, offset + 4);
      config.setUint8(0xfd, 0);
    });
    expect(listOf(list)).toHaveLength(CAPABILITY_COUNT_MAX);
    expect(listOf(list).at(-1)).toEqual([0, 0xfc]);
  });
});

describe('W11: a list that is none', () => {
  it('ends when it loops: 0x40, 0x50, 0x40', () => {
    const list = withList((config) => {
      config.setUint8(0x34, 0x40);
      config.setUint8(0x41, 0x50);
      config.setUint8(0x51, 0x40);
    });
    expectFault(list, FAULT_CAPABILITY_LOOP);
  });

  it('ends when an element points to itself', () => {
    const list = withList((config) => {
      config.setUint8(0x34, 0x40);
      config.setUint8(0x41, 0x40);
    });
    expectFault(list, FAULT_CAPABILITY_LOOP);
  });

  it('a first pointer of zero is an empty list, not one that starts at the vendor id', () =>
    expect(listOf(withList(() => {}))).toEqual([]));

  it.each([0x10, 0x3c])('a first pointer into the header, 0x%i, is an error that names it', (pointer) => {
    const list = withList((config) => config.setUint8(0x34, pointer));
    expectFault(list, FAULT_CAPABILITY_IN_HEADER);
    expect(describePciFault(list.fault)).toContain(`0x${pointer.toString(16)}`);
  });

  it('a device that reads as all ones ends in an error', () => {
    const list = withList((config) => {
      for (let offset = 0; offset < 4096; offset += 4) config.setUint32(offset, 0xffffffff, true);
    });
    expectFault(list, FAULT_CAPABILITY_LOOP);
  });
});
