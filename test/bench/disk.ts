// The disks on which our driver is compared with the floor, as QEMU options.

import { spawnSync } from 'node:child_process';
import { withRawDisk } from './guest.ts';

/** Bytes of every disk of the comparison. The images know it: their sector numbers wrap there. */
const DISK_BYTES = 64 * 1024 * 1024;

/** How QEMU moves the data of a file. */
export type Aio = 'io_uring' | 'threads';

/** One disk. */
export interface DiskOptions {
  /** `null-co` answers at once and moves no data; `raw` is a file in memory. */
  readonly backend: 'null-co' | 'raw';
  /** False: the processor's own thread serves the doorbell. QEMU's default is true: its main loop is woken to do it. */
  readonly ioeventfd: boolean;
  /** Left to QEMU when absent. Means nothing to null-co. */
  readonly aio?: Aio;
  /** How long null-co takes for an answer. Default: it answers at once. */
  readonly latencyNs?: number;
}

/** Returns the disk's part in the name of a figure: `null-co`, or `raw,ioeventfd=off,aio=io_uring`. */
export const diskName = ({ backend, ioeventfd, aio }: DiskOptions): string =>
  [backend, ...(ioeventfd ? [] : ['ioeventfd=off']), ...(aio === undefined ? [] : [`aio=${aio}`])].join(',');

/** Calls `work` with QEMU's arguments for the disk as device 2 of bus 0. A raw file lives as long as `work`. */
export const withDisk = <T>(options: DiskOptions, work: (qemuArguments: string[]) => Promise<T>): Promise<T> =>
  options.backend === 'null-co'
    ? work(diskArguments(options, { driver: 'null-co', size: DISK_BYTES, 'latency-ns': options.latencyNs ?? 0 }))
    : withRawDisk(DISK_BYTES, (file) =>
        work(diskArguments(options, { driver: 'raw', file: fileNode(file, options.aio) })),
      );

const diskArguments = ({ ioeventfd }: DiskOptions, backend: object): string[] => [
  ...['-blockdev', JSON.stringify({ 'node-name': 'bench', ...backend })],
  ...['-device', `virtio-blk-pci,drive=bench,addr=2.0,disable-legacy=on${ioeventfd ? '' : ',ioeventfd=off'}`],
];

const fileNode = (filename: string, aio: Aio | undefined): object => ({
  driver: 'file',
  filename,
  ...(aio === undefined ? {} : { aio }),
});

/** Returns whether this QEMU on this host can open a file with io_uring. */
export const hasIoUring = (qemu: string): Promise<boolean> =>
  withRawDisk(DISK_BYTES, async (file) => {
    const node = { 'node-name': 'bench', ...fileNode(file, 'io_uring') };
    const machine = ['-machine', 'none', '-nodefaults', '-display', 'none', '-monitor', 'stdio'];
    const { status } = spawnSync(qemu, [...machine, '-blockdev', JSON.stringify(node)], {
      input: 'quit\n',
      timeout: 10_000,
    });
    return status === 0;
  });
