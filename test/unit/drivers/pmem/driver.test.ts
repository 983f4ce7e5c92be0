import { afterEach, describe, expect, it } from 'vitest';
import { startPmem } from '../../../../drivers/pmem/driver.ts';
import { closeLive, type Live, newLive, removeLive } from '../../../../drivers/virtio/live.ts';
import { DeviceFailure } from '../../../../kernel/device/failure.ts';
import { shutdown } from '../../../../kernel/event/shutdown.ts';
import { deviceMemoryRead32, deviceMemoryWrite8 } from '../../../../kernel/hal/device-memory.ts';
import { dmaFreeBytes } from '../../../../kernel/hal/dma-pool.ts';
import { sameBytes } from '../../../sim/setup.ts';
import type { SimVirtioOptions } from '../../../sim/virtio/device.ts';
import { PMEM_LENGTH, PMEM_START, pmemConfig, SimPmemDevice } from '../../../sim/virtio/pmem.ts';
import { interruptsOf, kindOf, run, runTurns } from '../virtio/live-harness.ts';
import { MODERN, openedDevice } from '../virtio/transport/harness.ts';

const MS = 1_000_000;
const NEVER = Number.POSITIVE_INFINITY;
const SHARED_MEMORY_REGION = 0;

const opened: Live[] = [];

afterEach(() => {
  for (const live of opened.splice(0)) closeLive(live);
});

const prepare = (options: Partial<SimVirtioOptions> = {}) => {
  const all = openedDevice((machine) => new SimPmemDevice(machine, options));
  const free = dmaFreeBytes(all.pool);
  const live = newLive(all.transport, interruptsOf(all), all.pool, 100);
  opened.push(live);
  return { ...all, sim: all.made, live, free };
};

const open = (options: Partial<SimVirtioOptions> = {}) => {
  const all = prepare(options);
  return { ...all, memory: startPmem(all.live) };
};

/** Returns the kind of failure that a call throws. */
const thrownBy = (action: () => unknown): string => {
  try {
    action();
    return 'done';
  } catch (error) {
    return error instanceof DeviceFailure ? error.kind : String(error);
  }
};

/** Returns the kind of failure that a promise rejects with, when something else runs the loop. */
const ended = (promise: Promise<void>): Promise<string> =>
  promise.then(
    () => 'fulfilled',
    (error: DeviceFailure) => error.kind,
  );

describe('a persistent memory', () => {
  it.each(MODERN)('is read and written in place, and what was flushed stays, over %s', async (transport) => {
    const { machine, memory, sim } = open({ transport });
    expect(memory.lengthBytes).toBe(PMEM_LENGTH);
    expect([...memory.read(5, 3)]).toEqual([15, 18, 21]);
    memory.write(5, Uint8Array.of(1, 2, 3));
    expect([...memory.read(4, 5)]).toEqual([12, 1, 2, 3, 24]);
    expect([...sim.bytes.subarray(5, 8)]).toEqual([1, 2, 3]);
    expect([...sim.flushed.subarray(5, 8)]).toEqual([15, 18, 21]);
    await run(memory.flush());
    expect([...sim.flushed.subarray(5, 8)]).toEqual([1, 2, 3]);
    expect(machine.violations).toEqual([]);
  });

  it('is there for machine modules, too', () => {
    const { memory } = open();
    deviceMemoryWrite8(memory.start + 6, 200);
    expect(deviceMemoryRead32(memory.start + 4)).toBe(12 + (15 << 8) + (200 << 16) + (21 << 24));
    expect([...memory.read(6, 1)]).toEqual([200]);
  });

  it('says what it is', () => {
    const { memory } = open({ features: [28, 29, 32] });
    expect(memory).toMatchObject({
      name: '0000:00:02.0 virtio-pmem',
      featureNames: ['INDIRECT_DESC', 'EVENT_IDX', 'VERSION_1'],
    });
  });

  it('is mapped once, however often it is opened', async () => {
    const start = PMEM_START + 0x4000;
    const all = prepare({ config: pmemConfig(BigInt(start), 0x2000n) });
    for (let i = 0; i < 3; i++) {
      const live = newLive(all.transport, interruptsOf(all), all.pool, 100);
      const memory = startPmem(live);
      expect(memory.read(0, 1)[0]).toBe(all.sim.bytes[0x4000]);
      await run(memory.close());
    }
    expect([all.machine.memoryMappings, dmaFreeBytes(all.pool)]).toEqual([[[start, 0x2000]], all.free]);
  });

  it('may lie in a shared-memory region of its device', () => {
    const sharedMemory = { 0: { address: PMEM_START + 0x1000, length: 0x3000 } };
    const features = [SHARED_MEMORY_REGION, 32];
    const { memory, sim } = open({ transport: 'mmio', features, sharedMemory, config: pmemConfig(0n, 0n) });
    expect([memory.lengthBytes, memory.read(7, 1)[0], memory.featureNames]).toEqual([
      0x3000,
      sim.bytes[0x1007],
      ['SHMEM_REGION', 'VERSION_1'],
    ]);
  });

  it('is flushed before the machine ends, and when it is closed', async () => {
    const { memory, sim } = open();
    memory.write(0, Uint8Array.of(77));
    await run(memory.close());
    expect(sim.flushed[0]).toBe(77);
    const again = open();
    again.memory.write(0, Uint8Array.of(78));
    shutdown(0).catch(() => undefined);
    await runTurns(5);
    expect(again.sim.flushed[0]).toBe(78);
  });

  it('takes its time for a flush, and is notified once for each', async () => {
    const { device, memory, sim } = open();
    sim.answer = () => ({ delay: 90 * MS }); // Of 100.
    await run(Promise.all([memory.flush(), memory.flush()]));
    expect([sim.flushCount, device.notifications]).toEqual([2, 2]);
  });

  it('is not flushed for one who does not want it any more', async () => {
    const { memory, sim } = open();
    sim.answer = () => ({ delay: 50 * MS });
    const controller = new AbortController();
    const flushed = memory.flush({ signal: controller.signal });
    await runTurns(1);
    controller.abort(new Error('never mind'));
    expect(await kindOf(flushed)).toBe('Error: never mind');
  });

  it.each([
    ['out-of-range', 0, PMEM_LENGTH + 1],
    ['out-of-range', PMEM_LENGTH - 1, 2],
    ['out-of-range', 2 ** 52, 1],
    ['invalid-argument', -1, 1],
    ['invalid-argument', 0.5, 1],
    ['invalid-argument', Number.NaN, 1],
  ])('has nothing beyond its ends: %s', (kind, offset, length) => {
    const { memory, sim } = open();
    const before = sim.bytes.slice();
    expect(thrownBy(() => memory.read(offset, length))).toBe(kind);
    expect(thrownBy(() => memory.readInto(offset, new Uint8Array(length)))).toBe(kind);
    expect(thrownBy(() => memory.write(offset, new Uint8Array(length)))).toBe(kind);
    expect(sameBytes(sim.bytes, before)).toBe(true);
  });

  it('may be read of nothing at its end', () => {
    expect(open().memory.read(PMEM_LENGTH, 0).length).toBe(0);
  });
});

describe('a persistent memory that fails', () => {
  it.each([
    ['of no length', PMEM_START, 0n],
    ['beyond the end of addresses', PMEM_START, 2n ** 64n - 1n],
    ['at the end of addresses', 2 ** 53 - 2, 4096n],
    ['where there is no memory', 0x2_0000_0000, 4096n],
    ['that is longer than what is there', PMEM_START, BigInt(PMEM_LENGTH) + 1n],
    ['in our own memory', 0x40_0000, 4096n],
  ])('says that it lies %s, and does not come up', (_, start, size) => {
    const { live, free, pool } = prepare({ config: pmemConfig(BigInt(start), size) });
    expect(() => startPmem(live)).toThrow('cannot be its memory');
    expect(dmaFreeBytes(pool)).toBe(free);
  });

  it('names a shared-memory region that it does not have, and does not come up', () => {
    const { live } = prepare({ features: [SHARED_MEMORY_REGION, 32] });
    expect(() => startPmem(live)).toThrow('shared');
  });

  it('to flush rejects, and works on', async () => {
    const { memory, sim } = open();
    sim.answer = (index) => (index === 0 ? { result: 1 } : {});
    expect(await kindOf(memory.flush())).toBe('io-error');
    expect(await kindOf(memory.flush())).toBe('fulfilled');
  });

  it.each([
    ['a result that there is not', { result: 2 }],
    ['nothing', { usedLength: 0 }],
    ['half an answer', { usedLength: 2 }],
    ['more than was asked for (W24)', { usedLength: 5 }],
    ['a head that it does not have (W16)', { usedHead: 9 }],
    ['a head that there is not (W16)', { usedHead: 60_000 }],
  ])('and answers %s is given up', async (_, answer) => {
    const { memory, sim, free, pool } = open();
    sim.answer = () => answer;
    expect(await kindOf(memory.flush())).toBe('wrong-answer');
    expect(thrownBy(() => memory.read(0, 1))).toBe('device-failed');
    expect(dmaFreeBytes(pool)).toBe(free);
  });

  it('and is silent is reset, and works again', async () => {
    const { machine, memory, sim } = open();
    sim.answer = (index) => (index === 0 ? { delay: NEVER } : {});
    expect(await kindOf(memory.flush())).toBe('timeout');
    memory.write(0, Uint8Array.of(5));
    expect(await kindOf(memory.flush())).toBe('fulfilled');
    expect([sim.flushed[0], machine.violations]).toEqual([5, []]);
  });

  it.each([1, 2, 3])(
    'and answers flush %i after its reset is not believed: that is no answer to the next one',
    async (count) => {
      const { memory, sim } = open();
      for (let flushed = 1; flushed < count; flushed++) await run(memory.flush());
      sim.answer = (index) => ({ delay: (index + 1 === count ? 150 : 80) * MS });
      expect(await kindOf(memory.flush())).toBe('timeout');
      expect(await kindOf(memory.flush())).toBe('wrong-answer');
    },
  );

  it('and answers a flush of the time before it was opened again is not believed, either', async () => {
    const { device, memory, sim, live, pool, transport, pciFunction } = open();
    const ring = device.rings[0]!;
    const heads: (number | undefined)[] = [];
    const takeOne = ring.takeOne.bind(ring);
    ring.takeOne = () => {
      const chain = takeOne();
      if (chain !== undefined) heads.push(chain.head);
      return chain;
    };
    sim.answer = () => ({ delay: NEVER });
    const late = ended(memory.flush());
    await runTurns(1);
    closeLive(live);
    expect(await late).toBe('closed');
    opened.push(newLive(transport, interruptsOf({ device, pciFunction, transport }), pool, 1000));
    const flushed = ended(startPmem(opened.at(-1)!).flush());
    await runTurns(1);
    expect(heads.length).toBe(2);
    ring.give(heads[0]!, 4);
    expect(await run(flushed)).toBe('wrong-answer');
  });

  it('and lies elsewhere after its reset is given up', async () => {
    const config = pmemConfig(BigInt(PMEM_START), BigInt(PMEM_LENGTH));
    const { memory, sim, free, pool } = open({ config });
    sim.answer = () => ({ delay: NEVER });
    config.set(pmemConfig(BigInt(PMEM_START), 4096n));
    expect(await kindOf(memory.flush())).toBe('timeout');
    expect(thrownBy(() => memory.read(0, 1))).toBe('device-failed');
    expect(dmaFreeBytes(pool)).toBe(free);
  });

  it('and needs a reset gets it', async () => {
    const { device, memory, sim } = open();
    sim.answer = () => ({ delay: NEVER });
    const lost = memory.flush();
    await runTurns(1);
    device.status |= 64;
    device.interrupts.config();
    expect(await kindOf(lost)).toBe('device-reset');
    sim.answer = () => ({});
    expect(await kindOf(memory.flush())).toBe('fulfilled');
  });

  it.each([
    ['closed', closeLive],
    ['removed', removeLive],
  ] as const)('or is %s rejects what it has, and gives its memory back', async (kind, end) => {
    const { live, memory, sim, free, pool } = open();
    sim.answer = () => ({ delay: NEVER });
    const lost = memory.flush();
    await runTurns(1);
    end(live);
    expect(await kindOf(lost)).toBe(kind);
    expect(thrownBy(() => memory.write(0, Uint8Array.of(1)))).toBe(kind);
    expect(dmaFreeBytes(pool)).toBe(free);
  });
});
