import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  RECEIVE_COUNT,
  RECEIVE_LENGTH,
  TRANSMIT_COUNT,
  TRANSMIT_LENGTH,
} from '../../../../drivers/console/port-queues.ts';
import type { Port } from '../../../../kernel/device/console.ts';
import { runTurn } from '../../../../kernel/event/loop.ts';
import { startTimeout } from '../../../../kernel/event/timers.ts';
import { dmaFreeBytes } from '../../../../kernel/hal/dma-pool.ts';
import { sameBytes } from '../../../sim/setup.ts';
import { TRANSPORTS } from '../virtio/transport/harness.ts';
import {
  bytes,
  forgetConsoles,
  kindOf,
  openConsole,
  openOnePort,
  outcomeOf,
  pattern,
  run,
  runTurns,
  text,
} from './harness.ts';

const NO_MULTIPORT = { features: [2, 32], queueSizes: [8, 8], ports: [{ number: 0 }], portCountMax: 1 };
const RING_RESET = 40;

/** Elements of the simulated queues. */
const QUEUE_SIZE = 8;

/** Bytes that a port has in memory at most, each way. */
const IN_MEMORY = RECEIVE_COUNT * RECEIVE_LENGTH;
const UNDER_WAY = TRANSMIT_COUNT * TRANSMIT_LENGTH;

afterEach(forgetConsoles);

/** Reads until so many bytes have come. */
const readAll = async (port: Port, count: number): Promise<Uint8Array> => {
  const pieces: Uint8Array[] = [];
  for (let length = 0; length < count; ) {
    const piece = await port.read();
    if (piece.length === 0) throw new Error(`the end after ${length} bytes`);
    pieces.push(piece);
    length += piece.length;
  }
  return Buffer.concat(pieces);
};

describe('a port', () => {
  it.each(TRANSPORTS)('moves bytes both ways over %s', async (transport) => {
    const { port, sim, machine } = await openOnePort({ transport });
    expect(port).toMatchObject({ number: 1, name: 'org.test.0', isConsole: false, isHostOpen: true, size: undefined });
    const reading = port.read();
    await runTurns(5);
    sim.send(1, bytes('hello'));
    expect(text(await run(reading))).toBe('hello');
    await run(port.write(bytes('good bye')));
    expect(text(sim.received(1))).toBe('good bye');
    expect(machine.violations).toEqual([]);
  });

  it('moves more than its buffers hold, in order', async () => {
    const { port, sim, machine } = await openOnePort();
    const there = pattern(3 * IN_MEMORY + 17, 1);
    const back = pattern(3 * UNDER_WAY + 29, 2);
    sim.send(1, there);
    const [got] = await run(Promise.all([readAll(port, there.length), port.write(back)]));
    expect([sameBytes(got, there), sameBytes(sim.received(1), back), machine.violations]).toEqual([true, true, []]);
  });

  it('sends what several callers write in the order of the calls', async () => {
    const { port, sim } = await openOnePort();
    await run(Promise.all(['one ', 'two ', 'three ', 'four'].map((word) => port.write(bytes(word)))));
    expect(text(sim.received(1))).toBe('one two three four');
  });

  it('gives several callers what comes in the order of the calls', async () => {
    const { port, sim } = await openOnePort();
    const reads = [port.read(), port.read()];
    await runTurns(5);
    sim.send(1, bytes('one'));
    await runTurns(5);
    sim.send(1, bytes('two'));
    expect((await run(Promise.all(reads))).map(text)).toEqual(['one', 'two']);
  });

  it('returns all that is there at once', async () => {
    const { port, sim } = await openOnePort();
    await run(Promise.race([port.write(bytes('x'))]));
    for (const word of ['one', 'two', 'three']) sim.send(1, bytes(word));
    await runTurns(5);
    expect(text(await run(port.read()))).toBe('onetwothree');
  });

  it("reads into an array of the program's, and keeps what it has no room for", async () => {
    const { sim, port } = await openOnePort();
    const first = new Uint8Array(5);
    const reading = port.readInto(first);
    await runTurns(2);
    sim.send(1, bytes('hello, world'));
    await runTurns(5);
    expect([await run(reading), text(first)]).toEqual([5, 'hello']);
    const second = new Uint8Array(3).fill(33);
    expect([await run(port.readInto(second)), text(second)]).toEqual([3, ', w']);
    const third = new Uint8Array(10).fill(33);
    expect([await run(port.readInto(third)), text(third)]).toEqual([4, 'orld!!!!!!']);
    expect(await kindOf(port.readInto(new Uint8Array(0)))).toBe('invalid-argument');
  });

  it('gives bytes across the ends of its buffers, by either kind of read', async () => {
    const { sim, port } = await openOnePort();
    const sent = pattern(3 * RECEIVE_LENGTH + 100);
    const first = new Uint8Array(1);
    const reading = port.readInto(first);
    await runTurns(5);
    sim.send(1, sent);
    await run(reading);
    const parts = [...first];
    while (parts.length < sent.length) {
      const target = new Uint8Array(1000 + parts.length);
      const length = await run(port.readInto(target));
      parts.push(...target.subarray(0, length));
      if (parts.length < sent.length) parts.push(...(await run(port.read())));
    }
    expect(sameBytes(Uint8Array.from(parts), sent)).toBe(true);
  });

  it('ends a read into an array with 0, once, behind the last bytes, and gives one up', async () => {
    const { sim, port } = await openOnePort();
    const controller = new AbortController();
    const given = outcomeOf(port.readInto(new Uint8Array(8), { signal: controller.signal }));
    await runTurns(2);
    controller.abort(new Error('enough'));
    expect(await given).toBe('Error: enough');
    sim.send(1, bytes('bye'));
    await runTurns(2);
    sim.close(1);
    await runTurns(5);
    const target = new Uint8Array(2);
    const lengths = [];
    for (let i = 0; i < 3; i++) lengths.push(await run(port.readInto(target)));
    expect(lengths).toEqual([2, 1, 0]);
  });

  it('tells the host when the program uses it', async () => {
    const { port, sim, console, machine } = await openOnePort();
    expect(sim.isGuestOpen(1)).toBe(false);
    await run(port.write(bytes('hello')));
    await runTurns(5);
    expect(sim.isGuestOpen(1)).toBe(true);
    const reading = outcomeOf(port.read());
    await run(port.close());
    expect([sim.isGuestOpen(1), await reading]).toEqual([false, 'closed']);
    expect(await kindOf(port.write(bytes('after')))).toBe('closed');
    expect(await kindOf(port.read())).toBe('closed');
    await run(port.close());

    const again = console.port('org.test.0')!;
    expect(again).not.toBe(port);
    const next = again.read();
    await runTurns(5);
    sim.send(1, bytes('anew'));
    expect(text(await run(next))).toBe('anew');
    expect([sim.isGuestOpen(1), text(sim.received(1)), machine.violations]).toEqual([true, 'hello', []]);
  });

  it('forgets what was not read when it is closed', async () => {
    const { port, sim, console } = await openOnePort();
    await run(port.write(bytes('x')));
    sim.send(1, bytes('old'));
    await runTurns(5);
    await run(port.close());
    const next = console.ports[0]!.read();
    await runTurns(5);
    sim.send(1, bytes('new'));
    expect(text(await run(next))).toBe('new');
  });

  it('sends nothing for an empty write', async () => {
    const { port, sim, device } = await openOnePort();
    await run(port.write(bytes('x')));
    device.notifications = 0;
    await run(port.write(new Uint8Array(0)));
    await runTurns(5);
    expect([device.notifications, text(sim.received(1))]).toEqual([0, 'x']);
  });

  it('gives up a read, and nothing is lost by it', async () => {
    const { port, sim } = await openOnePort();
    const controller = new AbortController();
    const given = outcomeOf(port.read({ signal: controller.signal }));
    const kept = port.read();
    await runTurns(5);
    controller.abort('enough');
    expect(await given).toBe('enough');
    sim.send(1, bytes('hello'));
    expect(text(await run(kept))).toBe('hello');
    expect(await kindOf(port.read({ signal: AbortSignal.abort('before') }))).toBe('before');
  });

  it('gives up a write: what the device has is sent, and the next one goes on behind it', async () => {
    const { port, sim, machine } = await openOnePort();
    sim.setReading(1, false);
    const controller = new AbortController();
    const given = outcomeOf(port.write(pattern(3 * UNDER_WAY), { signal: controller.signal }));
    const kept = port.write(bytes('behind'));
    await runTurns(20);
    controller.abort('enough');
    expect(await given).toBe('enough');
    sim.setReading(1, true);
    await run(kept);
    const received = sim.received(1);
    expect([received.length < 3 * UNDER_WAY, text(received.subarray(-6)), machine.violations]).toEqual([
      true,
      'behind',
      [],
    ]);
  });
});

describe('back-pressure', () => {
  it('keeps a write waiting while the host does not read, without a turn of the loop, and loses nothing', async () => {
    const { port, sim, machine } = await openOnePort({ vectors: 3 });
    sim.setReading(1, false);
    const sent = pattern(20 * UNDER_WAY);
    let isDone = false;
    const writing = port.write(sent).then(() => {
      isDone = true;
    });
    await runTurns(100);
    expect([isDone, sim.heldCount(1) <= TRANSMIT_COUNT]).toEqual([false, true]);
    const before = machine.now;
    startTimeout(() => {}, 10_000).unref();
    let turns = 0;
    for (; machine.now - before < 9e9; turns++) runTurn();
    expect(turns).toBeLessThan(4); // It slept.
    sim.setReading(1, true);
    await run(writing);
    expect([sameBytes(sim.received(1), sent), machine.violations]).toEqual([true, []]);
  });

  it('leaves with the host what the program does not read', async () => {
    const { port, sim, machine } = await openOnePort();
    await run(port.write(bytes('x')));
    const sent = pattern(10 * IN_MEMORY);
    sim.send(1, sent);
    await runTurns(100);
    expect(sim.backlog(1)).toBeGreaterThanOrEqual(sent.length - IN_MEMORY);
    const got = await run(readAll(port, sent.length));
    expect([sameBytes(got, sent), sim.backlog(1), machine.violations]).toEqual([true, 0, []]);
  });
});

describe('the host', () => {
  it('opens and closes a port: the program hears of it', async () => {
    const { port, sim } = await openOnePort({ ports: [{ number: 2, name: 'late', isOpen: false }] });
    const heard: boolean[] = [];
    const end = port.onOpenChange((isOpen) => heard.push(isOpen));
    expect(port.isHostOpen).toBe(false);
    sim.open(2);
    await runTurns(5);
    sim.close(2);
    await runTurns(5);
    end();
    sim.open(2);
    await runTurns(5);
    expect([heard, port.isHostOpen]).toEqual([[true, false], true]);
  });

  it('ends the stream by closing, once, behind all that it sent', async () => {
    const { port, sim } = await openOnePort();
    const reading = port.read();
    await runTurns(5);
    sim.send(1, bytes('one'));
    await run(reading);
    sim.send(1, bytes('two'));
    sim.close(1);
    sim.open(1);
    sim.send(1, bytes('three'));
    await runTurns(5);
    const read = async (): Promise<string> => text(await run(port.read()));
    // The device is asked for both at once: what came between closing and opening cannot be told from what came before.
    expect([await read(), await read()]).toEqual(['twothree', '']);
    const next = port.read();
    await runTurns(5);
    sim.close(1);
    expect(text(await run(next))).toBe('');
    sim.open(1);
    sim.send(1, bytes('four'));
    expect(await read()).toBe('four');
  });

  it('gets what was written while it had the port closed when it opens it', async () => {
    const { port, sim, machine } = await openOnePort({ ports: [{ number: 1, isOpen: false }] });
    const writing = Promise.all([port.write(bytes('one ')), port.write(bytes('two'))]);
    await runTurns(50);
    expect(sim.heldCount(1)).toBe(0);
    sim.open(1);
    await run(writing);
    expect([text(sim.received(1)), machine.violations]).toEqual(['one two', []]);
  });

  it.each([
    ['by the reset of a queue', { features: [1, 2, 32, RING_RESET] }, 0],
    ['by that of the device, where queues have none', { transport: 'mmio' as const }, 1],
  ])('closes in the middle of writes, again and again: the port works on, %s', async (_, options, resets) => {
    const { port, sim, device, machine } = await openOnePort({
      ...options,
      losesChains: true,
    });
    for (let round = 0; round < TRANSMIT_COUNT + 4; round++) {
      sim.setReading(1, false);
      const cut = outcomeOf(port.write(pattern(2 * UNDER_WAY)));
      const next = port.write(bytes(`whole ${round}.`));
      await runTurns(20);
      sim.close(1);
      expect(await run(cut)).toMatch(/^(closed|device-reset)$/);
      sim.open(1);
      sim.setReading(1, true);
      await run(next);
    }
    const whole = Array.from({ length: TRANSMIT_COUNT + 4 }, (_, round) => `whole ${round}.`).join('');
    expect([text(sim.received(1)), machine.violations]).toEqual([whole, []]);
    expect(device.statusWrites.filter((status) => status === 0).length - 1 > 0).toBe(resets > 0);
  });

  it('adds a port, which who waits for it gets', async () => {
    const { console, sim, machine } = await openConsole({ ports: [] });
    expect(console.ports).toEqual([]);
    const heard: string[] = [];
    console.onPort((port, isThere) => heard.push(`${port.number} ${port.name} ${isThere}`));
    const controller = new AbortController();
    const waiting = console.waitForPort('plugged');
    const given = outcomeOf(console.waitForPort('other', { signal: controller.signal }));
    await runTurns(5);
    sim.add({ number: 3, name: 'plugged' });
    const port = await run(waiting);
    controller.abort('enough');
    expect([await given, heard, console.ports, console.port('plugged')]).toEqual([
      'enough',
      ['3 plugged true'],
      [port],
      port,
    ]);
    expect(await run(console.waitForPort('plugged'))).toBe(port);
    await run(port.write(bytes('hello')));
    expect([text(sim.received(3)), machine.violations]).toEqual(['hello', []]);
  });

  it('takes a port away: who uses it hears of it, and another one may have its number', async () => {
    const { console, port, sim, machine } = await openOnePort();
    const heard: string[] = [];
    console.onPort((each, isThere) => heard.push(`${each.name} ${isThere}`));
    sim.setReading(1, false);
    const pending = [port.read(), port.write(pattern(3 * UNDER_WAY)), port.write(bytes('unsent'))].map(outcomeOf);
    await runTurns(20);
    sim.remove(1);
    expect(await run(Promise.all(pending))).toEqual(['removed', 'removed', 'removed']);
    expect([await kindOf(port.read()), await kindOf(port.write(bytes('x')))]).toEqual(['removed', 'removed']);
    expect(console.ports).toEqual([]);
    sim.add({ number: 1, name: 'second' });
    await runTurns(20);
    const second = console.port('second')!;
    await run(second.write(bytes('hello')));
    expect([text(sim.received(1)), heard, machine.violations]).toEqual([
      'hello',
      ['org.test.0 false', 'second true'],
      [],
    ]);
  });

  it('has a console that is open from the start, and may be closed', async () => {
    const { port, sim, machine } = await openOnePort({ ports: [{ number: 0, isConsole: true, isOpen: false }] });
    await runTurns(5);
    expect([port.isConsole, port.isHostOpen, sim.isGuestOpen(0)]).toEqual([true, false, true]);
    await run(port.write(bytes('to nobody')));
    await run(port.close());
    expect([sim.isGuestOpen(0), machine.violations]).toEqual([false, []]);
  });

  it('has 31 ports, and those have memory that are used', async () => {
    const ports = Array.from({ length: 31 }, (_, number) => ({ number, name: `port ${number}` }));
    const { console, sim, pool, machine } = await openConsole({ ports, portCountMax: 31 });
    expect(console.ports.map(({ name }) => name)).toEqual(ports.map(({ name }) => name));
    const free = dmaFreeBytes(pool);
    await run(console.ports[30]!.write(bytes('the last')));
    expect([text(sim.received(30)), free - dmaFreeBytes(pool)]).toEqual([
      'the last',
      QUEUE_SIZE * (RECEIVE_LENGTH + TRANSMIT_LENGTH),
    ]);
    const outcomes = await run(Promise.all(console.ports.map((port) => outcomeOf(port.write(bytes(port.name))))));
    const count = outcomes.indexOf('no-memory');
    expect(outcomes).toEqual(ports.map((_, number) => (number < count || number === 30 ? 'fulfilled' : 'no-memory')));
    expect([count > 5, machine.violations]).toEqual([true, []]);
  });

  it('has one port without MULTIPORT', async () => {
    const { console, port, sim, machine } = await openOnePort(NO_MULTIPORT);
    expect(port).toMatchObject({ number: 0, name: '', isHostOpen: true });
    const reading = port.read();
    await runTurns(5);
    sim.send(0, bytes('hello'));
    expect(text(await run(reading))).toBe('hello');
    await run(port.write(bytes('good bye')));
    await run(port.close());
    expect(await kindOf(port.read())).toBe('closed');
    const again = console.ports[0]!.read();
    await runTurns(5);
    sim.send(0, bytes('again'));
    expect([text(await run(again)), text(sim.received(0)), machine.violations]).toEqual(['again', 'good bye', []]);
  });
});

describe('the size of a console', () => {
  it('is that of the configuration for port 0, and changes with it', async () => {
    const { port, device } = await openOnePort({ ...NO_MULTIPORT, features: [0, 2, 32], size: [80, 25] });
    const listener = vi.fn();
    port.onResize(listener);
    expect(port.size).toEqual({ columns: 80, rows: 25 });
    device.changeConfig(0, [132, 0, 43, 0]);
    await runTurns(5);
    device.changeConfig(0, [132, 0, 43, 0]);
    await runTurns(5);
    expect([port.size, listener.mock.calls]).toEqual([{ columns: 132, rows: 43 }, [[{ columns: 132, rows: 43 }]]]);
  });

  it('comes by a control message for each port', async () => {
    const { console, sim } = await openConsole({
      ports: [
        { number: 0, isConsole: true },
        { number: 1, isConsole: true },
      ],
    });
    const [first, second] = console.ports;
    const listener = vi.fn();
    const end = second!.onResize(listener);
    sim.resize(1, 300, 100);
    await runTurns(5);
    end();
    sim.resize(1, 80, 25);
    await runTurns(5);
    expect([first!.size, second!.size]).toEqual([undefined, { columns: 80, rows: 25 }]);
    expect(listener.mock.calls).toEqual([[{ columns: 300, rows: 100 }]]);
  });
});
