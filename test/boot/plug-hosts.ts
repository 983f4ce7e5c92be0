// What devices of all classes need of the host: disks, a network that leads nowhere, and so on. For tests in which devices come and go.

import { truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { temporaryFolder } from './harness.ts';

const DISK_BYTES = 16 * 1024 * 1024;

/**
 * Returns QEMU's arguments for the blocks `disk`, `scsi-disk` and `resident`, the network `net`, the folder `folder`, the sound `silence`, and the objects `entropy`, `cipher`, `pmem`, `mem`
 * and `memory`, which is the machine's. Their files are in `folder`.
 */
export const plugHosts = (memory: string, folder = temporaryFolder()): string[] => {
  for (const name of ['disk', 'scsi-disk', 'resident', 'pmem']) {
    writeFileSync(path.join(folder, name), '');
    truncateSync(path.join(folder, name), DISK_BYTES);
  }
  return [
    ...['disk', 'scsi-disk', 'resident'].flatMap((name) => [
      ...['-blockdev', `driver=raw,node-name=${name},file.driver=file,file.filename=${folder}/${name}`],
    ]),
    ...['-netdev', 'user,id=net,restrict=on'],
    ...['-fsdev', `local,id=folder,path=${temporaryFolder()},security_model=none`],
    ...['-object', 'rng-random,id=entropy,filename=/dev/urandom'],
    ...['-object', 'cryptodev-backend-builtin,id=cipher'],
    ...['-object', `memory-backend-file,id=pmem,share=on,mem-path=${folder}/pmem,size=16M`],
    ...['-object', 'memory-backend-ram,id=mem,size=128M'],
    ...['-audiodev', 'none,id=silence'],
    ...['-object', `memory-backend-memfd,id=memory,size=${memory},share=on`, '-machine', 'memory-backend=memory'],
  ];
};
