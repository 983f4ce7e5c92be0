// Every class comes and goes behind a port: also those that no QEMU plugs in (GPUs, IOMMUs), and those that QEMU never gives back.

import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openBalloon } from '../../../../drivers/open/balloon.ts';
import { openBlockDevice } from '../../../../drivers/open/block.ts';
import { openConsole } from '../../../../drivers/open/console.ts';
import { openCrypto } from '../../../../drivers/open/crypto.ts';
import { openEntropy } from '../../../../drivers/open/entropy.ts';
import { openGpu } from '../../../../drivers/open/gpu.ts';
import { openInput } from '../../../../drivers/open/input.ts';
import { openIommu } from '../../../../drivers/open/iommu.ts';
import { openMemory } from '../../../../drivers/open/memory.ts';
import { openNetwork } from '../../../../drivers/open/network.ts';
import { devicePlaces, devicePool, deviceTree } from '../../../../drivers/open/places.ts';
import { openPmem } from '../../../../drivers/open/pmem.ts';
import { openRtc } from '../../../../drivers/open/rtc.ts';
import { openScsi } from '../../../../drivers/open/scsi.ts';
import { openShare } from '../../../../drivers/open/share.ts';
import { openSound } from '../../../../drivers/open/sound.ts';
import { openVsock } from '../../../../drivers/open/vsock.ts';
import { type DeviceChange, watchDevices } from '../../../../drivers/open/watch.ts';
import { runTurn } from '../../../../kernel/event/loop.ts';
import { dmaFreeBytes } from '../../../../kernel/hal/dma-pool.ts';
import { installMachine, SimMachine } from '../../../sim/machine.ts';
import { SimBus } from '../../../sim/pci.ts';
import { SimPort } from '../../../sim/slot.ts';
import { SimNinepDevice } from '../../../sim/virtio/9p.ts';
import { SimBalloonDevice } from '../../../sim/virtio/balloon.ts';
import { SimBlkDevice } from '../../../sim/virtio/block.ts';
import { SimConsoleDevice } from '../../../sim/virtio/console.ts';
import { SimCryptoDevice } from '../../../sim/virtio/crypto.ts';
import type { SimVirtioDevice } from '../../../sim/virtio/device.ts';
import { SimEntropyDevice } from '../../../sim/virtio/entropy.ts';
import { SimGpuDevice } from '../../../sim/virtio/gpu.ts';
import { SimInputDevice } from '../../../sim/virtio/input.ts';
import { SimIommuDevice } from '../../../sim/virtio/iommu.ts';
import { SimMemDevice } from '../../../sim/virtio/mem.ts';
import { SimNetDevice } from '../../../sim/virtio/net.ts';
import { SimPmemDevice } from '../../../sim/virtio/pmem.ts';
import { SimRtcDevice } from '../../../sim/virtio/rtc.ts';
import { SimScsiHost } from '../../../sim/virtio/scsi.ts';
import { SimSoundDevice } from '../../../sim/virtio/sound.ts';
import { SimVsockDevice } from '../../../sim/virtio/vsock.ts';
import { kindOf, run } from '../virtio/live-harness.ts';

const machine = new SimMachine(8 * 2 ** 20);
const root = new SimBus();
const slot = root.add(2, 0, new SimPort(machine));
const ECHO_PORT = 7;
const ROUNDS = 4;

beforeAll(() => {
  installMachine(machine);
  machine.pci = root;
  slot.onOff = () => slot.pull();
});

/** Something that a user of the device does again and again, and awaits. */
type Use = () => Promise<unknown>;

/** A class: the device, and what a user does with it once it is open. */
interface Class {
  readonly make: () => { readonly device: SimVirtioDevice };
  readonly open: (place: string) => Promise<Use>;
}

const newVsock = (): SimVsockDevice => {
  const sim = new SimVsockDevice(machine);
  sim.ports.set(ECHO_PORT, 1);
  return sim;
};

const classes: Readonly<Record<string, Class>> = {
  blk: {
    make: () => new SimBlkDevice(machine, { sectors: 64 }),
    open: async (place) => {
      const disk = await openBlockDevice({ place });
      return () => disk.read(0, 1);
    },
  },
  net: {
    make: () => new SimNetDevice(machine),
    open: async (place) => {
      const network = await openNetwork({ place });
      return () => network.send(new Uint8Array(100).fill(255));
    },
  },
  console: {
    make: () => new SimConsoleDevice(machine),
    open: async (place) => {
      const { ports } = await openConsole({ place });
      return () => ports[0]!.write(Uint8Array.of(1, 2, 3));
    },
  },
  rng: {
    make: () => new SimEntropyDevice(machine),
    open: async (place) => {
      const entropy = await openEntropy({ place });
      return () => entropy.read(8);
    },
  },
  balloon: {
    make: () => new SimBalloonDevice(machine, { wishPages: 100 }),
    open: async (place) => {
      const balloon = await openBalloon({ place });
      return () => balloon.settled();
    },
  },
  scsi: {
    make: () => new SimScsiHost(machine),
    open: async (place) => {
      const { disks } = await openScsi({ place });
      return () => disks[0]!.read(0, 1);
    },
  },
  '9p': {
    make: () => new SimNinepDevice(machine),
    open: async (place) => {
      const share = await openShare({ place });
      return () => share.stat('/');
    },
  },
  gpu: {
    make: () => new SimGpuDevice(machine),
    open: async (place) => {
      const gpu = await openGpu({ place });
      const surface = await gpu.createSurface(16, 16);
      return () => surface.flush();
    },
  },
  rtc: {
    make: () => new SimRtcDevice(machine),
    open: async (place) => {
      const { clocks } = await openRtc({ place });
      return () => clocks[0]!.read();
    },
  },
  input: {
    make: () => new SimInputDevice(machine),
    open: async (place) => {
      const input = await openInput({ place });
      return () => input.setLed(0, true);
    },
  },
  vsock: {
    make: newVsock,
    open: async (place) => {
      const vsock = await openVsock({ place });
      const socket = await vsock.connect(2, ECHO_PORT);
      return () => socket.write(Uint8Array.of(1));
    },
  },
  crypto: {
    make: () => new SimCryptoDevice(machine),
    open: async (place) => {
      const crypto = await openCrypto({ place });
      const key = await crypto.aesCbc(new Uint8Array(16));
      return () => key.encrypt(new Uint8Array(16), new Uint8Array(16));
    },
  },
  iommu: {
    make: () => new SimIommuDevice(machine),
    open: async (place) => {
      const iommu = await openIommu({ place });
      return () => iommu.probe(8);
    },
  },
  mem: {
    make: () => new SimMemDevice(machine, { requestedSize: 2 ** 21 }),
    open: async (place) => {
      const memory = await openMemory({ place });
      return () => memory.stateOf(0, 1);
    },
  },
  sound: {
    make: () => new SimSoundDevice(machine),
    open: async (place) => {
      const sound = await openSound({ place });
      const out = await sound.playback({ rate: 48_000, channels: 2, format: 's16', periodFrames: 128 });
      return () => out.write(new Uint8Array(4 * 128));
    },
  },
  pmem: {
    make: () => new SimPmemDevice(machine),
    open: async (place) => {
      const memory = await openPmem({ place });
      return () => memory.flush();
    },
  },
};

let changes: DeviceChange[] = [];
let stop = (): void => {};

beforeEach(() => {
  changes = [];
  stop = watchDevices((change) => changes.push(change), { cancelMs: 0 });
});

afterEach(() => {
  stop();
  expect(machine.violations).toEqual([]);
});

const until = async (isSo: () => boolean, turns = 2000): Promise<boolean> => {
  for (let turn = 0; turn < turns && !isSo(); turn++) {
    await new Promise((resolve) => setImmediate(resolve));
    if (!isSo()) runTurn();
  }
  return isSo();
};

const has = (kind: string): boolean => changes.some((change) => change.kind === kind);

const figures = (): number[] => [
  dmaFreeBytes(devicePool()),
  deviceTree().count,
  devicePlaces().length,
  machine.interrupts.allocatedCount,
  machine.pages.held[0]!.length,
];

describe.each(Object.entries(classes))('virtio-%s', (_name, { make, open }) => {
  it('comes, is used, is asked back or torn out under load, and leaves nothing behind', async () => {
    let before: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      if (round < 2) before = figures(); // What the first one of a class leaves is used by all that come later.
      changes = [];
      slot.plug(make().device.pciFunction);
      expect(await until(() => has('added'))).toBe(true);
      const use = await run(open(changes[0]!.place));
      expect(await kindOf(use())).toBe('fulfilled');
      const underWay = Array.from({ length: 20 }, () => kindOf(use()));
      if (round % 2 === 0) slot.press();
      else slot.pull();
      for (const kind of await Promise.all(underWay)) expect(['fulfilled', 'removed']).toContain(kind);
      expect(await until(() => has('removed') && !slot.isFilled)).toBe(true);
      expect(await kindOf(use())).toBe('removed');
      await until(() => false, 30); // The slot comes to rest.
    }
    expect(figures()).toEqual(before);
  });
});

it('these are all classes that have an opener', () => {
  expect(Object.keys(classes)).toHaveLength(16);
});
