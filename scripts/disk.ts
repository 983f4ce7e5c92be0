// The disk of the default run: a raw image with a partition table and a text to read back.
//
//   LBA 0           master boot record: a few bytes of code that decline to boot, the table, 55 AA
//   LBA 2048 …      partition 1, type 0x83, to the end of the disk; begins with DISK_TEXT
//
// The layout is the classic one: 446 bytes of code, four entries of 16 bytes, the signature. The file is sparse.

import { mkdir, open, rename } from 'node:fs/promises';
import path from 'node:path';
import { PROJECT } from './folders.ts';

const SECTOR_SIZE = 512;
export const DISK_SIZE_BYTES = 64 * 1024 * 1024;
/** The first bytes of partition 1. */
export const DISK_TEXT = 'Hello from the disk image\n';
/** Where partition 1 begins: 1 MiB, where every partitioning tool puts it. */
const PARTITION_LBA = 2048;

const DISK_SIGNATURE_OFFSET = 440;
const PARTITION_TABLE_OFFSET = 446;
const BOOT_SIGNATURE_OFFSET = 510;

/** int 18h (tells the firmware: nothing to boot here), then a jump to itself. */
const BOOT_CODE = [0xcd, 0x18, 0xeb, 0xfe];
const DISK_SIGNATURE = 0x4e594448; // "HDYN", little endian.
const PARTITION_TYPE_LINUX = 0x83;
/** Cylinder, head and sector cannot say addresses this large; all tools write this for "see the LBA". */
const CHS_TOO_LARGE = [0xfe, 0xff, 0xff];

/** Returns the path of the default disk in `folder`, made now when it is absent or not whole. What a guest wrote elsewhere on it stays. */
export const ensureDefaultDisk = async (folder = path.join(PROJECT, 'build')): Promise<string> => {
  const file = path.join(folder, 'disk.img');
  if (!(await isWhole(file))) await makeDisk(file, DISK_SIZE_BYTES);
  return file;
};

/** Writes a new image of `sizeBytes`, a multiple of 512 above 1 MiB. It appears under its name when it is whole. */
export const makeDisk = async (file: string, sizeBytes: number): Promise<void> => {
  if (sizeBytes % SECTOR_SIZE !== 0 || sizeBytes <= PARTITION_LBA * SECTOR_SIZE) {
    throw new RangeError(`a disk of ${sizeBytes} bytes: the size must be a multiple of ${SECTOR_SIZE} above 1 MiB`);
  }
  await mkdir(path.dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}.tmp`;
  const handle = await open(temporary, 'w');
  try {
    await handle.truncate(sizeBytes);
    await handle.write(bootRecord(sizeBytes / SECTOR_SIZE), 0, SECTOR_SIZE, 0);
    await handle.write(DISK_TEXT, PARTITION_LBA * SECTOR_SIZE);
  } finally {
    await handle.close();
  }
  await rename(temporary, file);
};

/** Returns the first sector of a disk of `sectorCount` sectors. */
const bootRecord = (sectorCount: number): Buffer => {
  const sector = Buffer.alloc(SECTOR_SIZE);
  sector.set(BOOT_CODE, 0);
  sector.writeUInt32LE(DISK_SIGNATURE, DISK_SIGNATURE_OFFSET);

  const entry = sector.subarray(PARTITION_TABLE_OFFSET, PARTITION_TABLE_OFFSET + 16);
  entry.set(CHS_TOO_LARGE, 1);
  entry[4] = PARTITION_TYPE_LINUX;
  entry.set(CHS_TOO_LARGE, 5);
  entry.writeUInt32LE(PARTITION_LBA, 8);
  entry.writeUInt32LE(sectorCount - PARTITION_LBA, 12);

  sector.writeUInt16LE(0xaa55, BOOT_SIGNATURE_OFFSET);
  return sector;
};

/** Whether the file has the right size, boot record and text. */
const isWhole = async (file: string): Promise<boolean> => {
  const handle = await open(file, 'r').catch(() => undefined);
  if (handle === undefined) return false;
  try {
    const { size } = await handle.stat();
    const record = Buffer.alloc(SECTOR_SIZE);
    const text = Buffer.alloc(DISK_TEXT.length);
    await handle.read(record, 0, record.length, 0);
    await handle.read(text, 0, text.length, PARTITION_LBA * SECTOR_SIZE);
    return (
      size === DISK_SIZE_BYTES && record.equals(bootRecord(size / SECTOR_SIZE)) && text.toString('latin1') === DISK_TEXT
    );
  } finally {
    await handle.close();
  }
};
