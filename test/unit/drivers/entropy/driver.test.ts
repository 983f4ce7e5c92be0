import { afterEach, describe, expect, it } from 'vitest';
import { startEntropy } from '../../../../drivers/entropy/driver.ts';
import { closeLive, type Live, newLive } from '../../../../drivers/virtio/live.ts';
import { dmaFreeBytes } from '../../../../kernel/hal/dma-pool.ts';
import type { SimVirtioOptions } from '../../../sim/virtio/device.ts';
import { SimEntropyDevice } from '../../../sim/virtio/entropy.ts';
import { interruptsOf, kindOf, run, runTurns } from '../virtio/live-harness.ts';
import { openedDevice, TRANSPORTS } from '../virtio/transport/harness.ts';

const MS = 1_000_000;
const NEVER = Number.POSITIVE_INFINITY;

const opened: Live[] = [];

afterEach(() => {
  for (const live of opened.splice(0)) closeLive(live);
});

const open = (options: Partial<SimVirtioOptions> = {}) => {
  const all = openedDevice((machine) => new SimEntropyDevice(machine, options));
  const free = dmaFreeBytes(all.pool);
  const live = newLive(all.transport, interruptsOf(all), all.pool, 100);
  const entropy = startEntropy(live);
  opened.push(live);
  return { ...all, source: all.made, entropy, live, free };
};

/** Returns what the device gives, from byte `start` on. */
const given = (start: number, length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => (start + i) % 251);

describe('an entropy device', () => {
  it.each(TRANSPORTS)('gives its bytes in their order, over %s', async (transport) => {
    const { entropy, machine, source } = open({ transport });
    expect(await run(entropy.read(100))).toEqual(given(0, 100));
    expect(await run(entropy.read(1))).toEqual(given(100, 1));
    expect([source.requests, machine.violations]).toEqual([[100, 1], []]);
  });

  it('says what it is', () => {
    const { entropy } = open({ features: [28, 29, 32, 34] });
    expect(entropy).toMatchObject({
      name: '0000:00:02.0 virtio-rng',
      featureNames: ['INDIRECT_DESC', 'EVENT_IDX', 'VERSION_1', 'RING_PACKED'],
    });
  });

  it('is asked in pieces for more', async () => {
    const { entropy, source } = open();
    expect(await run(entropy.read(10_000))).toEqual(given(0, 10_000));
    expect(source.requests).toEqual([4096, 4096, 1808]);
  });

  it('is asked again for what it left out', async () => {
    const { entropy, source } = open();
    source.answer = (index) => ({ length: index + 1 });
    expect(await run(entropy.read(10))).toEqual(given(0, 10));
    expect(source.requests).toEqual([10, 9, 7, 4]);
  });

  it('gives no bytes to one who wants none', async () => {
    const { entropy, source } = open();
    expect(await run(entropy.read(0))).toEqual(new Uint8Array(0));
    expect(source.requests).toEqual([]);
  });

  it.each([-1, 0.5, Number.NaN, 2 ** 31])('is not asked for %d bytes', async (length) => {
    const { entropy, source } = open();
    expect(await kindOf(entropy.read(length))).toBe('invalid-argument');
    expect(source.requests).toEqual([]);
  });

  it('gives each reader bytes of his own', async () => {
    const { entropy, machine, source } = open();
    source.answer = () => ({ delay: MS });
    const reads = await run(Promise.all([50, 60, 70, 80, 90, 100].map((length) => entropy.read(length))));
    expect(reads.map(({ length }) => length)).toEqual([50, 60, 70, 80, 90, 100]);
    expect(Buffer.concat(reads)).toEqual(Buffer.from(given(0, 450)));
    expect(machine.violations).toEqual([]);
  });

  it('is not asked for more when the reader has gone', async () => {
    const { entropy, source } = open();
    source.answer = () => ({ length: 1, delay: MS });
    const controller = new AbortController();
    const aborted = entropy.read(5000, { signal: controller.signal });
    await runTurns(1);
    controller.abort(new Error('never mind'));
    expect(await kindOf(aborted)).toBe('Error: never mind');
    const asked = source.requests.length;
    await run(entropy.read(1));
    expect(source.requests.length).toBe(asked + 1);
  });
});

describe('an entropy device that fails', () => {
  it.each([
    ['answers without a byte', { length: 0 }],
    ['answers with more than was asked for (W24)', { usedLength: 4097 }],
    ['returns a head that it does not have (W16)', { usedHead: 5 }],
    ['returns a head that there is not (W16)', { usedHead: 60_000 }],
  ])('and %s is given up', async (_, answer) => {
    const { entropy, free, pool, source } = open();
    source.answer = () => answer;
    expect(await kindOf(entropy.read(16))).toBe('wrong-answer');
    expect(await kindOf(entropy.read(16))).toBe('device-failed');
    expect(dmaFreeBytes(pool)).toBe(free);
  });

  it('and answers twice is given up', async () => {
    const { entropy, source } = open();
    source.answer = (index) => ({ times: index === 0 ? 2 : 1 });
    expect(await kindOf(entropy.read(16))).toBe('wrong-answer');
    expect(await kindOf(entropy.read(16))).toBe('device-failed');
  });

  it('and is silent is reset, and gives its bytes again', async () => {
    const { entropy, machine, source } = open();
    source.answer = (index) => (index === 1 ? { delay: NEVER } : {});
    expect(await kindOf(entropy.read(5000))).toBe('timeout');
    expect(await run(entropy.read(10))).toEqual(given(4096, 10));
    expect(machine.violations).toEqual([]);
  });

  it('that takes its time is not notified again: each notification would be a request more', async () => {
    const { device, entropy, source } = open();
    source.answer = () => ({ delay: 90 * MS });
    expect(await run(entropy.read(10))).toEqual(given(0, 10));
    expect(device.notifications).toBe(1);
  });

  it('and needs a reset gets it', async () => {
    const { device, entropy, machine, source } = open();
    source.answer = () => ({ delay: NEVER });
    const lost = entropy.read(16);
    await runTurns(1);
    device.status |= 64;
    device.interrupts.config();
    expect(await kindOf(lost)).toBe('device-reset');
    source.answer = () => ({});
    expect(await run(entropy.read(10))).toEqual(given(0, 10));
    expect(machine.violations).toEqual([]);
  });

  it('or is closed rejects what it has, and gives its memory back', async () => {
    const { device, entropy, free, pool, source } = open();
    source.answer = () => ({ delay: NEVER });
    const lost = entropy.read(16);
    await runTurns(1);
    await run(Promise.all([entropy.close(), expect(kindOf(lost)).resolves.toBe('closed')]));
    expect(await kindOf(entropy.read(16))).toBe('closed');
    expect([dmaFreeBytes(pool), device.status & ~0x80]).toEqual([free, 0]);
  });
});
