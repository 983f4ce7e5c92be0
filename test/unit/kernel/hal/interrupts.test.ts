// What tests and simulated devices may rely on: interrupts of the simulated machine behave as kernel/hal/interrupts.ts says.

import { beforeEach, describe, expect, it } from 'vitest';
import { clockNow } from '../../../../kernel/hal/clock.ts';
import {
  idleUntil,
  interruptAllocate,
  interruptCount,
  interruptIsNoted,
  interruptNext,
  interruptRearm,
  interruptRoute,
  interruptUnexpectedCount,
  NO_DEADLINE,
  VECTOR_FIRST,
  VECTOR_NONE,
} from '../../../../kernel/hal/interrupts.ts';
import { installMachine, SimMachine } from '../../../sim/machine.ts';

let machine: SimMachine;

beforeEach(() => {
  machine = installMachine(new SimMachine());
});

describe('a vector', () => {
  it('is noted once, however often it comes, and counted each time', () => {
    const [first, second] = [interruptAllocate(), interruptAllocate()];
    for (const vector of [second, first, second]) machine.interrupts.raise(vector);
    expect([interruptNext(), interruptNext(), interruptNext()]).toEqual([second, first, VECTOR_NONE]);
    expect([interruptCount(first), interruptCount(second)]).toEqual([1, 2]);
  });

  it('that nobody has is counted, and not noted', () => {
    machine.interrupts.raise(VECTOR_FIRST);
    expect(interruptIsNoted()).toBe(false);
    expect(interruptUnexpectedCount()).toBe(1);
  });
});

describe('a level line', () => {
  it('comes once until it is armed again, and again while it is asserted', () => {
    const vector = interruptAllocate();
    expect(interruptRoute(16, vector, true, false)).toBe(true);
    machine.interrupts.setLine(16, true);
    expect(interruptCount(vector)).toBe(1);
    interruptRearm(vector);
    expect(interruptCount(vector)).toBe(2);
    machine.interrupts.setLine(16, false);
    interruptRearm(vector);
    expect(interruptCount(vector)).toBe(2);
  });
});

describe('idling', () => {
  it('ends with what the machine does meanwhile, and without the rest of the time', () => {
    const vector = interruptAllocate();
    machine.after(5_000_000, () => machine.interrupts.raise(vector));
    idleUntil(1_000_000_000);
    expect(interruptNext()).toBe(vector);
    expect(clockNow()).toBeLessThan(6_000_000);
  });

  it('ends at the deadline', () => {
    idleUntil(7_000_000);
    expect(machine.now).toBe(7_000_000);
  });

  it('ends at once when something is noted in the gap before the halt', () => {
    const vector = interruptAllocate();
    machine.interrupts.beforeHalt = () => machine.interrupts.raise(vector);
    idleUntil(NO_DEADLINE);
    expect(interruptNext()).toBe(vector);
  });

  it('fails where nothing would ever end it', () => {
    expect(() => idleUntil(NO_DEADLINE)).toThrow('nothing will ever wake it');
  });
});
