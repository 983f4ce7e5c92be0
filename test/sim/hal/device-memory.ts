// Device memory of the simulated machine: the offset of a byte in the window is its address.

import { DEVICE_MEMORY_MAP_FAILED } from '../../../kernel/hal/device-memory.ts';
import { theMachine } from '../machine.ts';

export * from '../../../kernel/hal/device-memory.ts';

export const deviceMemoryMap = (address: number, length: number): number => {
  const machine = theMachine();
  const isRam = machine.memoryRegions.some((ram) => ram.start < address + length && address < ram.start + ram.length);
  if (isRam || memoryAt(address, length) === undefined) return DEVICE_MEMORY_MAP_FAILED;
  machine.memoryMappings.push([address, length]);
  return address;
};

export const deviceMemoryRead8 = (offset: number): number => view(offset, 1).getUint8(0);

export const deviceMemoryRead16 = (offset: number): number => view(offset, 2).getUint16(0, true);

export const deviceMemoryRead32 = (offset: number): number => view(offset, 4).getUint32(0, true);

export const deviceMemoryWrite8 = (offset: number, value: number): void => view(offset, 1).setUint8(0, value);

export const deviceMemoryWrite16 = (offset: number, value: number): void => view(offset, 2).setUint16(0, value, true);

export const deviceMemoryWrite32 = (offset: number, value: number): void => view(offset, 4).setUint32(0, value, true);

export const deviceMemoryReadBytes = (offset: number, target: Uint8Array): void =>
  target.set(bytesAt(offset, target.length));

export const deviceMemoryWriteBytes = (offset: number, source: Uint8Array): void =>
  bytesAt(offset, source.length).set(source);

const view = (offset: number, width: number): DataView => {
  const bytes = bytesAt(offset, width);
  return new DataView(bytes.buffer, bytes.byteOffset, width);
};

const bytesAt = (offset: number, length: number): Uint8Array => {
  const bytes = memoryAt(offset, length);
  if (bytes === undefined)
    throw new RangeError(`an access to ${length} bytes of device memory at ${offset}, where none is`);
  return bytes;
};

const memoryAt = (address: number, length: number): Uint8Array | undefined => {
  const found = theMachine().memories.find(
    ({ start, bytes }) => start <= address && address + length <= start + bytes.length,
  );
  return found?.bytes.subarray(address - found.start, address - found.start + length);
};
