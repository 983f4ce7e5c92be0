import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { closeLive, removeLive } from '../../../../drivers/virtio/live.ts';
import { startLog, stopLog } from '../../../../kernel/base/log.ts';
import { isAlive } from '../../../../kernel/event/loop.ts';
import { dmaFreeBytes } from '../../../../kernel/hal/dma-pool.ts';
import { kindOf, run, runTurns } from '../virtio/live-harness.ts';
import { MODERN } from '../virtio/transport/harness.ts';
import { codeOf, expectBytes, MS, NEVER, openShare, outcomeOf, pattern, unopened } from './harness.ts';

const T_FLUSH = 108;
const T_WALK = 110;
const T_READ = 116;

beforeEach(() => startLog(() => {}, 'error'));
afterEach(() => stopLog());

describe('a request that is given up', () => {
  it.each([true, false])('is flushed; the server ends it at once: %s', async (cancels) => {
    const { machine, server, share } = await openShare();
    server.put('f', pattern(200_000));
    server.cancels = cancels;
    server.answer = (type) => (type === T_READ ? { delay: 50 * MS } : {});
    const controller = new AbortController();
    const read = share.readFile('f', { signal: controller.signal });
    while (!server.requests.includes(T_READ)) await runTurns(1);
    controller.abort(new Error('never mind'));
    expect(await codeOf(read)).toBe('Error: never mind');
    server.answer = () => ({});
    expectBytes(await run(share.readFile('f')), pattern(200_000));
    expect(server.requests).toContain(T_FLUSH);
    while (server.fidCount > 0) await runTurns(1);
    expect(machine.violations).toEqual([]);
  });

  it('whose walk had succeeded leaves no fid behind', async () => {
    const { machine, server, share } = await openShare();
    server.put('a/f', 'text');
    server.cancels = false;
    server.answer = (type) => (type === T_WALK ? { delay: 5 * MS } : {});
    const controller = new AbortController();
    const read = share.readFile('a/f', { signal: controller.signal });
    while (!server.requests.includes(T_WALK)) await runTurns(1);
    controller.abort(new Error('never mind'));
    expect(await codeOf(read)).toBe('Error: never mind');
    server.answer = () => ({});
    await run(share.stat('/'));
    while (isAlive()) await runTurns(1);
    expect([server.fidCount, machine.violations]).toEqual([0, []]);
  });

  it('before it is sent is never sent', async () => {
    const { server, share } = await openShare();
    const before = server.requests.length;
    expect(await codeOf(share.readFile('f', { signal: AbortSignal.abort(new Error('too late')) }))).toBe(
      'Error: too late',
    );
    const controller = new AbortController();
    const read = share.writeFile('f', 'x', { signal: controller.signal });
    controller.abort(new Error('at once'));
    expect(await codeOf(read)).toBe('Error: at once');
    expect(server.requests.length).toBe(before);
  });

  it('of many costs no more than it had', async () => {
    const { machine, server, share } = await openShare();
    server.put('f', pattern(3_000));
    for (let round = 0; round < 20; round++) {
      server.answer = () => ({ delay: Math.floor(Math.random() * 3) * MS });
      const controller = new AbortController();
      const reads = Array.from({ length: 60 }, () => outcomeOf(share.readFile('f', { signal: controller.signal })));
      for (let turn = 0; turn < round && isAlive(); turn++) await runTurns(1);
      controller.abort(new Error('stop'));
      for (const code of await run(Promise.all(reads))) expect(['fulfilled', 'Error: stop']).toContain(code);
    }
    server.answer = () => ({});
    expectBytes(await run(share.readFile('f')), pattern(3_000));
    while (isAlive()) await runTurns(1);
    expect([server.fidCount, machine.violations]).toEqual([0, []]);
  });
});

describe('a share whose device', () => {
  it.each(MODERN)('is silent is reset and begins again; open files say so, over %s', async (transport) => {
    const { machine, server, share } = await openShare({ transport });
    server.put('f', 'text');
    const file = await run(share.open('f'));
    server.answer = (type) => (type === T_READ ? { delay: NEVER } : {});
    const reads = [outcomeOf(file.read(new Uint8Array(4))), outcomeOf(share.readFile('f'))];
    expect(await run(Promise.all(reads))).toEqual(['timeout', 'timeout']);
    server.answer = () => ({});
    expect(await kindOf(file.read(new Uint8Array(4)))).toBe('device-reset');
    expect(await kindOf(file.stat())).toBe('device-reset');
    await run(file.close());
    expect(await run(share.readFile('f', 'utf8'))).toBe('text');
    const again = await run(share.open('f'));
    expect((await run(again.read(new Uint8Array(9)))).bytesRead).toBe(4);
    await run(again.close());
    expect([server.fidCount, machine.violations]).toEqual([0, []]);
  });

  it('needs a reset gets it; what waits for the new session is done in it', async () => {
    const { device, machine, server, share } = await openShare();
    server.put('f', 'text');
    server.answer = () => ({ delay: NEVER });
    const lost = outcomeOf(share.readFile('f'));
    await runTurns(1);
    device.status |= 64;
    device.interrupts.config();
    expect(await run(lost)).toBe('device-reset');
    server.answer = () => ({ delay: MS });
    const texts = await run(Promise.all([share.readFile('f', 'utf8'), share.readFile('f', 'utf8')]));
    expect([texts, machine.violations]).toEqual([['text', 'text'], []]);
  });

  it('does not begin a session again is given up', async () => {
    const { free, pool, server, share } = await openShare();
    server.answer = () => ({ delay: NEVER });
    expect(await kindOf(share.stat('/'))).toBe('timeout');
    expect(await kindOf(share.stat('/'))).toBe('timeout');
    expect(await kindOf(share.stat('/'))).toBe('device-failed');
    expect(dmaFreeBytes(pool)).toBe(free);
  });

  it('never answers is no share', async () => {
    const { free, open, pool, server } = unopened();
    server.answer = () => ({ delay: NEVER });
    expect(await kindOf(open())).toBe('timeout');
    expect(dmaFreeBytes(pool)).toBe(free);
  });

  it.each([
    ['closed', closeLive],
    ['removed', removeLive],
  ])('is %s rejects all, and its memory is back', async (kind, end) => {
    const { device, free, live, pool, server, share } = await openShare();
    server.put('f', pattern(500_000));
    const file = await run(share.open('f'));
    server.answer = () => ({ delay: NEVER });
    const lost = [share.readFile('f'), share.stat('/'), file.read(new Uint8Array(500_000))].map(outcomeOf);
    for (let i = 0; i < 100; i++) lost.push(outcomeOf(share.readdir('/')));
    await runTurns(2);
    end(live);
    expect(new Set(await run(Promise.all(lost)))).toEqual(new Set([kind]));
    expect([await kindOf(share.stat('/')), await kindOf(file.stat())]).toEqual([kind, kind]);
    await run(file.close());
    expect([dmaFreeBytes(pool), device.status & ~0x80]).toEqual([free, 0]);
  });

  it('has few places serves all the same', async () => {
    const { machine, server, share } = await openShare({ queueSizes: [4] });
    server.put('f', pattern(100_000));
    const all = await run(Promise.all(Array.from({ length: 20 }, () => share.readFile('f'))));
    for (const bytes of all) expectBytes(bytes, pattern(100_000));
    expect(machine.violations).toEqual([]);
  });
});
