import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startLog, stopLog } from '../../../../kernel/base/log.ts';
import { offInterrupt, onInterrupt } from '../../../../kernel/event/interrupts.ts';
import { isAlive, runTurn } from '../../../../kernel/event/loop.ts';
import { addSource, missedWakeUps, removeSource } from '../../../../kernel/event/source.ts';
import { SimEventDevice, type SimEventOptions } from '../../../sim/event/device.ts';
import { installMachine, SimMachine } from '../../../sim/machine.ts';

const MILLISECOND = 1_000_000;

let machine: SimMachine;
let devices: SimEventDevice[];

beforeEach(() => {
  machine = installMachine(new SimMachine());
  devices = [];
});

afterEach(() => {
  for (const device of devices) removeSource(device);
  expect(machine.violations).toEqual([]);
});

const addDevice = (options: SimEventOptions = {}): SimEventDevice => {
  const vector = options.vector ?? machine.interrupts.allocate();
  const device = new SimEventDevice({ ...options, vector });
  devices.push(device);
  addSource(device, vector === 0 ? [] : [vector]);
  return device;
};

/** Runs the loop to its end. Jobs run between two turns. */
const runToEnd = async (): Promise<void> => {
  for (let turn = 0; isAlive(); turn++) {
    if (turn > 1000) throw new Error('the loop goes on and on');
    runTurn();
    await new Promise((resolve) => setImmediate(resolve));
  }
};

describe('a source of events', () => {
  it('is spun while its device answers soon, and never halts', async () => {
    const device = addDevice({ answerNs: 20_000 });
    const answer = device.request();
    await runToEnd();
    expect(await answer).toBe('done');
    expect(device.calls).toContain('spin');
    expect(machine.interrupts.idleCount).toBe(0);
  });

  it('sleeps when its device takes long, and is woken by the interrupt', async () => {
    const device = addDevice({ answerNs: 5 * MILLISECOND });
    const answer = device.request();
    await runToEnd();
    expect(await answer).toBe('done');
    expect(machine.interrupts.idleCount).toBe(1);
    expect(machine.interrupts.count(0x20)).toBe(1);
  });

  it('is woken by a vector that others listen to, too, and when they no longer do', async () => {
    const device = addDevice({ answerNs: 5 * MILLISECOND });
    const vector = 0x20;
    const heard: number[] = [];
    const listener = (): void => void heard.push(machine.now);
    for (const isHeard of [true, false]) {
      if (isHeard) onInterrupt(vector, listener);
      else offInterrupt(vector, listener);
      const answer = device.request();
      await runToEnd();
      expect(await answer).toBe('done');
    }
    expect(heard).toHaveLength(1);
    expect(machine.interrupts.count(vector)).toBe(2);
  });

  it('leaves its number to the next, and those behind it are polled as before', async () => {
    const [first, second] = [addDevice({ answerNs: 5 * MILLISECOND }), addDevice({ answerNs: 5 * MILLISECOND })];
    removeSource(first!);
    const third = addDevice({ answerNs: 5 * MILLISECOND });
    const answers = Promise.all([second!.request(), third.request()]);
    await runToEnd();
    expect(await answers).toEqual(['done', 'done']);
    expect(first!.calls).not.toContain('poll');
  });

  it('stays awake when its device cannot interrupt', async () => {
    const device = addDevice({ vector: 0, answerNs: MILLISECOND });
    const answer = device.request();
    await runToEnd();
    expect(await answer).toBe('done');
    expect(machine.interrupts.idleCount).toBe(0);
  });

  it('is not put to sleep when something happens while it is armed', async () => {
    const device = addDevice();
    let answer = '';
    device.submit((text) => {
      answer = text;
    });
    device.inGap = () => {
      device.inGap = undefined;
      device.answer();
    };
    await runToEnd();
    expect(answer).toBe('done');
    expect(machine.interrupts.idleCount).toBe(0);
  });

  it('loses no event that comes between the last look and the halt', async () => {
    const device = addDevice();
    let count = 0;
    const next = (): void => {
      count++;
      if (count < 500) device.submit(next);
    };
    device.submit(next);
    machine.interrupts.beforeHalt = () => device.answer();
    await runToEnd();
    expect(count).toBe(500);
    expect(machine.interrupts.idleCount).toBe(500);
  });

  it('is polled at its deadline when its device keeps silent', async () => {
    const device = addDevice({ deadlineNs: 30 * MILLISECOND });
    const missed = missedWakeUps();
    let answer = '';
    device.submit((text) => {
      answer = text;
    });
    await runToEnd();
    expect(answer).toBe('too late');
    expect(missedWakeUps()).toBe(missed);
    expect(machine.now).toBeGreaterThanOrEqual(30 * MILLISECOND);
    expect(machine.now).toBeLessThan(31 * MILLISECOND);
  });

  it('is known to have slept over an answer when no interrupt told of it', async () => {
    const device = addDevice({ answerNs: 5 * MILLISECOND, deadlineNs: 30 * MILLISECOND, isSilent: true });
    const missed = missedWakeUps();
    void device.request();
    await runToEnd();
    expect(missedWakeUps()).toBe(missed + 1);
  });

  it('is looked at in turn with others that are busy', async () => {
    const slow = addDevice({ answerNs: 60_000 });
    const fast = addDevice({ answerNs: 10_000 });
    const order: string[] = [];
    void slow.request().then(() => order.push('slow'));
    void fast.request().then(() => order.push('fast'));
    await runToEnd();
    expect(order).toEqual(['fast', 'slow']);
    expect(machine.interrupts.idleCount).toBe(0);
  });

  it('does not keep the program alive without a request', () => {
    addDevice();
    expect(isAlive()).toBe(false);
  });
});

describe('an interrupt', () => {
  it('reaches every listener of its vector once, however often it came', async () => {
    const heard: string[] = [];
    const vector = machine.interrupts.allocate();
    const listeners = ['first', 'second'].map((name) => () => void heard.push(name));
    for (const listener of listeners) onInterrupt(vector, listener);
    machine.interrupts.raise(vector);
    machine.interrupts.raise(vector);
    runTurn();
    runTurn();
    for (const listener of listeners) offInterrupt(vector, listener);
    machine.interrupts.raise(vector);
    runTurn();
    expect(heard).toEqual(['first', 'second']);
  });

  it('that nobody asked for is logged once, before the processor halts', async () => {
    let text = '';
    startLog((line) => {
      text += line;
    }, 'warn');
    machine.interrupts.raise(0x77);
    machine.interrupts.spuriousCount = 2;
    const device = addDevice({ answerNs: MILLISECOND });
    for (let count = 0; count < 3; count++) {
      void device.request();
      await runToEnd();
      machine.interrupts.raise(0x77);
    }
    stopLog();
    expect(text.match(/^warn interrupts: /gm)).toHaveLength(2);
  });

  it('of a level line is let in again when the devices were asked', async () => {
    const vector = machine.interrupts.allocate();
    machine.interrupts.route(11, vector, true);
    let count = 0;
    const listener = (): void => {
      count++;
      if (count === 3) machine.interrupts.setLine(11, false);
    };
    onInterrupt(vector, listener);
    machine.interrupts.setLine(11, true);
    for (let turn = 0; turn < 3; turn++) runTurn();
    offInterrupt(vector, listener);
    expect(count).toBe(3);
    expect(machine.interrupts.isNoted).toBe(false);
  });
});
