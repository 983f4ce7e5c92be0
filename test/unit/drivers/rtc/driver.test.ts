import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startRtc } from '../../../../drivers/rtc/driver.ts';
import { closeLive, type Live, newLive, removeLive } from '../../../../drivers/virtio/live.ts';
import { startLog, stopLog } from '../../../../kernel/base/log.ts';
import { DeviceFailure } from '../../../../kernel/device/failure.ts';
import type { RtcTime } from '../../../../kernel/device/rtc.ts';
import { startTimeout } from '../../../../kernel/event/timers.ts';
import { dmaFreeBytes } from '../../../../kernel/hal/dma-pool.ts';
import { clockWall as simWall } from '../../../sim/hal/clock.ts';
import { SIM_UTC_START, SimRtcDevice, type SimRtcOptions } from '../../../sim/virtio/rtc.ts';
import { interruptsOf, kindOf, run, runTurns as runTurnsOfLoop } from '../virtio/live-harness.ts';
import { openedDevice } from '../virtio/transport/harness.ts';

/** Runs `count` turns of the loop, of which none sleeps for ever. */
const runTurns = async (count: number): Promise<void> => {
  for (let turn = 0; turn < count; turn++) {
    startTimeout(() => {}, 1).unref();
    await runTurnsOfLoop(1);
  }
};

const MS = 1_000_000;
const NEVER = Number.POSITIVE_INFINITY;
const [TAI, UTC, MONOTONIC] = [0, 1, 2] as const;

let lines: string[] = [];
const opened: Live[] = [];

beforeEach(() => {
  lines = [];
  startLog((line) => lines.push(line.trimEnd()), 'warn');
});

afterEach(() => {
  for (const live of opened.splice(0)) closeLive(live);
  stopLog();
});

type Options = SimRtcOptions & { isPolled?: boolean; prepare?: (sim: SimRtcDevice) => void };

const begin = (options: Options = {}) => {
  const { made: sim, ...all } = openedDevice((machine) => new SimRtcDevice(machine, options));
  if (options.isPolled) all.machine.interrupts.available = 0;
  options.prepare?.(sim);
  const free = dmaFreeBytes(all.pool);
  const live = newLive(all.transport, interruptsOf(all), all.pool, 100);
  opened.push(live);
  return { ...all, sim, live, free, opening: startRtc(live) };
};

const open = async (options: Options = {}) => {
  const { opening, ...all } = begin(options);
  const rtc = await run(opening);
  return { ...all, rtc, utc: rtc.clocks[UTC]!, first: rtc.clocks[0]! };
};

const nsOf = ({ seconds, nanoseconds }: RtcTime): bigint => BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds);

const timeOf = (ns: bigint): RtcTime => ({
  seconds: Number(ns / 1_000_000_000n),
  nanoseconds: Number(ns % 1_000_000_000n),
});

const ONE = [{ type: 0, startNs: SIM_UTC_START, isCrossRead: true, hasAlarm: true }];

describe('a real-time clock device', () => {
  it('says what it is, and which clocks it has', async () => {
    const { rtc } = await open({
      clocks: [
        { type: 0, startNs: 0n },
        { type: 1, startNs: 0n, isCrossRead: true },
        { type: 2, startNs: 0n, hasAlarm: true },
        { type: 3, smearing: 2, startNs: 0n },
        { type: 4, startNs: 0n },
        { type: 0xf1, smearing: 0xf0, startNs: 0n },
      ],
    });
    expect([rtc.name, rtc.featureNames]).toEqual(['0000:00:02.0 virtio-rtc', ['ALARM', 'VERSION_1']]);
    expect(
      rtc.clocks.map(({ id, type, smearing, isCrossRead, hasAlarm }) => [id, type, smearing, isCrossRead, hasAlarm]),
    ).toEqual([
      [0, 'utc', 'UNSPECIFIED', false, false],
      [1, 'tai', 'UNSPECIFIED', true, false],
      [2, 'monotonic', 'UNSPECIFIED', false, true],
      [3, 'utc-smeared', 'UTC_SLS', false, false],
      [4, 'utc-maybe-smeared', 'UNSPECIFIED', false, false],
      [5, 'other', '240', false, false],
    ]);
  });

  it.each([
    ['pci', {}],
    ['mmio', {}],
    ['mmio-legacy', {}],
    ['pci', { vectors: 3 }],
    ['pci', { isPolled: true }],
    ['pci', { features: [0, 28, 29, 32, 34] }],
    ['pci', { features: [32], queueSizes: [8] }],
  ] as const)('is read, and rings, over %s, %j', async (transport, options) => {
    const { rtc, utc, sim, machine } = await open({ transport, ...options });
    const reading = await run(utc.read());
    expect(nsOf(reading) - SIM_UTC_START).toBeGreaterThanOrEqual(BigInt(reading.at - reading.uncertaintyNs));
    expect(nsOf(reading) - SIM_UTC_START).toBeLessThanOrEqual(BigInt(reading.at + reading.uncertaintyNs));
    expect((await run(rtc.clocks[MONOTONIC]!.read())).seconds).toBeLessThan(1);
    expect(utc.hasAlarm).toBe(rtc.featureNames.includes('ALARM'));
    if (utc.hasAlarm) {
      const rung = new Promise<void>((resolve) => void utc.onAlarm(resolve));
      await run(utc.setAlarm(timeOf(sim.now(UTC) + 50_000_000n)));
      await run(rung);
      expect(sim.now(UTC)).toBeGreaterThanOrEqual(sim.alarms.get(UTC)!.time);
    }
    expect(machine.violations).toEqual([]);
  });

  it('of which the time-stamp counter is known is exact', async () => {
    const { first, sim } = await open({ clocks: ONE });
    sim.answer = () => ({ delay: MS });
    const reading = await run(first.read());
    expect([reading.uncertaintyNs, nsOf(reading) - SIM_UTC_START]).toEqual([0, BigInt(reading.at)]);
  });

  it.each([-10 * MS, 10 * MS])(
    'of which the counter is not of this reading is as exact as any: %d ns',
    async (error) => {
      const { first, sim } = await open({ clocks: ONE });
      sim.counterError = error;
      machineWait(sim);
      const reading = await run(first.read());
      expect(reading.uncertaintyNs).toBeGreaterThan(0);
      const off = nsOf(reading) - SIM_UTC_START - BigInt(reading.at);
      expect(off < 0n ? -off : off).toBeLessThanOrEqual(BigInt(reading.uncertaintyNs));
    },
  );

  it('sets the date by the first clock that counts UTC', async () => {
    const { rtc, sim } = await open();
    expect(new Date(simWall()).getUTCFullYear()).toBe(2031);
    const reading = await run(rtc.setDate());
    expect(reading.seconds).toBe(Date.UTC(2040, 0, 1) / 1000);
    expect(simWall()).toBe(Number(sim.now(UTC) / 1_000_000n));
  });

  it('sets none without such a clock', async () => {
    const { rtc, sim } = await open({ clocks: [{ type: 1, startNs: 0n }] });
    const asked = sim.asked.length;
    expect([await kindOf(rtc.setDate()), sim.asked.length]).toEqual(['unsupported', asked]);
  });

  it('may have no clocks at all', async () => {
    const { rtc } = await open({ clocks: [] });
    expect([rtc.clocks, await kindOf(rtc.setDate())]).toEqual([[], 'unsupported']);
  });

  it('may have more clocks than are used', async () => {
    const { rtc } = await open({ clocks: Array.from({ length: 70 }, () => ({ type: 0, startNs: 0n })) });
    expect([rtc.clocks.length, lines]).toEqual([64, ['warn 0000:00:02.0 virtio-rtc: it has 70 clocks, 64 are used']]);
  });
});

/** Lets each answer take a while, so that a reading has a before and an after. */
const machineWait = (sim: SimRtcDevice): void => {
  sim.answer = () => ({ delay: MS });
};

describe('an alarm', () => {
  it('is set, read, and taken back', async () => {
    const { utc, sim } = await open();
    expect(await run(utc.alarm())).toEqual({ seconds: 0, nanoseconds: 0, isEnabled: false });
    const time = { seconds: 4_000_000_000, nanoseconds: 987_654_321 };
    await run(utc.setAlarm(time));
    expect(await run(utc.alarm())).toEqual({ ...time, isEnabled: true });
    await run(utc.setAlarm(undefined));
    expect(sim.alarms.get(UTC)).toEqual({ time: 0n, isEnabled: false });
  });

  it('tells all who listen, until they do not', async () => {
    const { utc, sim, live } = await open();
    const rung: string[] = [];
    const end = utc.onAlarm(() => rung.push('first'));
    const endSecond = utc.onAlarm(() => rung.push('second'));
    expect(live.driver!.pendingCount).toBe(2);
    sim.ring(UTC);
    await runTurns(3);
    end();
    sim.ring(UTC);
    await runTurns(3);
    endSecond();
    sim.ring(UTC);
    await run(utc.read());
    expect([rung, live.driver!.pendingCount]).toEqual([['first', 'second', 'second'], 0]);
  });

  it('rings as often as the device says: its buffers go back', async () => {
    const { utc, sim, machine } = await open();
    let count = 0;
    utc.onAlarm(() => count++);
    for (let i = 0; i < 100; i++) {
      sim.ring(UTC);
      await runTurns(1);
    }
    expect([count, machine.violations]).toEqual([100, []]);
  });

  it('is set again when the device was reset, and has forgotten it', async () => {
    const { utc, sim, device } = await open();
    await run(utc.setAlarm({ seconds: 4_000_000_000, nanoseconds: 0 }));
    device.status |= 64;
    device.interrupts.config();
    await runTurns(2);
    await run(utc.read());
    expect(sim.alarms.get(UTC)).toEqual({ time: 4_000_000_000_000_000_000n, isEnabled: true });
  });

  it('of a clock without one is a typed error', async () => {
    const { rtc, sim } = await open();
    const asked = sim.asked.length;
    const tai = rtc.clocks[TAI]!;
    expect([await kindOf(tai.alarm()), await kindOf(tai.setAlarm(undefined))]).toEqual(['unsupported', 'unsupported']);
    expect(() => tai.onAlarm(() => {})).toThrow(DeviceFailure);
    expect(sim.asked.length).toBe(asked);
  });

  it.each([
    [-1, 0],
    [0.5, 0],
    [8_700_000_000, 0],
    [Number.NaN, 0],
    [0, -1],
    [0, 1_000_000_000],
    [0, 0.5],
  ])('at %d s and %d ns is not sent', async (seconds, nanoseconds) => {
    const { utc, sim } = await open();
    const asked = sim.asked.length;
    expect(await kindOf(utc.setAlarm({ seconds, nanoseconds }))).toBe('invalid-argument');
    expect(sim.asked.length).toBe(asked);
  });
});

describe('the answers of a real-time clock device', () => {
  it.each([
    [2, 'unsupported'],
    [3, 'io-error'],
    [4, 'io-error'],
    [5, 'io-error'],
  ])('%d is a typed error: %s', async (status, kind) => {
    const { utc, rtc, sim } = await open();
    sim.answer = () => ({ status });
    expect([await kindOf(utc.read()), await kindOf(rtc.setDate()), await kindOf(utc.alarm())]).toEqual([
      kind,
      kind,
      kind,
    ]);
    sim.answer = () => ({ bytes: Uint8Array.of(status) });
    expect(await kindOf(utc.read())).toBe(kind);
    sim.answer = () => ({});
    expect(await kindOf(utc.read())).toBe('fulfilled');
  });

  it.each([
    ['a status that there is not', { status: 1 }],
    ['a status that there is not', { status: 6 }],
    ['a status that there is not', { status: 255 }],
    ['no time', { usedLength: 15 }],
    ['nothing', { usedLength: 0 }],
    ['more than was asked for (W24)', { usedLength: 25 }],
    ['a time that no clock shows', { bytes: Uint8Array.from([...new Array(8).fill(0), ...new Array(8).fill(0xff)]) }],
    ['a head that it does not have (W16)', { usedHead: 5 }],
    ['a head that there is not (W16)', { usedHead: 60_000 }],
    ['the same twice', { times: 2 }],
  ])('%s: it is given up', async (_, lie) => {
    const { utc, sim, live, pool, free } = await open();
    sim.answer = () => lie;
    expect(await kindOf(utc.read())).toBe('wrong-answer');
    expect([await kindOf(utc.read()), live.state, dmaFreeBytes(pool)]).toEqual(['device-failed', 'failed', free]);
  });

  it.each([
    ['short', 15, /a notification of 15 bytes, expected 16/],
    ['empty', 0, /a notification of 0 bytes, expected 16/],
    ['longer than its buffer (W24)', 17, /17 bytes written, expected at most 16/],
  ])('an alarm that is %s: it is given up', async (_, length, why) => {
    const { utc, sim, live } = await open();
    utc.onAlarm(() => {});
    sim.ring(UTC, 0x2000, length);
    await runTurns(3);
    expect([live.state, await kindOf(utc.read())]).toEqual(['failed', 'device-failed']);
    expect(lines.at(-1)).toMatch(why);
  });

  it('alarms of clocks that there are not, and what is no alarm, mean nothing', async () => {
    const { utc, sim, live } = await open();
    let count = 0;
    utc.onAlarm(() => count++);
    sim.ring(99);
    sim.ring(0xffff);
    sim.ring(UTC, 0x2001);
    await runTurns(3);
    sim.ring(UTC);
    await runTurns(3);
    expect([count, live.state]).toEqual([1, 'live']);
  });

  it('that do not come: it is reset, and works again', async () => {
    const { utc, sim, machine } = await open();
    sim.answer = () => ({ delay: NEVER });
    expect(await kindOf(utc.read())).toBe('timeout');
    sim.answer = () => ({});
    expect([await kindOf(utc.read()), machine.violations]).toEqual(['fulfilled', []]);
  });

  it('are not waited for when it is closed or removed, and all memory is back', async () => {
    for (const [end, kind] of [
      [closeLive, 'closed'],
      [removeLive, 'removed'],
    ] as const) {
      const { utc, rtc, sim, live, pool, free } = await open();
      sim.answer = () => ({ delay: NEVER });
      const lost = kindOf(utc.read());
      await runTurns(1);
      end(live);
      expect([await lost, await kindOf(utc.alarm()), await kindOf(rtc.setDate()), dmaFreeBytes(pool)]).toEqual([
        kind,
        kind,
        kind,
        free,
      ]);
      expect(() => utc.onAlarm(() => {})).toThrow(DeviceFailure);
    }
  });

  it('can be given up', async () => {
    const { utc, sim } = await open();
    sim.answer = () => ({ delay: NEVER });
    const controller = new AbortController();
    const reading = utc.read({ signal: controller.signal });
    await runTurns(1);
    controller.abort(new Error('never mind'));
    expect(await kindOf(reading)).toBe('Error: never mind');
  });
});

describe('a real-time clock device that does not come up', () => {
  it.each([
    [
      'that does not say how many clocks it has',
      {
        prepare: (sim: SimRtcDevice) => {
          sim.answer = () => ({ status: 5 });
        },
      },
      'io-error',
    ],
    ['that lies about how many', { clockCount: 4 }, 'io-error'],
    [
      'that never answers',
      {
        prepare: (sim: SimRtcDevice) => {
          sim.answer = () => ({ delay: NEVER });
        },
      },
      'timeout',
    ],
    [
      'whose answer is short',
      {
        prepare: (sim: SimRtcDevice) => {
          sim.answer = () => ({ usedLength: 10 });
        },
      },
      'wrong-answer',
    ],
  ])('%s says why, and its memory is back', async (_, options, kind) => {
    const { opening, live, pool, free } = begin(options);
    expect([await kindOf(opening), dmaFreeBytes(pool)]).toEqual([kind, free]);
    expect(['failed', 'closed']).toContain(live.state);
  });
});
