// Events from the device into the ring: all of them, in order, whole reports, and what becomes of those for which there was no room.

import { describe, expect, it } from 'vitest';
import { describeWrongEvent } from '../../../../drivers/input/errors.ts';
import {
  hasRoom,
  InputFlow,
  setUpInput,
  setUpInputAgain,
  startEvents,
  takeEvents,
} from '../../../../drivers/input/flow.ts';
import { hasReport, heldCount, nextEvent } from '../../../../drivers/input/ring.ts';
import { finish } from '../../../../drivers/virtio/initialize.ts';
import { beginAgain } from '../../../../drivers/virtio/restart.ts';
import { type SimEvent, SimInputDevice, type SimInputOptions } from '../../../sim/virtio/input.ts';
import { begun, openedDevice } from '../virtio/transport/harness.ts';

const TRANSPORTS = ['pci', 'mmio', 'mmio-legacy'] as const;
const LAYOUTS = [
  ['split', [32]],
  ['split, with event index', [29, 32]],
  ['packed', [32, 34]],
  ['in order', [32, 35]],
] as const;

const KEY = 1;
const DROPPED: SimEvent[] = [[0, 3, 0]];

/** A keyboard whose driver has come up as far as the loop. */
const live = (options: SimInputOptions = {}) => {
  const all = begun(
    openedDevice((machine) => new SimInputDevice(machine, options)),
    options.features ?? [32],
  );
  const flow = new InputFlow();
  expect(setUpInput(all.transport, all.pool, flow, 1000)).toBe(true);
  expect(finish(all.transport)).toBe(true);
  startEvents(flow);
  return { ...all, flow, keyboard: all.made };
};

/** Takes all that the device has, and returns the reports. */
const takeReports = (flow: InputFlow): SimEvent[][] => {
  expect(takeEvents(flow)).toBe(true);
  const reports: SimEvent[][] = [];
  while (hasReport(flow.ring)) {
    const report: SimEvent[] = [];
    while (nextEvent(flow.ring)) report.push([flow.ring.type, flow.ring.code, flow.ring.value]);
    reports.push(report);
  }
  return reports;
};

const press = (code: number): SimEvent => [KEY, code, 1];

describe('events', () => {
  it.each(TRANSPORTS)('come as whole reports, over %s', (transport) => {
    const { flow, keyboard, machine } = live({ transport });
    keyboard.report(press(30));
    keyboard.report([KEY, 30, 0], [KEY, 31, 2]);
    keyboard.report();
    expect(takeReports(flow)).toEqual([
      [[KEY, 30, 1]],
      [
        [KEY, 30, 0],
        [KEY, 31, 2],
      ],
      [],
    ]);
    expect(machine.violations).toEqual([]);
  });

  it('are not asked for before DRIVER_OK (W18)', () => {
    const all = begun(
      openedDevice((machine) => new SimInputDevice(machine)),
      [32],
    );
    const flow = new InputFlow();
    setUpInput(all.transport, all.pool, flow, 1000);
    expect(all.device.notifications).toBe(0);
    finish(all.transport);
    startEvents(flow);
    expect([all.device.notifications, all.machine.violations]).toEqual([1, []]);
  });

  it.each(LAYOUTS)('come through a %s queue, ten thousand of them', (_, features) => {
    const { device, flow, keyboard, machine } = live({ features });
    let sent = 0;
    let taken = 0;
    while (taken < 10_000) {
      for (let i = 0; i < 1 + (sent % 17); i++) keyboard.report(press(1 + (sent++ % 200)));
      for (const report of takeReports(flow)) expect(report).toEqual([press(1 + (taken++ % 200))]);
      expect(taken).toBe(sent);
    }
    expect([keyboard.droppedCount, machine.violations]).toEqual([0, []]);
    expect(device.notifications).toBeLessThan(sent);
  });

  it('wait for the end of their report', () => {
    const { flow, keyboard } = live();
    keyboard.write(press(30));
    expect([takeReports(flow), heldCount(flow.ring)]).toEqual([[], 1]);
    keyboard.write([0, 0, 0]);
    expect(takeReports(flow)).toEqual([[press(30)]]);
  });

  it('that the device has not announced are ignored, and counted', () => {
    const { flow, keyboard } = live();
    keyboard.report([2, 8, 1], press(30), [KEY, 700, 1], [0xffff, 0xffff, -1]);
    expect(takeReports(flow)).toEqual([[press(30)]]);
    expect([flow.ignoredCount, flow.ignoredType, flow.ignoredCode]).toEqual([3, 2, 8]);
  });
});

describe('too many events', () => {
  it('are dropped by the device as whole reports, which is told where it was', () => {
    const { flow, keyboard } = live();
    for (let i = 0; i < 40; i++) keyboard.report(press(1 + i));
    expect(keyboard.droppedCount).toBe(8);
    const expected = Array.from({ length: 32 }, (_, i) => [press(1 + i)]);
    expect(takeReports(flow)).toEqual([...expected, DROPPED]);
    keyboard.report(press(100));
    expect(takeReports(flow)).toEqual([[press(100)]]);
  });

  it('are told of also when the report that found no room is longer than what was left', () => {
    const { flow, keyboard } = live();
    keyboard.report(press(1), press(2), press(3), press(4));
    expect(takeReports(flow)).toHaveLength(1);
    for (let i = 0; i < 30; i++) keyboard.report(press(5));
    keyboard.report(press(6), press(7), press(8), press(9));
    expect(keyboard.droppedCount).toBe(1);
    expect(takeReports(flow).at(-1)).toEqual(DROPPED);
  });

  it('stay with the device while nobody takes them, and come in order afterwards', () => {
    const { flow, keyboard } = live();
    let sent = 0;
    while (keyboard.droppedCount === 0) {
      keyboard.report(press(1 + (sent++ % 200)));
      expect(takeEvents(flow)).toBe(true);
    }
    expect([hasRoom(flow), heldCount(flow.ring) > 1900]).toEqual([false, true]);
    const before = takeReports(flow); // Of the ring, which then has room.
    const after = takeReports(flow);
    expect([...before, ...after]).toEqual([
      ...Array.from({ length: sent - 1 }, (_, i) => [press(1 + (i % 200))]),
      DROPPED,
    ]);
  });
});

describe('a device is given up', () => {
  it.each([0, 4, 7])('that returns an event of %i bytes (W24)', (eventLength) => {
    const { flow, keyboard } = live({ lies: { eventLength } });
    keyboard.report(press(30));
    expect(takeEvents(flow)).toBe(false);
    expect(describeWrongEvent(flow)).toEqual({
      kind: 'wrong-answer',
      message: `the device returned an event of ${eventLength} bytes, expected 8`,
    });
  });

  it('that says that it wrote more than an event (W24), or returns what it does not have (W16)', () => {
    const long = live({ lies: { eventLength: 9 } });
    long.keyboard.report(press(30));
    expect(takeEvents(long.flow)).toBe(false);
    expect(describeWrongEvent(long.flow).message).toBe(
      'queue 0: the device returned a chain with 9 bytes written, expected at most 8',
    );
    for (const eventHead of [64, 70_000]) {
      const { flow, keyboard } = live({ lies: { eventHead } });
      keyboard.report(press(30));
      expect(takeEvents(flow)).toBe(false);
      expect(describeWrongEvent(flow).message).toContain(`head ${eventHead}`);
    }
  });

  it('that never ends a report', () => {
    const { flow, keyboard } = live();
    let count = 0;
    for (; count < 1000; count++) {
      keyboard.write(press(30));
      if (!takeEvents(flow)) break;
    }
    expect([count, describeWrongEvent(flow).message]).toEqual([512, 'the device sent 512 events without SYN_REPORT']);
  });
});

describe('after a reset', () => {
  it('events come again, and the loss is told', () => {
    const { flow, keyboard, machine, transport } = live();
    keyboard.report(press(1));
    keyboard.write(press(2));
    takeEvents(flow);
    expect(beginAgain(transport) && setUpInputAgain(transport, flow) && finish(transport)).toBe(true);
    startEvents(flow);
    for (let i = 0; i < 31; i++) keyboard.report(press(3));
    const reports = takeReports(flow);
    expect(reports.slice(0, 3)).toEqual([[press(1)], DROPPED, [press(3)]]);
    expect([reports.length, keyboard.droppedCount, machine.violations]).toEqual([33, 0, []]);
  });
});
