// An input device and its users, on the simulated machine, with the event loop around it.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startInput } from '../../../../drivers/input/driver.ts';
import { newLive } from '../../../../drivers/virtio/live.ts';
import { startLog, stopLog } from '../../../../kernel/base/log.ts';
import { DeviceFailure } from '../../../../kernel/device/failure.ts';
import type { InputDevice, InputReport } from '../../../../kernel/device/input.ts';
import { isAlive } from '../../../../kernel/event/loop.ts';
import { sleep } from '../../../../kernel/event/time.ts';
import { startTimeout } from '../../../../kernel/event/timers.ts';
import { type DmaPool, dmaFreeBytes } from '../../../../kernel/hal/dma-pool.ts';
import { SIM_TOUCH, type SimEvent, SimInputDevice, type SimInputOptions } from '../../../sim/virtio/input.ts';
import { interruptsOf, kindOf, run } from '../virtio/live-harness.ts';
import { openedDevice } from '../virtio/transport/harness.ts';

const EV_LED = 17;
const MS = 1_000_000;

/** The status of a device that was reset for good. */
const FAILED = 128;

const NEVER = Number.POSITIVE_INFINITY;

const press = (code: number): SimEvent => [1, code, 1];
const keysOf = (report: InputReport): number[] => report.map(({ type, code }) => (type === 0 ? -code : code));

const opened: InputDevice[] = [];
let logged: string[] = [];

beforeEach(() => {
  logged = [];
  startLog((text) => logged.push(text), 'warn');
});

afterEach(async () => {
  for (const input of opened.splice(0)) await input.close();
  stopLog();
});

/** Opens a keyboard, or what the options say. */
const open = (options: SimInputOptions & { isPolled?: boolean; deadlineMs?: number } = {}) => {
  const { isPolled = false, deadlineMs = 1000, ...device } = options;
  const all = openedDevice((machine) => new SimInputDevice(machine, device));
  if (isPolled) all.machine.interrupts.available = 0;
  const free = dmaFreeBytes(all.pool);
  const input = startWith(all, deadlineMs);
  opened.push(input);
  return { ...all, input, free, sim: all.made };
};

const startWith = (all: Parameters<typeof interruptsOf>[0] & { readonly pool: DmaPool }, deadlineMs: number) =>
  startInput(newLive(all.transport, interruptsOf(all), all.pool, deadlineMs));

/** Returns the kind of failure of a promise that is settled some time; `fulfilled` when there is none. */
const causeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'fulfilled',
    (reason: unknown) => (reason instanceof DeviceFailure ? reason.kind : String(reason)),
  );

/** Lets time pass. The loop sleeps when nothing happens; the second timer ends its last halt, as jobs run between turns only. */
const pass = (milliseconds: number): Promise<void> => {
  startTimeout(() => {}, milliseconds + 1).unref();
  return run(sleep(milliseconds));
};

/** Returns the keys of the next `count` reports. */
const next = async (input: InputDevice, count: number): Promise<number[][]> => {
  const reports: number[][] = [];
  for await (const report of input.reports()) {
    reports.push(keysOf(report));
    if (reports.length === count) break;
  }
  return reports;
};

describe('an input device', () => {
  it('says what it is', () => {
    const { input } = open({ transport: 'mmio' });
    expect(input).toMatchObject({
      name: 'mmio@0xfeb00e00 virtio-input',
      productName: 'QEMU Virtio Keyboard',
      serialNumber: '',
      kind: 'keyboard',
      ids: { bus: 6, vendor: 0x627, product: 1, version: 1 },
      featureNames: ['VERSION_1'],
    });
    expect([input.supports(1, 30), input.supports(1, 600), input.hasProperty(1)]).toEqual([true, false, false]);
    for (const wrong of [-1, 0.5, 65_536, NaN]) {
      expect([input.supports(1, wrong), input.supports(wrong, 1), input.axis(wrong), input.hasProperty(wrong)]).toEqual(
        [false, false, undefined, false],
      );
    }
  });

  it.each([
    ['MSI-X', { vectors: 3 }],
    ['its pin', {}],
    ['a line of virtio-mmio', { transport: 'mmio' }],
    ['polling', { isPolled: true }],
    ['polling over virtio-mmio', { transport: 'mmio', isPolled: true }],
  ] as const)('gives reports to who listens, with %s', async (_, options) => {
    const { input, machine, sim } = open(options);
    const reports: number[][] = [];
    const end = input.onReport((report) => reports.push(keysOf(report)));
    sim.report(press(30));
    await pass(2);
    machine.after(5 * MS, () => sim.report(press(31), press(32)));
    await pass(50);
    expect(reports).toEqual([[30], [31, 32]]);
    expect(isAlive()).toBe(true);
    end();
    expect(isAlive()).toBe(false);
    sim.report(press(33));
    await pass(5);
    expect([reports.length, machine.violations]).toEqual([2, []]);
  });

  it('sleeps while nothing happens, and an interrupt wakes it', async () => {
    const { input, machine, sim } = open({ vectors: 3 });
    const reports: number[][] = [];
    input.onReport((report) => reports.push(keysOf(report)));
    machine.after(700 * MS, () => sim.report(press(30)));
    await pass(1000);
    expect(reports).toEqual([[30]]);
    expect(machine.interrupts.idleCount).toBeLessThan(10);
  });

  it('keeps reports until somebody wants them', async () => {
    const { input, sim } = open();
    for (let i = 0; i < 5; i++) sim.report(press(30 + i));
    await pass(3);
    expect(await run(next(input, 2))).toEqual([[30], [31]]);
    const reports: number[][] = [];
    input.onReport((report) => reports.push(keysOf(report)));
    await pass(2);
    expect(reports).toEqual([[32], [33], [34]]);
  });

  it('gives a report to all who listen or wait', async () => {
    const { input, sim } = open();
    const heard: string[] = [];
    const end = input.onReport((report) => {
      heard.push(`one ${keysOf(report)}`);
      end();
    });
    input.onReport((report) => heard.push(`two ${keysOf(report)}`));
    const both = Promise.all([next(input, 1), next(input, 1)]);
    await pass(1);
    sim.report(press(30));
    sim.report(press(31));
    expect(await run(both)).toEqual([[[30]], [[30]]]);
    await pass(1);
    expect(heard).toEqual(['one 30', 'two 30', 'two 31']);
  });

  it('a storm that nobody takes stays with the device, and what it drops is told', async () => {
    const { input, machine, sim } = open();
    let sent = 0;
    for (; sim.droppedCount === 0; sent++) {
      sim.report(press(1 + (sent % 200)));
      if (sent % 8 === 0) await pass(1);
    }
    const idleBefore = machine.interrupts.idleCount;
    await pass(1000);
    expect(machine.interrupts.idleCount).toBeGreaterThan(idleBefore); // The loop sleeps, although the device has more.
    const taken = await run(next(input, sent));
    expect(taken).toEqual([...Array.from({ length: sent - 1 }, (_, i) => [1 + (i % 200)]), [-3]]);
    expect(sent).toBeGreaterThan(900);
    sim.report(press(7));
    expect(await run(next(input, 1))).toEqual([[7]]);
  });

  it('may be a touch screen, whose fingers have slots', async () => {
    const { input, sim } = open({ facts: SIM_TOUCH });
    sim.report([3, 0x2f, 2], [3, 0x39, 7], [3, 0x35, 815], [3, 0x36, 4711]);
    sim.report([3, 0x2f, 2], [3, 0x39, -1]);
    const reports: InputReport[] = [];
    input.onReport((report) => reports.push(report));
    await pass(1);
    expect([input.kind, input.hasProperty(1), input.axis(0x2f)?.maximum]).toEqual(['touch', true, 10]);
    expect(reports.map((report) => report.map(({ code, value }) => [code, value]))).toEqual([
      [
        [0x2f, 2],
        [0x39, 7],
        [0x35, 815],
        [0x36, 4711],
      ],
      [
        [0x2f, 2],
        [0x39, -1],
      ],
    ]);
  });

  it('is not believed an event that it has not announced, which is said once', async () => {
    const { input, sim } = open();
    sim.report([2, 8, 1], press(30));
    sim.report([2, 8, -1], press(31));
    expect(await run(next(input, 2))).toEqual([[30], [31]]);
    const lines = logged.filter((line) => line.includes('announced'));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('it sent an event of type 2, code 8, which it has not announced');
  });
});

describe('a LED', () => {
  it.each(['pci', 'mmio', 'mmio-legacy'] as const)('is told what to show, over %s', async (transport) => {
    const { input, machine, sim } = open({ transport });
    await run(Promise.all([input.setLed(1, true), input.setLed(0, true), input.setLed(1, false)]));
    expect(sim.told).toEqual([
      [EV_LED, 1, 1],
      [EV_LED, 0, 1],
      [EV_LED, 1, 0],
    ]);
    expect(machine.violations).toEqual([]);
  });

  it('is told at once, although the device is awake and nothing comes from it', async () => {
    const { input, machine } = open();
    input.onReport(() => {});
    await pass(1);
    const before = machine.now;
    await run(input.setLed(1, true));
    expect(machine.now - before).toBeLessThan(0.05 * MS);
  });

  it('may answer with the length of what was read, as in QEMU', async () => {
    const { input } = open({ lies: { statusLength: 8 } });
    await run(input.setLed(2, true));
    expect(logged).toEqual([]);
  });

  it('that is not there is refused before anything is sent', async () => {
    const { device, input, sim } = open();
    const before = device.notifications;
    for (const led of [3, 15, -1, 1.5, NaN, 70_000]) expect(await kindOf(input.setLed(led, true))).toBe('unsupported');
    expect([sim.told, device.notifications]).toEqual([[], before]);
  });

  it('takes more changes than there are buffers, in their order', async () => {
    const { input, sim } = open();
    const changes = Array.from({ length: 100 }, (_, i) => input.setLed(i % 3, i % 2 === 0));
    await run(Promise.all(changes));
    expect(sim.told).toEqual(Array.from({ length: 100 }, (_, i) => [EV_LED, i % 3, (i + 1) % 2]));
  });

  it('that does not answer has its device reset, and reports come again', async () => {
    const { input, machine, sim } = open({ lies: { statusDelay: NEVER }, deadlineMs: 50 });
    expect(await kindOf(input.setLed(1, true))).toBe('timeout');
    sim.lies = {};
    sim.report(press(30));
    expect(await run(next(input, 2))).toEqual([[-3], [30]]);
    await run(input.setLed(1, true));
    expect(logged.some((line) => line.includes('it was reset and works again'))).toBe(true);
    expect(machine.violations).toEqual([]);
  });

  it('can be given up', async () => {
    const { input } = open({ lies: { statusDelay: NEVER } });
    const controller = new AbortController();
    const change = input.setLed(1, true, { signal: controller.signal });
    await pass(2);
    controller.abort(new Error('enough'));
    expect(await kindOf(change)).toBe('Error: enough');
  });
});

describe('an input device in trouble', () => {
  it('that needs a reset gets it', async () => {
    const { device, input, sim } = open({ vectors: 3 });
    await run(input.setLed(1, true));
    device.status |= 64;
    device.interrupts.config();
    input.onReport(() => {});
    await pass(5);
    expect(logged.some((line) => line.includes('it was reset and works again'))).toBe(true);
    sim.report(press(30));
    await pass(5);
    expect(device.status & 64).toBe(0);
  });

  it.each([
    ['an event of 4 bytes (W24)', { eventLength: 4 }, 'an event of 4 bytes, expected 8'],
    ['a buffer that it does not have (W16)', { eventHead: 1000 }, 'head 1000'],
    ['the answer of a LED that it was not told (W16)', { statusHead: 5 }, 'head 5'],
  ])('that returns %s is given up, and who waits hears of it', async (_, lies, message) => {
    const { device, free, input, pool, sim } = open({ lies });
    const failures: DeviceFailure[] = [];
    input.onReport(
      () => {},
      (failure) => failures.push(failure),
    );
    const waiting = next(input, 2);
    const change = input.setLed(1, true);
    sim.report(press(30));
    const [report, led] = await run(Promise.all([causeOf(waiting), causeOf(change)]));
    expect([report, failures.map(({ kind }) => kind)]).toEqual(['wrong-answer', ['wrong-answer']]);
    expect(failures[0]?.message).toContain(message);
    expect(led).toMatch(/^(fulfilled|wrong-answer|device-failed)$/);
    expect([await kindOf(input.setLed(1, true)), await kindOf(next(input, 1))]).toEqual([
      'device-failed',
      'wrong-answer',
    ]);
    expect(() => input.onReport(() => {})).toThrow(DeviceFailure);
    expect([device.status, dmaFreeBytes(pool), isAlive()]).toEqual([FAILED, free, false]);
  });

  it('that lies about itself is not opened, and its memory is back', () => {
    const all = openedDevice((machine) => new SimInputDevice(machine, { lies: { answer: () => ({ size: 200 }) } }));
    const free = dmaFreeBytes(all.pool);
    expect(() => startWith(all, 1000)).toThrow(
      'virtio-input: failed at step 7 (set up queues): size reads 200 for select 1, subsel 0, expected at most 128',
    );
    expect([all.device.status, dmaFreeBytes(all.pool)]).toEqual([FAILED, free]);
  });

  it('whose queues are missing is not opened', () => {
    const all = openedDevice((machine) => new SimInputDevice(machine, { queueSizes: [64] }));
    expect(() => startWith(all, 1000)).toThrow(DeviceFailure);
  });
});

describe('closing', () => {
  it('resets the device, gives its memory back and ends who waits', async () => {
    const { device, free, input, pool, sim } = open();
    const failures: unknown[] = [];
    input.onReport(
      () => {},
      (failure) => failures.push(failure),
    );
    const waiting = next(input, 1);
    await pass(2);
    await input.close();
    expect([await run(waiting), failures, device.status, dmaFreeBytes(pool)]).toEqual([[], [], FAILED, free]);
    sim.report(press(30));
    expect([await kindOf(input.setLed(1, true)), await run(next(input, 1)), isAlive()]).toEqual(['closed', [], false]);
    expect(() => input.onReport(() => {})).toThrow('closed');
    await input.close();
  });

  it('rejects what a LED was told and did not answer', async () => {
    const { input } = open({ lies: { statusDelay: NEVER } });
    const change = kindOf(input.setLed(1, true));
    await pass(2);
    await input.close();
    expect(await change).toBe('closed');
  });

  it('may be done by who listens, who then hears nothing more', async () => {
    const { input, machine, sim } = open();
    const heard: number[][] = [];
    input.onReport((report) => {
      heard.push(keysOf(report));
      void input.close();
    });
    sim.report(press(30));
    sim.report(press(31));
    await pass(5);
    expect([heard, machine.violations]).toEqual([[[30]], []]);
  });
});
