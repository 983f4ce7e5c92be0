// Configuration space of the simulated machine.

import { CONFIG_ECAM, CONFIG_NONE } from '../../../kernel/hal/config.ts';
import { theMachine } from '../machine.ts';
import type { SimFunction } from '../pci.ts';

export * from '../../../kernel/hal/config.ts';

export const configMechanism = (): number => (theMachine().pci === undefined ? CONFIG_NONE : CONFIG_ECAM);

export const configBase = (): number => theMachine().ecamBase;

export const configFirstBus = (): number => 0;

export const configLastBus = (): number => theMachine().lastBus;

export const configRead8 = (address: number, offset: number): number => read(address, offset, 1);

export const configRead16 = (address: number, offset: number): number => read(address, offset, 2);

export const configRead32 = (address: number, offset: number): number => read(address, offset, 4);

export const configWrite8 = (address: number, offset: number, value: number): void => write(address, offset, 1, value);

export const configWrite16 = (address: number, offset: number, value: number): void => write(address, offset, 2, value);

export const configWrite32 = (address: number, offset: number, value: number): void => write(address, offset, 4, value);

const read = (address: number, offset: number, width: number): number =>
  find(address, offset, width)?.read(offset, width) ?? 2 ** (8 * width) - 1;

const write = (address: number, offset: number, width: number, value: number): void => {
  if (!Number.isInteger(value) || value < 0 || value >= 2 ** (8 * width)) {
    throw new RangeError(`${value} does not fit in ${8 * width} bits`);
  }
  find(address, offset, width)?.write(offset, width, value);
};

const find = (address: number, offset: number, width: number): SimFunction | undefined => {
  const bus = address >> 8;
  if (bus < 0 || bus > theMachine().lastBus) throw new RangeError(`configuration space has no bus ${bus}`);
  if (offset < 0 || offset % width !== 0 || offset + width > 4096) {
    throw new RangeError(`configuration space has no ${8 * width}-bit register at ${offset}`);
  }
  return theMachine().pci?.find(0, bus, address & 0xff);
};
