import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openConsoleDevice } from '../../../../drivers/console/driver.ts';
import { emergencyWrite } from '../../../../drivers/console/emergency.ts';
import { newLive } from '../../../../drivers/virtio/live.ts';
import { startLog, stopLog } from '../../../../kernel/base/log.ts';
import { DeviceFailure } from '../../../../kernel/device/failure.ts';
import { shutdown } from '../../../../kernel/event/shutdown.ts';
import { dmaFreeBytes } from '../../../../kernel/hal/dma-pool.ts';
import { SimConsoleDevice } from '../../../sim/virtio/console.ts';
import { interruptsOf } from '../virtio/live-harness.ts';
import { openedDevice, TRANSPORTS } from '../virtio/transport/harness.ts';
import { bytes, forgetConsoles, kindOf, openConsole, openOnePort, outcomeOf, run, runTurns, text } from './harness.ts';

const NEEDS_RESET = 0x40;

let lines: string[] = [];

beforeEach(() => {
  lines = [];
  startLog((line) => lines.push(line.trimEnd()), 'warn');
});

afterEach(async () => {
  await forgetConsoles();
  stopLog();
});

/** Returns the kind of failure that `action` throws. */
const thrownBy = (action: () => void): string => {
  try {
    action();
  } catch (error) {
    return error instanceof DeviceFailure ? error.kind : String(error);
  }
  return 'nothing';
};

describe('a console', () => {
  it('says what it is', async () => {
    const { console } = await openConsole();
    expect(console).toMatchObject({
      name: '0000:00:02.0 virtio-console',
      featureNames: ['MULTIPORT', 'EMERG_WRITE', 'VERSION_1'],
    });
  });

  it('is told that the driver is ready, and that each port is, one message at a time', async () => {
    const { sim, machine } = await openConsole({
      ports: [
        { number: 0, isConsole: true },
        { number: 3, name: 'x' },
      ],
    });
    await runTurns(10);
    expect(sim.messages).toEqual([
      { port: 0, event: 'DEVICE_READY', value: 1 },
      { port: 0, event: 'PORT_READY', value: 1 },
      { port: 3, event: 'PORT_READY', value: 1 },
      { port: 0, event: 'PORT_OPEN', value: 1 },
    ]);
    expect(machine.violations).toEqual([]);
  });

  it.each([
    ['messages', { vectors: 3 }],
    ['a line', {}],
    ['nothing: it is polled', { isPolled: true }],
    ['the line of a slot', { transport: 'mmio' as const }],
  ])('wakes the program by %s', async (_, options) => {
    const { port, sim, machine } = await openOnePort(options);
    const reading = port.read();
    await runTurns(30);
    machine.after(50_000_000, () => sim.send(1, bytes('late')));
    expect(text(await run(reading))).toBe('late');
    sim.setReading(1, false);
    const writing = port.write(bytes('later'));
    await runTurns(30);
    machine.after(50_000_000, () => sim.setReading(1, true));
    await run(writing);
    expect([text(sim.received(1)), machine.violations]).toEqual(['later', []]);
  });

  it.each(TRANSPORTS)(
    'gives all memory back when it is closed, and may be opened again, over %s',
    async (transport) => {
      const { made: sim, ...all } = openedDevice((machine) => new SimConsoleDevice(machine, { transport }));
      const interrupts = interruptsOf(all);
      const before = dmaFreeBytes(all.pool);
      for (let round = 0; round < 2; round++) {
        const console = await run(openConsoleDevice(newLive(all.transport, interrupts, all.pool, 1000)));
        const port = console.ports[0]!;
        await run(port.write(bytes('hello')));
        const outcomes = [port.read(), console.waitForPort('never')].map(outcomeOf);
        await runTurns(5);
        await run(console.close());
        expect(await run(Promise.all(outcomes))).toEqual(['closed', 'closed']);
        expect([await kindOf(port.write(bytes('x'))), await kindOf(console.waitForPort('x'))]).toEqual([
          'closed',
          'closed',
        ]);
        expect(thrownBy(() => console.emergencyWrite(0x21))).toBe('closed');
        expect([dmaFreeBytes(all.pool), sim.device.status & 4]).toEqual([before, 0]);
        await run(console.close());
      }
      expect([text(sim.received(1)), all.machine.violations]).toEqual(['hellohello', []]);
    },
  );

  it('waits at the end of the program for what is written, as long as the host has the port open', async () => {
    const { console, sim, machine } = await openConsole({ ports: [{ number: 1 }, { number: 2, isOpen: false }] });
    sim.setReading(1, false);
    const [first, second] = console.ports;
    const writing = outcomeOf(first!.write(bytes('last words')));
    void outcomeOf(second!.write(bytes('for nobody')));
    await runTurns(5);
    machine.after(1_000_000, () => sim.setReading(1, true));
    const stopped = outcomeOf(shutdown(0));
    expect(await run(stopped)).toContain('Error');
    expect([await writing, text(sim.received(1))]).toEqual(['fulfilled', 'last words']);
  });
});

describe('an emergency write', () => {
  it('shows a byte', async () => {
    const { console, sim, machine } = await openConsole();
    for (const byte of bytes('help')) console.emergencyWrite(byte);
    expect([text(Uint8Array.from(sim.emergency)), machine.violations]).toEqual(['help', []]);
    for (const byte of [0, 256, -1, 1.5, Number.NaN])
      expect(thrownBy(() => console.emergencyWrite(byte))).toBe('invalid-argument');
    expect(sim.emergency).toHaveLength(4);
  });

  it.each(TRANSPORTS)('needs no driver over %s: an open transport is enough', (transport) => {
    const { made: sim, ...all } = openedDevice((machine) => new SimConsoleDevice(machine, { transport }));
    expect(emergencyWrite(all.transport, 0x21)).toBe(true);
    expect([sim.emergency, all.device.statusWrites, all.machine.violations]).toEqual([[0x21], [], []]);
  });

  it.each([
    ['the feature', { features: [1, 32] }],
    [
      'the register',
      { config: new Uint8Array([0, 0, 0, 0, 4, 0, 0, 0]), transport: 'mmio' as const, features: [1, 32] },
    ],
  ])('is a typed error without %s', async (_, options) => {
    const { console, sim } = await openConsole(options);
    expect([thrownBy(() => console.emergencyWrite(0x21)), sim.emergency]).toEqual(['unsupported', []]);
  });
});

describe('a reset', () => {
  it('rejects what is under way; the ports keep their place, and what was not sent is sent', async () => {
    const { console, port, sim, device, machine } = await openOnePort();
    sim.setReading(1, false);
    const started = outcomeOf(port.write(bytes('started')));
    const reading = outcomeOf(port.read());
    await runTurns(10);
    device.status |= NEEDS_RESET;
    device.interrupts.config();
    expect(await run(Promise.all([started, reading]))).toEqual(['device-reset', 'device-reset']);
    await runTurns(20);
    sim.setReading(1, true);
    expect([console.ports, port.isHostOpen, sim.isGuestOpen(1)]).toEqual([[port], true, true]);
    const again = port.read();
    await runTurns(5);
    sim.send(1, bytes('hello'));
    expect(text(await run(again))).toBe('hello');
    await run(port.write(bytes('works')));
    expect([text(sim.received(1)), machine.violations]).toEqual(['works', []]);
    expect(lines).toEqual([
      expect.stringContaining('the device needs a reset'),
      'warn 0000:00:02.0 virtio-console: it was reset and works again',
    ]);
  });

  it('follows when the device does not take a message in time', async () => {
    const { console, port, sim, machine } = await openOnePort();
    sim.isDead = true;
    const reading = outcomeOf(port.read()); // The device is to be told that the port is open.
    machine.after(1_005_000_000, () => Object.assign(sim, { isDead: false }));
    expect(await run(reading)).toBe('timeout');
    await run(port.write(bytes('works')));
    expect([console.ports, text(sim.received(1))]).toEqual([[port], 'works']);
    expect(lines).toContainEqual(expect.stringContaining('no answer in 1000 ms; it is reset'));
  });

  it('loses the ports that the device does not announce again', async () => {
    const { console, sim, device, machine } = await openConsole({
      ports: [
        { number: 1, name: 'a' },
        { number: 2, name: 'b' },
      ],
    });
    const [a, b] = console.ports;
    const heard: string[] = [];
    console.onPort((port, isThere) => heard.push(`${port.name} ${isThere}`));
    const reads = [a!.read(), b!.read()].map(outcomeOf);
    await runTurns(5);
    sim.forget(2);
    device.status |= NEEDS_RESET;
    device.interrupts.config();
    expect(await run(Promise.all(reads))).toEqual(['device-reset', 'device-reset']);
    await runTurns(20);
    expect([console.ports, heard, await kindOf(b!.read()), machine.violations]).toEqual([
      [a],
      ['b false'],
      'removed',
      [],
    ]);
  });

  it('is not tried for ever: a device that never gets to its ports is given up', async () => {
    const { console, port, sim, device, live } = await openOnePort();
    const reading = outcomeOf(port.read());
    await runTurns(5);
    sim.isDead = true;
    device.status |= NEEDS_RESET;
    device.interrupts.config();
    expect(await run(reading)).toBe('device-reset');
    expect(await kindOf(console.waitForPort('never'))).toBe('device-failed');
    expect([live.state, await kindOf(port.read())]).toEqual(['failed', 'device-failed']);
  });
});
