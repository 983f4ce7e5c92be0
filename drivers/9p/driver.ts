// Driver of virtio-9p devices: a folder that the host shares. Linux's include/uapi/linux/virtio_9p.h and the messages of protocol.ts.
//
// QEMU: -fsdev local,id=f0,path=FOLDER,security_model=mapped-xattr -device virtio-9p-pci,fsdev=f0,mount_tag=NAME
//       the same with virtio-9p-device on a machine with virtio-mmio
//
//   Share, FileHandle ─▶ paths, transfers ─▶ requests ─▶ calls ─▶ device         session: begins after each reset, with the version and the root

import { renew } from '../../kernel/base/machine.ts';
import type { DeviceError } from '../../kernel/device/failure.ts';
import type { ReadFileOptions, Share, SharePath } from '../../kernel/device/share.ts';
import { nextCare, restoreBuffers } from '../virtio/buffers.ts';
import { describeFault } from '../virtio/describe.ts';
import { Features } from '../virtio/features.ts';
import {
  armLive,
  causesOf,
  closeLive,
  type Driver,
  giveUpLive,
  type Live,
  lookAtConfiguration,
  startLive,
  wakeAtOf,
} from '../virtio/live.ts';
import { featureNames } from '../virtio/names.ts';
import { featuresFor, recordFor, recordsOf } from '../virtio/records.ts';
import { giveUp } from '../virtio/reset.ts';
import type { Transport } from '../virtio/transport/record.ts';
import { beginDevice, Device, QUEUE_COUNT, setUpDevice } from './bring-up.ts';
import { armCalls, callCount, endCalls, loseCalls, newCalls, pollCalls, spinCalls } from './calls.ts';
import { type Mount, newSession } from './context.ts';
import * as operations from './operations.ts';
import { MountTag, readMountTag } from './registers.ts';
import { beginSession, endSession } from './session.ts';

const DEVICES = recordsOf(
  () => new Device(),
  (device) => renew(device),
);

/** Brings a virtio-9p device up, and begins a session with its server. Rejects with a DeviceFailure. */
export const startShare = async (live: Live): Promise<Share> => {
  const mount: Mount = { calls: newCalls(live, recordFor(live, DEVICES)), session: newSession() };
  startLive(live, driverOf(live, mount));
  tags.set(live, textOf(mount.calls.device.tag));
  await mount.session.ready;
  return shareOf(live, mount);
};

/** Of the devices that were started. */
const tags = new WeakMap<Live, string>();

/** Returns the tag of a device that was started. */
export const tagOf = (live: Live): string | undefined => tags.get(live);

/** What a device is asked with that nobody uses. */
let peeked: { readonly tag: MountTag; readonly wanted: Features } | undefined;

/** Returns the tag of a device that nobody uses, and leaves it reset. Undefined: it does not come so far. */
export const peekTag = (transport: Transport): string | undefined => {
  peeked ??= { tag: new MountTag(), wanted: new Features() };
  const { tag, wanted } = peeked;
  renew(tag);
  renew(wanted);
  const isKnown = beginDevice(transport, wanted) && readMountTag(transport, tag);
  giveUp(transport);
  return isKnown ? textOf(tag) : undefined;
};

const textOf = (tag: MountTag): string => {
  const copy = new Uint8Array(tag.length);
  for (let i = 0; i < copy.length; i++) copy[i] = tag.bytes[i];
  return new TextDecoder().decode(copy);
};

const driverOf = (live: Live, mount: Mount): Driver => {
  const { transport, pool } = live;
  const { calls } = mount;
  const { device } = calls;
  return {
    queueCount: QUEUE_COUNT,
    begin: () => beginDevice(transport, featuresFor(live)),
    setUp: () => setUpDevice(transport, pool, device, live.deadlineMs),
    setUpAgain: () => restoreBuffers(transport, device.buffers),
    started: () => beginSession(mount),
    describeFault: () => describeFault(transport),
    configurationChanged() {},
    lost: (error) => lose(mount, error),
    ended: (error, refusal) => {
      endCalls(calls, error, refusal);
      endSession(mount, error);
    },
    poll() {
      const causes = causesOf(live);
      const hasTaken = pollCalls(calls);
      lookAtConfiguration(live, causes);
      return hasTaken;
    },
    spin: (deadline) => spinCalls(calls, deadline),
    arm: () => armLive(live, armCalls(calls), callCount(calls) > 0),
    get pendingCount() {
      return callCount(calls);
    },
    get wakeAt() {
      return wakeAtOf(nextCare(device.buffers));
    },
  };
};

/** After a reset. A device that was reset before its session had begun would be reset for ever: it is given up. */
const lose = (mount: Mount, error: DeviceError): void => {
  loseCalls(mount.calls, error);
  if (!mount.session.isReady) giveUpLive(mount.calls.live, error);
};

const shareOf = (live: Live, mount: Mount): Share => ({
  name: live.name,
  featureNames: featureNames(live.transport.accepted, live.transport.deviceType),
  tag: textOf(mount.calls.device.tag),
  get messageSizeBytes() {
    return mount.session.messageSizeBytes;
  },
  open: (path, flags = 'r', mode = 0o666) => operations.open(mount, path, flags, mode),
  readFile: ((path, options) => readFile(mount, path, options)) as Share['readFile'],
  writeFile: (path, data, options = {}) => operations.writeFile(mount, path, data, 'w', options),
  appendFile: (path, data, options = {}) => operations.writeFile(mount, path, data, 'a', options),
  readdir: ((path: SharePath, options) => readdir(mount, path, options)) as Share['readdir'],
  mkdir: (path, options = {}) => operations.mkdir(mount, path, options),
  rmdir: (path) => operations.rmdir(mount, path),
  unlink: (path) => operations.unlink(mount, path),
  rm: (path, options = {}) => operations.rm(mount, path, options),
  rename: (from, to) => operations.rename(mount, from, to),
  symlink: (target, path) => operations.symlink(mount, target, path),
  readlink: ((path: SharePath, options) => readlink(mount, path, options)) as Share['readlink'],
  link: (existing, path) => operations.link(mount, existing, path),
  stat: (path) => operations.stat(mount, path, true),
  lstat: (path) => operations.stat(mount, path, false),
  truncate: (path, length = 0) => operations.truncate(mount, path, length),
  chmod: (path, mode) => operations.chmod(mount, path, mode),
  utimes: (path, accessed, modified) => operations.utimes(mount, path, accessed, modified),
  statfs: (path) => operations.statfs(mount, path),
  close: async () => closeLive(live),
});

/** What readdir can be told. */
interface ListOptions {
  readonly encoding?: 'buffer';
  readonly withFileTypes?: boolean;
}

const readFile = async (
  mount: Mount,
  path: SharePath,
  options: 'utf8' | ReadFileOptions = {},
): Promise<Uint8Array | string> => {
  const all: ReadFileOptions = options === 'utf8' ? { encoding: options } : options;
  const bytes = await operations.readFile(mount, path, all);
  return all.encoding === 'utf8' ? new TextDecoder().decode(bytes) : bytes;
};

const readdir = async (mount: Mount, path: SharePath, options: ListOptions = {}): Promise<unknown[]> => {
  if (options.withFileTypes) return operations.readEntries(mount, path);
  const names = await operations.readdir(mount, path);
  return options.encoding === 'buffer' ? names : names.map((name) => new TextDecoder().decode(name));
};

const readlink = async (mount: Mount, path: SharePath, options: ListOptions = {}): Promise<Uint8Array | string> => {
  const target = await operations.readlink(mount, path);
  return options.encoding === 'buffer' ? target : new TextDecoder().decode(target);
};
