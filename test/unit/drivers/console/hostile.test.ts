// Consoles that say what cannot be. Nothing of it ends the program, and the ports that there are go on, unless the device's rings are wrong: then it is given up.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startLog, stopLog } from '../../../../kernel/base/log.ts';
import { dmaFreeBytes } from '../../../../kernel/hal/dma-pool.ts';
import { sameBytes } from '../../../sim/setup.ts';
import type { SimConsoleDevice } from '../../../sim/virtio/console.ts';
import {
  beginOpening,
  bytes,
  forgetConsoles,
  kindOf,
  openConsole,
  openOnePort,
  outcomeOf,
  run,
  runTurns,
  text,
} from './harness.ts';

let lines: string[] = [];

beforeEach(() => {
  lines = [];
  startLog((line) => lines.push(line.trimEnd()), 'warn');
});

afterEach(async () => {
  await forgetConsoles();
  stopLog();
});

/** Queues of the port with number 1. */
const RECEIVE = 4;
const TRANSMIT = 5;

/** Has a console of one port hear something odd. The port must then work as before. Returns the names of the ports. */
const hear = async (say: (sim: SimConsoleDevice) => void): Promise<string[]> => {
  const { console, port, sim, machine } = await openOnePort();
  const reading = port.read();
  await runTurns(5);
  say(sim);
  await runTurns(10);
  sim.send(1, bytes('still here'));
  expect(text(await run(reading))).toBe('still here');
  await run(port.write(bytes('and here')));
  expect([text(sim.received(1)), machine.violations]).toEqual(['and here', []]);
  return console.ports.map(({ name }) => name);
};

describe('control messages that cannot be', () => {
  it.each<[string, string, (sim: SimConsoleDevice) => void]>([
    ['an empty message', 'a control message of 0 bytes', (sim) => sim.sayBytes(new Uint8Array(0))],
    ['a message of 7 bytes', 'a control message of 7 bytes', (sim) => sim.sayBytes(new Uint8Array(7))],
    ['a size without rows', 'a control message of 10 bytes', (sim) => sim.say(1, 'RESIZE', 0, [1, 2])],
    [
      'a port that was not added',
      'control message 7 for port 2, which there is not',
      (sim) => sim.say(2, 'PORT_NAME', 1, bytes('x')),
    ],
    [
      'a port beyond max_nr_ports',
      'control message 6 for port 4294967295, which there is not',
      (sim) => sim.say(0xffffffff, 'PORT_OPEN', 1),
    ],
    [
      'the removal of no port',
      'control message 2 for port 3, which there is not',
      (sim) => sim.say(3, 'DEVICE_REMOVE'),
    ],
    ['a port that is added twice', 'port 1 is added, which is there already', (sim) => sim.say(1, 'DEVICE_ADD')],
    [
      'a port that is added beyond max_nr_ports',
      'port 4 is added, there is room for 4',
      (sim) => sim.say(4, 'DEVICE_ADD'),
    ],
    ['an event of the driver', 'control message 3, which no device sends', (sim) => sim.say(1, 'PORT_READY', 1)],
    [
      'an event that is none',
      'control message 65535, which no device sends',
      (sim) => sim.sayBytes(Uint8Array.of(1, 0, 0, 0, 0xff, 0xff, 0, 0)),
    ],
    [
      'a second name',
      'port 1, org.test.0, is given a second name',
      (sim) => sim.say(1, 'PORT_NAME', 1, bytes('other')),
    ],
    ['an empty name', 'port 1 has a name that is none', (sim) => sim.say(1, 'PORT_NAME', 1)],
  ])('%s is ignored, and said', async (_, complaint, say) => {
    expect(await hear(say)).toEqual(['org.test.0']);
    expect(lines).toEqual([`warn 0000:00:02.0 virtio-console: ${complaint}`]);
  });

  it('an added port beyond max_nr_ports is refused', async () => {
    const { sim } = await openConsole();
    sim.say(4, 'DEVICE_ADD');
    await runTurns(5);
    expect(sim.messages.at(-1)).toEqual({ port: 4, event: 'PORT_READY', value: 0 });
  });

  it('a flood of them is said a few times', async () => {
    await hear((sim) => {
      for (let i = 0; i < 30; i++) sim.say(3, 'PORT_OPEN', 1);
    });
    expect(lines).toHaveLength(8);
    expect(lines.at(-1)).toContain('no more is said of such');
  });

  it.each<[string, Uint8Array]>([
    ['that is no UTF-8', Uint8Array.of(0x61, 0xc3)],
    ['with an overlong letter', Uint8Array.of(0xc0, 0xaf)],
    ['with a control character', bytes('a\nb')],
    ['with a zero inside', bytes('a\0b')],
    ['of 256 bytes', bytes('n'.repeat(256))],
  ])('a name %s is none: the port has its number', async (_, name) => {
    const { console, sim } = await openConsole({ ports: [{ number: 1 }, { number: 2 }] });
    sim.say(1, 'PORT_NAME', 1, name);
    await runTurns(5);
    expect([console.ports.map((port) => port.name), lines]).toEqual([
      ['', ''],
      ['warn 0000:00:02.0 virtio-console: port 1 has a name that is none'],
    ]);
    await run(console.ports[0]!.write(bytes('hello')));
    expect(text(sim.received(1))).toBe('hello');
  });

  it('a name may have 255 bytes of UTF-8, and a zero behind them as QEMU puts it', async () => {
    const name = `${'ä'.repeat(127)}x`;
    const { console, sim } = await openConsole({ ports: [{ number: 1 }] });
    sim.say(1, 'PORT_NAME', 1, bytes(`${name}\0`));
    await runTurns(5);
    expect([console.port(name)?.number, lines]).toEqual([1, []]);
  });

  it('the name of another port is none', async () => {
    const { console } = await openConsole({
      ports: [
        { number: 1, name: 'twin' },
        { number: 2, name: 'twin' },
      ],
    });
    expect(console.ports.map(({ name }) => name)).toEqual(['twin', '']);
    expect(lines).toEqual(['warn 0000:00:02.0 virtio-console: port 2 is given the name twin, which another one has']);
  });

  it('a port that is removed before it was shown is none', async () => {
    const { console, sim, machine } = await openConsole({ ports: [] });
    sim.add({ number: 1, name: 'short' });
    sim.remove(1);
    await runTurns(10);
    expect([console.ports, machine.violations]).toEqual([[], []]);
    sim.add({ number: 1, name: 'long' });
    await runTurns(10);
    expect(console.ports.map(({ name }) => name)).toEqual(['long']);
  });
});

describe('rings that are wrong', () => {
  it.each<[string, (sim: SimConsoleDevice) => void, RegExp]>([
    [
      'more bytes than a buffer has',
      ({ device }) => device.rings[RECEIVE]!.give(device.rings[RECEIVE]!.takeOne()!.head, 4097),
      /4097 bytes written, expected at most 4096/,
    ],
    [
      'a head that the device does not have',
      ({ device }) => device.rings[TRANSMIT]!.give(3, 0),
      /returned head 3, which it does not have/,
    ],
    [
      'a control message longer than its buffer',
      (sim) => sim.sayBytes(new Uint8Array(8), 1025),
      /1025 bytes written, expected at most 1024/,
    ],
    [
      'a message of ours that it writes to',
      ({ device }) => device.rings[3]!.give(0, 8),
      /returned 1 chains, expected at most the 0/,
    ],
  ])('%s: the device is given up, and everything rejects', async (_, lie, why) => {
    const { console, port, sim, live } = await openOnePort();
    const reading = outcomeOf(port.read());
    await runTurns(5);
    sim.setReading(1, false);
    const writing = outcomeOf(port.write(bytes('held')));
    await runTurns(5);
    lie(sim);
    sim.resize(1, 80, 25); // Its queue of messages has nothing of ours, and would not be looked at.
    expect(await run(Promise.all([reading, writing]))).toEqual(['wrong-answer', 'wrong-answer']);
    expect([await kindOf(port.write(bytes('x'))), await kindOf(port.read())]).toEqual([
      'device-failed',
      'device-failed',
    ]);
    expect(await kindOf(console.waitForPort('later'))).toBe('device-failed');
    expect(live.state).toBe('failed');
    expect(lines.at(-1)).toMatch(why);
    console.emergencyWrite(0x21); // It needs no ring.
    expect(sim.emergency).toEqual([0x21]);
    await run(port.close());
  });

  it('of one port end all others in the same turn: none of their memory is touched any more', async () => {
    const { console, sim, machine, pool, device } = await openConsole({
      ports: [{ number: 1 }, { number: 2 }, { number: 3 }],
    });
    const reads = console.ports.map((port) => outcomeOf(port.read()));
    await runTurns(10);
    device.rings[RECEIVE]!.give(device.rings[RECEIVE]!.takeOne()!.head, 4097);
    sim.send(2, bytes('two'));
    const { driver, device: end } = device.rings[RECEIVE + 2]!;
    const ofSecond = (): Uint8Array => machine.dma.slice(driver - machine.dmaBase, end - machine.dmaBase);
    const memory = ofSecond();
    expect(await run(Promise.all(reads))).toEqual(['wrong-answer', 'wrong-answer', 'wrong-answer']);
    expect([dmaFreeBytes(pool), sameBytes(ofSecond(), memory)]).toEqual([machine.dma.length, true]);
  });

  it('a port whose queue broke before it was opened is given up with its device', async () => {
    const { console, port, device, live } = await openOnePort();
    await run(port.write(bytes('x')));
    await run(port.close());
    const ring = device.rings[RECEIVE]!;
    ring.give(ring.takeOne()!.head, 3);
    ring.give(60_000, 3);
    expect(await kindOf(console.ports[0]!.read())).toBe('wrong-answer');
    expect(live.state).toBe('failed');
  });

  it('a device that returns empty buffers as fast as it gets them keeps nobody from anything', async () => {
    const { port, sim, device, machine } = await openOnePort();
    const reading = port.read();
    await runTurns(5);
    const ring = device.rings[RECEIVE]!;
    for (let round = 0; round < 50; round++) {
      for (const { head } of ring.take()) ring.give(head, 0);
      await runTurns(1);
    }
    sim.send(1, bytes('hello'));
    expect([text(await run(reading)), machine.violations]).toEqual(['hello', []]);
  });
});

describe('a console that does not come up', () => {
  it.each<[string, Parameters<typeof beginOpening>[0], string, RegExp]>([
    [
      'with no port',
      { portCountMax: 0, queueSizes: [8, 8, 32, 32] },
      'device-failed',
      /max_nr_ports reads 0, expected 1 at least/,
    ],
    [
      'with more ports than queues',
      { portCountMax: 8, queueSizes: [8, 8, 32, 32, 8, 8] },
      'device-failed',
      /there is no queue 6|6 queues|queue 6/,
    ],
    [
      'whose configuration is not there: it reads as all ones',
      { config: new Uint8Array(4) },
      'device-failed',
      /the device has no queue 10/,
    ],
    [
      'whose configuration never stands still',
      { size: [80, 25], faults: { generations: 1000 } },
      'device-failed',
      /changed/,
    ],
    [
      'that takes no message',
      { prepare: (sim) => Object.assign(sim, { isDead: true }) },
      'timeout',
      /no answer in 1000 ms/,
    ],
  ])('%s', async (_, options, kind, why) => {
    const { opening, live } = beginOpening(options);
    const error = await run(
      opening.then(
        () => undefined,
        (reason: unknown) => reason as Error & { kind: string },
      ),
    );
    expect([error?.kind, live.state]).toEqual([kind, 'failed']);
    expect(error?.message).toMatch(why);
  });

  it('which announces nothing, has no ports', async () => {
    const { console } = await openConsole({ prepare: (sim) => Object.assign(sim, { isDeaf: true }) });
    expect(console.ports).toEqual([]);
  });
});
