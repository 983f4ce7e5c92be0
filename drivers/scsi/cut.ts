// Operations are cut into commands: as long as the host, the unit and our memory allow, at blocks.

import { larger, remainder, smaller } from '../../kernel/base/bits.ts';
import type { DmaPiece } from '../../kernel/device/block.ts';
import {
  CDB_LENGTH,
  fillRead10,
  fillRead16,
  fillUnmap,
  fillUnmapList,
  fillWrite16,
  fillWriteSame16,
  UNMAP_LIST_LENGTH,
} from './cdbs.ts';
import type { Bus, Operation, Task, Unit } from './state.ts';

/** Bytes that one command moves at most where they are copied. */
export const COPY_LENGTH_MAX = 131_072;

/** Blocks that READ (10) can name. */
const COUNT_10_MAX = 65_535;

/** What a command writes zeroes to at most, which a slow disk does in good time. Freeing blocks is bookkeeping. */
const ZERO_LENGTH_MAX = 134_217_728;
const UNMAP_COUNT_MAX = 2 ** 31;

/** Cuts the next command off an operation that has some left. Its unit has a capacity, unless it is a command itself. */
export const cutTask = (bus: Bus, operation: Operation): Task => {
  switch (operation.type) {
    case 'read':
    case 'write':
      return cutTransfer(bus, operation, operation.unit!);
    case 'unmap':
      return cutUnmap(operation, operation.unit!);
    case 'zero':
      return cutZero(operation, operation.unit!);
    default:
      return take(operation, operation.length, {
        cdb: operation.cdb!,
        isWrite: operation.isWrite,
        length: operation.length,
      });
  }
};

const take = (
  operation: Operation,
  done: number,
  what: Pick<Task, 'cdb' | 'isWrite' | 'length'> & Partial<Task>,
): Task => {
  const start = operation.cut;
  operation.cut += done;
  operation.isCut = operation.cut === operation.length;
  operation.taskCount += 1;
  return {
    segments: undefined,
    parameters: undefined,
    ...what,
    operation,
    start,
    data: 0,
    tag: 0,
    attentionCount: 0,
    busyCount: 0,
    rescue: 'none',
    rescueAt: Infinity,
  };
};

const cutTransfer = (bus: Bus, operation: Operation, unit: Unit): Task => {
  const { blockSize, pieces } = operation;
  const isWrite = operation.type === 'write';
  const longest = lengthMax(bus, unit, blockSize, pieces === undefined);
  const segments = pieces === undefined ? undefined : gather(bus, operation, pieces, longest);
  const length = segments === undefined ? smaller(operation.length - operation.cut, longest) : lengthOf(segments);
  const cdb = new Uint8Array(CDB_LENGTH);
  const block = operation.block + operation.cut / blockSize;
  const count = length / blockSize;
  if (isWrite) fillWrite16(cdb, block, count);
  else if (unit.disk.kind === 'cd') fillRead10(cdb, block, count);
  else fillRead16(cdb, block, count);
  return take(operation, length, { cdb, isWrite, length, segments });
};

/** Returns the bytes of the longest command: whole blocks, and one at least. */
const lengthMax = (bus: Bus, unit: Unit, blockSize: number, isCopied: boolean): number => {
  let longest: number = bus.controller.transferLengthMax;
  if (isCopied) longest = smaller(longest, COPY_LENGTH_MAX);
  if (unit.limits.transferMax !== 0) longest = smaller(longest, unit.limits.transferMax * blockSize);
  if (unit.disk.kind === 'cd') longest = smaller(longest, COUNT_10_MAX * blockSize);
  return larger(longest - remainder(longest, blockSize), blockSize);
};

/** Takes the next pieces of an operation, as many as one command has room for; the last of them in part. */
const gather = (bus: Bus, operation: Operation, pieces: readonly DmaPiece[], longest: number): DmaPiece[] => {
  const segments: DmaPiece[] = [];
  let room = longest;
  while (room > 0 && operation.pieceIndex < pieces.length && segments.length < bus.controller.segmentCountMax) {
    const piece = pieces[operation.pieceIndex]!;
    const left = piece.length - operation.pieceCut;
    const length = smaller(left, room);
    segments.push({ offset: piece.offset + operation.pieceCut, length });
    room -= length;
    operation.pieceCut += length;
    if (length === left) {
      operation.pieceIndex += 1;
      operation.pieceCut = 0;
    }
  }
  return segments;
};

const lengthOf = (segments: readonly DmaPiece[]): number => {
  let sum = 0;
  for (const { length } of segments) sum += length;
  return sum;
};

const cutUnmap = (operation: Operation, unit: Unit): Task => {
  const { unmapMax, unmapGranularity, unmapAlignment, sameMax } = unit.limits;
  const { canUnmap } = unit.provisioning;
  const longest = smaller((canUnmap ? unmapMax : sameMax) || UNMAP_COUNT_MAX, UNMAP_COUNT_MAX);
  const block = operation.block + operation.cut;
  const count = alignedCount(block, operation.length - operation.cut, longest, unmapGranularity, unmapAlignment);
  const cdb = new Uint8Array(CDB_LENGTH);
  if (!canUnmap) return takeSame(operation, cdb, block, count, true);
  const parameters = new Uint8Array(UNMAP_LIST_LENGTH);
  fillUnmap(cdb);
  fillUnmapList(parameters, block, count);
  return take(operation, count, { cdb, isWrite: true, length: UNMAP_LIST_LENGTH, parameters });
};

/** Returns how many of `left` blocks from `block` on one command does: it ends where the unit likes it best, when there is such a place. */
const alignedCount = (block: number, left: number, longest: number, granularity: number, alignment: number): number => {
  if (left <= longest) return left;
  if (granularity < 2) return longest;
  const end = block + longest;
  const beyond = remainder(end + granularity - remainder(alignment, granularity), granularity);
  return beyond < longest ? longest - beyond : longest;
};

const cutZero = (operation: Operation, unit: Unit): Task => {
  const longest = smaller(unit.limits.sameMax || ZERO_LENGTH_MAX, larger(ZERO_LENGTH_MAX / operation.blockSize, 1));
  const count = smaller(operation.length - operation.cut, longest);
  const mayUnmap = operation.mayUnmap && unit.provisioning.canUnmapBySame;
  return takeSame(operation, new Uint8Array(CDB_LENGTH), operation.block + operation.cut, count, mayUnmap);
};

/** One block of zeroes goes along, which is written to all of them. */
const takeSame = (operation: Operation, cdb: Uint8Array, block: number, count: number, mayUnmap: boolean): Task => {
  fillWriteSame16(cdb, block, count, mayUnmap);
  const parameters = new Uint8Array(operation.blockSize);
  return take(operation, count, { cdb, isWrite: true, length: parameters.length, parameters });
};
