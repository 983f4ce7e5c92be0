// Input devices on a real QEMU: what QEMU is told by input-send-event must come from them, all of it and in order, and what LEDs show is seen by a VNC client.

import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { hex } from '../../kernel/base/hex.ts';
import type { Qemu } from '../../scripts/qemu/start.ts';
import { Random } from '../native/random.ts';
import { type BootOptions, boot, deviceProperties, temporaryFolder } from './harness.ts';
import { buffersOf, keyEvent, STORM_DEVICES, sendStorm } from './input-storm.ts';
import { onPlatform, PLATFORMS, type Platform } from './platforms.ts';
import { watchLeds } from './vnc-leds.ts';

const IMAGE = 'test/boot/images/input.ts';
const STORM_COUNT = 100_000;
const SEED = 58;
const WAIT_MS = 20_000;

/** How long a guest in a storm may say nothing, on a loaded machine. */
const SILENCE_MS = 60_000;

/** The same with building the image. */
const TIMEOUT_MS = 600_000;

/** Returns a machine with a keyboard, a mouse and a tablet. */
const withDevices = (platform: Platform, properties = '', others: readonly string[] = []): BootOptions =>
  onPlatform(platform, [
    ...STORM_DEVICES.map((device) => [device, `id=${device}${properties}`] as const),
    ...others.map((device) => [device] as const),
  ]);

const [Q35] = PLATFORMS as readonly [Platform, ...Platform[]];

/** Boots the image, and returns when it listens. */
const start = async (options: BootOptions): Promise<Qemu> => {
  const qemu = await boot(IMAGE, { memory: '64M', limitMs: SILENCE_MS, ...options });
  await qemu.serial.waitFor(/^ready/m, WAIT_MS);
  return qemu;
};

const send = (qemu: Qemu, ...events: unknown[]): Promise<unknown> => qemu.qmp.execute('input-send-event', { events });

/** Presses keys one after the other, and lets them go. */
const type = async (qemu: Qemu, ...keys: string[]): Promise<void> => {
  for (const key of keys) {
    await send(qemu, keyEvent(key, true));
    await send(qemu, keyEvent(key, false));
  }
};

/** Has the guest close its devices, one key for all of them, and end. */
const end = async (qemu: Qemu): Promise<void> => {
  await send(qemu, keyEvent('esc', true));
  expect(await qemu.exit).toEqual({ status: 0, reason: 'success' });
};

const linesOf = (qemu: Qemu): string[] => qemu.serial.text().replaceAll('\r', '').split('\n');

/** Sends a storm to a machine that counts, and returns the lines in which it says what came. */
const storm = async (options: BootOptions, count: number): Promise<void> => {
  const qemu = await start({ ...options, commandLine: `storm=${count}` });
  const tallies = await sendStorm(qemu.qmp, count, new Random(SEED));
  expect(await qemu.exit, `seed ${SEED}`).toEqual({ status: 0, reason: 'success' });
  const lines = linesOf(qemu);
  for (const device of STORM_DEVICES) {
    const { eventCount, reportCount, hash } = tallies[device];
    const came = `${eventCount} events in ${reportCount} reports`;
    expect(lines).toContain(`${device}: ${came}, hash ${hex(hash, 8)}, 0 lost`);
  }
  expect(lines).toContain('closed, 0 bytes of memory are missing');
};

describe('input devices', { timeout: TIMEOUT_MS }, () => {
  it('report every event of a storm of 100,000, in order', async () => {
    await storm(withDevices(Q35), STORM_COUNT);
  });

  it.each(PLATFORMS.slice(1))('report every event of a storm of 2,000 on $name', async (platform) => {
    await storm(withDevices(platform), 2_000);
  });
});

const move = (x: number): unknown => ({ type: 'rel', data: { axis: 'x', value: x } });

describe('a program that does not look at its devices', { timeout: TIMEOUT_MS }, () => {
  it('loses whole reports at worst, and is told where', async () => {
    const qemu = await start(withDevices(Q35));
    await send(qemu, keyEvent('f1', true));
    await qemu.serial.waitFor(/^keyboard: busy/m, WAIT_MS);
    const kept = Math.floor((await buffersOf(qemu.qmp, 'mouse')) / 2); // A report of one movement is two events.
    const values = Array.from({ length: kept + 50 }, (_, i) => i + 1);
    for (const value of values) await send(qemu, move(value));
    qemu.send('x');
    await qemu.serial.waitFor(/^mouse: SYN_DROPPED/m, WAIT_MS);
    await send(qemu, move(1000));
    await qemu.serial.waitFor(/^mouse: REL_X 1000/m, WAIT_MS);
    expect(linesOf(qemu).filter((line) => line.startsWith('mouse: ') && !line.includes("'"))).toEqual([
      ...values.slice(0, kept).map((value) => `mouse: REL_X ${value}`),
      'mouse: SYN_DROPPED 0',
      'mouse: REL_X 1000',
    ]);
  });
});

/** Since QEMU 10.0. A simulated one is in test/unit/drivers/input. */
const HAS_TOUCH = (await deviceProperties('virtio-multitouch-pci')).size > 0;

describe.each(HAS_TOUCH ? PLATFORMS.filter(({ name }) => !name.includes('mmio')) : [])(
  'a touch screen on $name',
  { timeout: TIMEOUT_MS },
  (platform) => {
    const touch = (kind: string, slot: number, id: number, rest = {}): unknown => ({
      type: 'mtt',
      data: { type: kind, slot, 'tracking-id': id, axis: 'x', value: 0, ...rest },
    });

    it('reports fingers by their slots', async () => {
      const qemu = await start(withDevices(platform, '', ['multitouch']));
      expect(qemu.serial.text()).toContain(
        "touch: 'QEMU Virtio MultiTouch' serial '' ids 6 0627 0003 1 ABS_MT_SLOT 0..10",
      );
      const place = { axis: 'y', value: 4711 };
      await send(
        qemu,
        touch('begin', 2, 7),
        touch('data', 2, 7, { axis: 'x', value: 815 }),
        touch('data', 2, 7, place),
      );
      await send(qemu, { type: 'btn', data: { button: 'touch', down: true } });
      await send(qemu, touch('end', 2, -1));
      await type(qemu, 'esc');
      expect(await qemu.exit).toEqual({ status: 0, reason: 'success' });
      expect(linesOf(qemu).filter((line) => /^touch: [A-Z]/.test(line))).toEqual([
        'touch: ABS_MT_SLOT 2 ABS_MT_TRACKING_ID 7 ABS_MT_POSITION_X 815 ABS_MT_POSITION_Y 4711',
        'touch: BTN_TOUCH 1',
        'touch: ABS_MT_SLOT 2 ABS_MT_TRACKING_ID -1',
      ]);
    });
  },
);

describe.each([
  ...PLATFORMS.map((platform) => [platform.name, withDevices(platform)] as const),
  // Of these queues QEMU does not tell how many buffers there are, so that no storm can keep pace.
  ['q35 with packed queues', withDevices(Q35, ',packed=on')] as const,
])('on %s', { timeout: TIMEOUT_MS }, (_, options) => {
  it('keys, buttons, movements and places have names, and LEDs light up', async () => {
    const socket = path.join(temporaryFolder(), 'vnc.sock');
    const qemu = await start({ ...options, extra: [...(options.extra ?? []), '-vnc', `unix:${socket}`] });
    const leds = await watchLeds(socket);
    onTestFinished(() => leds.close());

    await type(qemu, 'h', 'i');
    await type(qemu, 'caps_lock');
    await qemu.serial.waitFor(/^keyboard: LED 1 on/m, WAIT_MS);
    await leds.waitFor(4);
    await type(qemu, 'num_lock', 'h', 'i');
    await leds.waitFor(6);
    await type(qemu, 'caps_lock');
    await leds.waitFor(2);
    await send(qemu, keyEvent('shift', true), keyEvent('1', true));
    await type(qemu, 'ret');
    await send(qemu, { type: 'rel', data: { axis: 'x', value: -3 } }, { type: 'rel', data: { axis: 'y', value: 7 } });
    await send(qemu, { type: 'abs', data: { axis: 'y', value: 32_767 } });
    await send(qemu, { type: 'btn', data: { button: 'left', down: true } });
    await qemu.serial.waitFor(/^tablet: BTN_LEFT 1/m, WAIT_MS);
    await end(qemu);

    const lines = linesOf(qemu);
    for (const line of [
      "keyboard: 'QEMU Virtio Keyboard' serial '' ids 6 0627 0001 1",
      "mouse: 'QEMU Virtio Mouse' serial '' ids 6 0627 0002 2",
      "tablet: 'QEMU Virtio Tablet' serial '' ids 6 0627 0003 2 ABS_X 0..32767 ABS_Y 0..32767",
      'keyboard: KEY_H 1',
      'keyboard: KEY_H 0',
      'keyboard: KEY_LEFTSHIFT 1 KEY_1 1',
      'keyboard: typed hiHI!',
      'mouse: REL_X -3 REL_Y 7',
      'tablet: ABS_Y 32767',
      'tablet: BTN_LEFT 1',
      'closed, 0 bytes of memory are missing',
    ])
      expect(lines).toContain(line);
  });
});
