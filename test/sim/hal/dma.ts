// The DMA window of the simulated machine.

import { theMachine } from '../machine.ts';

export const dmaLength = (): number => theMachine().dma.length;

export const dmaRead8 = (offset: number): number => readable(offset, 1).getUint8(offset);

export const dmaRead16 = (offset: number): number => readable(offset, 2).getUint16(offset, true);

export const dmaRead32 = (offset: number): number => readable(offset, 4).getUint32(offset, true);

export const dmaWrite8 = (offset: number, value: number): void => {
  const target = written(offset, 1);
  checked(value, 8);
  store(offset, 1, () => target.setUint8(offset, value));
};

export const dmaWrite16 = (offset: number, value: number): void => {
  const target = written(offset, 2);
  checked(value, 16);
  store(offset, 2, () => target.setUint16(offset, value, true));
};

export const dmaWrite32 = (offset: number, value: number): void => {
  const target = written(offset, 4);
  checked(value, 32);
  store(offset, 4, () => target.setUint32(offset, value, true));
};

export const dmaWrite64 = (offset: number, value: number): void => {
  const target = written(offset, 8);
  checked(value, 53);
  store(offset, 8, () => target.setBigUint64(offset, BigInt(value), true));
};

export const dmaFill = (offset: number, length: number, value: number): void => {
  check(offset, length, true);
  theMachine().dma.fill(checked(value, 8), offset, offset + length);
};

export const dmaReadBytes = (offset: number, target: Uint8Array): void => {
  check(offset, target.length, false);
  target.set(theMachine().dma.subarray(offset, offset + target.length));
};

export const dmaWriteBytes = (offset: number, source: Uint8Array): void => {
  check(offset, source.length, true);
  theMachine().dma.set(source, offset);
};

export const dmaBusAddress = (offset: number): number => theMachine().dmaBase + offset;

export const fence = (): void => theMachine().processorMemory?.fence();

const readable = (offset: number, width: number): DataView => {
  theMachine().processorMemory?.beforeRead(offset, width);
  return view(offset, width, false);
};

const written = (offset: number, width: number): DataView => view(offset, width, true);

const store = (offset: number, width: number, action: () => void): void => {
  const between = theMachine().processorMemory;
  if (between === undefined) action();
  else between.write(offset, width, action);
};

const view = (offset: number, width: number, isWrite: boolean): DataView => {
  check(offset, width, isWrite);
  if (offset % width !== 0) throw new RangeError(`DMA access of ${width} bytes at unaligned offset ${offset}`);
  return theMachine().dmaView;
};

const check = (offset: number, length: number, isWrite: boolean): void => {
  const machine = theMachine();
  if (offset < 0 || length < 0 || offset + length > machine.dma.length) {
    throw new RangeError(`DMA access of ${length} bytes at offset ${offset}, outside the window`);
  }
  machine.memoryGuard?.(offset, length, isWrite);
};

const checked = (value: number, bits: number): number => {
  if (!Number.isInteger(value) || value < 0 || value >= 2 ** bits)
    throw new RangeError(`${value} does not fit in ${bits} bits`);
  return value;
};
