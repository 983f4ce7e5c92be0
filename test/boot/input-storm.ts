// A storm of input events for a machine with a keyboard, a mouse and a tablet: what is asked of QEMU by input-send-event, and what the guest must then see.
//
// Pace. QEMU drops a report for which the device's queue has too few buffers. It says itself how many there are (x-query-virtio-queue-element: how far the
// driver has made buffers available, and how far the device has used them), so as many events as fit are sent in one go, and then it is asked again. Room for one
// report more stays free: the driver, which cannot see what QEMU drops, tells of a loss as soon as it has had less.

import { eventCode } from '../../kernel/device/event-names.ts';
import type { Qmp } from '../../scripts/qemu/qmp.ts';
import type { Random } from '../native/random.ts';
import { Tally, tallyEvent, tallyReport } from './images/input-machine.ts';

/** The devices, by their ids. */
export const STORM_DEVICES = ['keyboard', 'mouse', 'tablet'] as const;
export type StormDevice = (typeof STORM_DEVICES)[number];

/** One report: QEMU's words, and the type, code and value that stand for each. */
interface Report {
  readonly device: StormDevice;
  readonly words: unknown[];
  readonly events: (readonly [type: number, code: number, value: number])[];
}

/** Keys by QEMU's names and evdev's. */
const KEYS: readonly (readonly [qcode: string, name: string])[] = [
  ...'abcdefghijklmnopqrstuvwxyz0123456789'.split('').map((key) => [key, key.toUpperCase()] as const),
  ...[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12].map((n) => [`f${n}`, `F${n}`] as const),
  ['esc', 'ESC'],
  ['ret', 'ENTER'],
  ['spc', 'SPACE'],
  ['shift', 'LEFTSHIFT'],
  ['ctrl', 'LEFTCTRL'],
  ['alt', 'LEFTALT'],
  ['up', 'UP'],
  ['delete', 'DELETE'],
  ['kp_enter', 'KPENTER'],
];
const BUTTONS = ['left', 'right', 'middle'] as const;
const AXES = ['x', 'y'] as const;

/** Mostly the mouse: QEMU reads its commands byte by byte, and a movement has the fewest. */
const DRAWN: readonly StormDevice[] = ['keyboard', 'tablet', 'mouse', 'mouse', 'mouse', 'mouse'];

/** A quarter of QEMU's queue: some reports are on their way while the next are drawn. */
const REPORT_LENGTH_MAX = 16;

const EV_KEY = 1;
const EV_REL = 2;
const EV_ABS = 3;
const BTN_LEFT = 0x110;
const REL_WHEEL = 8;

/** Returns what QEMU is told of a key. */
export const keyEvent = (qcode: string, down: boolean): unknown => ({
  type: 'key',
  data: { down, key: { type: 'qcode', data: qcode } },
});

const drawReport = (random: Random, lengthMax: number): Report => {
  const device = random.pick(DRAWN);
  const length = 1 + random.below(Math.min(lengthMax, REPORT_LENGTH_MAX));
  const report: Report = { device, words: [], events: [] };
  for (let i = 0; i < length; i++) {
    if (device === 'keyboard') drawKey(random, report);
    else if (device === 'mouse') drawMovement(random, report);
    else drawPlace(random, report);
  }
  return report;
};

const drawKey = (random: Random, { words, events }: Report): void => {
  const [qcode, name] = KEYS[random.below(KEYS.length)]!;
  const down = random.below(2) === 0;
  words.push(keyEvent(qcode, down));
  events.push([EV_KEY, eventCode(`KEY_${name}`)!.code, down ? 1 : 0]);
};

const drawMovement = (random: Random, { words, events }: Report): void => {
  const axis = random.below(2);
  const value = random.below(19) - 9;
  words.push({ type: 'rel', data: { axis: AXES[axis], value } });
  events.push([EV_REL, axis, value]);
};

/** Buttons and the wheel are the tablet's, too: of those that have them, QEMU takes the one that came up last. */
const drawPlace = (random: Random, { words, events }: Report): void => {
  const kind = random.below(8);
  if (kind < 6) {
    const axis = random.below(2);
    const value = random.below(32_768);
    words.push({ type: 'abs', data: { axis: AXES[axis], value } });
    events.push([EV_ABS, axis, value]);
  } else if (kind === 6) {
    const button = random.below(3);
    const down = random.below(2) === 0;
    words.push({ type: 'btn', data: { button: BUTTONS[button], down } });
    events.push([EV_KEY, BTN_LEFT + button, down ? 1 : 0]);
  } else {
    const isUp = random.below(2) === 0;
    words.push({ type: 'btn', data: { button: isUp ? 'wheel-up' : 'wheel-down', down: true } });
    events.push([EV_REL, REL_WHEEL, isUp ? 1 : -1]);
  }
};

/** Returns QEMU's own name of the virtio device with an id. */
const findPath = async (qmp: Qmp, id: string): Promise<string> => {
  const all = (await qmp.execute('x-query-virtio')) as { path: string }[];
  const found = all.find(({ path }) => path.split('/').includes(id));
  if (found === undefined) throw new Error(`QEMU has no virtio device ${id}`);
  return found.path;
};

/** Returns how many buffers the event queue of a device has. */
export const buffersOf = async (qmp: Qmp, device: StormDevice): Promise<number> =>
  askForBuffers(qmp, await findPath(qmp, device));

const askForBuffers = async (qmp: Qmp, path: string): Promise<number> => {
  const element = (await qmp.execute('x-query-virtio-queue-element', { path, queue: 0 })) as {
    avail: { idx: number };
    used: { idx: number };
  };
  return (element.avail.idx - element.used.idx) & 0xffff;
};

/** Sends `count` events. Returns what must come from each device. */
export const sendStorm = async (qmp: Qmp, count: number, random: Random): Promise<Record<StormDevice, Tally>> => {
  const paths = await Promise.all(STORM_DEVICES.map((device) => findPath(qmp, device)));
  const tallies = { keyboard: new Tally(), mouse: new Tally(), tablet: new Tally() };
  const buffers = { keyboard: 0, mouse: 0, tablet: 0 };
  let underWay: Promise<unknown>[] = [];
  for (let left = count; left > 0; ) {
    const { device, words, events } = drawReport(random, left);
    const needed = events.length + 1; // The end of the report takes one, too.
    while (buffers[device] < needed + REPORT_LENGTH_MAX + 1) {
      const counts = paths.map((path) => askForBuffers(qmp, path)); // Behind all that was sent: QEMU does one after the other.
      await Promise.all(underWay);
      underWay = [];
      [buffers.keyboard, buffers.mouse, buffers.tablet] = (await Promise.all(counts)) as [number, number, number];
    }
    buffers[device] -= needed;
    underWay.push(qmp.execute('input-send-event', { events: words }));
    for (const [type, code, value] of events) tallyEvent(tallies[device], type, code, value);
    tallyReport(tallies[device]);
    left -= events.length;
  }
  await Promise.all(underWay);
  return tallies;
};
