// What each class says of its device, in a line. A class is here when it has an opener in drivers/open.

import { openBalloon } from '../../drivers/open/balloon.ts';
import { openBlockDevice } from '../../drivers/open/block.ts';
import { openConsole } from '../../drivers/open/console.ts';
import { openCrypto } from '../../drivers/open/crypto.ts';
import { openEntropy } from '../../drivers/open/entropy.ts';
import { openGpu } from '../../drivers/open/gpu.ts';
import { openInput } from '../../drivers/open/input.ts';
import { openIommu } from '../../drivers/open/iommu.ts';
import { openMemory } from '../../drivers/open/memory.ts';
import { openNetwork } from '../../drivers/open/network.ts';
import { devicePlaces } from '../../drivers/open/places.ts';
import { openPmem } from '../../drivers/open/pmem.ts';
import { openRtc } from '../../drivers/open/rtc.ts';
import { openScsi } from '../../drivers/open/scsi.ts';
import { openShare } from '../../drivers/open/share.ts';
import { openSound } from '../../drivers/open/sound.ts';
import { openVsock } from '../../drivers/open/vsock.ts';
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
  TYPE_RTC,
  TYPE_SCSI,
  TYPE_SOUND,
  TYPE_VSOCK,
} from '../../drivers/virtio/ids.ts';
import { counted, formatBytes, hex } from '../../kernel/base/hex.ts';

/** Opens device `index` of a class, and returns what it says. Closes it again, too. Rejects with a DeviceFailure. */
export type Shower = (index: number) => Promise<string>;

const SECTORS_A_MIB = 2048;
const DRAWN_LENGTH = 8;

const MIB = 1024 * 1024;

const showBalloon: Shower = async (index) => {
  const balloon = await openBalloon({ index, follows: false, reports: false });
  const { wishBytes, freeBytes } = balloon.statistics();
  await balloon.close();
  return `the host wants ${inMib(wishBytes)} MiB, ${inMib(freeBytes)} MiB are free`;
};

const inMib = (bytes: number): string => (bytes / MIB).toFixed(0);

const showBlock: Shower = async (index) => {
  const disk = await openBlockDevice({ index });
  const { capacitySectors, blockSizeBytes, serialNumber, isReadOnly } = disk;
  const serial = serialNumber === '' ? '' : `, serial number ${serialNumber}`;
  await disk.close();
  return `${capacitySectors / SECTORS_A_MIB} MiB in blocks of ${blockSizeBytes} bytes${serial}${isReadOnly ? ', read-only' : ''}`;
};

const showConsole: Shower = async (index) => {
  const device = await openConsole({ index });
  const ports = device.ports.map(({ number, name }) => (name === '' ? `${number}` : `${number} ${name}`));
  await device.close();
  if (ports.length === 0) return 'no ports';
  return `${counted(ports.length, 'port')}: ${ports.join(', ')}`;
};

const showEntropy: Shower = async (index) => {
  const entropy = await openEntropy({ index });
  const bytes = await entropy.read(DRAWN_LENGTH);
  await entropy.close();
  return `${DRAWN_LENGTH} bytes: ${joined(bytes, ' ')}`;
};

const showGpu: Shower = async (index) => {
  const gpu = await openGpu({ index });
  const screens = gpu.scanouts.map(({ isEnabled, width, height, monitor }) => {
    if (!isEnabled) return 'nobody looks';
    return `${width} x ${height}${monitor === undefined ? '' : ` on ${monitor.name}`}`;
  });
  await gpu.close();
  return `${counted(screens.length, 'screen')}: ${screens.join(', ')}`;
};

const showInput: Shower = async (index) => {
  const input = await openInput({ index });
  await input.close();
  return `${input.kind}, ${input.productName}`;
};

const showIommu: Shower = async (index) => {
  const iommu = await openIommu({ index, isBypass: true }); // What is shown next reaches memory as before.
  const behind = devicePlaces().filter(({ name }) => iommu.endpointOf(name) !== undefined).length;
  const { pageLength, inputEnd } = iommu;
  await iommu.close();
  return `pages of ${pageLength} bytes up to 0x${hex(inputEnd, 1)}, ${counted(behind, 'virtio device')} behind it`;
};

const showMemory: Shower = async (index) => {
  const memory = await openMemory({ index, follows: false });
  const { wishBytes, regionBytes, blockBytes } = memory.statistics();
  await memory.close();
  return `the host wants ${inMib(wishBytes)} of ${inMib(regionBytes)} MiB, in blocks of ${inMib(blockBytes)} MiB`;
};

const showNetwork: Shower = async (index) => {
  const network = await openNetwork({ index });
  const { macAddress, mtuBytes, isLinkUp } = network;
  await network.close();
  return `${joined(macAddress, ':')}, link ${isLinkUp ? 'up' : 'down'}, frames of ${mtuBytes} bytes`;
};

const showShare: Shower = async (index) => {
  const share = await openShare({ index });
  const names = await share.readdir('/');
  const { blocks, bavail, bsize } = await share.statfs('/');
  await share.close();
  return `'${share.tag}', ${counted(names.length, 'name')}, ${inMib(bavail * bsize)} of ${inMib(blocks * bsize)} MiB free`;
};

const showScsi: Shower = async (index) => {
  const bus = await openScsi({ index });
  const disks = bus.disks.map(({ target, lun, product, capacitySectors, hasMedium }) => {
    const size = hasMedium ? `${capacitySectors / SECTORS_A_MIB} MiB` : 'no medium';
    return `${target}:${lun} ${product}, ${size}`;
  });
  await bus.close();
  return disks.length === 0 ? 'no disks' : disks.join('; ');
};

const showSound: Shower = async (index) => {
  const sound = await openSound({ index });
  const { streams, jacks, controls } = sound;
  const outputs = streams.filter(({ direction }) => direction === 'output').length;
  await sound.close();
  return `${counted(outputs, 'stream')} to play, ${streams.length - outputs} to record, ${counted(jacks.length, 'jack')}, ${counted(controls.length, 'control')}`;
};

const showPmem: Shower = async (index) => {
  const memory = await openPmem({ index });
  const first = memory.read(0, DRAWN_LENGTH);
  await memory.close();
  return `${formatBytes(memory.lengthBytes)}, begins with ${joined(first, ' ')}`;
};

const showCrypto: Shower = async (index) => {
  const device = await openCrypto({ index });
  const { ciphers, keyLengthMax } = device;
  await device.close();
  return `${ciphers.length === 0 ? 'no ciphers' : ciphers.join(', ')}, keys of ${keyLengthMax} bytes at most`;
};

const showRtc: Shower = async (index) => {
  const rtc = await openRtc({ index });
  const [first] = rtc.clocks;
  const reading = await first?.read();
  await rtc.close();
  if (first === undefined || reading === undefined) return 'no clocks';
  return `${rtc.clocks.length} clocks, the first of ${first.type}: ${reading.seconds} s`;
};

const showVsock: Shower = async (index) => {
  const vsock = await openVsock({ index });
  const { cid } = vsock;
  await vsock.close();
  return `context id ${cid}`;
};

const joined = (bytes: Uint8Array, between: string): string => {
  let text = '';
  for (let i = 0; i < bytes.length; i++) text += `${i === 0 ? '' : between}${hex(bytes[i]!, 2)}`;
  return text;
};

/** By type of device. */
export const showers: ReadonlyMap<number, Shower> = new Map([
  [TYPE_9P, showShare],
  [TYPE_MEM, showMemory],
  [TYPE_NET, showNetwork],
  [TYPE_BLOCK, showBlock],
  [TYPE_BALLOON, showBalloon],
  [TYPE_CONSOLE, showConsole],
  [TYPE_ENTROPY, showEntropy],
  [TYPE_GPU, showGpu],
  [TYPE_INPUT, showInput],
  [TYPE_IOMMU, showIommu],
  [TYPE_SCSI, showScsi],
  [TYPE_SOUND, showSound],
  [TYPE_PMEM, showPmem],
  [TYPE_VSOCK, showVsock],
  [TYPE_CRYPTO, showCrypto],
  [TYPE_RTC, showRtc],
]);
