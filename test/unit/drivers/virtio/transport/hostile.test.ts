import { describe, expect, it } from 'vitest';
import { bringUp, Disk } from '../../../../../drivers/blk/bring-up.ts';
import { describeFault } from '../../../../../drivers/virtio/describe.ts';
import {
  beginInterrupts,
  endInterrupts,
  findPciInterrupts,
  INTERRUPT_LINE,
  INTERRUPT_MSIX,
  Interrupts,
  interruptCause,
} from '../../../../../drivers/virtio/interrupts.ts';
import { resetDevice } from '../../../../../drivers/virtio/reset.ts';
import { openMmio } from '../../../../../drivers/virtio/transport/mmio.ts';
import { openPci } from '../../../../../drivers/virtio/transport/pci.ts';
import { type Region, Transport } from '../../../../../drivers/virtio/transport/record.ts';
import { PciTree } from '../../../../../kernel/pci/function.ts';
import { Random } from '../../../../native/random.ts';
import { msixCapability } from '../../../../sim/msix.ts';
import { machineWithDisk } from '../../../../sim/setup.ts';
import { usualCapabilities, windowCapability } from '../../../../sim/virtio/registers-pci.ts';
import { SLOT, SLOT_LENGTH } from './harness.ts';

const SEED = 20_261;
const ROUNDS = 1500;

/** Numbers that checks are wrong about. */
const EDGES = [
  0, 1, 2, 3, 4, 0x37, 0x38, 0xfff, 0x1000, 0x3fff, 0x4000, 0x4001, 0x7fffffff, 0x80000000, 0xfffff000, 0xffffffff,
];

/** Returns a disk on PCI some bytes of whose configuration space, the BARs and capabilities among them, are arbitrary. */
const hostileDisk = (random: Random) => {
  const capabilities = [...usualCapabilities(), windowCapability(), msixCapability(3, 1)];
  const all = machineWithDisk({ capabilities, vectors: 3 });
  all.machine.clockStep = 100_000_000; // What does not answer is waited for in few steps.
  const { config, writable } = all.disk.device.pciFunction;
  for (let count = random.below(6); count > 0; count--) config.setUint8(0x34 + random.below(0xcc), random.below(256));
  for (let count = random.below(4); count > 0; count--) {
    config.setUint32(0x40 + random.below(0x2f) * 4, EDGES[random.below(EDGES.length)]!, true);
  }
  for (let count = random.below(3); count > 0; count--) {
    const bar = 0x10 + random.below(6) * 4;
    config.setUint32(bar, EDGES[random.below(EDGES.length)]!, true);
    writable.setUint32(bar, random.below(2) === 0 ? 0 : 0xffffffff - EDGES[random.below(EDGES.length)]!, true);
  }
  return all;
};

describe(`a device that says anything (seed ${SEED})`, () => {
  it('on PCI is opened with regions inside its BARs, or refused with a sentence', () => {
    const random = new Random(SEED);
    const disk = new Disk(); // One for all rounds: its record is large.
    const tree = new PciTree();
    const kinds = new Set<number>();
    let opened = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const { pciFunction, pool } = hostileDisk(random);
      const transport = new Transport();
      if (!openPci(pciFunction, transport)) {
        expect(describeFault(transport, pciFunction.fault).message).not.toMatch(/unknown|undefined|NaN/);
        continue;
      }
      opened++;
      const inside = (region: Region): boolean => {
        const bar = pciFunction.bars[region.bar]!;
        return region.offset + region.length <= bar.size && region.address === bar.address + region.offset;
      };
      expect([transport.common, transport.notify, transport.isr].every(inside)).toBe(true);
      bringUp(transport, pool, disk); // Whatever comes of it: nothing outside a mapping is touched, which would throw.
      const interrupts = new Interrupts();
      findPciInterrupts(tree, pciFunction, interrupts);
      resetDevice(transport);
      if (beginInterrupts(transport, interrupts, 1)) kinds.add(interrupts.kind);
      else expect(describeFault(transport, interrupts.pciFault).message).not.toMatch(/unknown|undefined|NaN/);
      interruptCause(transport, interrupts);
      endInterrupts(transport, interrupts);
    }
    expect(opened).toBeGreaterThan(ROUNDS / 10);
    expect(opened).toBeLessThan(ROUNDS * 0.9);
    expect(kinds).toEqual(new Set([INTERRUPT_MSIX, INTERRUPT_LINE]));
  });

  it('over virtio-mmio comes up or is refused with a sentence', () => {
    const random = new Random(SEED);
    const disk = new Disk();
    for (let round = 0; round < ROUNDS / 10; round++) {
      const edge = (): number => EDGES[random.below(EDGES.length)]!;
      const { machine, pool } = machineWithDisk();
      machine.addRegisters(SLOT, SLOT_LENGTH, {
        read: (offset, width) => {
          if (offset < 12 && random.below(8) !== 0) return [0x74726976, 1 + random.below(2), 2][offset / 4]!;
          return edge() % 2 ** (8 * width);
        },
        write: () => {},
      });
      machine.clockStep = 100_000_000;
      const transport = new Transport();
      const isUp = openMmio(SLOT, SLOT_LENGTH, transport) && bringUp(transport, pool, disk);
      if (!isUp) expect(describeFault(transport).message).not.toMatch(/undefined|NaN/);
    }
  });
});
