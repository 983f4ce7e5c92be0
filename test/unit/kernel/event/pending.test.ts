import {
  fulfil,
  fulfilAt,
  type PendingList,
  pendingAt,
  pendingPromise,
  reject,
} from '../../../../kernel/event/pending.ts';
import { describe, expect, it } from '../../../../kernel/test/index.ts';

describe('a pending promise', () => {
  it('waits until somebody fulfils it', async () => {
    const promise = pendingPromise<number>();
    const seen: string[] = [];
    const waiting = promise.then((value) => seen.push(`got ${value}`));
    seen.push('before');
    fulfil(promise, 8);
    seen.push('after');
    await waiting;
    expect(seen).toEqual(['before', 'after', 'got 8']);
  });

  it('throws in who awaits it when it is rejected', async () => {
    const promise = pendingPromise<number>();
    queueMicrotask(() => reject(promise, new RangeError('beyond the end')));
    await expect(promise).rejects.toThrow('beyond the end');
  });

  it('is kept by number, and leaves its list when it is fulfilled', async () => {
    const list: PendingList = [];
    const promises = [pendingAt<string>(list, 0), pendingAt<string>(list, 1)];
    fulfilAt(list, 1, 'one');
    fulfilAt(list, 1, 'nobody');
    fulfilAt(list, 2, 'nobody');
    promises.push(pendingAt<string>(list, 1));
    fulfilAt(list, 0, 'zero');
    fulfilAt(list, 1, 'one again');
    expect(await Promise.all(promises)).toEqual(['zero', 'one', 'one again']);
    expect(list).toEqual([undefined, undefined]);
  });

  it('keeps what it settled to first', async () => {
    const promise = pendingPromise<string>();
    fulfil(promise, 'first');
    fulfil(promise, 'second');
    reject(promise, new Error('third'));
    await expect(promise).resolves.toBe('first');
  });
});
