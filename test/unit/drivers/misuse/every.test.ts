// What must hold of every driver alike, whatever its device is.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startLog, stopLog } from '../../../../kernel/base/log.ts';
import { run, runTurns } from '../virtio/live-harness.ts';
import type { OpenedBag } from './devices.ts';
import * as devices from './devices.ts';

/** The status of a device that was reset for good. */
const FAILED = 128;

const NO_HEAD = 60_000;

/** A class: how one is opened, and something that may be asked of it more than once at a time. */
interface Class {
  readonly name: string;
  readonly open: () => Promise<OpenedBag<unknown>>;
  /** Undefined where one request waits for the other, or where nothing is asked for. */
  readonly ask: ((bag: unknown) => Promise<unknown>) | undefined;
  /** Queues that are not looked at: of ports that there are not. */
  readonly unused: readonly number[];
}

const driver = <Bag>(
  name: string,
  open: () => Promise<OpenedBag<Bag>>,
  ask?: (bag: Bag) => Promise<unknown>,
  unused: readonly number[] = [],
): Class => ({ name, open, ask, unused }) as unknown as Class;

/** Frames are looked for where somebody wants them. */
const openListening = async () => {
  const all = await devices.openNetwork();
  all.bag.net.onFrameDma(() => {});
  return all;
};

const DRIVERS = [
  driver('a disk', devices.openDisk, ({ disk }) => disk.read(0, 1)),
  driver('a disk on a SCSI bus', devices.openUnit, ({ disk }) => disk.read(0, 1)),
  driver('a network device', openListening, ({ net }) => net.send(new Uint8Array(60))),
  driver('a console', devices.openConsole, ({ port }) => port.write(new Uint8Array(1)), [0, 1, 6, 7, 8, 9]),
  driver('a socket device', devices.openVsock, ({ socket }) => socket.write(new Uint8Array(1))),
  driver('an entropy device', devices.openEntropy, ({ entropy }) => entropy.read(1)),
  driver('an input device', devices.openInput, ({ input }) => input.setLed(0, true)),
  driver('a graphics device', devices.openGpu, ({ surface }) => surface.flush()),
  driver('a shared folder', devices.openFolder, ({ share }) => share.statfs('/')),
  driver('a sound card', devices.openSound, ({ control }) => control!.read()),
  driver('a balloon', devices.openBalloon),
  driver('a memory device', devices.openMemory),
  driver('a persistent memory', devices.openPmem),
  driver('a crypto device', devices.openCrypto, ({ aes }) => aes.encrypt(new Uint8Array(16), new Uint8Array(16))),
  driver('a clock device', devices.openRtc, ({ clock }) => clock.read()),
  driver('an IOMMU', devices.openIommu),
];

beforeEach(() => startLog(() => {}, 'error'));
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

describe.each(DRIVERS)('the driver of $name', ({ open, unused }) => {
  it('has no queue that is longer than the device says, and notifies none before DRIVER_OK (W18, W22)', () =>
    withOpen(open, async ({ device }) => {
      for (const [index, { enabled, size }] of device.rings.entries()) {
        if (enabled) expect(size).toBeLessThanOrEqual(device.options.queueSizes[index]!);
      }
      expect(device.machine.violations).toEqual([]);
    }));

  it('gives its device up when any of its queues returns a head that there is not (W16)', async () => {
    let count = 1;
    for (let index = 0; index < count; index++) {
      await withOpen(open, async ({ device }) => {
        count = device.rings.length;
        if (!device.rings[index]!.enabled || unused.includes(index)) return;
        device.rings[index]!.give(NO_HEAD, 0);
        await runTurns(3);
        expect([index, device.status]).toEqual([index, FAILED]);
      });
    }
  });
});

it.each(DRIVERS.filter(({ ask }) => ask !== undefined))(
  'the driver of $name sends what is asked for in one turn with one notification (W22)',
  ({ open, ask }) =>
    withOpen(open, async ({ bag, device }) => {
      await run(ask!(bag));
      const before = device.notifications;
      await run(ask!(bag));
      const one = device.notifications - before;
      await run(Promise.all([ask!(bag), ask!(bag), ask!(bag)]));
      expect(device.notifications - before - one).toBeLessThanOrEqual(one);
    }),
);
