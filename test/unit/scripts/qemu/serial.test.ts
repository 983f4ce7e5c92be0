import { describe, expect, it } from 'vitest';
import { createSerialLog } from '../../../../scripts/qemu/serial.ts';

describe('serial log', () => {
  it('gives whole lines, from the first, however they arrived', async () => {
    const log = createSerialLog();
    log.push('one\r\ntw');
    const seen: string[] = [];
    const reading = (async () => {
      for await (const line of log.lines()) seen.push(line);
    })();
    log.push('o\nthr');
    log.push('ee');
    log.end();
    await reading;
    expect(seen).toEqual(['one', 'two', 'three']);
    expect(log.text()).toBe('one\r\ntwo\nthree');
  });

  it('finds what was said before it was waited for', async () => {
    const log = createSerialLog();
    log.push('capacity 64 MiB\n');
    expect((await log.waitFor(/capacity (\d+)/, 1000))[1]).toBe('64');
  });

  it('finds what is said later, across pieces', async () => {
    const log = createSerialLog();
    const found = log.waitFor(/probe: ok/, 1000);
    log.push('probe');
    log.push(': ok\n');
    expect((await found)[0]).toBe('probe: ok');
  });

  it('takes line by line what is expected', async () => {
    const log = createSerialLog();
    log.push('disk 0\r\ndisk 1\nup');
    expect((await log.takeLine(/disk (\d)/, 1000))[1]).toBe('0');
    expect((await log.takeLine(/disk (\d)/, 1000))[1]).toBe('1');
    await expect(log.takeLine(/up/, 10)).rejects.toThrow('no /up/ within 0.01 s');
    const found = log.takeLine(/^up \d+$/, 1000);
    log.push(' 12\n> ');
    expect((await found)[0]).toBe('up 12');
    expect((await log.takeText(/> $/, 1000))[0]).toBe('> ');
    await expect(log.takeText(/> $/, 10)).rejects.toThrow('within 0.01 s');
  });

  it('shows what the guest said instead when the limit passes', async () => {
    const log = createSerialLog();
    log.push('stuck here\n');
    await expect(log.waitFor(/probe: ok/, 10)).rejects.toThrow(/within 0.01 s; the guest said:\nstuck here/);
  });

  it('does not wait for the limit when the guest has ended', async () => {
    const log = createSerialLog();
    const found = log.waitFor(/probe: ok/, 60_000);
    log.end();
    await expect(found).rejects.toThrow('the guest ended without /probe: ok/');
  });
});
