// What the probe does with one disk: says what it is, shows what is on it, and finds out whether it keeps what is written.

import { flushPolled, type PolledBlk, readPolled, writePolled } from '../../drivers/blk/driver.ts';
import { larger, remainder, smaller } from '../../kernel/base/bits.ts';
import { equalBytes, fillPattern, readU16, readU32 } from '../../kernel/base/bytes.ts';
import { formatBytes, hex, hexBytes, printableText } from '../../kernel/base/hex.ts';
import { fail, ok, type Result } from '../../kernel/base/result.ts';
import { SECTOR_SIZE } from '../../kernel/device/block.ts';
import type { DeviceError } from '../../kernel/device/failure.ts';
import { print } from './print.ts';

/** How much of sector 0 is shown, and of a partition's text. */
const SHOWN_LENGTH = 16;
const TEXT_LENGTH_MAX = 80;

/** The write round uses this many bytes at the end of the disk, or a block where that is more. */
const ROUND_LENGTH = 4096;
const PATTERN_SEED = 7;

//    master boot record            offset
const PARTITION_TABLE = 446;
const PARTITION_COUNT = 4;
const PARTITION_ENTRY_SIZE = 16;
const PARTITION_TYPE = 4;
const PARTITION_START = 8;
const PARTITION_LENGTH = 12;
const BOOT_SIGNATURE_OFFSET = 510;
const BOOT_SIGNATURE = 0xaa55;

const LINE_FEED = 10;

/** Prints all about `disk`. Returns whether it does what a disk should. */
export const examineDisk = (disk: PolledBlk): boolean => {
  printIdentity(disk);
  if (disk.capacitySectors * SECTOR_SIZE < disk.blockSizeBytes) {
    print(`disk ${disk.name}: empty, there is nothing to read`);
    return true;
  }
  const read = printContents(disk);
  if (!read.ok) print(`disk ${disk.name}: reading failed: ${read.error.message}`);
  return tryWriting(disk) && read.ok;
};

const printIdentity = (disk: PolledBlk): void => {
  const capacity = `${disk.capacitySectors} sectors (${formatBytes(disk.capacitySectors * SECTOR_SIZE)})`;
  const serialNumber = disk.serialNumber === '' ? 'no serial number' : `serial number ${disk.serialNumber}`;
  const access = disk.isReadOnly ? 'read-only' : 'writable';
  print(`disk ${disk.name}: ${capacity}, block size ${disk.blockSizeBytes} bytes, ${serialNumber}, ${access}`);
  let features = '';
  for (const name of disk.featureNames) features += ` ${name}`;
  print(`disk ${disk.name}: features${features}`);
};

/** Prints the first bytes, the partition table and the text that a partition begins with. */
const printContents = (disk: PolledBlk): Result<undefined, DeviceError> => {
  const first = new Uint8Array(disk.blockSizeBytes);
  const read = readPolled(disk, 0, first);
  if (!read.ok) return read;
  const shown = first.subarray(0, SHOWN_LENGTH);
  print(`disk ${disk.name}: sector 0: ${hexBytes(shown)} |${printableText(shown)}|`);
  if (readU16(first, BOOT_SIGNATURE_OFFSET) !== BOOT_SIGNATURE) return read;

  for (let index = 0; index < PARTITION_COUNT; index++) {
    const entry = PARTITION_TABLE + index * PARTITION_ENTRY_SIZE;
    if (first[entry + PARTITION_TYPE] === 0) continue;
    const printed = printPartition(disk, first.subarray(entry, entry + PARTITION_ENTRY_SIZE), index + 1);
    if (!printed.ok) return printed;
  }
  return read;
};

const printPartition = (disk: PolledBlk, entry: Uint8Array, number: number): Result<undefined, DeviceError> => {
  // The table counts in blocks of the disk; where it was made for another block size it points elsewhere, perhaps outside.
  const sectorsPerBlock = disk.blockSizeBytes / SECTOR_SIZE;
  const start = readU32(entry, PARTITION_START) * sectorsPerBlock;
  const length = readU32(entry, PARTITION_LENGTH) * sectorsPerBlock;
  const what = `disk ${disk.name}: partition ${number}`;
  print(`${what}: type 0x${hex(entry[PARTITION_TYPE], 2)}, sector ${start}, ${length} sectors`);
  if (start + sectorsPerBlock > disk.capacitySectors) {
    print(`${what}: begins outside the disk`);
    return ok(undefined);
  }
  const block = new Uint8Array(disk.blockSizeBytes);
  const read = readPolled(disk, start, block);
  if (!read.ok) return read;
  const text = leadingText(block);
  if (text !== '') print(`${what}: text: ${text}`);
  return read;
};

/** Returns the line of printable text at the start of `block`, without its line feed; empty when there is none. */
const leadingText = (block: Uint8Array): string => {
  for (let i = 0; i < TEXT_LENGTH_MAX; i++) {
    if (block[i] === LINE_FEED) return printableText(block.subarray(0, i));
    if (block[i] < 0x20 || block[i] > 0x7e) return '';
  }
  return '';
};

/** Writes to the last sectors, reads back, and puts back what was there. Returns whether that worked. */
const tryWriting = (disk: PolledBlk): boolean => {
  if (disk.isReadOnly) {
    print(`disk ${disk.name}: write round left out, the disk is read-only`);
    return true;
  }
  const capacity = disk.capacitySectors * SECTOR_SIZE;
  const wholeBlocks = capacity - remainder(capacity, disk.blockSizeBytes);
  const length: number = smaller(larger(ROUND_LENGTH, disk.blockSizeBytes), wholeBlocks);
  const sector = (wholeBlocks - length) / SECTOR_SIZE;
  const where = `${length} bytes from sector ${sector}`;

  const round = writeRound(disk, sector, length);
  if (round.ok) print(`disk ${disk.name}: write, flush, read, compare, restore: ok (${where})`);
  else print(`disk ${disk.name}: write round failed (${where}): ${round.error}`);
  return round.ok;
};

/** Fails with what went wrong; what was there is put back also after a failure. */
const writeRound = (disk: PolledBlk, sector: number, length: number): Result<undefined, string> => {
  const before = new Uint8Array(length);
  const saved = readPolled(disk, sector, before);
  if (!saved.ok) return fail(`save: ${saved.error.message}`);

  const compared = writeAndCompare(disk, sector, length);
  const restored = writeAndFlush(disk, sector, before);
  if (!compared.ok) return compared;
  return restored.ok ? ok(undefined) : fail(`restore: ${restored.error.message}`);
};

const writeAndCompare = (disk: PolledBlk, sector: number, length: number): Result<undefined, string> => {
  const pattern = new Uint8Array(length);
  fillPattern(pattern, PATTERN_SEED);
  const written = writeAndFlush(disk, sector, pattern);
  if (!written.ok) return fail(`write: ${written.error.message}`);
  const found = new Uint8Array(length);
  const read = readPolled(disk, sector, found);
  if (!read.ok) return fail(`read: ${read.error.message}`);
  return equalBytes(pattern, found) ? ok(undefined) : fail('compare: other bytes came back than were written');
};

const writeAndFlush = (disk: PolledBlk, sector: number, bytes: Uint8Array): Result<undefined, DeviceError> => {
  const written = writePolled(disk, sector, bytes);
  return written.ok ? flushPolled(disk) : written;
};
