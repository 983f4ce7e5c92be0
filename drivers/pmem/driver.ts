// A virtio persistent memory: a file of the host that lies in the address space. VIRTIO 1.2 §5.19.
//
// QEMU: -m 256M,slots=4,maxmem=2G -object memory-backend-file,id=p0,share=on,mem-path=pmem.img,size=16M -device virtio-pmem-pci,memdev=p0
//
// Reads and writes are of memory; the queue is there for flushes alone.

import { hex } from '../../kernel/base/hex.ts';
import { renew } from '../../kernel/base/machine.ts';
import { DeviceFailure, failureOf } from '../../kernel/device/failure.ts';
import type { PersistentMemory, PmemOptions } from '../../kernel/device/pmem.ts';
import { deviceMemoryReadBytes, deviceMemoryWriteBytes } from '../../kernel/hal/device-memory.ts';
import { nextCare, restoreBuffers } from '../virtio/buffers.ts';
import { describeFault, errorAt, type InitializeError } from '../virtio/describe.ts';
import {
  armExchange,
  call,
  callCount,
  type Exchange,
  endCalls,
  loseCalls,
  newExchange,
  pollExchange,
  spinExchange,
} from '../virtio/exchange.ts';
import {
  armLive,
  causesOf,
  closeLive,
  type Driver,
  giveUpLive,
  type Live,
  lookAtConfiguration,
  refuseEnded,
  startLive,
  wakeAtOf,
  whyEnded,
} from '../virtio/live.ts';
import { featureNames } from '../virtio/names.ts';
import { recordFor, recordsOf } from '../virtio/records.ts';
import type { Transport } from '../virtio/transport/record.ts';
import { beginPmem, FAULT_MOVED, FAULT_RANGE, isUnmoved, mapPmem, Pmem, placePmem, setUpPmem } from './bring-up.ts';
import {
  ANSWER_RESULT,
  ANSWER_SIZE,
  REQUEST_SIZE,
  REQUEST_TYPE,
  RESULT_IO_ERROR,
  RESULT_OK,
  TYPE_FLUSH,
} from './registers.ts';

/** Where ranges are mapped, by their address and length: a mapping is for ever, and one that is opened again has the same. */
const mappings = new Map<string, number>();

/** Flushes of all persistent memories. */
let flushCount = 0;

const PMEMS = recordsOf(
  () => new Pmem(),
  (pmem) => renew(pmem),
);

/** Brings a persistent memory up, and maps it. Throws a DeviceFailure. */
export const startPmem = (live: Live): PersistentMemory => {
  const pmem = recordFor(live, PMEMS);
  const exchange = newExchange(live, pmem.requests);
  startLive(live, driverOf(live, pmem, exchange));
  const lengthBytes: number = pmem.length;
  const start: number = pmem.start;
  const check = (offset: number, length: number): void => checkRange(live, lengthBytes, offset, length);
  const readInto = (offset: number, target: Uint8Array): void => {
    check(offset, target.length);
    deviceMemoryReadBytes(start + offset, target);
  };
  return {
    name: live.name,
    featureNames: featureNames(live.transport.accepted, live.transport.deviceType),
    lengthBytes,
    start,
    read(offset, length) {
      check(offset, length);
      const bytes = new Uint8Array(length);
      readInto(offset, bytes);
      return bytes;
    },
    readInto,
    write(offset, source) {
      check(offset, source.length);
      deviceMemoryWriteBytes(start + offset, source);
    },
    flush: (options) => flush(exchange, options),
    close: () => close(live, exchange),
  };
};

const driverOf = (live: Live, pmem: Pmem, exchange: Exchange): Driver => {
  const { transport, pool } = live;
  return {
    queueCount: 1,
    begin: () => beginPmem(transport, pmem),
    setUp: () => setUpPmem(transport, pool, pmem, live.deadlineMs, flushCount) && place(transport, pmem),
    setUpAgain: () => isUnmoved(transport, pmem) && restoreBuffers(transport, pmem.requests),
    started() {},
    describeFault: () => describePmemFault(transport),
    configurationChanged() {}, // Where it lies is asked when it comes up, and after a reset.
    lost: (error) => loseCalls(exchange, error),
    ended: (error, refusal) => endCalls(exchange, error, refusal),
    flush: () => flush(exchange),
    poll() {
      const causes = causesOf(live);
      const hasTaken = pollExchange(exchange);
      lookAtConfiguration(live, causes);
      return hasTaken;
    },
    spin: (deadline) => spinExchange(exchange, deadline),
    arm: () => armLive(live, armExchange(exchange), callCount(exchange) > 0),
    get pendingCount() {
      return callCount(exchange);
    },
    get wakeAt() {
      return wakeAtOf(nextCare(pmem.requests));
    },
  };
};

/** Maps it, or finds where it is mapped. */
const place = (transport: Transport, pmem: Pmem): boolean => {
  const range = `${pmem.address} ${pmem.length}`;
  const known = mappings.get(range);
  if (known !== undefined) {
    placePmem(pmem, known);
    return true;
  }
  if (!mapPmem(transport, pmem)) return false;
  mappings.set(range, pmem.start);
  return true;
};

const describePmemFault = (transport: Transport): InitializeError => {
  const fault = transport.fault;
  const address: number = fault.found;
  const length: number = fault.expected;
  const range = `0x${hex(length, 1)} bytes at 0x${hex(address, 1)}`;
  if (fault.code === FAULT_RANGE) return errorAt(fault.step, 'bad-range', `${range} cannot be its memory`);
  if (fault.code === FAULT_MOVED) return errorAt(fault.step, 'moved', `its memory is now ${range}`);
  return describeFault(transport);
};

const checkRange = (live: Live, lengthBytes: number, offset: number, length: number): void => {
  refuseEnded(live);
  if (!isCount(offset) || !isCount(length)) {
    throw new DeviceFailure('invalid-argument', `offset ${offset}, length ${length}: expected whole numbers`);
  }
  if (offset + length <= lengthBytes) return;
  throw new DeviceFailure('out-of-range', `${length} bytes from byte ${offset} on, of ${lengthBytes}`);
};

const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;

const close = async (live: Live, exchange: Exchange): Promise<void> => {
  try {
    if (live.state === 'live') await flush(exchange);
  } catch (error) {
    if (whyEnded(live)?.kind !== 'closed') throw error; // Somebody else has closed it, behind a flush of his own.
  }
  closeLive(live);
};

const flush = async (exchange: Exchange, options?: PmemOptions): Promise<void> => {
  flushCount += 1;
  const request = new Uint8Array(REQUEST_SIZE);
  const answer = new Uint8Array(ANSWER_SIZE);
  new DataView(request.buffer).setUint32(REQUEST_TYPE, TYPE_FLUSH, true);
  const written = await call(exchange, request, answer, options);
  const result = new DataView(answer.buffer).getUint32(ANSWER_RESULT, true);
  if (written === ANSWER_SIZE && result === RESULT_OK) return;
  if (written === ANSWER_SIZE && result === RESULT_IO_ERROR) {
    throw new DeviceFailure('io-error', 'flush: the host could not');
  }
  const message =
    written === ANSWER_SIZE ? `flush: the device answered ${result}` : `flush: an answer of ${written} bytes`;
  const error = { kind: 'wrong-answer', message } as const;
  giveUpLive(exchange.live, error);
  throw failureOf(error);
};
