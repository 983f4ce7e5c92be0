// The figures of `make bench`, in the order in which they are printed.

import { allocationFigures } from './allocation.ts';
import { awaitedFigures } from './awaited.ts';
import { bootFigures } from './boot.ts';
import { hasIoUring } from './disk.ts';
import type { Figure } from './figure.ts';
import { gpuFigures } from './gpu.ts';
import { starter } from './guest.ts';
import { idleFigures } from './idle.ts';
import { netFigures } from './net.ts';
import { ratioFigures } from './ratios.ts';
import { requestFigures } from './requests.ts';
import { shareFigures } from './share.ts';

/** Returns all figures. `qemu` is QEMU's program. */
export const figures = async (qemu: string): Promise<Figure[]> => {
  const start = starter(qemu);
  const aio = (await hasIoUring(qemu)) ? 'io_uring' : 'threads'; // The names of the figures say which.
  return [
    ...bootFigures(start),
    ...requestFigures(start),
    ...ratioFigures(start, aio),
    ...netFigures(start),
    ...allocationFigures(start),
    ...shareFigures(start),
    ...idleFigures(start, qemu),
    ...awaitedFigures(start, aio),
    ...gpuFigures(start),
  ];
};
