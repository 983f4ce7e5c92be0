import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  clearImmediateObject,
  hasRefImmediate,
  runImmediates,
  startImmediate,
} from '../../../../kernel/event/immediates.ts';
import { isAlive, runTurn } from '../../../../kernel/event/loop.ts';
import {
  clearTimer,
  hasRefTimer,
  runDueTimers,
  startInterval,
  startTimeout,
  type TimerObject,
} from '../../../../kernel/event/timers.ts';
import { ROOT } from '../../../../scripts/build.ts';
import { installMachine, SimMachine } from '../../../sim/machine.ts';
import { runJobs } from '../../../sim/runtime/jobs.ts';
import { type AnyTimer, exercises, type TimerApi } from './timer-exercise.ts';

const MILLISECOND = 1_000_000;
const PROGRAMS = 400;

let machine: SimMachine;

beforeEach(() => {
  machine = installMachine(new SimMachine());
  machine.clockStep = 0;
});

/** Jobs can be run by hand only where no job is running. */
const outsideJobs = <T>(action: () => T): Promise<T> =>
  new Promise((resolve, reject) => {
    setImmediate(() => {
      try {
        resolve(action());
      } catch (error) {
        reject(error);
      }
    });
  });

const pass = (milliseconds: number): void => {
  machine.now += milliseconds * MILLISECOND;
};

describe('timers and immediates', () => {
  it('do what those of Node do, in the same order, whatever a program does with them', {
    timeout: 60_000,
  }, async () => {
    const file = path.join(ROOT, 'test/unit/kernel/event/node-timers.ts');
    const options = { cwd: ROOT, maxBuffer: 2 ** 28 };
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--expose-internals', '--import', 'tsx', file, `${PROGRAMS}`],
      options,
    );
    const onNode: string[][] = JSON.parse(stdout);
    const here = await outsideJobs(() => exercises(theTimers(), PROGRAMS));
    expect(here.flat().length).toBeGreaterThan(PROGRAMS * 100);
    for (let index = 0; index < PROGRAMS; index++) expect(firstDifference(here[index]!, onNode[index]!)).toBe('');
  });
});

describe('a timer', () => {
  it('runs in the millisecond in which it is due, and the processor halts until then', () => {
    const seen: number[] = [];
    startTimeout(() => seen.push(machine.now / MILLISECOND), 250);
    startTimeout(() => seen.push(machine.now / MILLISECOND), 40);
    runToEnd();
    expect(seen).toEqual([40, 250]);
    expect(machine.interrupts.idleCount).toBe(2);
  });

  it('that keeps nothing alive runs only while something else does', () => {
    const seen: string[] = [];
    startTimeout(() => seen.push('early'), 10).unref();
    startTimeout(() => seen.push('late'), 30).unref();
    startTimeout(() => seen.push('main'), 20);
    runToEnd();
    expect(seen).toEqual(['early', 'main']);
  });

  it('of an interval starts anew when its callback is called, however long that takes', () => {
    const seen: number[] = [];
    const interval = startInterval(() => {
      seen.push(machine.now / MILLISECOND);
      pass(7);
      if (seen.length === 4) clearTimer(interval);
    }, 10);
    runToEnd();
    expect(seen).toEqual([10, 20, 30, 40]);
  });

  it('waits 1 ms when its duration is none that it can have', () => {
    for (const delay of [Number.NaN, -1, 0, 0.9, 2 ** 31, Infinity, undefined, null, 'soon']) {
      const start = machine.now;
      startTimeout(() => {}, delay);
      runToEnd();
      expect(machine.now - start).toBe(MILLISECOND);
    }
  });

  it('is one of thousands, which run in the order in which they are due', () => {
    const seen: number[] = [];
    const due = Array.from({ length: 10_000 }, (_, index) => 1 + ((index * 7919) % 5000));
    for (const delay of due) startTimeout(() => seen.push(delay), delay);
    runToEnd();
    expect(seen).toEqual([...due].sort((a, b) => a - b));
  });

  it('leaves the program to end with it', () => {
    startTimeout(() => {}, 5);
    expect(isAlive()).toBe(true);
    runToEnd();
    expect(isAlive()).toBe(false);
  });

  it('stops the loop where its callback throws', () => {
    const timer = startTimeout(() => {
      throw new RangeError('too far');
    }, 5);
    expect(runToEnd).toThrow('too far');
    clearTimer(timer); // On metal the machine has stopped.
  });
});

describe('an immediate', () => {
  it('lets nobody halt, and its own immediates wait for the next turn', () => {
    const seen: string[] = [];
    startTimeout(() => seen.push('timer'), 1);
    startImmediate(() => {
      seen.push('first');
      startImmediate(() => seen.push('of the first'));
      pass(5);
    });
    startImmediate(() => seen.push('second'));
    runTurn();
    expect(seen).toEqual(['first', 'second']);
    expect(machine.interrupts.idleCount).toBe(0);
    runToEnd();
    expect(seen).toEqual(['first', 'second', 'timer', 'of the first']);
  });
});

const runToEnd = (): void => {
  for (let turn = 0; isAlive(); turn++) {
    if (turn > 20_000) throw new Error('the loop goes on and on');
    runTurn();
  }
};

/** Returns the first two lines that differ, with those before; empty when none does. */
const firstDifference = (here: readonly string[], onNode: readonly string[]): string => {
  const at = Array.from({ length: Math.max(here.length, onNode.length) }).findIndex(
    (_, index) => here[index] !== onNode[index],
  );
  return at < 0 ? '' : `${onNode.slice(0, at).join('\n')}\nhere ${here[at]}\nNode ${onNode[at]}`;
};

const theTimers = (): TimerApi => ({
  setTimeout: (callback, delay, ...values) => numbered(startTimeout(callback, delay, ...values)),
  setInterval: (callback, delay, ...values) => numbered(startInterval(callback, delay, ...values)),
  setImmediate: (callback, ...values) => startImmediate(callback, ...values),
  clearTimeout: clearTimer,
  clearImmediate: clearImmediateObject,
  now: () => machine.now / MILLISECOND,
  pass,
  runTimers: runDueTimers,
  runImmediates,
  runJobs,
  areRef: () => [hasRefTimer(), hasRefImmediate()],
});

const numbered = (timer: TimerObject): AnyTimer => Object.assign(timer, { number: timer.valueOf() });
