// What devices of all classes need of the host: disks, a network that leads nowhere, and so on. For tests in which devices come and go.

import { truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { temporaryFolder } from './harness.ts';

const DISK_BYTES = 16 * 1024 * 1024;

/** Returns QEMU's arguments for the blocks `disk` and `scsi-disk`, the network `net`, the folder `folder`, and the objects `entropy`, `cipher`, `silence` and `memory`, which is the machine's. */
export const plugHosts = (memory: string): string[] => {
  const folder = temporaryFolder();
  for (const name of ['disk', 'scsi-disk']) {
    writeFileSync(path.join(folder, name), '');
    truncateSync(path.join(folder, name), DISK_BYTES);
  }
  return [
    ...['-blockdev', `driver=raw,node-name=disk,file.driver=file,file.filename=${folder}/disk`],
    ...['-blockdev', `driver=raw,node-name=scsi-disk,file.driver=file,file.filename=${folder}/scsi-disk`],
    ...['-netdev', 'user,id=net,restrict=on'],
    ...['-fsdev', `local,id=folder,path=${temporaryFolder()},security_model=none`],
    ...['-object', 'rng-random,id=entropy,filename=/dev/urandom'],
    ...['-object', 'cryptodev-backend-builtin,id=cipher'],
    ...['-audiodev', 'none,id=silence'],
    ...['-object', `memory-backend-memfd,id=memory,size=${memory},share=on`, '-machine', 'memory-backend=memory'],
  ];
};
