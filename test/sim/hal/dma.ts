// The DMA window of the simulated machine.

import { theMachine } from '../machine.ts';

export const dmaLength = (): number => theMachine().dma.length;

export const dmaRead8 = (offset: number): number => view(offset, 1).getUint8(offset);

export const dmaRead16 = (offset: number): number => view(offset, 2).getUint16(offset, true);

export const dmaRead32 = (offset: number): number => view(offset, 4).getUint32(offset, true);

export const dmaReadU53 = (offset: number): number => {
  const value = Number(view(offset, 8).getBigUint64(offset, true));
  if (!Number.isSafeInteger(value)) throw new RangeError(`the value at ${offset} is 2^53 or more`);
  return value;
};

export const dmaWrite8 = (offset: number, value: number): void => view(offset, 1).setUint8(offset, checked(value, 8));

export const dmaWrite16 = (offset: number, value: number): void =>
  view(offset, 2).setUint16(offset, checked(value, 16), true);

export const dmaWrite32 = (offset: number, value: number): void =>
  view(offset, 4).setUint32(offset, checked(value, 32), true);

export const dmaWrite64 = (offset: number, value: number): void =>
  view(offset, 8).setBigUint64(offset, BigInt(checked(value, 53)), true);

export const dmaFill = (offset: number, length: number, value: number): void => {
  check(offset, length);
  theMachine().dma.fill(checked(value, 8), offset, offset + length);
};

export const dmaReadBytes = (offset: number, target: Uint8Array): void => {
  check(offset, target.length);
  target.set(theMachine().dma.subarray(offset, offset + target.length));
};

export const dmaWriteBytes = (offset: number, source: Uint8Array): void => {
  check(offset, source.length);
  theMachine().dma.set(source, offset);
};

export const dmaBusAddress = (offset: number): number => theMachine().dmaBase + offset;

export const fence = (): void => {};

const view = (offset: number, width: number): DataView => {
  check(offset, width);
  if (offset % width !== 0) throw new RangeError(`DMA access of ${width} bytes at unaligned offset ${offset}`);
  return new DataView(theMachine().dma.buffer);
};

const check = (offset: number, length: number): void => {
  if (offset < 0 || length < 0 || offset + length > theMachine().dma.length) {
    throw new RangeError(`DMA access of ${length} bytes at offset ${offset}, outside the window`);
  }
};

const checked = (value: number, bits: number): number => {
  if (!Number.isInteger(value) || value < 0 || value >= 2 ** bits)
    throw new RangeError(`${value} does not fit in ${bits} bits`);
  return value;
};
