// The machine in one line.

import { hex, printableLetter } from '../../kernel/base/hex.ts';
import { ACPI_OEM_LENGTH, acpiOemByte, acpiRsdp } from '../../kernel/hal/acpi.ts';
import { CLOCK_CPUID, CLOCK_PIT, CLOCK_PM_TIMER, clockHertz, clockReference } from '../../kernel/hal/clock.ts';
import {
  CONFIG_ECAM,
  CONFIG_PORTS,
  configBase,
  configFirstBus,
  configLastBus,
  configMechanism,
} from '../../kernel/hal/config.ts';
import { CPUID_EBX, CPUID_ECX, CPUID_EDX, cpuid } from '../../kernel/hal/cpu.ts';
import { dmaLength } from '../../kernel/hal/dma.ts';
import { memoryFree, memoryTotal } from '../../kernel/hal/memory.ts';

const MIB = 1024 * 1024;
const HERTZ_PER_MHZ = 1000000;
const SPACE = 0x20;

/** CPUID leaves that hold twelve letters: the maker of the processor, and of the hypervisor where ECX bit 31 of leaf 1 says there is one. */
const LEAF_VENDOR = 0;
const LEAF_FEATURES = 1;
const LEAF_HYPERVISOR = 0x40000000;
const FEATURE_HYPERVISOR = 0x80000000;

/** Returns processor, memory, clock, firmware and PCI in one line. */
export const describeMachine = (): string =>
  `${describeProcessor()}, ${mib(memoryTotal())} MiB RAM (${mib(memoryFree())} free, ${mib(dmaLength())} for DMA), ` +
  `clock ${Math.floor(clockHertz() / HERTZ_PER_MHZ)} MHz by ${describeReference()}, ${describeAcpi()}, ${describeConfig()}`;

const mib = (bytes: number): number => Math.floor(bytes / MIB);

const describeProcessor = (): string => {
  const vendor = letters(
    cpuid(LEAF_VENDOR, 0, CPUID_EBX),
    cpuid(LEAF_VENDOR, 0, CPUID_EDX),
    cpuid(LEAF_VENDOR, 0, CPUID_ECX),
  );
  if (cpuid(LEAF_FEATURES, 0, CPUID_ECX) < FEATURE_HYPERVISOR) return vendor;
  const hypervisor = letters(
    cpuid(LEAF_HYPERVISOR, 0, CPUID_EBX),
    cpuid(LEAF_HYPERVISOR, 0, CPUID_ECX),
    cpuid(LEAF_HYPERVISOR, 0, CPUID_EDX),
  );
  return `${vendor} in ${hypervisor}`;
};

/** Returns the letters in three registers, lowest byte first. */
const letters = (first: number, second: number, third: number): string => {
  let text = '';
  for (const register of [first, second, third]) {
    for (let shift = 0; shift < 32; shift += 8) {
      const code = (register >>> shift) & 0xff;
      if (code !== 0) text += printableLetter(code);
    }
  }
  return text;
};

const describeReference = (): string => {
  const reference = clockReference();
  if (reference === CLOCK_PIT) return 'PIT';
  if (reference === CLOCK_PM_TIMER) return 'PM timer';
  return reference === CLOCK_CPUID ? 'CPUID' : 'assumption';
};

const describeAcpi = (): string => {
  if (acpiRsdp() === 0) return 'no ACPI';
  let oem = '';
  for (let i = 0; i < ACPI_OEM_LENGTH; i++) {
    const code = acpiOemByte(i);
    if (code !== SPACE) oem += printableLetter(code);
  }
  return `ACPI by ${oem}`;
};

const describeConfig = (): string => {
  const mechanism = configMechanism();
  if (mechanism === CONFIG_ECAM) {
    return `PCI over ECAM at 0x${hex(configBase(), 8)}, buses ${configFirstBus()} to ${configLastBus()}`;
  }
  return mechanism === CONFIG_PORTS ? 'PCI over ports 0xcf8 and 0xcfc' : 'no PCI';
};
