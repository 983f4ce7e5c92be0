// Ports of the simulated machine: I/O BARs of its PCI functions, and nothing else.

import { theMachine } from '../machine.ts';

export const portRead8 = (port: number): number => read(port, 1);

export const portRead16 = (port: number): number => read(port, 2);

export const portRead32 = (port: number): number => read(port, 4);

export const portWrite8 = (port: number, value: number): void => write(port, 1, value);

export const portWrite16 = (port: number, value: number): void => write(port, 2, value);

export const portWrite32 = (port: number, value: number): void => write(port, 4, value);

const read = (port: number, width: number): number => {
  theMachine().noteAccess('in', width, port);
  return theMachine().pci?.readPort(port, width) ?? 2 ** (8 * width) - 1;
};

const write = (port: number, width: number, value: number): void => {
  theMachine().noteAccess('out', width, port);
  if (!Number.isInteger(value) || value < 0 || value >= 2 ** (8 * width)) {
    throw new RangeError(`${value} does not fit in ${8 * width} bits`);
  }
  theMachine().pci?.writePort(port, width, value);
};
