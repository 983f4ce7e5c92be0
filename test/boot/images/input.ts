// An image that shows what its input devices report, for input.test.ts. Each line begins with what the device is:
//
//   keyboard: KEY_A 1                   a report
//   keyboard: typed hello               what was typed, at KEY_ENTER
//   keyboard: LED 1 on                  after KEY_CAPSLOCK and its like, once the device has answered
//   keyboard: busy                      KEY_F1: it looks at none of its devices until a letter comes on the serial line
//
// KEY_ESC ends it. With `storm=100000` on the command line it says `10000 events` and so on, and ends when that many have come:
//
//   keyboard: 41234 events in 20717 reports, hash 1a2b3c4d, 0 lost

import { openInputs } from '../../../drivers/open/input.ts';
import { devicePool } from '../../../drivers/open/places.ts';
import { findOption } from '../../../kernel/base/command-line.ts';
import { hex } from '../../../kernel/base/hex.ts';
import { startLog } from '../../../kernel/base/log.ts';
import {
  EV_KEY,
  EV_SYN,
  KEY_CAPSLOCK,
  KEY_NUMLOCK,
  KEY_PRESSED,
  KEY_SCROLLLOCK,
  LED_CAPSL,
  LED_NUML,
  LED_SCROLLL,
  SYN_DROPPED,
} from '../../../kernel/device/event-codes.ts';
import { eventName } from '../../../kernel/device/event-names.ts';
import type { InputDevice, InputEvent, InputReport } from '../../../kernel/device/input.ts';
import { usKeyboard } from '../../../kernel/device/keyboard-layout.ts';
import { clockNow } from '../../../kernel/hal/clock.ts';
import { consoleWrite } from '../../../kernel/hal/console.ts';
import { dmaFreeBytes } from '../../../kernel/hal/dma-pool.ts';
import { readOptions } from '../../../kernel/hal/options.ts';
import { hasSerialLetter, Tally, tallyEvent, tallyReport } from './input-machine.ts';

const KEY_ESC = 1;
const KEY_F1 = 59;
const BUSY_LIMIT_NS = 60_000_000_000;
const STORM_STEP = 10_000;

/** The LED of each lock. */
const LEDS = new Map<number, number>([
  [KEY_CAPSLOCK, LED_CAPSL],
  [KEY_NUMLOCK, LED_NUML],
  [KEY_SCROLLLOCK, LED_SCROLLL],
]);

startLog(consoleWrite, 'info');
const freeBytes: number = dmaFreeBytes(devicePool());
const devices = await openInputs();

const describe = (device: InputDevice): string => {
  const { bus, vendor, product, version } = device.ids;
  const ids = `${bus} ${hex(vendor, 4)} ${hex(product, 4)} ${version}`;
  return `${device.kind}: '${device.productName}' serial '${device.serialNumber}' ids ${ids}`;
};

const axesOf = (device: InputDevice): string => {
  let text = '';
  for (let code = 0; code < 64; code++) {
    const axis = device.axis(code);
    if (axis !== undefined) text += ` ${eventName(3, code)} ${axis.minimum}..${axis.maximum}`;
  }
  return text;
};

const isPressed = ({ type, code, value }: InputEvent, key: number): boolean =>
  type === EV_KEY && code === key && value === KEY_PRESSED;

const end = async (): Promise<void> => {
  for (const device of devices) await device.close();
  console.log(`closed, ${freeBytes - dmaFreeBytes(devicePool())} bytes of memory are missing`);
};

/** Shows the reports of a device, and does what its keys ask for. */
const show = (device: InputDevice): void => {
  const keyboard = usKeyboard();
  const lit = new Set<number>();
  let typed = '';
  device.onReport((report) => {
    let line = `${device.kind}:`;
    for (const { type, code, value } of report) line += ` ${eventName(type, code)} ${value}`;
    console.log(line);
    for (const event of report) {
      typed += keyboard.textOf(event);
      if (isPressed(event, KEY_ESC)) void end();
      if (isPressed(event, KEY_F1)) beBusy(device);
      const led = event.type === EV_KEY && event.value === KEY_PRESSED ? LEDS.get(event.code) : undefined;
      if (led !== undefined) void toggle(device, lit, led);
    }
    if (typed.endsWith('\r')) {
      console.log(`${device.kind}: typed ${typed.slice(0, -1)}`);
      typed = '';
    }
  });
};

const beBusy = (device: InputDevice): void => {
  console.log(`${device.kind}: busy`);
  const limit = clockNow() + BUSY_LIMIT_NS;
  while (!hasSerialLetter() && clockNow() < limit);
};

const toggle = async (device: InputDevice, lit: Set<number>, led: number): Promise<void> => {
  const on = !lit.has(led);
  if (on) lit.add(led);
  else lit.delete(led);
  await device.setLed(led, on);
  console.log(`${device.kind}: LED ${led} ${on ? 'on' : 'off'}`);
};

/** Counts what comes until there were `count` events. */
const storm = (count: number): void => {
  let left = count;
  let saidAt = count;
  const results = devices.map((device) => {
    const tally = new Tally();
    let lostCount = 0;
    device.onReport((report: InputReport) => {
      for (const { type, code, value } of report) {
        if (type === EV_SYN && code === SYN_DROPPED) lostCount += 1;
        else tallyEvent(tally, type, code, value);
      }
      tallyReport(tally);
      left -= report.length;
      if (saidAt - left >= STORM_STEP) {
        saidAt -= STORM_STEP;
        console.log(`${count - saidAt} events`);
      }
      if (left === 0) finish();
    });
    return (): string => {
      const came = `${tally.eventCount} events in ${tally.reportCount} reports`;
      return `${device.kind}: ${came}, hash ${hex(tally.hash, 8)}, ${lostCount} lost`;
    };
  });
  const finish = (): void => {
    for (const result of results) console.log(result());
    void end();
  };
};

for (const device of devices) console.log(`${describe(device)}${axesOf(device)}`);
const stormCount = Number(findOption(readOptions(), 'storm') ?? '0');
if (stormCount > 0) storm(stormCount);
else for (const device of devices) show(device);
console.log('ready');
