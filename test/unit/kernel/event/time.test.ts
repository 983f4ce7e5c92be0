import { beforeEach, describe, expect, it } from 'vitest';
import { isAlive, runTurn } from '../../../../kernel/event/loop.ts';
import { sleep, uptime } from '../../../../kernel/event/time.ts';
import { installMachine, SimMachine } from '../../../sim/machine.ts';

const MILLISECOND = 1_000_000;

let machine: SimMachine;

beforeEach(() => {
  machine = installMachine(new SimMachine());
  machine.clockStep = 0;
});

const runToEnd = async (): Promise<void> => {
  while (isAlive()) {
    runTurn();
    await new Promise((resolve) => setImmediate(resolve));
  }
};

describe('uptime', () => {
  it('is in seconds since kernel entry, with a fraction', () => {
    machine.now = 1250 * MILLISECOND;
    expect(uptime()).toBe(1.25);
  });
});

describe('sleep', () => {
  it('is over when the time has passed', async () => {
    const seen: number[] = [];
    void sleep(30).then(() => seen.push(machine.now / MILLISECOND));
    await runToEnd();
    expect(seen).toEqual([30]);
  });

  it('is given up when its signal is aborted, and leaves nothing behind', async () => {
    const controller = new AbortController();
    const sleeping = sleep(1000, { signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(sleeping).rejects.toThrow('enough');
    expect(isAlive()).toBe(false);
  });

  it('does not begin when its signal was aborted before', async () => {
    await expect(sleep(1000, { signal: AbortSignal.abort(new Error('too late')) })).rejects.toThrow('too late');
    expect(isAlive()).toBe(false);
  });

  it('that was slept through takes no notice of its signal any more', async () => {
    const controller = new AbortController();
    const sleeping = sleep(5, { signal: controller.signal });
    await runToEnd();
    controller.abort();
    await expect(sleeping).resolves.toBeUndefined();
  });
});
