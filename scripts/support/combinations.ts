// Transports, layouts of a queue and options of QEMU that were tried together.

import type { Claim } from './claim.ts';
import {
  createQueue,
  initialize,
  interrupts,
  interruptsBootTest,
  legacyPci,
  legacyTest,
  matrixTest,
  mmio,
  pci,
  pciRegion,
  pciWindow,
  queue,
  queuesBootTest,
  reset,
  table,
  transport,
  transportBootTest,
} from './places.ts';

/** One thing that works, or does not. */
export type Combination = Claim & {
  /** The transport or option, as a user would say it. */
  readonly name: string;
  /** How QEMU is told. */
  readonly qemu: string;
};

export const COMBINATIONS: readonly Combination[] = [
  {
    name: 'virtio-pci, modern: registers in memory BARs',
    qemu: '-device virtio-blk-pci,disable-legacy=on',
    code: [pci('openPci')],
    tests: [transportBootTest('behind modern virtio-pci')],
  },
  {
    name: 'virtio-pci, legacy: registers in I/O BAR 0',
    qemu: '-device virtio-blk-pci,disable-legacy=off,disable-modern=on',
    code: [legacyPci('openLegacyPci')],
    tests: [transportBootTest('behind legacy virtio-pci')],
  },
  {
    name: 'virtio-pci, transitional: driven through its modern half',
    qemu: '-device virtio-blk-pci',
    code: [pci('openPci')],
    tests: [legacyTest('is not one that has both interfaces')],
  },
  {
    name: 'virtio-mmio, version 2',
    qemu: '-M microvm,pcie=off -global virtio-mmio.force-legacy=false -device virtio-blk-device',
    code: [mmio('openMmio')],
    tests: [transportBootTest('behind virtio-mmio version 2')],
  },
  {
    name: 'virtio-mmio, version 1',
    qemu: '-M microvm,pcie=off -device virtio-blk-device',
    code: [mmio('openMmio')],
    tests: [transportBootTest('behind virtio-mmio version 1')],
  },
  {
    name: 'virtio-mmio that only the command line names',
    qemu: '-M microvm,pcie=off,acpi=off -device virtio-blk-device',
    code: [table('startDevices')],
    tests: [transportBootTest('that only the command line names, because there is no ACPI')],
  },
  {
    name: 'a page for each queue; a doorbell in an I/O BAR listed first',
    qemu: 'page-per-vq=on; modern-pio-notify=on',
    code: [pciRegion('findRegion')],
    tests: [transportBootTest('behind a page for each queue, and with a doorbell in an I/O BAR listed first')],
  },
  {
    name: 'BARs that cannot be mapped: every register through PCI_CFG',
    qemu: '-device virtio-blk-pci,disable-legacy=on',
    code: [pciWindow('windowRead32')],
    tests: [transportBootTest('works through PCI_CFG when its BARs cannot be mapped')],
  },
  {
    name: 'one queue reset and made again',
    qemu: 'queue_reset=on',
    code: [transport('resetQueue')],
    tests: [transportBootTest('has its queue reset and made again, with another size')],
  },
  {
    name: 'a device given up and brought up again',
    qemu: '',
    code: [reset('giveUp'), initialize('begin')],
    tests: [transportBootTest('comes up again after it was given up')],
  },
  {
    name: 'every combination of the options of a queue and of virtio-pci, on q35 with SeaBIOS and with qboot, and on microvm',
    qemu: 'packed event_idx indirect_desc queue_reset iommu_platform vectors=0 page-per-vq modern-pio-notify',
    code: [pci('openPci'), createQueue('createQueue')],
    tests: [matrixTest('drives every variant of group $group as QEMU sees it')],
  },
  {
    name: 'every combination of the options of a queue over virtio-mmio',
    qemu: 'packed event_idx indirect_desc queue_reset iommu_platform',
    code: [mmio('openMmio'), createQueue('createQueue')],
    tests: [matrixTest('drives every variant of group $group as QEMU sees it')],
  },
  {
    name: 'full queues of both layouts, with and without tables and event index',
    qemu: 'packed event_idx indirect_desc queue-size',
    code: [queue('reserve'), queue('kick'), queue('pop')],
    tests: [queuesBootTest('with "%s" is %s, and loses nothing')],
  },
  {
    name: 'MSI-X, a vector for each event or one for all; the pin: modern, transitional and legacy devices, on q35 and microvm',
    qemu: 'vectors=2; vectors=1; vectors=0',
    code: [interrupts('beginInterrupts'), interrupts('interruptCause')],
    tests: [
      interruptsBootTest('on q35 > %s interrupts for every read and for a resize'),
      interruptsBootTest('on microvm > %s interrupts for every read and for a resize'),
    ],
  },
  {
    name: 'more queues than vectors',
    qemu: 'num-queues=4,vectors=3',
    code: [interrupts('beginInterrupts')],
    tests: [interruptsBootTest('queues share vectors where there are fewer: %s')],
  },
  {
    name: 'interrupts from behind bridges',
    qemu: '-device pcie-root-port,id=root0 -device pcie-pci-bridge,id=bridge,bus=root0',
    code: [interrupts('findPciInterrupts')],
    tests: [interruptsBootTest('behind %s, by MSI-X and by the pin, which each bridge turns')],
  },
  {
    name: 'interrupts of virtio-mmio, with one I/O APIC or two, with ACPI or without',
    qemu: '-M microvm,pcie=off,ioapic2=on -device virtio-blk-device',
    code: [interrupts('findMmioInterrupt')],
    tests: [interruptsBootTest('a slot of virtio-mmio interrupts by its line: %s')],
  },
  {
    name: 'no local APIC: polled',
    qemu: '-cpu qemu64,-apic',
    code: [interrupts('beginInterrupts')],
    tests: [interruptsBootTest('without a local APIC %s is polled, and the log says so')],
  },
];
