// virtio-mmio devices that the command line names, in the form of Linux's parameter (Documentation/admin-guide/kernel-parameters.rst):
//
//   virtio_mmio.device=<size>[K|M|G]@<address>:<interrupt>[:<id>]        virtio_mmio.device=4K@0xd0000000:5
//
// One option a device. QEMU's microvm writes them itself where ACPI is off, Firecracker always. VIRTIO 1.2 §4.2.2 leaves it to the machine to
// say where such devices are.

import type { Option } from './command-line.ts';
import { fail, ok, type Result } from './result.ts';

/** The name of the option. */
export const MMIO_OPTION = 'virtio_mmio.device';

/** Where the registers of one virtio-mmio device are: bytes, a physical address, and the number of the interrupt line. */
export interface MmioDevice {
  readonly length: number;
  readonly address: number;
  readonly interrupt: number;
}

/** Returns the devices that `options` name, in order; the message of a failure quotes the option that is wrong. */
export const mmioDevices = (options: readonly Option[]): Result<MmioDevice[], string> => {
  const devices: MmioDevice[] = [];
  for (const option of options) {
    if (option.name !== MMIO_OPTION) continue;
    const device = parseMmioDevice(option.value ?? '');
    if (device === undefined) {
      return fail(`${MMIO_OPTION}=${option.value ?? ''} is not <size>[K|M|G]@<address>:<interrupt>[:<id>]`);
    }
    devices.push(device);
  }
  return ok(devices);
};

/** Returns the device of an option's value, or undefined when it is not of the form, is empty, or leaves the 53 bits of an address. */
const parseMmioDevice = (value: string): MmioDevice | undefined => {
  const at = value.indexOf('@');
  const first = value.indexOf(':', at);
  if (at === -1 || first === -1) return undefined;
  const second = value.indexOf(':', first + 1);
  const length = parseSize(value.slice(0, at));
  const address = parseNumber(value.slice(at + 1, first));
  const interrupt = parseNumber(value.slice(first + 1, second === -1 ? value.length : second));
  const id = second === -1 ? 0 : parseNumber(value.slice(second + 1)); // Only the other side's numbering: checked, not kept.
  if (length === undefined || address === undefined || interrupt === undefined || id === undefined) return undefined;
  if (length === 0 || address + length > Number.MAX_SAFE_INTEGER) return undefined;
  return { length, address, interrupt };
};

/** Each step is 1024 times the one before. */
const UNITS = 'KMGkmg';
const UNIT_COUNT = 3;
const UNIT_STEP = 1024;

/** Returns a number of bytes, or undefined when `text` is none. */
const parseSize = (text: string): number | undefined => {
  const unit = text === '' ? -1 : UNITS.indexOf(text.slice(-1));
  if (unit === -1) return parseNumber(text);
  let bytes = parseNumber(text.slice(0, -1));
  if (bytes === undefined) return undefined;
  for (let step = 0; step <= unit % UNIT_COUNT; step++) bytes *= UNIT_STEP;
  return bytes <= Number.MAX_SAFE_INTEGER ? bytes : undefined;
};

/** The second six are worth as much as the ones before. */
const DIGITS = '0123456789abcdefABCDEF';
const LETTER_COUNT = 6;

/** Returns the number in decimal or, behind 0x, in hexadecimal; undefined when `text` is none or more than 2^53. */
const parseNumber = (text: string): number | undefined => {
  const isHexadecimal = text.startsWith('0x') || text.startsWith('0X');
  const base = isHexadecimal ? 16 : 10;
  const digits = isHexadecimal ? text.slice(2) : text;
  if (digits === '') return undefined;
  let value = 0;
  for (let index = 0; index < digits.length; index++) {
    const place = DIGITS.indexOf(digits.charAt(index));
    const digit = place < 16 ? place : place - LETTER_COUNT;
    if (digit === -1 || digit >= base) return undefined;
    value = value * base + digit;
    if (value > Number.MAX_SAFE_INTEGER) return undefined;
  }
  return value;
};
