// For each class one that uses a device as hard as it can, until it is taken out; for hotplug.ts.

import { openBalloon } from '../../../drivers/open/balloon.ts';
import { openBlockDevice } from '../../../drivers/open/block.ts';
import { openConsole } from '../../../drivers/open/console.ts';
import { openCrypto } from '../../../drivers/open/crypto.ts';
import { openEntropy } from '../../../drivers/open/entropy.ts';
import { openGpu } from '../../../drivers/open/gpu.ts';
import { openInput } from '../../../drivers/open/input.ts';
import { openIommu } from '../../../drivers/open/iommu.ts';
import { openMemory } from '../../../drivers/open/memory.ts';
import { openNetwork } from '../../../drivers/open/network.ts';
import { openPmem } from '../../../drivers/open/pmem.ts';
import { openScsi } from '../../../drivers/open/scsi.ts';
import { openShare } from '../../../drivers/open/share.ts';
import { openSound } from '../../../drivers/open/sound.ts';
import { openVsock } from '../../../drivers/open/vsock.ts';
import {
  TYPE_9P,
  TYPE_BALLOON,
  TYPE_BLOCK,
  TYPE_CONSOLE,
  TYPE_CRYPTO,
  TYPE_ENTROPY,
  TYPE_GPU,
  TYPE_INPUT,
  TYPE_IOMMU,
  TYPE_MEM,
  TYPE_NET,
  TYPE_PMEM,
  TYPE_SCSI,
  TYPE_SOUND,
  TYPE_VSOCK,
} from '../../../drivers/virtio/ids.ts';
import type { BlockDevice } from '../../../kernel/device/block.ts';
import { DeviceFailure } from '../../../kernel/device/failure.ts';
import type { ScsiBus } from '../../../kernel/device/scsi.ts';
import { HOST_CID } from '../../../kernel/device/vsock.ts';

const WORKER_COUNT = 8;
const SECTORS = 8;
const SECTOR_SIZE = 512;
const FRAME_LENGTH = 1000;
const DRAWN_LENGTH = 64;
const CIPHERED_LENGTH = 1024;
const ECHO_PORT = 7;
const RATE = 48_000;

/** What a user has done until now. */
export interface Use {
  count: number;
  /** Called when the device is at work. */
  readonly onBusy: () => void;
}

/** After so much a device is at work. */
const BUSY_COUNT = 16;

const noteUse = (use: Use): void => {
  use.count++;
  if (use.count === BUSY_COUNT) use.onBusy();
};

/** Uses the device at a place for ever: what it throws ends it. */
export type User = (place: string, use: Use) => Promise<void>;

/** Lets the others have their turn. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Returns the kind of failure that a promise rejects with. */
export const kindOf = async (promise: Promise<unknown>): Promise<string> => {
  try {
    await promise;
  } catch (error) {
    return error instanceof DeviceFailure ? error.kind : String(error);
  }
  return 'nothing';
};

const workOnDisk = async (disk: BlockDevice, use: Use, worker: number): Promise<void> => {
  const bytes = new Uint8Array(SECTORS * SECTOR_SIZE).fill(worker + 1);
  for (;;) {
    const sector = (worker + WORKER_COUNT * (use.count % 16)) * SECTORS;
    await disk.write(sector, bytes);
    const [first] = await disk.read(sector, SECTORS);
    if (first !== worker + 1) throw new Error(`sector ${sector} begins with ${first}, expected ${worker + 1}`);
    noteUse(use);
  }
};

/** Several at a time. All of them must hear the same. */
const workAll = async (disk: BlockDevice, use: Use): Promise<void> => {
  const workers: Promise<string>[] = [];
  for (let worker = 0; worker < WORKER_COUNT; worker++) workers.push(kindOf(workOnDisk(disk, use, worker)));
  const kinds = await Promise.all(workers);
  const other = kinds.find((kind) => kind !== 'removed');
  throw other === undefined ? new DeviceFailure('removed', '') : new Error(other);
};

const useBlock: User = async (place, use) => workAll(await openBlockDevice({ place }), use);

/** Its disk is put in behind it. */
const useScsi: User = async (place, use) => {
  const bus = await openScsi({ place });
  await workAll(bus.disks[0] ?? (await firstDisk(bus)), use);
};

const firstDisk = (bus: ScsiBus): Promise<BlockDevice> =>
  new Promise((resolve) => {
    const end = bus.onChange((disk) => {
      end();
      resolve(disk);
    });
  });

const useNetwork: User = async (place, use) => {
  const network = await openNetwork({ place });
  const received = kindOf(network.receive().then(() => network.receive()));
  const frame = new Uint8Array(FRAME_LENGTH).fill(0xff, 0, 6);
  try {
    for (;;) {
      await network.send(frame);
      noteUse(use);
      if (use.count % 64 === 0) await turn();
    }
  } finally {
    const kind = await received;
    if (kind !== 'removed') console.log(`receive: ${kind}`);
  }
};

/** QEMU has put no port into it: the next one is waited for. */
const useConsole: User = async (place, use) => {
  const device = await openConsole({ place });
  use.onBusy();
  await device.waitForPort('first');
};

const useEntropy: User = async (place, use) => {
  const entropy = await openEntropy({ place });
  for (;;) {
    await entropy.read(DRAWN_LENGTH);
    noteUse(use);
  }
};

const useInput: User = async (place, use) => {
  const input = await openInput({ place });
  const reports = input.reports();
  use.onBusy();
  for await (const report of reports) use.count += report.length;
};

const useShare: User = async (place, use) => {
  const share = await openShare({ place });
  const file = await share.open('/');
  for (;;) {
    await Promise.all([share.stat('/'), share.readdir('/'), file.stat()]);
    noteUse(use);
  }
};

const useGpu: User = async (place, use) => {
  const gpu = await openGpu({ place });
  const surface = await gpu.createSurface(64, 64);
  await gpu.show(0, surface);
  for (;;) {
    await Promise.all([surface.flush(), surface.flush({ x: 1, y: 2, width: 3, height: 4 })]);
    noteUse(use);
  }
};

const useSound: User = async (place, use) => {
  const sound = await openSound({ place });
  const out = await sound.playback({ rate: RATE, channels: 2, format: 's16', periodFrames: 128 });
  const samples = new Int16Array(256);
  for (;;) {
    await out.write(samples);
    noteUse(use);
  }
};

/** The host wants no memory yet. */
const useBalloon: User = async (place, use) => {
  const balloon = await openBalloon({ place });
  for (;;) {
    await balloon.settled();
    noteUse(use);
    await turn();
  }
};

const useMemory: User = async (place, use) => {
  const memory = await openMemory({ place });
  for (;;) {
    await memory.settled();
    noteUse(use);
    await turn();
  }
};

const useCrypto: User = async (place, use) => {
  const crypto = await openCrypto({ place });
  const key = await crypto.aesCbc(new Uint8Array(32));
  const iv = new Uint8Array(16);
  const data = new Uint8Array(CIPHERED_LENGTH);
  for (;;) {
    const [first] = await key.decrypt(iv, await key.encrypt(iv, data));
    if (first !== 0) throw new Error(`the bytes begin with ${first}, expected 0`);
    noteUse(use);
  }
};

const useVsock: User = async (place, use) => {
  const vsock = await openVsock({ place });
  const socket = await vsock.connect(HOST_CID, ECHO_PORT);
  const sent = Uint8Array.of(1, 2, 3);
  for (;;) {
    await socket.write(sent);
    await socket.read();
    noteUse(use);
  }
};

const usePmem: User = async (place, use) => {
  const memory = await openPmem({ place });
  const bytes = new Uint8Array(SECTOR_SIZE).fill(7);
  for (;;) {
    memory.write(use.count * SECTOR_SIZE, bytes);
    await memory.flush();
    noteUse(use);
  }
};

const useIommu: User = async (place, use) => {
  const { domain, memoryStart } = await openIommu({ place });
  const mapping = { address: memoryStart - 4096, memory: 4096, length: 4096 };
  for (;;) {
    await domain.map(mapping);
    await domain.unmap(mapping.address, mapping.length);
    noteUse(use);
  }
};

/** By type of device. */
export const users: ReadonlyMap<number, User> = new Map([
  [TYPE_BLOCK, useBlock],
  [TYPE_NET, useNetwork],
  [TYPE_CONSOLE, useConsole],
  [TYPE_ENTROPY, useEntropy],
  [TYPE_INPUT, useInput],
  [TYPE_9P, useShare],
  [TYPE_GPU, useGpu],
  [TYPE_SOUND, useSound],
  [TYPE_BALLOON, useBalloon],
  [TYPE_MEM, useMemory],
  [TYPE_SCSI, useScsi],
  [TYPE_VSOCK, useVsock],
  [TYPE_CRYPTO, useCrypto],
  [TYPE_PMEM, usePmem],
  [TYPE_IOMMU, useIommu],
]);
