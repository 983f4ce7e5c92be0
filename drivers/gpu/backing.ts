'use machine';
// The memory of a canvas, out of the pool: in one piece where there is one that long, else in ever smaller ones.

import type { bool, DmaOffset, u32 } from '../../kernel/base/machine.ts';
import {
  CANVAS_PIECE_COUNT_MAX,
  type Canvas,
  closeCanvas,
  PIXEL_SIZE,
  pieceLength,
} from '../../kernel/device/canvas.ts';
import { dmaLength } from '../../kernel/hal/dma.ts';
import { DMA_ALLOCATE_FAILED, type DmaPool, dmaAllocate, dmaFree } from '../../kernel/hal/dma-pool.ts';
import { noteMemory, returnMemory } from '../virtio/memory.ts';
import { TAKEN_COUNT_MAX, type Transport } from '../virtio/transport/record.ts';

/** Each piece begins at a cache line of its own. */
const PIECE_ALIGNMENT: u32 = 64;

/** Gives a canvas black pixels. False: there is no memory for them, and it has none. */
export const takeBacking = (transport: Transport, pool: DmaPool, canvas: Canvas, width: u32, height: u32): bool => {
  if (width * height * PIXEL_SIZE > dmaLength()) return false;
  canvas.width = width;
  canvas.height = height;
  for (let count: u32 = 1; count <= CANVAS_PIECE_COUNT_MAX && count <= height; count *= 2) {
    canvas.pieceRows = Math.ceil(height / count);
    canvas.pieceCount = Math.ceil(height / canvas.pieceRows);
    if (transport.memory.count + canvas.pieceCount > TAKEN_COUNT_MAX) break;
    if (takePieces(pool, canvas)) {
      for (let i: u32 = 0; i < canvas.pieceCount; i++)
        noteMemory(transport, canvas.offsets[i] + 0, pieceLength(canvas, i));
      return true;
    }
  }
  closeCanvas(canvas);
  return false;
};

const takePieces = (pool: DmaPool, canvas: Canvas): bool => {
  for (let i: u32 = 0; i < canvas.pieceCount; i++) {
    const offset: DmaOffset = dmaAllocate(pool, pieceLength(canvas, i), PIECE_ALIGNMENT);
    if (offset === DMA_ALLOCATE_FAILED) {
      for (let taken: u32 = 0; taken < i; taken++) dmaFree(pool, canvas.offsets[taken] + 0, pieceLength(canvas, taken));
      return false;
    }
    canvas.offsets[i] = offset + 0;
  }
  return true;
};

/** Gives the memory back, which the device cannot reach any more. The canvas has no pixels from then on. False: the pool cannot take all of it. */
export const returnBacking = (transport: Transport, pool: DmaPool, canvas: Canvas): bool => {
  let isAllBack: bool = true;
  for (let i: u32 = 0; i < canvas.pieceCount; i++) {
    if (!returnMemory(transport, pool, canvas.offsets[i] + 0)) isAllBack = false;
  }
  closeCanvas(canvas);
  return isAllBack;
};
