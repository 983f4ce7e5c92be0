import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SimMachine } from '../../../sim/machine.ts';

let machine: SimMachine;
let shutdown: typeof import('../../../../kernel/event/shutdown.ts');

beforeEach(async () => {
  vi.resetModules(); // A machine ends once.
  vi.useFakeTimers();
  shutdown = await import('../../../../kernel/event/shutdown.ts');
  machine = (await import('../../../sim/machine.ts')).theMachine();
});

afterEach(() => {
  vi.useRealTimers();
});

/** Returns how the simulated machine stopped. */
const stopOf = (end: Promise<never>): Promise<string> =>
  end.then(
    () => 'not at all',
    (stopped: Error) => stopped.message,
  );

describe('the end of the machine', () => {
  it.each([
    ['poweroff', () => shutdown.poweroff()],
    ['reboot', () => shutdown.reboot()],
    ['exit 7', () => shutdown.shutdown(7)],
    ['exit 0', () => shutdown.shutdown()],
  ])('is %s when that is asked for', async (message, end) => expect(await stopOf(end())).toBe(message));

  it('comes when every hook is done, and all of them work at the same time', async () => {
    const done: string[] = [];
    for (const delay of [200, 100]) {
      shutdown.onShutdown(`disk ${delay}`, async () => {
        await new Promise((resolve) => setTimeout(resolve, delay));
        done.push(`disk ${delay}`);
      });
    }
    const end = stopOf(shutdown.poweroff()).then((message) => done.push(message));
    await vi.advanceTimersByTimeAsync(199);
    expect(done).toEqual(['disk 100']);
    await vi.advanceTimersByTimeAsync(1);
    await end;
    expect(done).toEqual(['disk 100', 'disk 200', 'poweroff']);
    expect(machine.consoleText).toBe('');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('comes after a hook that fails, too', async () => {
    let isFlushed = false;
    shutdown.onShutdown('first disk', () => Promise.reject(new Error('the platter is bent')));
    shutdown.onShutdown('second disk', () => {
      throw new Error('not even a promise');
    });
    shutdown.onShutdown('third disk', async () => {
      isFlushed = true;
    });
    expect(await stopOf(shutdown.reboot())).toBe('reboot');
    expect(isFlushed).toBe(true);
    expect(machine.consoleText).toContain(
      'shutdown: first disk is not flushed: the platter is bent; what it held may be lost\n',
    );
    expect(machine.consoleText).toContain('shutdown: second disk is not flushed: not even a promise;');
  });

  it('does not wait longer for a hook than the deadline', async () => {
    shutdown.onShutdown('good disk', async () => {});
    shutdown.onShutdown('lazy disk', () => new Promise(() => {}));
    const end = stopOf(shutdown.poweroff({ deadlineMs: 50 }));
    await vi.advanceTimersByTimeAsync(50);
    expect(await end).toBe('poweroff');
    expect(machine.consoleText).toBe('shutdown: lazy disk is not flushed within 50 ms; what it held may be lost\n');
  });

  it('asks no hook that was taken back', async () => {
    const flush = vi.fn(async () => {});
    shutdown.onShutdown('kept', flush);
    shutdown.onShutdown('taken back', () => Promise.reject(new Error('it is gone')))();
    await stopOf(shutdown.poweroff());
    expect(flush).toHaveBeenCalledOnce();
    expect(machine.consoleText).toBe('');
  });

  it('is what was asked for first', async () => {
    const flush = vi.fn(async () => {});
    shutdown.onShutdown('disk', flush);
    const end = stopOf(shutdown.poweroff());
    const second = vi.fn();
    void stopOf(shutdown.reboot()).then(second);
    expect(await end).toBe('poweroff');
    expect(second).not.toHaveBeenCalled();
    expect(flush).toHaveBeenCalledOnce();
  });
});
