import { describe, expect, it } from 'vitest';
import { TRANSFER_LENGTH_MAX } from '../../../../drivers/blk/bring-up.ts';
import { flushPolled, type PolledBlk, readPolled, startBlk, writePolled } from '../../../../drivers/blk/driver.ts';
import type { InitializeError } from '../../../../drivers/virtio/describe.ts';
import { fillPattern } from '../../../../kernel/base/bytes.ts';
import { expectError, expectValue, machineWithDisk, sameBytes } from '../../../sim/setup.ts';
import type { SimBlkAnswer, SimBlkOptions, SimBlkRequest } from '../../../sim/virtio/block.ts';
import { openedPci } from '../virtio/transport/harness.ts';

const READ = 0;
const WRITE = 1;
const FLUSH = 4;
const GET_ID = 8;

const started = (options: SimBlkOptions = {}) => {
  const all = machineWithDisk(options);
  const transport = openedPci(all.pciFunction);
  return { ...all, block: expectValue(startBlk(transport, all.pool)) };
};

const failing = (options: SimBlkOptions): InitializeError => {
  const { pciFunction, pool } = machineWithDisk(options);
  return expectError(startBlk(openedPci(pciFunction), pool));
};

/** Starts a disk that answers requests of `type` in another way. */
const answering = (type: number, answer: SimBlkAnswer, options: SimBlkOptions = {}) => {
  const all = started(options);
  all.disk.answer = (request: SimBlkRequest) => (request.type === type ? answer : {});
  return all;
};

const pattern = (length: number): Uint8Array => {
  const bytes = new Uint8Array(length);
  fillPattern(bytes, 3);
  return bytes;
};

const readSector = (block: PolledBlk): ReturnType<typeof readPolled> => readPolled(block, 0, new Uint8Array(512));

describe('a disk that comes up', () => {
  it('says what it is', () => {
    const { block, machine } = started({ sectors: 64, serialNumber: 'hedyn-1' });
    expect(block).toMatchObject({
      name: '0000:00:02.0 virtio-blk',
      capacitySectors: 64,
      blockSizeBytes: 512,
      serialNumber: 'hedyn-1',
      isReadOnly: false,
      featureNames: ['BLK_SIZE', 'FLUSH', 'VERSION_1'],
    });
    expect(machine.violations).toEqual([]);
  });

  it('of 2 TiB and more has its capacity from both halves', () => {
    expect(started({ capacity: [5, 3] }).block.capacitySectors).toBe(3 * 2 ** 32 + 5);
  });

  it('has a serial number of up to 20 characters without a zero behind it', () => {
    expect(started({ serialNumber: '12345678901234567890' }).block.serialNumber).toBe('12345678901234567890');
  });

  it('does without a serial number where the device does not know the request', () => {
    const { pciFunction, pool, disk } = machineWithDisk();
    disk.answer = ({ type }) => (type === GET_ID ? { status: 2 } : {});
    const block = expectValue(startBlk(openedPci(pciFunction), pool));
    expect(block.serialNumber).toBe('');
    expect(readSector(block).ok).toBe(true);
  });

  it('has blocks of 512 bytes where the feature is not offered, whatever the field says', () => {
    expect(started({ features: [9, 32], blockSize: 4096 }).block.blockSizeBytes).toBe(512);
  });
});

describe('a disk that does not come up', () => {
  it.each([0, 256, 513, 768, 262144, 0x80000000])('because of a block size of %i', (blockSize) => {
    expect(failing({ blockSize })).toMatchObject({ step: 7, kind: 'bad-block-size' });
  });

  it('because of a capacity whose last byte is beyond 2^53', () => {
    expect(failing({ capacity: [0, 4096] })).toMatchObject({ step: 7, kind: 'bad-capacity' });
  });

  it('because its configuration is too short', () => {
    const { pciFunction, pool, disk } = machineWithDisk();
    disk.device.pciFunction.config.setUint32(0x60 + 12, 8, true); // The length in the third capability, DEVICE_CFG.
    const error = expectError(startBlk(openedPci(pciFunction), pool));
    expect(error).toMatchObject({ step: 7, kind: 'config-too-small' });
  });

  it('because it has no queue', () =>
    expect(failing({ queueSizes: [] })).toMatchObject({ step: 7, kind: 'queue-missing' }));

  it('because there is no memory for its buffer', () => {
    const { pciFunction, pool } = machineWithDisk();
    pool.lengths[0] = TRANSFER_LENGTH_MAX;
    const error = expectError(startBlk(openedPci(pciFunction), pool));
    expect(error).toMatchObject({ step: 7, kind: 'out-of-dma-memory' });
  });
});

describe('reading and writing', () => {
  it('moves the bytes to and from the sectors asked for', () => {
    const { block, disk, machine } = started();
    const bytes = pattern(1536);
    expectValue(writePolled(block, 5, bytes));
    expect(sameBytes(disk.disk.subarray(5 * 512, 8 * 512), bytes)).toBe(true);
    expect(disk.disk[5 * 512 - 1]).toBe(0);
    expect(disk.disk[8 * 512]).toBe(0);
    const found = new Uint8Array(1536);
    expectValue(readPolled(block, 5, found));
    expect(sameBytes(found, bytes)).toBe(true);
    expect(machine.violations).toEqual([]);
  });

  it('longer than a buffer is several requests of many sectors', () => {
    const sectors = (TRANSFER_LENGTH_MAX / 512) * 2 + 3;
    const { block, disk } = started({ sectors });
    const bytes = pattern(sectors * 512);
    expectValue(writePolled(block, 0, bytes));
    expect(sameBytes(disk.disk, bytes)).toBe(true);
    const found = new Uint8Array(sectors * 512);
    expectValue(readPolled(block, 0, found));
    expect(sameBytes(found, bytes)).toBe(true);
    expect(disk.requests.filter(({ type }) => type === READ).map(({ sector }) => sector)).toEqual([0, 256, 512]);
  });

  it('goes up to the last sector and not beyond', () => {
    const { block, disk } = started({ sectors: 64 });
    expect(readPolled(block, 63, new Uint8Array(512)).ok).toBe(true);
    const before = disk.requests.length;
    expect(expectError(readPolled(block, 63, new Uint8Array(1024))).kind).toBe('out-of-range');
    expect(expectError(writePolled(block, 64, new Uint8Array(512))).kind).toBe('out-of-range');
    expect(expectError(readPolled(block, 2 ** 52, new Uint8Array(512))).kind).toBe('out-of-range');
    expect(disk.requests).toHaveLength(before);
  });

  it('refuses what is not whole blocks', () => {
    const { block } = started({ blockSize: 4096 });
    for (const [sector, length] of [
      [0, 0],
      [0, 512],
      [0, 4095],
      [4, 4096],
    ] as const) {
      expect(expectError(readPolled(block, sector, new Uint8Array(length))).kind).toBe('misaligned');
    }
    expect(readPolled(block, 8, new Uint8Array(4096)).ok).toBe(true);
  });

  it.each([0.5, -1, Number.NaN, Number.POSITIVE_INFINITY])('sector %d is no argument', (sector) => {
    const { block, disk } = started();
    disk.requests.length = 0;
    expect(expectError(readPolled(block, sector, new Uint8Array(512))).kind).toBe('invalid-argument');
    expect(disk.requests).toEqual([]);
  });

  it('a write to a read-only disk is refused before the device sees it', () => {
    const { block, disk } = started({ features: [5, 9, 32] });
    expect(block.isReadOnly).toBe(true);
    expect(expectError(writePolled(block, 0, new Uint8Array(512))).kind).toBe('read-only');
    expect(disk.requests.some(({ type }) => type === WRITE)).toBe(false);
    expect(readSector(block).ok).toBe(true);
  });

  it('flushes, and does not where there is nothing to flush', () => {
    const { block, disk } = started();
    expectValue(flushPolled(block));
    expect(disk.flushes).toBe(1);
    const without = started({ features: [32] });
    expectValue(flushPolled(without.block));
    expect(without.disk.flushes).toBe(0);
  });

  it('waits for a slow answer', () => {
    const { block, disk } = answering(READ, { delay: 2_000_000 });
    disk.disk.fill(0x5a);
    const found = new Uint8Array(512);
    expectValue(readPolled(block, 0, found));
    expect(found).toEqual(new Uint8Array(512).fill(0x5a));
  });
});

describe('a request that the device refuses', () => {
  it.each([
    [1, 'io-error'],
    [2, 'unsupported'],
    [7, 'io-error'],
  ])('with status %i is an error of its kind, and the disk goes on', (status, kind) => {
    const { block, disk } = answering(READ, { status });
    expect(expectError(readSector(block)).kind).toBe(kind);
    disk.answer = () => ({});
    expect(readSector(block).ok).toBe(true);
    expect(disk.device.status).toBe(15);
  });

  it('is told from one that it accepted: a failed flush fails', () => {
    const { block } = answering(FLUSH, { status: 1 });
    expect(expectError(flushPolled(block)).message).toBe(
      'request type 4 at sector 0: the device ended it with status 1',
    );
  });
});

describe('a device that answers wrongly is given up', () => {
  it.each<[string, number, SimBlkAnswer]>([
    ['writes less than it was asked for', READ, { usedLength: 512 }],
    ['writes nothing and says so', READ, { usedLength: 0, writesNothing: true }],
    ['says that it wrote more than the buffers hold', READ, { usedLength: 514 }],
    ['says that it wrote into what it may only read', WRITE, { usedLength: 513 }],
    ['leaves the status byte as it was', WRITE, { writesNothing: true }],
    ['gives back a head that it does not have', READ, { usedHead: 15 }],
    ['gives back a head that is no descriptor', READ, { usedHead: 0xffff0000 }],
  ])('when it %s', (_, type, answer) => {
    const { block, disk, machine } = answering(type, answer);
    const result = type === READ ? readSector(block) : writePolled(block, 0, new Uint8Array(512));
    expect(expectError(result).kind).toBe('wrong-answer');
    expect(expectError(flushPolled(block)).kind).toBe('device-failed');
    expect(disk.device.status).toBe(128);
    expect(disk.device.pciFunction.reachesMemory).toBe(false);
    expect(machine.violations).toEqual([]);
  });

  it('when it answers twice', () => {
    const { block, disk } = answering(READ, { times: 2 });
    const first = readSector(block);
    if (first.ok) expect(readSector(block).ok).toBe(false);
    expect(expectError(flushPolled(block)).kind).toBe('device-failed');
    expect(disk.device.status).toBe(128);
  });

  it('when it does not answer at all', () => {
    const { block, disk, machine } = answering(READ, { delay: Number.POSITIVE_INFINITY });
    machine.clockStep = 1_000_000;
    const error = expectError(readSector(block));
    expect(error).toMatchObject({ kind: 'timeout', message: 'request type 0 at sector 0: no answer in 10000 ms' });
    expect(expectError(readSector(block)).kind).toBe('device-failed');
    expect(disk.device.status).toBe(128);
  });

  it('when it does not answer because it needs a reset, which is said', () => {
    const { block, disk, machine } = answering(READ, { delay: Number.POSITIVE_INFINITY });
    machine.clockStep = 1_000_000;
    disk.device.status |= 64;
    expect(expectError(readSector(block)).message).toBe(
      'request type 0 at sector 0: no answer in 10000 ms; the device needs a reset: ' +
        'device_status reads 0x4f (ACKNOWLEDGE DRIVER DRIVER_OK FEATURES_OK DEVICE_NEEDS_RESET)',
    );
  });

  it('when it answers after it was given up, nothing in memory changes', () => {
    const { block, disk, machine } = answering(READ, { delay: 20_000_000_000 });
    machine.clockStep = 1_000_000;
    readSector(block);
    expect(disk.device.pciFunction.reachesMemory).toBe(false);
  });
});
