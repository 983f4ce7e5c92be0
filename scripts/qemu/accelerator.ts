// KVM or TCG. A KVM that has no hardware below it (a para-virtual one: /dev/kvm is there, the CPU shows neither vmx nor svm) emulates the
// guest's kernel mode instruction by instruction and is far slower than TCG, so both must be there.

import { accessSync, constants, readFileSync } from 'node:fs';

/** How QEMU runs the guest: on the processor, or translated. */
export type Accelerator = 'kvm' | 'tcg';

/** Returns the faster accelerator that this host has. */
export const chooseAccelerator = (): Accelerator =>
  isUsable('/dev/kvm') && hasVirtualization(cpuInfo()) ? 'kvm' : 'tcg';

/** Returns whether the text of /proc/cpuinfo shows Intel's or AMD's virtualization. */
export const hasVirtualization = (cpuInfoText: string): boolean => /^flags\s*:.*\b(vmx|svm)\b/m.test(cpuInfoText);

const isUsable = (file: string): boolean => {
  try {
    accessSync(file, constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false; // Absent or not ours: both mean that KVM cannot be had.
  }
};

const cpuInfo = (): string => {
  try {
    return readFileSync('/proc/cpuinfo', 'utf8');
  } catch {
    return ''; // Not Linux, so no KVM either.
  }
};
