// Ports of the simulated machine: nothing answers.

export const portRead8 = (_port: number): number => 0xff;

export const portRead16 = (_port: number): number => 0xffff;

export const portRead32 = (_port: number): number => 0xffffffff;

export const portWrite8 = (_port: number, _value: number): void => {};

export const portWrite16 = (_port: number, _value: number): void => {};

export const portWrite32 = (_port: number, _value: number): void => {};
