// The sentences of what can go wrong with a virtio device: which register or capability, what was found, what was expected. The device's name is
// added by whoever prints. The numbers come from the transport's fault record (transport/fault.ts).

import { hex } from '../../kernel/base/hex.ts';
import { lookUp } from '../../kernel/base/table.ts';
import { describePciFault, formatAddress } from '../../kernel/pci/describe.ts';
import type { PciFault } from '../../kernel/pci/function.ts';
import { featureNames, formatStatus, typeName } from './names.ts';
import {
  FAULT_BAR_NOT_ALLOCATED,
  FAULT_CONFIG_LENGTH,
  FAULT_CONFIG_MISSING,
  FAULT_CONFIG_UNSTABLE,
  FAULT_CONFIG_VECTOR,
  FAULT_DEVICE_ID,
  FAULT_FEATURES_MISSING,
  FAULT_FEATURES_REFUSED,
  FAULT_IO_BAR,
  FAULT_LEGACY_BAR,
  FAULT_LINE,
  FAULT_MAP,
  FAULT_MISALIGNED,
  FAULT_MISSING_CAPABILITY,
  FAULT_MMIO_LENGTH,
  FAULT_MMIO_MAGIC,
  FAULT_MMIO_VERSION,
  FAULT_MSIX,
  FAULT_NEEDS_RESET,
  FAULT_NOTIFY_MULTIPLIER,
  FAULT_NOTIFY_RANGE,
  FAULT_OUT_OF_BAR,
  FAULT_OUT_OF_VECTORS,
  FAULT_PCI,
  FAULT_QUEUE_IN_USE,
  FAULT_QUEUE_LAYOUT,
  FAULT_QUEUE_MISSING,
  FAULT_QUEUE_NO_RESET,
  FAULT_QUEUE_NOT_ENABLED,
  FAULT_QUEUE_PLACE,
  FAULT_QUEUE_RESET_TIMEOUT,
  FAULT_QUEUE_SHORT,
  FAULT_QUEUE_SIZE,
  FAULT_QUEUE_VECTOR,
  FAULT_REMOVED,
  FAULT_RESET_TIMEOUT,
  FAULT_SHARED_MEMORY_MAP,
  FAULT_SHARED_MEMORY_MISSING,
  FAULT_TOO_SHORT,
  FAULT_VENDOR_ID,
  FAULT_WINDOW,
  type VirtioFault,
} from './transport/fault.ts';
import { isLegacy, TRANSPORT_MMIO, TRANSPORT_MMIO_LEGACY, type Transport } from './transport/record.ts';

/** What failed, at which step of coming up, and why. */
export interface InitializeError {
  /** 1 to 8, as in §3.1.1; 0 when the transport could not even be opened. */
  readonly step: number;
  readonly stepName: string;
  /** A word that stays the same, to be told apart by. */
  readonly kind: string;
  readonly message: string;
}

const STEP_NAMES = `
0 open the transport
1 reset
2 acknowledge
3 driver
4 negotiate features
5 set FEATURES_OK
6 check FEATURES_OK
7 set up queues
8 set DRIVER_OK
9 work
`;

/** What is asked of a device, by CAP_TYPE_… §4.1.4 */
const STRUCTURE_NAMES = `
0 legacy interface
1 capability COMMON_CFG
2 capability NOTIFY_CFG
3 capability ISR_CFG
4 capability DEVICE_CFG
`;

/** The kinds, by FAULT_…: words that stay the same, to be told apart by. */
const KINDS = `
1 invalid-vendor-id
2 invalid-device-id
3 pci
4 missing-capability
5 invalid-notify-off-multiplier
6 unexpected-io-bar
7 bar-not-allocated
8 bar-offset-out-of-range
9 bar-offset-out-of-range
10 misaligned
11 map-failed
12 window-mismatch
13 bar-offset-out-of-range
16 mmio-region-too-small
17 bad-magic
18 unsupported-version
19 no-device
24 reset-timeout
25 missing-features
26 features-refused
27 needs-reset
28 not-live
29 removed
32 queue-missing
33 queue-size
34 queue-in-use
35 queue-layout
36 queue-layout
37 queue-not-enabled
38 no-queue-reset
39 queue-reset-timeout
40 notify-out-of-range
41 out-of-dma-memory
42 queue-short
44 vector-refused
45 vector-refused
46 no-interrupt
47 no-interrupt
48 msix-refused
49 no-interrupt
52 config-missing
53 config-too-small
54 config-unstable
55 shared-memory-missing
56 map-failed
`;

/** Returns where the device is and what it is: `0000:00:02.0 virtio-blk`, `mmio@0xfeb00e00 virtio-blk (legacy)`. */
export const transportName = (transport: Transport): string => {
  const isMmio = transport.kind === TRANSPORT_MMIO || transport.kind === TRANSPORT_MMIO_LEGACY;
  const place = isMmio ? mmioName(transport.address) : formatAddress(transport.pciAddress);
  return `${place} ${typeName(transport.deviceType)}${isLegacy(transport) ? ' (legacy)' : ''}`;
};

/** Returns the name of the slot of virtio-mmio registers at `address`. */
export const mmioName = (address: number): string => `mmio@0x${hex(address, 8)}`;

/** Returns the error of the last function that failed on `transport`. Drivers describe their own codes (FAULT_OF_DRIVER and up) themselves. */
export const describeFault = (transport: Transport, pciFault?: PciFault): InitializeError => {
  const fault = transport.fault;
  const isPci = fault.code === FAULT_PCI && pciFault !== undefined;
  return errorAt(
    fault.step,
    lookUp(KINDS, `${fault.code}`) ?? 'unknown',
    isPci ? describePciFault(pciFault) : sentence(transport),
  );
};

/** Returns an error at a step of §3.1.1. */
export const errorAt = (step: number, kind: string, message: string): InitializeError => ({
  step,
  stepName: lookUp(STEP_NAMES, `${step}`) ?? 'start',
  kind,
  message,
});

/** Returns `step 6 (check FEATURES_OK): the device cleared …`. */
export const formatInitializeError = (error: InitializeError): string =>
  `step ${error.step} (${error.stepName}): ${error.message}`;

const sentence = (transport: Transport): string => {
  const code = transport.fault.code;
  if (code < FAULT_MMIO_LENGTH) return openingSentence(transport.fault);
  if (code < FAULT_RESET_TIMEOUT) return mmioSentence(transport.fault);
  if (code < FAULT_QUEUE_MISSING) return statusSentence(transport);
  if (code < FAULT_CONFIG_VECTOR) return queueSentence(transport.fault);
  if (code < FAULT_CONFIG_MISSING) return interruptSentence(transport.fault);
  return configSentence(transport.fault);
};

/** Opening a PCI function. §4.1.4 */
const openingSentence = (fault: VirtioFault): string => {
  const name = lookUp(STRUCTURE_NAMES, `${fault.structure}`) ?? `structure ${fault.structure}`;
  switch (fault.code) {
    case FAULT_VENDOR_ID:
      return `PCI vendor id is 0x${hex(fault.found, 4)}, expected that of virtio, 0x${hex(fault.expected, 4)}`;
    case FAULT_DEVICE_ID:
      return `PCI device id 0x${hex(fault.found, 4)} is not that of a virtio device`;
    case FAULT_MISSING_CAPABILITY:
      return `no ${name} in the list`;
    case FAULT_NOTIFY_MULTIPLIER:
      return `${name}: notify_off_multiplier is ${fault.found}, expected 0 or an even power of 2`;
    case FAULT_IO_BAR:
      return `${name}: BAR ${fault.index} is an I/O BAR, expected a memory BAR`;
    case FAULT_BAR_NOT_ALLOCATED:
      return `${name}: BAR ${fault.index} has no address`;
    case FAULT_OUT_OF_BAR:
      return `${name}: offset 0x${hex(fault.found, 1)} + length 0x${hex(fault.detail, 1)} is beyond BAR ${fault.index} of 0x${hex(fault.expected, 1)} bytes`;
    case FAULT_TOO_SHORT:
      return `${name}: length ${fault.found}, expected at least ${fault.expected}`;
    case FAULT_MISALIGNED:
      return `${name}: address 0x${hex(fault.found, 8)} in BAR ${fault.index} is not a multiple of ${fault.expected}`;
    case FAULT_MAP:
      return `${fault.structure === 0 ? 'registers' : name}: ${fault.expected} bytes at 0x${hex(fault.found, 8)} do not fit in the MMIO window`;
    case FAULT_WINDOW:
      return `common configuration: the register at 0x${hex(fault.index, 2)} reads ${fault.found} through PCI_CFG and ${fault.expected} through its BAR`;
    case FAULT_LEGACY_BAR:
      return `legacy interface: BAR ${fault.index} has ${fault.found} ports, expected at least ${fault.expected} below 0x10000`;
    default:
      return `unknown fault ${fault.code}`;
  }
};

/** Opening a virtio-mmio device. §4.2.2 */
const mmioSentence = (fault: VirtioFault): string => {
  switch (fault.code) {
    case FAULT_MMIO_LENGTH:
      return `the registers have ${fault.found} bytes, expected at least ${fault.expected}`;
    case FAULT_MMIO_MAGIC:
      return `MagicValue reads 0x${hex(fault.found, 8)}, expected 0x${hex(fault.expected, 8)}`;
    case FAULT_MMIO_VERSION:
      return `Version reads ${fault.found}, expected 1 or 2`;
    default:
      return 'the slot is empty';
  }
};

/** Coming up. §3.1.1 */
const statusSentence = (transport: Transport): string => {
  const fault = transport.fault;
  const reads = `device_status reads ${formatStatus(fault.found)}`;
  switch (fault.code) {
    case FAULT_RESET_TIMEOUT:
      return `${reads} after ${fault.expected} ms, expected 0x00`;
    case FAULT_FEATURES_MISSING:
      return `the device does not offer ${featureNames(transport.missing, transport.deviceType).join(', ')}, which the driver requires`;
    case FAULT_FEATURES_REFUSED:
      return `the device cleared FEATURES_OK: ${reads}`;
    case FAULT_NEEDS_RESET:
      return `the device needs a reset: ${reads}`;
    case FAULT_REMOVED:
      return 'the device was taken out of the machine';
    default:
      return `${reads}, expected DRIVER_OK among it`;
  }
};

const queueSentence = (fault: VirtioFault): string => {
  switch (fault.code) {
    case FAULT_QUEUE_MISSING:
      return `the device has no queue ${fault.index}`;
    case FAULT_QUEUE_SIZE:
      return `queue ${fault.index}: size ${fault.found}, the device allows ${fault.expected}`;
    case FAULT_QUEUE_IN_USE:
      return `queue ${fault.index} is enabled already`;
    case FAULT_QUEUE_LAYOUT:
      return `queue ${fault.index}: its used ring is at ${fault.found} in DMA memory, a legacy device expects ${fault.expected}`;
    case FAULT_QUEUE_PLACE:
      return `queue ${fault.index}: it is at address 0x${hex(fault.found, 8)}, a legacy device expects a multiple of ${fault.expected} below 2^44`;
    case FAULT_QUEUE_NOT_ENABLED:
      return `queue ${fault.index}: queue_enable reads ${fault.found}, expected ${fault.expected}`;
    case FAULT_QUEUE_NO_RESET:
      return `queue ${fault.index} cannot be reset: RING_RESET was not negotiated`;
    case FAULT_QUEUE_RESET_TIMEOUT:
      return `queue ${fault.index}: queue_reset reads ${fault.found} after ${fault.expected} ms, expected 0`;
    case FAULT_NOTIFY_RANGE:
      return `queue ${fault.index}: queue_notify_off ${fault.found} * ${fault.detail}, expected a place in the ${fault.expected} bytes of NOTIFY_CFG`;
    case FAULT_QUEUE_SHORT:
      return `queue ${fault.index}: it has ${fault.found} elements, a request takes ${fault.expected}`;
    default:
      return `queue ${fault.index}: no ${fault.found} bytes of DMA memory are left`;
  }
};

/** Interrupts. §4.1.5.1.2 */
const interruptSentence = (fault: VirtioFault): string => {
  const vectors = `reads ${fault.found} after ${fault.expected} was written to it`;
  switch (fault.code) {
    case FAULT_CONFIG_VECTOR:
      return `msix_config ${vectors}`;
    case FAULT_QUEUE_VECTOR:
      return `queue ${fault.index}: queue_msix_vector ${vectors}`;
    case FAULT_OUT_OF_VECTORS:
      return 'the processor has no vector left';
    case FAULT_MSIX:
      return 'the function does not keep what is written to its MSI-X capability or table';
    case FAULT_LINE:
      return `no interrupt controller has line ${fault.found}, or the processor has no vector left`;
    default:
      return 'the device has no MSI-X, and nothing tells where its interrupt line leads';
  }
};

const configSentence = (fault: VirtioFault): string => {
  switch (fault.code) {
    case FAULT_CONFIG_MISSING:
      return `the device has no configuration of its own, expected at least ${fault.expected} bytes`;
    case FAULT_CONFIG_LENGTH:
      return `device configuration has ${fault.found} bytes, expected at least ${fault.expected}`;
    case FAULT_CONFIG_UNSTABLE:
      return `device configuration changed during each of ${fault.expected} readings`;
    case FAULT_SHARED_MEMORY_MISSING:
      return `the device has no shared-memory region ${fault.index}`;
    case FAULT_SHARED_MEMORY_MAP:
      return `shared-memory region ${fault.index} at 0x${hex(fault.found, 8)}: ${fault.expected} bytes of it cannot be mapped`;
    default:
      return `unknown fault ${fault.code}`;
  }
};
