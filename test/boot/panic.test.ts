// Every way in which a program can stop the machine: the message, the status and where it happened, in TypeScript.

import { describe, expect, it } from 'vitest';
import { bootToEnd, PROVOKE, PROVOKE_MACHINE, placeOf, temporaryDisk } from './harness.ts';

/** What a panic must say: its kind and status, the reason, and the function and place where it began. */
interface Expected {
  readonly status: number;
  readonly kind: string;
  readonly reason: RegExp;
  readonly frame?: readonly [name: string, place: string];
}

/** The image that stops while much is under way. */
const BUSY = 'test/boot/images/busy.ts';

const expectPanic = async (what: string, expected: Expected, memory = '64M'): Promise<void> => {
  const { exit, text } = await bootToEnd(PROVOKE, { commandLine: what, memory });
  expect(text).toContain(`\nPANIC ${expected.kind} (status ${expected.status})\n`);
  const panic = text.slice(text.indexOf('PANIC '));
  expect(panic).toMatch(expected.reason);
  if (expected.frame !== undefined) expect(panic).toContain(`\n  at ${expected.frame[0]} (${expected.frame[1]})\n`);
  expect(exit.status).toBe(expected.status);
};

describe('a program that fails', () => {
  it('names the exception that nothing caught, and who threw it', () =>
    expectPanic('throw', {
      status: 32,
      kind: 'uncaught exception',
      reason: /^ {2}Error: disk on fire$/m,
      frame: ['readSector', placeOf(PROVOKE, "throw new Error('disk on fire')")],
    }));

  it('shows a thrown value that is no error', () =>
    expectPanic('throw-string', { status: 32, kind: 'uncaught exception', reason: /just a string/ }));

  it('names the TypeError of a call of undefined', () =>
    expectPanic('type-error', { status: 32, kind: 'uncaught exception', reason: /^ {2}TypeError/m }));

  it('quotes the fact that does not hold', () =>
    expectPanic('assert', {
      status: 33,
      kind: 'assertion failed',
      reason: /the moon is made of cheese\n {4}asserted at .*\n {4}what\.length === 0: 6 === 0$/m,
      frame: ['provoke', placeOf(PROVOKE, 'cheese')],
    }));

  it('quotes it in a machine module too', () =>
    expectPanic('machine-assert', {
      status: 33,
      kind: 'assertion failed',
      reason: /the value is not zero \(.*\)\n {2}value !== 0: 0 !== 0$/m,
      frame: ['refuseZero', placeOf(PROVOKE_MACHINE, 'assert(value')],
    }));

  it('traps a sum that leaves its type', () =>
    expectPanic('arithmetic', {
      status: 34,
      kind: 'checked arithmetic',
      reason: new RegExp(placeOf(PROVOKE_MACHINE, 'a + b')),
      frame: ['addBytes', placeOf(PROVOKE_MACHINE, 'a + b')],
    }));

  it('traps an index past the end of a fixed array', () =>
    expectPanic('index', {
      status: 34,
      kind: 'checked arithmetic',
      reason: new RegExp(placeOf(PROVOKE_MACHINE, 'values[index]')),
    }));

  it('stops a read past the DMA window', () =>
    expectPanic('dma-window', {
      status: 38,
      kind: 'window bounds',
      reason: /^ {2}1 bytes at offset 0x\w+ are outside/m,
    }));

  it.each([
    ['across its end', 'dma-across', '4 bytes at offset 0x\\w+ are outside'],
    ['at the highest offset', 'dma-top', '4 bytes at offset 0xffffffff are outside'],
    ['that fills beyond its end', 'dma-fill', '5 bytes at offset 0x\\w+ are outside'],
  ])('stops an access %s', (_, what, reason) =>
    expectPanic(what, { status: 38, kind: 'window bounds', reason: new RegExp(`^  ${reason}`, 'm') }),
  );

  it('stops an access before the beginning of the window', () =>
    expectPanic('dma-below', {
      status: 34,
      kind: 'checked arithmetic',
      reason: /an argument is no u32 .argument offset of dmaRead8./,
    }));

  it.each([false, true])('lets all of the window be used, from end to end (release build: %s)', async (release) => {
    const { exit, text } = await bootToEnd(PROVOKE, { commandLine: 'dma-edges', release });
    expect(text).toContain('provoke: 12 and 3456789a\n');
    expect(exit.status).toBe(0);
  });

  it('stops a read of a register that is not mapped', () =>
    expectPanic('mmio-window', {
      status: 38,
      kind: 'window bounds',
      reason: /^ {2}4 bytes at offset 0x7ffffff0 are outside/m,
    }));

  it.each([
    ['dma', 'window'],
    ['dma', 'across'],
    ['dma', 'top'],
    ['mmio', 'window'],
  ])('stops it in a release build too, by the page tables: %s-%s', async (window, where) => {
    const { exit, text } = await bootToEnd(PROVOKE, { commandLine: `${window}-${where}`, release: true });
    expect(text).toMatch(
      new RegExp(`^ {2}outside (every mapping of )?the ${window.toUpperCase()} window: read of 0x\\w+$`, 'm'),
    );
    expect(exit.status).toBe(38);
  });

  it('may panic by itself', () =>
    expectPanic('panic', { status: 39, kind: 'panic', reason: /^ {2}nobody expects this$/m }));

  it('names a stack overflow, and the function that recursed', () =>
    expectPanic('stack', {
      status: 36,
      kind: 'stack overflow',
      reason: /^ {2}at recurse \(test\/boot\/images\/provoke\.ts:/m,
    }));

  it('names the lack of memory', () =>
    expectPanic('memory', { status: 35, kind: 'out of memory', reason: /^ {2}at fillMemory /m }, '32M'));

  it.each([
    ['closures', /^ {2}at fillWithClosures /m],
    ['text', /^ {2}at doubleText /m],
    ['bytes', /^ {2}at fillBytes /m],
    ['array', /^ {2}the heap: an array of 2\^28 elements or more$/m],
    ['far-element', /^ {2}the heap: an array of 2\^28 elements or more$/m],
  ])('names it whatever takes the memory: %s', (what, reason) =>
    expectPanic(what, { status: 35, kind: 'out of memory', reason }, '32M'),
  );

  it('may catch that something is longer than anything can be', async () => {
    const { exit, text } = await bootToEnd(PROVOKE, { commandLine: 'too-long', memory: '32M' });
    expect(text).toContain('provoke: 6 of 6 are a RangeError\n');
    expect(exit.status).toBe(0);
  });

  it.each([false, true])('says what loop, queues and functions were doing (release build: %s)', async (release) => {
    const { exit, text } = await bootToEnd(BUSY, { release, disks: [{ file: await temporaryDisk() }] });
    const state = text.slice(text.indexOf('\nstate:\n'));
    expect(state).toMatch(/^ {2}processor 0: \d+ us since the start/m);
    expect(state).toMatch(/^ {2}loop: 1 sources of events, 1 awake; the next timer in \d{8} us$/m);
    expect(state).toMatch(
      /^ {2}0000:00:02\.0 virtio-blk queue 0: \d+ of \d+ in flight, \d+ sent, 1 back, \d+ notifications/m,
    );
    expect(state.match(/^ {2}awaits: readFirst \(.*\)$/gm)).toHaveLength(2);
    expect(state).toContain(`  awaits: rest (${placeOf(BUSY, 'await sleep')})\n`);
    expect(exit.status).toBe(39);
  });

  it('leaves with a status of its own', async () => {
    const { exit, text } = await bootToEnd(PROVOKE, { commandLine: 'status' });
    expect(text).not.toContain('PANIC');
    expect(exit.status).toBe(7);
  });
});
