// What must hold of every driver alike, whatever its device is.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startLog, stopLog } from '../../../../kernel/base/log.ts';
import type { GpuBag, InputBag } from '../../../misuse/desktop.ts';
import type { DiskBag, UnitBag } from '../../../misuse/disks.ts';
import type { BalloonBag } from '../../../misuse/memories.ts';
import type { NetBag } from '../../../misuse/network.ts';
import type { CryptoBag, EntropyBag, RtcBag } from '../../../misuse/services.ts';
import type { ShareBag } from '../../../misuse/share.ts';
import type { ConsoleBag, SoundBag, VsockBag } from '../../../misuse/streams.ts';
import type { SimVirtioDevice } from '../../../sim/virtio/device.ts';
import { kindOf, run, runTurns } from '../virtio/live-harness.ts';
import type { OpenedBag } from './devices.ts';
import * as devices from './devices.ts';

/** The status of a device that was reset for good. */
const FAILED = 128;

const NO_HEAD = 60_000;

/** More bytes than any chain has. */
const LENGTH = 0xffff_ff00;

/** Queues of ports that there are not. */
const UNUSED: Readonly<Record<string, number[]>> = { 'a console': [0, 1, 6, 7, 8, 9] };

/** What gives a queue a chain to return. */
type Ask<Bag> = (bag: Bag, device: SimVirtioDevice) => Promise<unknown>;

/** The queue holds buffers from the start. */
const POSTED = 'posted';

/** QEMU counts wrongly there, and so the driver expects no lengths. */
const LENGTHLESS = 'lengthless';

/** A class: how one is opened, and how each of its queues gets a chain. */
interface Class<Bag = unknown> {
  readonly name: string;
  readonly open: () => Promise<OpenedBag<Bag>>;
  /** May be asked more than once at a time. Undefined where one request waits for the other, or where nothing is asked for. */
  readonly ask: Ask<Bag> | undefined;
  /** By queue. Those that are not there are of ports that there are not. */
  readonly queues: readonly (Ask<Bag> | typeof POSTED | typeof LENGTHLESS | undefined)[];
}

const driver = <Bag>(
  name: string,
  open: () => Promise<OpenedBag<Bag>>,
  queues: Class<Bag>['queues'],
  ask?: Ask<Bag>,
): Class => ({ name, open, ask, queues }) as unknown as Class;

/** Frames are looked for where somebody wants them. */
const openListening = async () => {
  const all = await devices.openNetwork();
  all.bag.net.onFrameDma(() => {});
  return all;
};

const readDisk = ({ disk }: DiskBag) => disk.read(0, 1);
const readUnit = ({ disk }: UnitBag) => disk.read(0, 1);
const send = ({ net }: NetBag) => net.send(new Uint8Array(60));
const writePort = ({ port }: ConsoleBag) => port.write(new Uint8Array(1));
const writeSocket = ({ socket }: VsockBag) => socket.write(new Uint8Array(1));
const readEntropy = ({ entropy }: EntropyBag) => entropy.read(1);
const setLed = ({ input }: InputBag) => input.setLed(0, true);
const flushSurface = ({ surface }: GpuBag) => surface.flush();
const statFolder = ({ share }: ShareBag) => share.statfs('/');
const readControl = ({ control }: SoundBag) => control!.read();
const encrypt = ({ aes }: CryptoBag) => aes.encrypt(new Uint8Array(16), new Uint8Array(16));
const readClock = ({ clock }: RtcBag) => clock.read();

/** The host wants `pages` in the balloon. */
const wish = async ({ balloon }: BalloonBag, device: SimVirtioDevice, pages: number): Promise<void> => {
  device.changeConfig(0, [pages]);
  await runTurns(3);
  await balloon.settled();
};

/** A command is given up that the unit does not answer. */
const abort = async ({ disk }: UnitBag, device: SimVirtioDevice): Promise<void> => {
  device.rings[2]!.giveNow = () => {};
  const controller = new AbortController();
  const reading = disk.read(0, 1, { signal: controller.signal });
  await runTurns(3);
  controller.abort();
  await reading;
};

const DRIVERS = [
  driver('a disk', devices.openDisk, [readDisk], readDisk),
  driver('a disk on a SCSI bus', devices.openUnit, [abort, POSTED, LENGTHLESS], readUnit),
  driver('a network device', openListening, [POSTED, send, ({ net }) => net.setPromiscuous(true)], send),
  driver(
    'a console',
    devices.openConsole,
    [undefined, undefined, POSTED, ({ port }) => port.close(), POSTED, writePort],
    writePort,
  ),
  driver('a socket device', devices.openVsock, [POSTED, writeSocket, POSTED], writeSocket),
  driver('an entropy device', devices.openEntropy, [readEntropy], readEntropy),
  driver('an input device', devices.openInput, [POSTED, LENGTHLESS], setLed),
  driver('a graphics device', devices.openGpu, [flushSurface, ({ gpu }) => gpu.moveCursor(0, 1, 1)], flushSurface),
  driver('a shared folder', devices.openFolder, [statFolder], statFolder),
  driver(
    'a sound card',
    devices.openSound,
    [readControl, POSTED, ({ playback }) => playback.write(new Uint8Array(1 << 16)), ({ capture }) => capture.read()],
    readControl,
  ),
  driver('a balloon', devices.openBalloon, [
    (bag, device) => wish(bag, device, 16),
    (bag, device) => wish(bag, device, 16).then(() => wish(bag, device, 0)),
    POSTED,
  ]),
  driver('a memory device', devices.openMemory, [({ memory }) => memory.stateOf(0, 1)]),
  driver('a persistent memory', devices.openPmem, [({ pmem }) => pmem.flush()]),
  driver('a crypto device', devices.openCrypto, [encrypt, ({ crypto }) => crypto.aesCbc(new Uint8Array(16))], encrypt),
  driver('a clock device', devices.openRtc, [readClock, POSTED], readClock),
  driver('an IOMMU', devices.openIommu, [({ iommu }) => iommu.newDomain().attach(9), POSTED]),
];

let logged: string[] = [];

beforeEach(() => {
  logged = [];
  startLog((line) => logged.push(line), 'error');
});
afterEach(stopLog);

/** Opens a device, and ends it when `check` is over: the next one has a machine of its own. */
const withOpen = async (open: Class['open'], check: (all: OpenedBag<unknown>) => Promise<void>): Promise<void> => {
  const all = await open();
  try {
    await check(all);
  } finally {
    all.end();
  }
};

/** Opens the device once for each queue of its that is in use. */
const forEachQueue = async (
  { open, queues }: Class,
  check: (index: number, all: OpenedBag<unknown>) => Promise<void>,
): Promise<void> => {
  for (const [index, queue] of queues.entries()) {
    if (queue !== undefined) await withOpen(open, (all) => check(index, all));
  }
};

describe.each(DRIVERS)('the driver of $name', (each) => {
  const { open, queues } = each;

  it('has no queue that is longer than the device says, and notifies none before DRIVER_OK (W18, W22)', () =>
    withOpen(open, async ({ device }) => {
      for (const [index, { enabled, size }] of device.rings.entries()) {
        if (enabled) expect(size).toBeLessThanOrEqual(device.options.queueSizes[index]!);
      }
      expect(device.machine.violations).toEqual([]);
    }));

  it('has no queue but those that are looked at here', () =>
    withOpen(open, async ({ device }) => {
      const enabled = device.rings.flatMap(({ enabled }, index) => (enabled ? [index] : []));
      expect(enabled.filter((index) => queues[index] === undefined)).toEqual(UNUSED[each.name] ?? []);
    }));

  it('gives its device up when any of its queues returns a head that there is not (W16)', () =>
    forEachQueue(each, async (index, { device }) => {
      device.rings[index]!.give(NO_HEAD, 0);
      await runTurns(3);
      expect([index, device.status]).toEqual([index, FAILED]);
    }));

  it('gives its device up when any of its queues returns a chain with more than it has room for (W24)', () =>
    forEachQueue(each, async (index, { bag, device }) => {
      const queue = queues[index];
      if (queue === LENGTHLESS) return;
      const ring = device.rings[index]!;
      const give = ring.giveNow.bind(ring);
      ring.giveNow = (heads) => give(heads, LENGTH);
      if (typeof queue === 'function') await kindOf(queue(bag, device));
      else ring.give(0, LENGTH);
      await runTurns(3);
      expect([index, device.status]).toEqual([index, FAILED]);
      const line = `queue ${index}: the device returned a chain with ${LENGTH} bytes written, expected at most `;
      expect(logged.join()).toContain(line);
    }));
});

it.each(DRIVERS.filter(({ ask }) => ask !== undefined))(
  'the driver of $name sends what is asked for in one turn with one notification (W22)',
  ({ open, ask: question }) =>
    withOpen(open, async ({ bag, device }) => {
      const ask = () => question!(bag, device);
      await run(ask());
      const before = device.notifications;
      await run(ask());
      const one = device.notifications - before;
      await run(Promise.all([ask(), ask(), ask()]));
      expect(device.notifications - before - one).toBeLessThanOrEqual(one);
    }),
);
