// Open devices of the simulated machine, for the tables of wrong calls (test/misuse).

import { startShare } from '../../../../drivers/9p/driver.ts';
import { startBalloon } from '../../../../drivers/balloon/driver.ts';
import { openBlk } from '../../../../drivers/blk/awaited.ts';
import { openQueues } from '../../../../drivers/blk/queues.ts';
import { openConsoleDevice } from '../../../../drivers/console/driver.ts';
import { startCrypto } from '../../../../drivers/crypto/driver.ts';
import { startEntropy } from '../../../../drivers/entropy/driver.ts';
import { openGpuDevice } from '../../../../drivers/gpu/driver.ts';
import { startInput } from '../../../../drivers/input/driver.ts';
import { startIommu } from '../../../../drivers/iommu/driver.ts';
import { startMemory } from '../../../../drivers/mem/driver.ts';
import { openNet } from '../../../../drivers/net/driver.ts';
import { startPmem } from '../../../../drivers/pmem/driver.ts';
import { startRtc } from '../../../../drivers/rtc/driver.ts';
import { openScsiHost } from '../../../../drivers/scsi/driver.ts';
import { openSoundDevice } from '../../../../drivers/sound/driver.ts';
import { closeLive, type Live, newLive } from '../../../../drivers/virtio/live.ts';
import { startVsock } from '../../../../drivers/vsock/driver.ts';
import { bytesOf } from '../../../../kernel/device/block-bytes.ts';
import { dmaAllocate } from '../../../../kernel/hal/dma-pool.ts';
import type { GpuBag, InputBag } from '../../../misuse/desktop.ts';
import { type DiskBag, SECTORS, type UnitBag } from '../../../misuse/disks.ts';
import type { BalloonBag, IommuBag, MemoryBag, PmemBag } from '../../../misuse/memories.ts';
import type { NetBag } from '../../../misuse/network.ts';
import type { CryptoBag, EntropyBag, RtcBag } from '../../../misuse/services.ts';
import type { ShareBag } from '../../../misuse/share.ts';
import type { ConsoleBag, SoundBag, VsockBag } from '../../../misuse/streams.ts';
import type { SimMachine } from '../../../sim/machine.ts';
import { SimNinepDevice } from '../../../sim/virtio/9p.ts';
import { SimBalloonDevice } from '../../../sim/virtio/balloon.ts';
import { SimBlkDevice, type SimBlkOptions } from '../../../sim/virtio/block.ts';
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
import { SimUnit } from '../../../sim/virtio/scsi-unit.ts';
import { SimSoundDevice } from '../../../sim/virtio/sound.ts';
import { put } from '../../../sim/virtio/sound-infos.ts';
import { SimVsockDevice } from '../../../sim/virtio/vsock.ts';
import { QEMU_FEATURES } from '../net/driver-harness.ts';
import { interruptsOf, run } from '../virtio/live-harness.ts';
import { openedDevice } from '../virtio/transport/harness.ts';

/** A device that is open: what the table names of it, and its objects by their names there. */
export interface OpenedBag<Bag> {
  readonly device: SimVirtioDevice;
  readonly bag: Bag;
  readonly objects: Readonly<Record<string, object>>;
  /** Ends the device at once, whatever it does. */
  readonly end: () => void;
}

/** Makes a device and its `live`, and 4 KiB of memory. */
const made = <Made extends { readonly device: SimVirtioDevice }>(
  make: (machine: SimMachine) => Made,
): { sim: Made; device: SimVirtioDevice; live: Live; memory: number } => {
  const all = openedDevice(make);
  const live = newLive(all.transport, interruptsOf(all), all.pool, 1000);
  return { sim: all.made, device: all.device, live, memory: dmaAllocate(all.pool, 4096, 4096) };
};

const DISK_OPTIONS: SimBlkOptions = {
  sectors: SECTORS,
  features: [6, 9, 11, 13, 14, 15, 16, 32],
  limits: { writeback: 1, discard: [64, 4, 1], writeZeroes: [64, 4], secureErase: [64, 4, 1] },
  lifetime: [1, 2, 3],
};

const withFeature = (feature: number): SimBlkOptions => ({
  ...DISK_OPTIONS,
  features: [feature, ...DISK_OPTIONS.features!],
});

const openBlkDisk = async (options: SimBlkOptions, queueCount: number): Promise<OpenedBag<DiskBag>> => {
  const { device, live, memory } = made((machine) => new SimBlkDevice(machine, options));
  const { block: disk } = queueCount > 1 ? await run(openQueues(live, queueCount)) : await run(openBlk(live));
  const bytes = bytesOf(disk);
  return { device, end: () => closeLive(live), bag: { disk, bytes, memory }, objects: { disk, bytes } };
};

const READ_ONLY = 5;
const MQ = 12;

export const openDisk = () => openBlkDisk(DISK_OPTIONS, 1);
export const openReadOnlyDisk = () => openBlkDisk(withFeature(READ_ONLY), 1);
export const openFourQueues = () =>
  openBlkDisk(
    { ...withFeature(MQ), limits: { ...DISK_OPTIONS.limits, queueCount: 4 }, queueSizes: [16, 16, 16, 16] },
    4,
  );

export const openUnit = async (): Promise<OpenedBag<UnitBag>> => {
  const units = { '0:0': new SimUnit({ blocks: SECTORS }) };
  const { device, live, memory } = made((machine) => new SimScsiHost(machine, { units }));
  const bus = await run(openScsiHost(live));
  const disk = bus.disks[0]!;
  const bytes = bytesOf(disk);
  return { device, end: () => closeLive(live), bag: { bus, disk, bytes, memory }, objects: { bus, disk, bytes } };
};

export const openEntropy = async (): Promise<OpenedBag<EntropyBag>> => {
  const { device, live } = made((machine) => new SimEntropyDevice(machine));
  const bag = { entropy: startEntropy(live) };
  return { device, end: () => closeLive(live), bag, objects: bag };
};

export const openCrypto = async (): Promise<OpenedBag<CryptoBag>> => {
  const { device, live } = made((machine) => new SimCryptoDevice(machine));
  const crypto = startCrypto(live);
  const bag = { crypto, aes: await run(crypto.aesCbc(new Uint8Array(16))) };
  return { device, end: () => closeLive(live), bag, objects: bag };
};

export const openRtc = async (): Promise<OpenedBag<RtcBag>> => {
  const { device, live } = made((machine) => new SimRtcDevice(machine));
  const rtc = await run(startRtc(live));
  const bag = { rtc, clock: rtc.clocks.find(({ hasAlarm }) => hasAlarm)! };
  return { device, end: () => closeLive(live), bag, objects: bag };
};

export const openBalloon = async (): Promise<OpenedBag<BalloonBag>> => {
  const { device, live } = made((machine) => new SimBalloonDevice(machine));
  const bag = { balloon: startBalloon(live, { keepFreeBytes: 128 * 4096 }) };
  return { device, end: () => closeLive(live), bag, objects: bag };
};

export const openMemory = async (): Promise<OpenedBag<MemoryBag>> => {
  const { device, live } = made((machine) => new SimMemDevice(machine));
  const bag = { memory: startMemory(live, {}) };
  return { device, end: () => closeLive(live), bag, objects: bag };
};

export const openPmem = async (): Promise<OpenedBag<PmemBag>> => {
  const { device, live } = made((machine) => new SimPmemDevice(machine));
  const bag = { pmem: startPmem(live) };
  return { device, end: () => closeLive(live), bag, objects: bag };
};

export const openIommu = async (): Promise<OpenedBag<IommuBag>> => {
  const { device, live } = made((machine) => new SimIommuDevice(machine));
  const iommu = startIommu(live, false);
  const domain = iommu.newDomain();
  await run(domain.attach(8));
  return {
    device,
    end: () => closeLive(live),
    bag: { iommu, domain, endpoint: 8, other: 9 },
    objects: { iommu, domain },
  };
};

export const openConsole = async (): Promise<OpenedBag<ConsoleBag>> => {
  const { device, live } = made((machine) => new SimConsoleDevice(machine));
  const console = await run(openConsoleDevice(live));
  const bag = { console, port: console.ports[0]! };
  await run(bag.port.write(new Uint8Array(1))); // The host sees it open from now on.
  return { device, end: () => closeLive(live), bag, objects: bag };
};

const STREAM_PORT = 7;
const MESSAGE_PORT = 8;

export const openVsock = async (): Promise<OpenedBag<VsockBag>> => {
  const { device, live, sim } = made((machine) => new SimVsockDevice(machine));
  sim.ports.set(STREAM_PORT, 1);
  sim.ports.set(MESSAGE_PORT, 2);
  const vsock = startVsock(live);
  const socket = await run(vsock.connect(2, STREAM_PORT));
  const messages = await run(vsock.connect(2, MESSAGE_PORT, { type: 'seqpacket' }));
  const listener = vsock.listen(4000);
  const objects = { vsock, socket, messages, listener };
  return { device, end: () => closeLive(live), bag: { ...objects, hostPort: STREAM_PORT }, objects };
};

const words = (...values: number[]): Uint8Array => {
  const bytes = new Uint8Array(4 * values.length);
  for (const [index, value] of values.entries()) put(bytes, 4 * index, value);
  return bytes;
};

const INTEGERS = { type: 1, access: 0x73, count: 2, name: 'Volume', range: words(0, 10, 1), value: words(0, 0) };

export const openSound = async (): Promise<OpenedBag<SoundBag>> => {
  const options = {
    streams: [{ direction: 0 }, { direction: 1 }],
    jacks: [{ features: 1 }],
    controls: [{ ...INTEGERS, metadata: words(0, 8, 0, 0) }],
  };
  const { device, live } = made((machine) => new SimSoundDevice(machine, options));
  const sound = await run(openSoundDevice(live));
  const stereo = { rate: 48_000, channels: 2, format: 's16' } as const;
  const playback = await run(sound.playback(stereo));
  const capture = await run(sound.capture(stereo));
  const objects = { sound, playback, capture, jack: sound.jacks[0]!, control: sound.controls[0]! };
  return { device, end: () => closeLive(live), bag: objects, objects };
};

export const openNetwork = async (): Promise<OpenedBag<NetBag>> => {
  const { device, live, memory } = made((machine) => new SimNetDevice(machine, { features: QEMU_FEATURES }));
  const net = await run(openNet(live, { offloads: false, queuePairs: 1 }));
  return { device, end: () => closeLive(live), bag: { net, memory }, objects: { net } };
};

export const openInput = async (): Promise<OpenedBag<InputBag>> => {
  const { device, live } = made((machine) => new SimInputDevice(machine));
  const bag = { input: startInput(live) };
  return { device, end: () => closeLive(live), bag, objects: bag };
};

export const openGpu = async (): Promise<OpenedBag<GpuBag>> => {
  const { device, live } = made((machine) => new SimGpuDevice(machine));
  const gpu = await run(openGpuDevice(live));
  const surface = await run(gpu.createSurface(64, 64));
  const released = await run(gpu.createSurface(64, 64));
  await run(released.release());
  await run(gpu.setCursor(0, surface, { x: 0, y: 0 }));
  return { device, end: () => closeLive(live), bag: { gpu, surface, released }, objects: { gpu, surface } };
};

export const openFolder = async (): Promise<OpenedBag<ShareBag>> => {
  const { device, live, memory, sim } = made((machine) => new SimNinepDevice(machine));
  sim.put('file', 'some bytes of text');
  const share = await run(startShare(live));
  const file = await run(share.open('file', 'r+'));
  const closed = await run(share.open('file', 'r+'));
  await run(closed.close());
  return { device, end: () => closeLive(live), bag: { share, file, closed, memory }, objects: { share, file } };
};
