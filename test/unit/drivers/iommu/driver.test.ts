import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startIommu } from '../../../../drivers/iommu/driver.ts';
import { closeLive, type Live, newLive, removeLive } from '../../../../drivers/virtio/live.ts';
import { startLog, stopLog } from '../../../../kernel/base/log.ts';
import type { DeviceFailure } from '../../../../kernel/device/failure.ts';
import type { IommuFault } from '../../../../kernel/device/iommu.ts';
import { dmaFreeBytes } from '../../../../kernel/hal/dma-pool.ts';
import type { SimVirtioOptions } from '../../../sim/virtio/device.ts';
import { iommuConfig, reservedProperty, SimIommuDevice } from '../../../sim/virtio/iommu.ts';
import { interruptsOf, kindOf, run, runTurns } from '../virtio/live-harness.ts';
import { MODERN, openedDevice } from '../virtio/transport/harness.ts';

const NEVER = Number.POSITIVE_INFINITY;
const PAGE = 4096;
const MAPPING = { address: 0x1_0000_0000, memory: 0x400_0000, length: 16 * PAGE };
const MAP = 'map 0 0x100000000-0x10000ffff 0x4000000 3';

const opened: Live[] = [];
let lines: string[] = [];

beforeEach(() => {
  lines = [];
  startLog((line) => lines.push(line.trimEnd()), 'warn');
});

afterEach(() => {
  stopLog();
  for (const live of opened.splice(0)) closeLive(live);
});

const prepare = (options: Partial<SimVirtioOptions> = {}) => {
  const all = openedDevice((machine) => new SimIommuDevice(machine, options));
  const free = dmaFreeBytes(all.pool);
  const live = newLive(all.transport, interruptsOf(all), all.pool, 100);
  opened.push(live);
  return { ...all, sim: all.made, live, free };
};

const open = (options: Partial<SimVirtioOptions> = {}, isBypass = false) => {
  const all = prepare(options);
  return { ...all, iommu: startIommu(all.live, isBypass) };
};

/** Returns what becomes of promises that wait for each other. */
const kindsOf = async (promises: readonly Promise<unknown>[]): Promise<string[]> =>
  (await run(Promise.allSettled(promises))).map((result) =>
    result.status === 'fulfilled' ? 'fulfilled' : (result.reason as DeviceFailure).kind,
  );

describe('an IOMMU', () => {
  it.each(MODERN)('translates for what is attached to a domain, over %s', async (transport) => {
    const { iommu, machine, sim } = open({ transport });
    const domain = iommu.newDomain();
    await run(domain.map(MAPPING));
    expect(sim.requests).toEqual([]); // The domain is not there yet.
    await run(domain.attach(8));
    await run(domain.attach(9));
    expect(sim.requests).toEqual(['attach 0 8 0', MAP, 'attach 0 9 0']);
    expect([sim.translate(8, 0x1_0000_1234, 4), sim.translate(9, 0x1_0000_1234, 4)]).toEqual([0x400_1234, 0x400_1234]);
    expect(sim.translate(8, 0x400_1234, 4)).toBeUndefined();
    expect(machine.violations).toEqual([]);
  });

  it('says what it is, and what it translates', () => {
    const { iommu } = open({ config: iommuConfig({ pages: 0xffff_0000n, input: [0x1000n, 0xffff_ffffn] }) });
    expect(iommu).toMatchObject({
      name: '0000:00:02.0 virtio-iommu',
      featureNames: ['INPUT_RANGE', 'DOMAIN_RANGE', 'MAP_UNMAP', 'PROBE', 'MMIO', 'BYPASS_CONFIG', 'VERSION_1'],
      pageLength: 65_536,
      inputStart: 0x1000,
      inputEnd: 0xffff_ffff,
    });
  });

  it('takes mappings away again', async () => {
    const { iommu, sim } = open();
    const domain = iommu.newDomain();
    await run(domain.attach(8));
    await run(domain.map({ ...MAPPING, mayWrite: false }));
    await run(domain.map({ address: 0, memory: 0xfee00000, length: PAGE, mayRead: false, isMmio: true }));
    await run(domain.unmap(0, 0x2_0000_0000));
    await run(domain.unmap(0, 0x2_0000_0000));
    expect(sim.requests).toEqual([
      'attach 0 8 0',
      'map 0 0x100000000-0x10000ffff 0x4000000 1',
      'map 0 0x0-0xfff 0xfee00000 6',
      'unmap 0 0x0-0x1ffffffff',
    ]);
    expect(sim.translate(8, MAPPING.address, 4)).toBeUndefined();
  });

  it('loses the mappings of a domain that the last device has left, and is told of them when one comes', async () => {
    const { iommu, sim } = open();
    const [first, second] = [iommu.newDomain(), iommu.newDomain()];
    await run(first.map(MAPPING));
    await run(first.attach(8));
    await run(second.attach(8));
    await run(first.map({ ...MAPPING, address: 0 }));
    expect(sim.translate(8, MAPPING.address, 4)).toBeUndefined();
    await run(second.detach(8));
    await run(first.attach(8));
    expect(sim.requests).toEqual([
      'attach 0 8 0',
      MAP,
      'attach 1 8 0',
      'detach 1 8',
      'attach 0 8 0',
      MAP,
      'map 0 0x0-0xffff 0x4000000 3',
    ]);
    expect(sim.translate(8, MAPPING.address, 4)).toBe(MAPPING.memory);
  });

  it('does what is asked for at once in the order of the calls', async () => {
    const { iommu, sim } = open();
    const domain = iommu.newDomain();
    await run(
      Promise.all([domain.attach(8), domain.map(MAPPING), domain.unmap(0, 0x2_0000_0000), domain.map(MAPPING)]),
    );
    expect(sim.requests).toEqual(['attach 0 8 0', MAP, 'unmap 0 0x0-0x1ffffffff', MAP]);
  });

  it('numbers its domains as it can', async () => {
    const { iommu, sim } = open({ config: iommuConfig({ domains: [5, 6] }) });
    await run(iommu.newDomain().attach(1));
    await run(iommu.newDomain().attach(2));
    expect(sim.requests).toEqual(['attach 5 1 0', 'attach 6 2 0']);
    expect(() => iommu.newDomain()).toThrow('the device has no domain 7');
  });

  it.each([
    [false, 0],
    [true, 1],
  ])('lets what is in no domain pass or not: %s', (isBypass, register) => {
    const { sim } = open({}, isBypass);
    expect(Number(sim.isBypass)).toBe(register);
    expect(sim.translate(8, 0x1234, 4)).toBe(isBypass ? 0x1234 : undefined);
  });

  it('without BYPASS_CONFIG agrees on BYPASS where devices are to pass, and only then', () => {
    const features = [2, 3, 32];
    expect(open({ features }, true).iommu.featureNames).toEqual(['MAP_UNMAP', 'BYPASS', 'VERSION_1']);
    expect(open({ features }).iommu.featureNames).toEqual(['MAP_UNMAP', 'VERSION_1']);
    expect(() => open({ features: [2, 32] }, true)).toThrow('neither BYPASS_CONFIG nor BYPASS');
  });

  it('has domains that pass everything, with BYPASS_CONFIG', async () => {
    const { iommu, sim } = open();
    const domain = iommu.newDomain({ isBypass: true });
    await run(domain.attach(8));
    expect([sim.requests, sim.translate(8, 0x1234, 4)]).toEqual([['attach 0 8 1'], 0x1234]);
    expect(await kindOf(domain.map(MAPPING))).toBe('invalid-argument');
    expect(() => open({ features: [2, 32] }).iommu.newDomain({ isBypass: true })).toThrow('BYPASS_CONFIG');
  });
});

describe('what an IOMMU says of a device', () => {
  const probed = async (...properties: Uint8Array[]) => {
    const { iommu, sim } = open({ config: iommuConfig({ probe: 256 }) });
    sim.properties = Uint8Array.from(properties.flatMap((bytes) => [...bytes]));
    return run(iommu.probe(8));
  };

  it('is its regions, ascending', async () => {
    expect(await probed(reservedProperty(1, 0xfee00000n, 0xfeefffffn), reservedProperty(0, 0x1000n, 0x1fffn))).toEqual([
      { start: 0x1000, end: 0x1fff, kind: 'reserved' },
      { start: 0xfee00000, end: 0xfeefffff, kind: 'msi' },
    ]);
  });

  it('may be of no meaning, or beyond what is mapped', async () => {
    const unknown = new Uint8Array([7, 0, 4, 0, 1, 2, 3, 4]);
    const far = reservedProperty(0, 2n ** 60n, 2n ** 61n);
    const long = reservedProperty(9, 0x1000n, 2n ** 64n - 1n);
    expect(await probed(unknown, far, long)).toEqual([
      { start: 0x1000, end: Number.MAX_SAFE_INTEGER, kind: 'reserved' },
    ]);
  });

  it('is nothing where it does not say', async () => {
    const { iommu, sim } = open({ features: [2, 32] });
    expect(await run(iommu.probe(8))).toEqual([]);
    expect(sim.requests).toEqual([]);
  });

  const short = new Uint8Array([1, 0, 19, 0, ...new Uint8Array(19)]);
  const long = new Uint8Array([7, 0, 0xff, 0xff]);
  const reversed = reservedProperty(0, 0x2000n, 0x1fffn);
  it.each([
    ['a region that is too short', short],
    ['a property beyond the end', long],
    ['a region that ends before it begins', reversed],
  ])('cannot be %s: it is given up', async (_, properties) => {
    const { iommu, sim } = open();
    sim.properties = properties;
    expect(await kindOf(iommu.probe(8))).toBe('wrong-answer');
    expect(await kindOf(iommu.probe(8))).toBe('device-failed');
  });
});

describe('an access that is refused', () => {
  const listening = (options: Partial<SimVirtioOptions> = {}) => {
    const all = open(options);
    const faults: IommuFault[] = [];
    const end = all.iommu.onFault((fault) => faults.push(fault));
    return { ...all, faults, end };
  };
  const none = { isRead: false, isWrite: false, isExecute: false };

  it.each(MODERN)('is reported with its device and address, over %s', async (transport) => {
    const { iommu, faults, sim } = listening({ transport });
    const domain = iommu.newDomain();
    await run(domain.attach(8));
    sim.translate(8, 0x1_2345_6789, 4, 2);
    sim.translate(9, 0x4000, 4);
    sim.report(0, 4, 0xffff_ffff, 5n);
    await runTurns(3);
    expect(faults).toEqual([
      { ...none, reason: 'mapping', isWrite: true, endpoint: 8, address: 0x1_2345_6789 },
      { ...none, reason: 'domain', isRead: true, endpoint: 9, address: 0x4000 },
      { ...none, reason: 'unknown', isExecute: true, endpoint: 0xffff_ffff, address: undefined },
    ]);
    expect(lines).toEqual([
      expect.stringContaining('endpoint 0x8 was refused a write at 0x123456789: nothing is mapped there'),
      expect.stringContaining('endpoint 0x9 was refused a read at 0x4000: it is in no domain'),
      expect.stringContaining('endpoint 0xffffffff was refused an access: unknown'),
    ]);
  });

  it('comes as often as a device likes, and is logged 16 times', async () => {
    const { faults, sim, end } = listening({ queueSizes: [8, 64] });
    for (let round = 0; round < 10; round++) {
      for (let i = 0; i < 100; i++) sim.report(2, 0x101, 8, BigInt(i)); // More than there are buffers.
      await runTurns(2);
    }
    expect(faults.length).toBe(640);
    expect(lines.length).toBe(17);
    end();
    sim.report(2, 0x101, 8, 1n);
    await runTurns(2);
    expect(faults.length).toBe(640);
  });

  it('is no reason to go on with an IOMMU that reports half of it', async () => {
    const { iommu, sim, free, pool } = listening();
    sim.report(2, 0x101, 8, 1n, 23);
    await runTurns(2);
    expect(await kindOf(iommu.probe(8))).toBe('device-failed');
    expect(dmaFreeBytes(pool)).toBe(free);
  });

  it('may be the listener’s reason to close it', async () => {
    const { iommu, sim, free, pool } = open();
    iommu.onFault(() => void iommu.close());
    sim.report(2, 0x101, 8, 1n);
    sim.report(2, 0x101, 8, 2n);
    await runTurns(2);
    expect(await kindOf(iommu.probe(8))).toBe('closed');
    expect(dmaFreeBytes(pool)).toBe(free);
  });
});

describe('what cannot be asked of an IOMMU', () => {
  it.each([
    ['invalid-argument', { ...MAPPING, address: -PAGE }],
    ['invalid-argument', { ...MAPPING, length: 0 }],
    ['invalid-argument', { ...MAPPING, length: 2 ** 53 }],
    ['invalid-argument', { ...MAPPING, memory: 0.5 }],
    ['invalid-argument', { ...MAPPING, mayRead: false, mayWrite: false }],
    ['misaligned', { ...MAPPING, address: 0x800 }],
    ['misaligned', { ...MAPPING, memory: 0x800 }],
    ['misaligned', { ...MAPPING, length: 0x800 }],
    ['out-of-range', { ...MAPPING, address: 0 }],
    ['out-of-range', { ...MAPPING, address: 0x8000_0000_0000 - PAGE }],
    ['out-of-range', { ...MAPPING, address: MAPPING.address + 15 * PAGE }],
    ['unsupported', { ...MAPPING, address: 0x10_0000, isMmio: true }],
  ])('is refused before it is asked: %s', async (kind, mapping) => {
    const config = iommuConfig({ input: [0x1000n, 0x7fff_ffff_ffffn] });
    const { iommu, sim } = open({ config, features: [0, 2, 32] });
    const domain = iommu.newDomain();
    await run(domain.map(MAPPING));
    expect(await kindOf(domain.map(mapping))).toBe(kind);
    expect(sim.requests).toEqual([]);
  });

  it('is to unmap half a mapping, or to detach what is not attached', async () => {
    const { iommu, sim } = open();
    const [domain, other] = [iommu.newDomain(), iommu.newDomain()];
    await run(domain.map(MAPPING));
    expect(await kindOf(domain.unmap(MAPPING.address, PAGE))).toBe('out-of-range');
    expect(await kindOf(domain.detach(8))).toBe('invalid-argument');
    await run(other.attach(8));
    expect(await kindOf(domain.detach(8))).toBe('invalid-argument');
    expect(await kindOf(domain.attach(-1))).toBe('invalid-argument');
    expect(await kindOf(domain.attach(2 ** 32))).toBe('invalid-argument');
    expect(sim.requests).toEqual(['attach 1 8 0']);
  });

  it('is a device that it does not know', async () => {
    const { iommu } = open();
    const domain = iommu.newDomain();
    expect(await kindOf(domain.attach(0x100))).toBe('out-of-range');
    expect(await kindOf(iommu.probe(0x100))).toBe('out-of-range');
    expect(await kindOf(domain.attach(8))).toBe('fulfilled');
  });
});

describe('an IOMMU that fails', () => {
  it.each<[string, Parameters<typeof iommuConfig>[0]]>([
    ['page_size_mask has no page below 4 GiB', { pages: 0n }],
    ['page_size_mask has no page below 4 GiB', { pages: 2n ** 40n }],
    ['input_range is from 0x2000 to 0x1000', { input: [0x2000n, 0x1000n] }],
    ['domain_range is from 0x2 to 0x1', { domains: [2, 1] }],
    ['probe_size reads 4294967295, expected at most 16384', { probe: 0xffff_ffff }],
  ])('because of its configuration does not come up: %s', (message, facts) => {
    const { live, free, pool } = prepare({ config: iommuConfig(facts) });
    expect(() => startIommu(live, false)).toThrow(message);
    expect(dmaFreeBytes(pool)).toBe(free);
  });

  it('because it maps nothing does not come up', () => {
    const { live } = prepare({ features: [0, 32] });
    expect(() => startIommu(live, false)).toThrow('MAP_UNMAP');
  });

  it.each([
    ['io-error', 1],
    ['unsupported', 2],
    ['io-error', 3],
    ['invalid-argument', 4],
    ['out-of-range', 5],
    ['out-of-range', 6],
    ['io-error', 7],
    ['io-error', 8],
  ])('to do something rejects with %s, and nothing has changed', async (kind, status) => {
    const { iommu, sim } = open();
    const domain = iommu.newDomain();
    await run(domain.attach(8));
    sim.answer = (index) => (index === 1 ? { status } : {});
    expect(await kindOf(domain.map(MAPPING))).toBe(kind);
    expect(await kindOf(domain.map(MAPPING))).toBe('fulfilled');
  });

  it('to map for the first device of a domain leaves that outside', async () => {
    const { iommu, sim } = open();
    const domain = iommu.newDomain();
    await run(domain.map(MAPPING));
    sim.answer = (index) => (index === 1 ? { status: 8 } : {});
    expect(await kindOf(domain.attach(8))).toBe('io-error');
    expect([sim.requests.slice(2), sim.domainOf(8)]).toEqual([['detach 0 8'], undefined]);
    expect(await kindOf(domain.attach(8))).toBe('fulfilled');
  });

  it.each([
    ['with a status that there is not', { status: 9 }],
    ['without its status', { usedLength: 3 }],
    ['with more than was asked for (W24)', { usedLength: 100 }],
    ['of a head that it does not have (W16)', { usedHead: 5 }],
    ['of a head that there is not (W16)', { usedHead: 60_000 }],
  ])('and answers %s is given up', async (_, answer) => {
    const { iommu, sim, free, pool } = open();
    sim.answer = () => answer;
    expect(await kindOf(iommu.newDomain().attach(8))).toBe('wrong-answer');
    expect(await kindOf(iommu.probe(8))).toBe('device-failed');
    expect(dmaFreeBytes(pool)).toBe(free);
  });

  it('and is silent is reset, and told of its domains again before anything else', async () => {
    const { iommu, machine, sim } = open();
    const [domain, other] = [iommu.newDomain(), iommu.newDomain({ isBypass: true })];
    await run(domain.map(MAPPING));
    await run(Promise.all([domain.attach(8), domain.attach(9), other.attach(10)]));
    const before = sim.requests.length;
    sim.answer = (index) => (index === before ? { delay: NEVER } : {});
    expect(await kindsOf([iommu.probe(8), iommu.probe(9)])).toEqual(['timeout', 'fulfilled']);
    expect(sim.requests.slice(before)).toEqual([
      'probe 8',
      'attach 0 8 0',
      'attach 0 9 0',
      MAP,
      'attach 1 10 1',
      'probe 9',
    ]);
    expect(sim.translate(9, MAPPING.address, 4)).toBe(MAPPING.memory);
    expect(sim.isBypass).toBe(false);
    sim.report(2, 0x101, 8, 1n); // Its buffers are with it again, too.
    await runTurns(2);
    expect(lines.at(-1)).toContain('endpoint 0x8 was refused');
    expect(machine.violations).toEqual([]);
  });

  it('and needs a reset gets it, and its domains', async () => {
    const { device, iommu, sim } = open();
    const domain = iommu.newDomain();
    await run(domain.map(MAPPING));
    await run(domain.attach(8));
    device.status |= 64;
    device.interrupts.config();
    await runTurns(20);
    expect(sim.translate(8, MAPPING.address, 4)).toBe(MAPPING.memory);
  });

  it('and refuses its domains after a reset is asked again with the next request', async () => {
    const { device, iommu, sim } = open();
    const domain = iommu.newDomain();
    await run(domain.attach(8));
    sim.answer = (index) => (index === 1 ? { status: 8 } : {});
    device.status |= 64;
    device.interrupts.config();
    await runTurns(20);
    expect(lines.at(-1)).toContain('its domains are not what they were');
    expect(sim.domainOf(8)).toBeUndefined();
    await run(iommu.probe(8));
    expect(sim.domainOf(8)).toBe(0);
  });

  it.each([
    ['closed', closeLive],
    ['removed', removeLive],
  ] as const)('or is %s rejects what it has, and gives its memory back', async (kind, end) => {
    const { iommu, live, sim, free, pool } = open();
    const domain = iommu.newDomain();
    sim.answer = () => ({ delay: NEVER });
    const asked = kindsOf([iommu.probe(8), iommu.probe(9)]);
    await runTurns(2);
    end(live);
    expect(await asked).toEqual([kind, kind]);
    expect(await kindOf(domain.attach(8))).toBe(kind);
    expect(await kindOf(domain.map(MAPPING))).toBe(kind); // Though there is nobody in it whom the device would have to hear of.
    expect(() => iommu.newDomain()).toThrow(expect.objectContaining({ kind }));
    expect(dmaFreeBytes(pool)).toBe(free);
  });
});
