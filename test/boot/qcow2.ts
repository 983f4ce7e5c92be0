// qcow2 images for tests, of version 3: an empty one is made, and the guest's bytes are read out of one, with which clusters are in the file.

import { readFileSync, writeFileSync } from 'node:fs';

/** Bytes of a cluster. */
export const CLUSTER = 65_536;

const HEADER_LENGTH = 104;
const ALLOCATED_OFFSET = 0x00ff_ffff_ffff_fe00n;
const READS_ZERO = 1n;

/** Makes an image of `length` bytes that holds nothing: header, refcounts and the table of tables, a cluster each. */
export const makeQcow2 = (file: string, length: number): void => {
  const bytes = new DataView(new ArrayBuffer(4 * CLUSTER));
  bytes.setUint32(0, 0x514649fb);
  bytes.setUint32(4, 3);
  bytes.setUint32(20, 16); // cluster_bits
  bytes.setBigUint64(24, BigInt(length));
  bytes.setUint32(36, 1); // l1_size: one table of 8192 clusters
  bytes.setBigUint64(40, BigInt(3 * CLUSTER));
  bytes.setBigUint64(48, BigInt(CLUSTER)); // The table of refcounts, of one cluster.
  bytes.setUint32(56, 1);
  bytes.setUint32(96, 4); // refcount_order: 16 bits
  bytes.setUint32(100, HEADER_LENGTH);
  bytes.setBigUint64(CLUSTER, BigInt(2 * CLUSTER));
  for (let cluster = 0; cluster < 4; cluster++) bytes.setUint16(2 * CLUSTER + 2 * cluster, 1);
  writeFileSync(file, new Uint8Array(bytes.buffer));
};

/** Returns what the guest finds in an image, and for each cluster whether the file holds it. */
export const readQcow2 = (file: string): { content: Uint8Array; isHeld: boolean[] } => {
  const bytes = readFileSync(file);
  const content = new Uint8Array(Number(bytes.readBigUInt64BE(24)));
  const tables = Number(bytes.readBigUInt64BE(40));
  const clusters = Number(bytes.readBigUInt64BE(tables) & ALLOCATED_OFFSET);
  const isHeld: boolean[] = [];
  for (let cluster = 0; cluster < content.length / CLUSTER; cluster++) {
    const entry = clusters === 0 ? 0n : bytes.readBigUInt64BE(clusters + 8 * cluster);
    const at = Number(entry & ALLOCATED_OFFSET);
    isHeld.push(at !== 0);
    if (at === 0 || (entry & READS_ZERO) !== 0n) continue;
    content.set(bytes.subarray(at, at + CLUSTER), cluster * CLUSTER);
  }
  return { content, isHeld };
};
