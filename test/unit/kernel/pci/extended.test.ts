import { describe, expect, it } from 'vitest';
import {
  EXTENDED_COUNT_MAX,
  ExtendedCapabilities,
  findExtendedCapability,
  readExtendedCapabilities,
} from '../../../../kernel/pci/extended.ts';
import { FAULT_EXTENDED_LOOP, FAULT_EXTENDED_POINTER } from '../../../../kernel/pci/fault.ts';
import type { PciFunction } from '../../../../kernel/pci/function.ts';
import { SimFunction } from '../../../sim/pci.ts';
import { machineWith } from '../../../sim/setup.ts';

const EXPRESS = [0x10, 0, 2, 0];

const header = (id: number, version: number, next: number): number => next * 2 ** 20 + version * 2 ** 16 + id;

/** Returns a function of PCI Express with these words in its extended space. */
const withWords = (words: Record<number, number>, capabilities = [EXPRESS]): PciFunction => {
  const sim = new SimFunction({ capabilities });
  for (const [offset, word] of Object.entries(words)) sim.config.setUint32(Number(offset), word, true);
  return machineWith(sim).pciFunction;
};

const listOf = (pciFunction: PciFunction): number[][] => {
  const list = new ExtendedCapabilities();
  expect(readExtendedCapabilities(pciFunction, list)).toBe(true);
  return Array.from({ length: list.count }, (_, index) => {
    const { id, version, offset } = list.items[index]!;
    return [id, version, offset];
  });
};

const expectFault = (pciFunction: PciFunction, code: number): void => {
  const list = new ExtendedCapabilities();
  expect(readExtendedCapabilities(pciFunction, list)).toBe(false);
  expect([pciFunction.fault.code, list.count]).toEqual([code, 0]);
};

describe('the extended capability list', () => {
  it('is read in device order, with versions', () => {
    const pciFunction = withWords({ 256: header(1, 2, 0xffc), 4092: header(0x19, 1, 0x148), 328: header(0xf, 1, 0) });
    expect(listOf(pciFunction)).toEqual([
      [1, 2, 0x100],
      [0x19, 1, 0xffc],
      [0xf, 1, 0x148],
    ]);
    expect([0x19, 0xf, 0x3].map((id) => findExtendedCapability(pciFunction, id))).toEqual([0xffc, 0x148, 0]);
  });

  it('may be empty, or empty in its first place only', () => {
    expect(listOf(withWords({}))).toEqual([]);
    expect(listOf(withWords({ 256: header(0, 0, 0x140), 320: header(3, 1, 0) }))).toEqual([[3, 1, 0x140]]);
  });

  it('is not looked for in a function of conventional PCI, whose space may show its header again', () =>
    expect(listOf(withWords({ 256: header(1, 1, 0) }, [[0x09, 0]]))).toEqual([]));

  it('is empty where the space cannot be reached', () => expect(listOf(withWords({ 256: 0xffffffff }))).toEqual([]));

  it('ends when it loops', () =>
    expectFault(withWords({ 256: header(1, 1, 0x140), 320: header(2, 1, 0x100) }), FAULT_EXTENDED_LOOP));

  it('ends when it points into the first 256 bytes', () =>
    expectFault(withWords({ 256: header(1, 1, 0x0fc) }), FAULT_EXTENDED_POINTER));

  it('ignores the reserved bits of a pointer', () =>
    expect(listOf(withWords({ 256: header(1, 1, 0x143), 320: header(2, 1, 0x003) }))).toHaveLength(2));

  it('may have as many elements as there is room for in the record', () => {
    const words: Record<number, number> = {};
    for (let i = 0; i < EXTENDED_COUNT_MAX; i++) {
      words[0x100 + i * 4] = header(i + 1, 1, i + 1 === EXTENDED_COUNT_MAX ? 0 : 0x104 + i * 4);
    }
    expect(listOf(withWords(words))).toHaveLength(EXTENDED_COUNT_MAX);
  });
});
