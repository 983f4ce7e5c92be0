import { afterEach, describe, expect, it } from 'vitest';
import { type BalloonOptions, startBalloon } from '../../../../drivers/balloon/driver.ts';
import { closeLive, type Live, newLive, removeLive } from '../../../../drivers/virtio/live.ts';
import { shiftAddresses } from '../../../../drivers/virtio/transport/record.ts';
import { sleep } from '../../../../kernel/event/time.ts';
import { dmaFreeBytes } from '../../../../kernel/hal/dma-pool.ts';
import { ALL_FEATURES, SimBalloonDevice, type SimBalloonOptions } from '../../../sim/virtio/balloon.ts';
import { interruptsOf, kindOf, run, runTurns } from '../virtio/live-harness.ts';
import { openedDevice, openedPci, TRANSPORTS } from '../virtio/transport/harness.ts';

const MS = 1_000_000;
const NEVER = Number.POSITIVE_INFINITY;
const PAGE = 4096;
const KEEP = 128;

const [MUST_TELL_HOST, STATS_VQ, DEFLATE_ON_OOM, FREE_PAGE_HINT, PAGE_POISON, PAGE_REPORTING] = ALL_FEATURES as [
  number,
  number,
  number,
  number,
  number,
  number,
];

const opened: Live[] = [];

afterEach(() => {
  for (const live of opened.splice(0)) closeLive(live);
});

/** Opens a balloon that leaves 128 of the machine's 2048 pages alone. */
const open = (options: SimBalloonOptions = {}, how: BalloonOptions = {}) => {
  const all = openedDevice((machine) => new SimBalloonDevice(machine, options));
  const free = dmaFreeBytes(all.pool);
  const live = newLive(all.transport, interruptsOf(all), all.pool, 100);
  opened.push(live);
  const balloon = startBalloon(live, { keepFreeBytes: KEEP * PAGE, ...how });
  const { pages } = all.machine;
  return { ...all, host: all.made, balloon, live, free, pages };
};

const withFeatures = (...features: number[]): SimBalloonOptions => ({ features: [...features, 32] });

describe('a balloon', () => {
  it.each(TRANSPORTS)('becomes as large as the host wants it, and smaller again, over %s', async (transport) => {
    const { balloon, host, machine, pages } = open({ transport, wishPages: 100 });
    await run(balloon.settled());
    expect([host.inside.size, pages.held[0]!.length, host.sizes.at(-1)]).toEqual([100, 100, 100]);
    host.wish(30);
    await runTurns(3);
    await run(balloon.settled());
    expect([host.inside.size, pages.held[0]!.length, host.sizes.at(-1)]).toEqual([30, 30, 30]);
    expect(balloon.statistics()).toMatchObject({ sizeBytes: 30 * PAGE, wishBytes: 30 * PAGE, lentBytes: 0 });
    expect(machine.violations).toEqual([]);
  });

  it('says what it is', () => {
    const { balloon } = open({ features: [1, 2, 28, 29, 32, 34] });
    expect(balloon).toMatchObject({
      name: '0000:00:02.0 virtio-balloon',
      featureNames: ['STATS_VQ', 'DEFLATE_ON_OOM', 'INDIRECT_DESC', 'EVENT_IDX', 'VERSION_1', 'RING_PACKED'],
    });
  });

  it('works with packed queues', async () => {
    const { balloon, host, machine } = open({ features: [...ALL_FEATURES, 28, 29, 32, 34, 35], wishPages: 100 });
    await run(balloon.settled());
    host.wish(1);
    await runTurns(3);
    await run(balloon.settled());
    expect([host.inside.size, machine.violations]).toEqual([1, []]);
  });

  it('gives used pages before those that were never touched, in as few lists as there can be', async () => {
    const { balloon, host, pages } = open();
    const used = Array.from({ length: 50 }, () => pages.allocate()!);
    for (const index of used) pages.release(index);
    host.wish(60);
    await runTurns(3);
    await run(balloon.settled());
    expect(host.requests).toEqual(['inflate 60']);
    expect(pages.indicesOf('held')).toEqual(expect.arrayContaining(used));
  });

  it('leaves memory to the program, and grows when there is more', async () => {
    const { balloon, host, machine, pages } = open();
    const used = Array.from({ length: 1000 }, () => pages.allocate()!);
    host.wish(2048);
    await runTurns(3);
    await run(balloon.settled());
    expect(pages.held[0]).toHaveLength(2048 - 1000 - KEEP);
    for (const index of used) pages.release(index);
    await run(sleep(1500));
    expect(pages.held[0]).toHaveLength(2048 - KEEP);
    expect(machine.violations).toEqual([]);
  });

  it('is left alone where nobody follows the host', async () => {
    const { balloon, host } = open({ wishPages: 10 }, { follows: false });
    await run(balloon.settled());
    expect([balloon.isFollowing, host.requests]).toEqual([false, []]);
    balloon.follow(true);
    await run(balloon.settled());
    expect([balloon.isFollowing, host.inside.size]).toEqual([true, 10]);
  });

  it('tells who listens of each change, until he ends that', async () => {
    const { balloon, host } = open();
    const told: string[] = [];
    const end = balloon.onChange(({ sizeBytes, wishBytes }) => told.push(`${sizeBytes / PAGE} of ${wishBytes / PAGE}`));
    host.wish(5);
    await run(sleep(1));
    end();
    host.wish(6);
    await run(sleep(1));
    expect(told.at(-1)).toBe('5 of 5');
  });

  it.each([-1, Number.NaN, 2 ** 60])('is not opened with %d bytes to keep free', (keepFreeBytes) => {
    expect(() => open({}, { keepFreeBytes })).toThrow('expected a number of bytes');
  });
});

describe('a second balloon', () => {
  it('is not opened while there is one', async () => {
    const { balloon, live, pool } = open();
    const another = newLive(live.transport, live.interrupts, pool, 100);
    expect(() => startBalloon(another)).toThrow('one at a time');
    await run(balloon.close());
  });
});

describe('when memory is short', () => {
  it('an allocation takes pages out of the balloon, and the host is told afterwards', async () => {
    const { balloon, host, machine, pages } = open({ ...withFeatures(DEFLATE_ON_OOM), wishPages: 2048 });
    await run(balloon.settled());
    const inside = pages.held[0]!.length;
    for (let i = 0; i < KEEP + 10; i++) expect(pages.allocate()).toBeDefined();
    await run(sleep(1500));
    expect(balloon.statistics().lentBytes).toBe(10 * PAGE);
    expect(host.requests).toContain('deflate 10');
    expect(pages.held[0]!.length).toBe(inside - 10 - KEEP); // And so much besides that there is free memory again.
    expect([host.inside.size, machine.violations]).toEqual([pages.held[0]!.length, []]);
  });

  it('it fails where that was not agreed on', async () => {
    const { balloon, pages } = open({ wishPages: 2048 });
    await run(balloon.settled());
    for (let i = 0; i < KEEP; i++) expect(pages.allocate()).toBeDefined();
    expect(pages.allocate()).toBeUndefined();
  });

  it('it fails, too, where the host must be told first, but the balloon is smaller before it comes to that', async () => {
    const { balloon, host, machine, pages } = open({
      ...withFeatures(DEFLATE_ON_OOM, MUST_TELL_HOST),
      wishPages: 2048,
    });
    await run(balloon.settled());
    expect(pages.mayLend).toBe(false);
    for (let i = 0; i < KEEP - 10; i++) pages.allocate();
    host.answer = () => ({ delay: 50 * MS });
    await run(sleep(1020));
    expect(host.requests.at(-1)).toBe(`deflate ${KEEP - 10}`);
    expect(pages.free()).toHaveLength(10); // The device has not answered.
    await run(sleep(200));
    expect([pages.free().length, machine.violations]).toEqual([KEEP, []]);
  });

  it('nothing is lent any more when the balloon is closed', async () => {
    const { balloon, pages } = open({ ...withFeatures(DEFLATE_ON_OOM), wishPages: 100 });
    await run(balloon.settled());
    expect(pages.mayLend).toBe(true);
    await run(balloon.close());
    expect(pages.mayLend).toBe(false);
  });
});

describe('figures of memory', () => {
  it('go to the device at once, and again when it asks', async () => {
    const { balloon, host, machine } = open({ wishPages: 100 });
    await run(balloon.settled());
    host.askForFigures();
    await runTurns(2);
    const total = 128 * 1024 * 1024;
    const free = (2048 - 100) * PAGE;
    expect(host.figures.map((each) => [...each].sort(([a], [b]) => a - b))).toEqual([
      [0, 1, 4, 5, 6, 7].map((tag) => [tag, { 4: 2048 * PAGE, 5: total, 6: 2048 * PAGE }[tag] ?? 0]),
      [0, 1, 4, 5, 6, 7].map((tag) => [tag, { 4: free, 5: total - 100 * PAGE, 6: free }[tag] ?? 0]),
    ]);
    expect(machine.violations).toEqual([]);
  });
});

describe('free pages', () => {
  it('are reported, and are the same that they were', async () => {
    const { balloon, host, machine, pages } = open(withFeatures(PAGE_REPORTING));
    await run(balloon.settled());
    await runTurns(5);
    expect(host.requests).toEqual([`report ${2048 - KEEP}`]); // The rest stayed free meanwhile, and is not worth a report.
    expect(pages.indicesOf('untouched')).toHaveLength(2048 - KEEP);
    expect(balloon.statistics()).toMatchObject({
      reportedBytes: (2048 - KEEP) * PAGE,
      touchedBytes: KEEP * PAGE,
      freeBytes: 2048 * PAGE,
    });
    expect(machine.violations).toEqual([]);
  });

  it('are reported again when they were used, a mebibyte at least', async () => {
    const { host, machine, pages } = open(withFeatures(PAGE_REPORTING));
    await runTurns(5);
    const used = Array.from({ length: 600 }, () => pages.allocate()!);
    for (const index of used.slice(0, 255)) pages.release(index);
    await run(sleep(1500));
    expect(host.requests).toEqual([`report ${2048 - KEEP}`]);
    for (const index of used.slice(255)) pages.release(index);
    await run(sleep(1500));
    expect(host.requests.slice(1)).toEqual(['report 600']);
    expect(machine.violations).toEqual([]);
  });

  it('are nobody’s while the device has them', async () => {
    const { host, pages, balloon } = open(withFeatures(PAGE_REPORTING));
    host.answer = () => ({ delay: NEVER });
    await runTurns(3);
    expect(pages.free()).toHaveLength(KEEP);
    await run(balloon.close());
    expect(pages.free()).toHaveLength(2048);
  });

  it('are not reported where the opener says so; then the device learns that they are zeroed', async () => {
    const { balloon, host, machine } = open({ ...withFeatures(PAGE_POISON, PAGE_REPORTING) }, { reports: false });
    await run(sleep(100));
    expect(balloon.featureNames).toEqual(['PAGE_POISON', 'VERSION_1']);
    expect([host.poison, host.requests, machine.violations]).toEqual([0, [], []]);
  });

  it('are neither reported nor hinted through an IOMMU, which does not know them', () => {
    const shift = 2 ** 32;
    const features = [FREE_PAGE_HINT, PAGE_POISON, PAGE_REPORTING, 32, 33];
    const all = openedDevice((machine) => new SimBalloonDevice(machine, { features, translate: (at) => at - shift }));
    shiftAddresses(all.transport, shift);
    const live = newLive(all.transport, interruptsOf(all), all.pool, 100);
    opened.push(live);
    expect(startBalloon(live).featureNames).toEqual(['PAGE_POISON', 'VERSION_1', 'ACCESS_PLATFORM']);
  });

  it('are neither reported nor hinted through an IOMMU, which maps none of them', async () => {
    const { balloon, host, machine } = open({ ...withFeatures(FREE_PAGE_HINT, PAGE_REPORTING, 33), wishPages: 5 });
    host.command(7);
    await run(balloon.settled());
    expect([host.requests, machine.violations]).toEqual([['inflate 5'], []]);
  });

  it('go to queue 3 of a device that has no hints and no queue 4, as QEMU’s', async () => {
    const { host, machine } = open({ ...withFeatures(STATS_VQ, PAGE_REPORTING), queueSizes: [128, 128, 128, 32] });
    await runTurns(5);
    expect([host.requests, machine.violations]).toEqual([[`report ${2048 - KEEP}`], []]);
  });
});

describe('a machine that is moved', () => {
  const hinting = (): ReturnType<typeof open> => open(withFeatures(FREE_PAGE_HINT));

  it('hints free pages, keeps them until it is done, and then has them again', async () => {
    const { balloon, host, machine, pages } = hinting();
    host.command(7);
    await runTurns(5);
    expect(host.requests).toEqual(['command 7', `hint ${2048 - KEEP}`, 'command 0']);
    expect(pages.indicesOf('held')).toHaveLength(2048 - KEEP);
    host.command(0);
    await runTurns(3);
    expect(pages.indicesOf('held')).toHaveLength(2048 - KEEP);
    host.command(1);
    await runTurns(3);
    expect(pages.free()).toHaveLength(2048);
    expect(balloon.statistics().hintedBytes).toBe((2048 - KEEP) * PAGE);
    expect(machine.violations).toEqual([]);
  });

  it('uses hinted pages when memory is short', async () => {
    const { host, machine, pages } = hinting();
    host.command(7);
    await runTurns(5);
    for (let i = 0; i < 2048; i++) expect(pages.allocate()).toBeDefined();
    host.command(1);
    await runTurns(3);
    expect([pages.free(), machine.violations]).toEqual([[], []]);
  });

  it('stops when the host does, and says so', async () => {
    const { host, pages } = hinting();
    for (let i = 0; i < 2048; i++) pages.allocate();
    for (let i = 0; i < 2048; i += 2) pages.release(i); // Runs of a page: more than there are buffers.
    host.answer = (kind) => (kind.startsWith('hint') ? { delay: NEVER } : {});
    host.command(7);
    await runTurns(5);
    const hinted = host.requests.filter((each) => each === 'hint 1').length;
    expect([hinted > 10, hinted < 64]).toEqual([true, true]);
    host.command(0);
    await runTurns(5);
    expect(host.requests.at(-1)).toBe('command 0');
  });
});

describe('a balloon whose device fails', () => {
  it.each([
    ['answers for more than it may write (W24)', { usedLength: 5 }],
    ['returns a head that it does not have (W16)', { usedHead: 5 }],
    ['returns a head that there is not (W16)', { usedHead: 60_000 }],
    ['answers twice', { times: 2 }],
  ])('and %s is given up, and all pages are back', async (_, answer) => {
    const { balloon, free, host, machine, pages, pool } = open({ ...withFeatures(STATS_VQ) });
    host.answer = () => answer;
    host.wish(100);
    const waiting = balloon.settled();
    expect(await kindOf(waiting)).toMatch(/wrong-answer|fulfilled/);
    await runTurns(3);
    expect(await kindOf(balloon.settled())).toBe('device-failed');
    expect([pages.free().length, dmaFreeBytes(pool)]).toEqual([2048, free]);
    expect(() => balloon.follow(true)).toThrow('given up');
    expect(() => balloon.onChange(() => {})).toThrow('given up');
    await run(balloon.close());
    expect(machine.violations).toEqual([]);
  });

  it('and is silent is reset, and filled anew', async () => {
    const { balloon, host, machine, pages } = open({ wishPages: 10 });
    await run(balloon.settled());
    host.answer = () => ({ delay: NEVER });
    host.wish(20);
    await run(sleep(130));
    expect(pages.held[0]).toHaveLength(0);
    host.answer = () => ({});
    await run(sleep(150));
    expect([host.inside.size, pages.held[0]!.length]).toEqual([20, 20]);
    expect(machine.violations).toEqual([]);
  });

  it('and needs a reset gets it', async () => {
    const { balloon, device, host, machine, pages } = open({ ...withFeatures(STATS_VQ), wishPages: 10 });
    await run(balloon.settled());
    device.status |= 64;
    device.interrupts.config();
    await runTurns(5);
    await run(balloon.settled());
    expect([host.inside.size, pages.held[0]!.length, host.figures.length]).toEqual([10, 10, 2]);
    expect(machine.violations).toEqual([]);
  });

  it('or is taken out of the machine leaves all pages to the program', async () => {
    const { balloon, free, live, pages, pool } = open({ wishPages: 10 });
    await run(balloon.settled());
    const waiting = kindOf(Promise.resolve().then(() => balloon.settled()));
    removeLive(live);
    expect(await waiting).toBe('removed');
    expect([pages.free().length, dmaFreeBytes(pool)]).toEqual([2048, free]);
  });

  it('is told of all pages before it is closed', async () => {
    const { balloon, device, free, host, machine, pages, pool } = open({ wishPages: 300 });
    await run(balloon.settled());
    await run(balloon.close());
    expect([host.inside.size, host.sizes.at(-1), device.status & ~0x80]).toEqual([0, 0, 0]);
    expect([pages.free().length, dmaFreeBytes(pool), machine.violations]).toEqual([2048, free, []]);
    expect(await kindOf(balloon.settled())).toBe('closed');
    await run(balloon.close());
  });

  it.each([
    ['its configuration', 4, withFeatures()],
    ['that of hints', 8, withFeatures(FREE_PAGE_HINT)],
    ['that of poison', 12, withFeatures(PAGE_POISON)],
  ])('and lacks %s does not come up', (_, length, options) => {
    const all = openedDevice((machine) => new SimBalloonDevice(machine, options));
    all.device.pciFunction.config.setUint32(0x60 + 12, length, true); // The length in the third capability, DEVICE_CFG.
    const live = newLive(openedPci(all.pciFunction), interruptsOf(all), all.pool, 100);
    expect(() => startBalloon(live, { reports: false })).toThrow('configuration');
  });

  it.each([
    ['its second queue', { queueSizes: [128] }],
    ['the queue of reports', { ...withFeatures(PAGE_REPORTING), queueSizes: [128, 128, 128] }],
  ])('and lacks %s does not come up', (_, options) => {
    expect(() => open(options)).toThrow('queue');
  });
});
