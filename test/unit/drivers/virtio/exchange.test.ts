import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  Buffers,
  createBuffers,
  describeBuffers,
  nextCare,
  restoreBuffers,
} from '../../../../drivers/virtio/buffers.ts';
import { describeFault } from '../../../../drivers/virtio/describe.ts';
import {
  armExchange,
  call,
  callCount,
  endCalls,
  loseCalls,
  newExchange,
  pollExchange,
  spinExchange,
} from '../../../../drivers/virtio/exchange.ts';
import { Features } from '../../../../drivers/virtio/features.ts';
import { begin } from '../../../../drivers/virtio/initialize.ts';
import {
  armLive,
  causesOf,
  closeLive,
  type Driver,
  type Live,
  lookAtConfiguration,
  newLive,
  removeLive,
  startLive,
  wakeAtOf,
} from '../../../../drivers/virtio/live.ts';
import { startLog, stopLog } from '../../../../kernel/base/log.ts';
import { removeSource } from '../../../../kernel/event/source.ts';
import { dmaFreeBytes } from '../../../../kernel/hal/dma-pool.ts';
import type { SimMachine } from '../../../sim/machine.ts';
import { SimVirtioDevice, type SimVirtioOptions } from '../../../sim/virtio/device.ts';
import type { SimRing } from '../../../sim/virtio/ring.ts';
import type { SimChain } from '../../../sim/virtio/ring-layout.ts';
import { interruptsOf, kindOf, run, runTurns } from './live-harness.ts';
import { openedDevice, TRANSPORTS } from './transport/harness.ts';

const MS = 1_000_000;
const NEVER = Number.POSITIVE_INFINITY;

/** How the device answers a request: by its bytes, each plus one, unless told otherwise. */
interface Answer {
  readonly delay?: number;
  readonly length?: number;
  readonly head?: number;
}

/** A device that answers with the bytes that it was sent, each plus one. */
class Echo {
  readonly device: SimVirtioDevice;
  readonly requests: number[][] = [];
  answer: (request: number[]) => Answer = () => ({});
  private readonly machine: SimMachine;

  constructor(machine: SimMachine, options: Partial<SimVirtioOptions>) {
    this.machine = machine;
    this.device = new SimVirtioDevice(machine, {
      features: [32],
      queueSizes: [8],
      config: new Uint8Array(8),
      ...options,
      deviceType: 4,
      onNotify: (device, queue) => {
        const ring = device.rings[queue]!;
        for (const chain of ring.take()) this.serve(ring, chain);
        ring.askForNotifications();
      },
    });
  }

  private serve(ring: SimRing, chain: SimChain): void {
    const bytes = chain.readable.flatMap(({ offset, length }) => [
      ...this.machine.dma.subarray(offset, offset + length),
    ]);
    this.requests.push(bytes);
    const { delay = 0, length, head } = this.answer(bytes);
    const finish = (): void => {
      let at = 0;
      for (const { offset, length: size } of chain.writable)
        for (let i = 0; i < size && at < bytes.length; i++) this.machine.dma[offset + i] = bytes[at++]! + 1;
      ring.give(head ?? chain.head, length ?? at);
    };
    if (delay !== NEVER) this.machine.after(delay, finish);
  }
}

interface Options extends Partial<SimVirtioOptions> {
  readonly count?: number;
  readonly pieces?: number;
  readonly flush?: () => Promise<void>;
}

const opened: Driver[] = [];
let lines: string[] = [];

beforeEach(() => {
  lines = [];
  startLog((line) => lines.push(line.trimEnd()), 'info');
});

afterEach(() => {
  stopLog();
  for (const driver of opened.splice(0)) removeSource(driver);
});

/** A driver of that device: what a driver is at least. */
const driverOf = (live: Live, { count = 4, pieces = 0, flush }: Options) => {
  const { transport, pool } = live;
  const buffers = new Buffers();
  describeBuffers(buffers, count, 16, 16, pieces, live.deadlineMs);
  const exchange = newExchange(live, buffers);
  const events: string[] = [];
  const driver: Driver = {
    queueCount: 1,
    begin: () => begin(transport, new Features()),
    setUp: () => createBuffers(transport, pool, 0, buffers),
    setUpAgain: () => restoreBuffers(transport, buffers),
    started: () => events.push('started'),
    describeFault: () => describeFault(transport),
    configurationChanged: () => events.push('configuration'),
    lost: (error) => {
      events.push('lost');
      loseCalls(exchange, error);
    },
    ended: (error, refusal) => {
      events.push('ended');
      endCalls(exchange, error, refusal);
    },
    ...(flush === undefined ? {} : { flush }),
    poll: () => {
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
      return wakeAtOf(nextCare(buffers));
    },
  };
  return { driver, exchange, events };
};

const openEcho = (options: Options = {}, prepare: (all: ReturnType<typeof made>) => void = () => {}) => {
  const all = made(options);
  prepare(all);
  const live = newLive(all.transport, interruptsOf(all), all.pool, 100);
  const { driver, exchange, events } = driverOf(live, options);
  const free = dmaFreeBytes(all.pool);
  startLive(live, driver);
  opened.push(driver);
  return { ...all, echo: all.made, live, driver, exchange, events, free };
};

const made = (options: Options) => openedDevice((machine) => new Echo(machine, options));

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

describe('a call', () => {
  it.each(TRANSPORTS)('is answered, over %s', async (transport) => {
    const { exchange, machine } = openEcho({ transport });
    const answer = new Uint8Array(4);
    expect(await run(call(exchange, bytes(1, 2, 3), answer))).toBe(3);
    expect([[...answer], machine.violations]).toEqual([[2, 3, 4, 0], []]);
  });

  it('goes out with the others of its turn, with one notification, as far as there are buffers', async () => {
    const { exchange, echo, device, machine } = openEcho({ count: 3 });
    const answers = Array.from({ length: 7 }, () => new Uint8Array(1));
    const calls = answers.map((answer, i) => call(exchange, bytes(i), answer));
    expect(callCount(exchange)).toBe(7);
    await runTurns(1);
    expect([echo.requests.length, device.notifications]).toEqual([3, 1]);
    await run(Promise.all(calls));
    expect(answers.map(([value]) => value)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect([echo.requests.flat(), callCount(exchange), machine.violations]).toEqual([[0, 1, 2, 3, 4, 5, 6], 0, []]);
  });

  it('that is too long is refused before the device sees it', async () => {
    const { exchange, echo } = openEcho();
    for (const [request, answer] of [
      [17, 0],
      [0, 17],
      [0, 0],
    ] as const) {
      expect(await kindOf(call(exchange, new Uint8Array(request), new Uint8Array(answer)))).toBe('invalid-argument');
    }
    expect(echo.requests).toEqual([]);
  });

  it("may have memory of its caller's that the device reads, or writes", async () => {
    const { exchange, machine } = openEcho({ pieces: 1, queueSizes: [16] });
    machine.dma.set([7, 8, 9], 0x100000);
    const answer = new Uint8Array(8);
    await run(call(exchange, bytes(1), answer, { data: { offset: 0x100000, length: 3, isWritten: false } }));
    expect([...answer]).toEqual([2, 8, 9, 10, 0, 0, 0, 0]);
    const data = { offset: 0x100000, length: 4, isWritten: true };
    expect(await run(call(exchange, bytes(20, 30, 40), new Uint8Array(1), { data }))).toBe(3);
    expect([...machine.dma.subarray(0x100000, 0x100004)]).toEqual([31, 41, 9, 0]);
    expect(machine.violations).toEqual([]);
  });
});

describe('an aborted call', () => {
  const reason = new Error('never mind');

  it.each([
    ['before', 0],
    ['while it waits', 1],
  ])('is not sent when it was aborted %s', async (_, isLate) => {
    const { exchange, echo } = openEcho({ count: 1 });
    const controller = new AbortController();
    const first = call(exchange, bytes(1), new Uint8Array(1));
    if (!isLate) controller.abort(reason);
    const aborted = call(exchange, bytes(2), new Uint8Array(1), { signal: controller.signal });
    controller.abort(reason);
    expect(await kindOf(aborted)).toBe('Error: never mind');
    await run(first);
    await run(call(exchange, bytes(3), new Uint8Array(1)));
    expect(echo.requests).toEqual([[1], [3]]);
  });

  it('rejects at once while the device has it, and its answer stays as it was', async () => {
    const { exchange, echo, machine } = openEcho();
    echo.answer = () => ({ delay: 5 * MS });
    const controller = new AbortController();
    const removed = vi.spyOn(controller.signal, 'removeEventListener');
    const answer = new Uint8Array(1);
    const aborted = call(exchange, bytes(1), answer, { signal: controller.signal });
    await runTurns(1);
    controller.abort(reason);
    expect(await kindOf(aborted)).toBe('Error: never mind');
    expect([callCount(exchange), removed.mock.calls.length]).toEqual([1, 1]);
    await run(call(exchange, bytes(2), new Uint8Array(1)));
    expect([answer[0], callCount(exchange), machine.violations]).toEqual([0, 0, []]);
  });

  it("with memory of its caller's rejects when the device is done with it", async () => {
    const { exchange, echo, machine } = openEcho({ pieces: 1, queueSizes: [16] });
    echo.answer = () => ({ delay: 5 * MS });
    const controller = new AbortController();
    const data = { offset: 0x100000, length: 4, isWritten: true };
    const aborted = call(exchange, bytes(1), new Uint8Array(0), { signal: controller.signal, data });
    await runTurns(1);
    const before = machine.now;
    controller.abort(reason);
    expect(await kindOf(aborted)).toBe('Error: never mind');
    expect(machine.now - before).toBeGreaterThan(4 * MS);
  });
});

describe('a device that is awaited', () => {
  it('that does not come up is given up, and its memory is back', () => {
    const all = made({ queueSizes: [8] });
    const free = dmaFreeBytes(all.pool);
    all.device.faults = { forgetsDriverOk: true };
    const live = newLive(all.transport, interruptsOf(all), all.pool, 100);
    const { driver } = driverOf(live, {});
    expect(() => startLive(live, driver)).toThrow(/^0000:00:02.0 virtio-rng: failed at step 8 /);
    expect([live.state, dmaFreeBytes(all.pool), all.device.status & 0x80]).toEqual(['failed', free, 0x80]);
  });

  it('and is silent is reset: what it had rejects, what waited is answered', async () => {
    const { exchange, echo, events, machine } = openEcho({ count: 2 });
    echo.answer = ([first]) => (first === 1 ? { delay: NEVER } : {});
    const before = machine.now;
    const lost = call(exchange, bytes(1), new Uint8Array(1));
    const other = call(exchange, bytes(2), new Uint8Array(1));
    const calls = [3, 4, 5].map((value) => call(exchange, bytes(value), new Uint8Array(1)));
    expect(await kindOf(lost)).toBe('timeout');
    expect(machine.now - before).toBeLessThan(110 * MS);
    await run(Promise.all([other, ...calls]));
    expect(events).toEqual(['started', 'lost', 'started']);
    expect(lines).toContain('error 0000:00:02.0 virtio-rng: no answer in 100 ms; it is reset');
    expect(lines).toContain('warn 0000:00:02.0 virtio-rng: it was reset and works again');
    expect(machine.violations).toEqual([]);
  });

  it.each(['pci', 'mmio'] as const)('and needs a reset gets it, over %s', async (transport) => {
    const { exchange, device, echo, events, machine } = openEcho({ transport });
    echo.answer = () => ({ delay: NEVER });
    const lost = call(exchange, bytes(1), new Uint8Array(1));
    await runTurns(1);
    device.status |= 64;
    device.interrupts.config();
    expect(await kindOf(lost)).toBe('device-reset');
    echo.answer = () => ({});
    await run(call(exchange, bytes(2), new Uint8Array(1)));
    expect([events, machine.violations]).toEqual([['started', 'lost', 'started'], []]);
  });

  it('says that its configuration has changed', async () => {
    const { exchange, device, events } = openEcho();
    device.changeConfig(0, [1]);
    await run(call(exchange, bytes(1), new Uint8Array(1)));
    expect(events).toEqual(['started', 'configuration']);
  });

  it.each([
    ['a head that it does not have', { head: 7 }],
    ['more bytes than it may write', { length: 17 }],
  ])('and answers with %s is given up: everything rejects, and its memory is back', async (_, lie) => {
    const { exchange, device, echo, events, free, live, pool } = openEcho({ count: 1 });
    echo.answer = () => lie;
    const calls = [1, 2].map((value) => call(exchange, bytes(value), new Uint8Array(16)));
    expect(await Promise.all(calls.map(kindOf))).toEqual(['wrong-answer', 'device-failed']);
    expect(await kindOf(call(exchange, bytes(3), new Uint8Array(1)))).toBe('device-failed');
    expect([events, live.state, dmaFreeBytes(pool)]).toEqual([['started', 'ended'], 'failed', free]);
    expect(device.status).toBe(0x80);
  });

  it('and ignores its reset keeps its memory, for nobody else to have', async () => {
    const { exchange, device, echo, free, machine, pool } = openEcho();
    machine.clockStep = 100_000;
    echo.answer = () => ({ head: 7 });
    const lost = call(exchange, bytes(1), new Uint8Array(1));
    device.faults = { resetReads: NEVER };
    expect(await kindOf(lost)).toBe('wrong-answer');
    expect(dmaFreeBytes(pool)).toBeLessThan(free);
    expect(lines.some((line) => line.includes('its memory is not used again'))).toBe(true);
  });

  it.each([
    ['closed', closeLive],
    ['removed', removeLive],
  ] as const)('and is %s rejects what it has, and what is asked of it later', async (kind, endIt) => {
    const { exchange, device, echo, events, free, live, pool } = openEcho({ count: 1 });
    echo.answer = () => ({ delay: NEVER });
    const calls = [1, 2].map((value) => call(exchange, bytes(value), new Uint8Array(1)));
    await runTurns(1);
    endIt(live);
    endIt(live);
    expect(await Promise.all(calls.map(kindOf))).toEqual([kind, kind]);
    expect(await kindOf(call(exchange, bytes(3), new Uint8Array(1)))).toBe(kind);
    expect([live.state, dmaFreeBytes(pool), events]).toEqual([kind, free, ['started', 'ended']]);
    expect(device.status & ~0x80).toBe(0);
  });

  it('may be started again after it was closed', async () => {
    const { device, live, pool, transport } = openEcho();
    closeLive(live);
    const again = newLive(transport, live.interrupts, pool, 100);
    const { driver, exchange } = driverOf(again, {});
    startLive(again, driver);
    opened.push(driver);
    expect(await run(call(exchange, bytes(1), new Uint8Array(1)))).toBe(1);
    expect(device.machine.violations).toEqual([]);
  });

  it('is polled where nothing can interrupt', async () => {
    const { exchange, echo, live, machine } = openEcho({}, (all) => {
      all.machine.interrupts.available = 0;
    });
    echo.answer = () => ({ delay: 5 * MS });
    const before = machine.now;
    await run(call(exchange, bytes(1), new Uint8Array(1)));
    expect([machine.now - before < 6 * MS, live.interrupts.kind]).toEqual([true, 0]);
  });
});
