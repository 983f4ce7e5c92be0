// Wrong calls of network devices.

import type { NetworkDevice, Offload } from '../../kernel/device/network.ts';
import { dmaLength } from '../../kernel/hal/dma.ts';
import { ends, listens, noNumber, right, type Table, type WrongCall, wrong } from './table.ts';

export interface NetBag {
  readonly net: NetworkDevice;
  /** 4 KiB of DMA memory. */
  readonly memory: number;
}

const frame = new Uint8Array(60);
const station = Uint8Array.of(2, 0, 0, 0, 0, 1);
const group = Uint8Array.of(3, 0, 0, 0, 0, 1);

const wrongFrame = (length: number): WrongCall<NetBag>[] => [
  wrong(`net.send of ${length} bytes`, 'invalid-argument', ({ net }) => net.send(new Uint8Array(length))),
  wrong(`net.sendDma of ${length} bytes`, 'invalid-argument', ({ net, memory }) => net.sendDma(memory + 64, length)),
];

const wrongOffload = (what: string, offload: Offload): WrongCall<NetBag> =>
  wrong(`net.send with ${what}`, 'unsupported', ({ net }) => net.send(frame, { offload }));

/** A network device that was opened without offloads. */
export const NETWORK: Table<NetBag> = {
  name: 'a network device',
  close: ({ net }) => net.close(),
  calls: [
    right('net.send', ({ net }) => net.send(frame)),
    right('net.sendDma', ({ net, memory }) => net.sendDma(memory + 64, 60)),
    right('net.receive', ({ net }) => net.receive(), 'closed', 'closed'),
    listens('net.onFrame', ({ net }) => net.onFrame(() => {})()),
    listens('net.onFrameDma', ({ net }) => net.onFrameDma(() => {})()),
    listens('net.onLinkChange', ({ net }) => net.onLinkChange(() => {})()),
    listens('net.onAnnounce', ({ net }) => net.onAnnounce(() => {})()),
    right('net.setPromiscuous', ({ net }) => net.setPromiscuous(false)),
    right('net.setAllMulticast', ({ net }) => net.setAllMulticast(false)),
    right('net.setReceiveFilter', ({ net }) => net.setReceiveFilter([station], [group])),
    right('net.setMacAddress', ({ net }) => net.setMacAddress(station)),
    right('net.addVlan', ({ net }) => net.addVlan(1)),
    right('net.removeVlan', ({ net }) => net.removeVlan(1)),
    ends('net.close', ({ net }) => net.close()),
  ],
  wrong: [
    ...[0, 1, 13, 2000, 65_536].flatMap(wrongFrame),
    ...noNumber('net.sendDma at', 'invalid-argument', ({ net }: NetBag, offset) => net.sendDma(offset, 60)),
    wrong('net.sendDma at an odd place', 'misaligned', ({ net, memory }) => net.sendDma(memory + 65, 60)),
    wrong('net.sendDma without room for its header', 'invalid-argument', ({ net }) => net.sendDma(2, 60)),
    wrong('net.sendDma at the end of memory', 'invalid-argument', ({ net }) => net.sendDma(dmaLength() - 30, 60)),
    ...noNumber('net.sendDma of', 'invalid-argument', ({ net, memory }: NetBag, length) =>
      net.sendDma(memory + 64, length),
    ),
    wrongOffload('a checksum', { checksumStart: 14, checksumOffset: 2 }),
    wrongOffload('segments', {
      checksumStart: 14,
      checksumOffset: 2,
      segments: { type: 'tcp4', lengthBytes: 1400, headersLengthBytes: 54 },
    }),
    ...noNumber('net.addVlan', 'invalid-argument', ({ net }: NetBag, id) => net.addVlan(id)),
    ...noNumber('net.removeVlan', 'invalid-argument', ({ net }: NetBag, id) => net.removeVlan(id)),
    wrong('net.addVlan 4096', 'invalid-argument', ({ net }) => net.addVlan(4096)),
    ...[0, 5, 7].flatMap((length): WrongCall<NetBag>[] => [
      wrong(`net.setMacAddress of ${length} bytes`, 'invalid-argument', ({ net }) =>
        net.setMacAddress(new Uint8Array(length)),
      ),
      wrong(`net.setReceiveFilter of ${length} bytes`, 'invalid-argument', ({ net }) =>
        net.setReceiveFilter([new Uint8Array(length)], []),
      ),
    ]),
    wrong('net.setMacAddress of a group', 'invalid-argument', ({ net }) => net.setMacAddress(group)),
    wrong('net.setReceiveFilter of a group among stations', 'invalid-argument', ({ net }) =>
      net.setReceiveFilter([group], []),
    ),
    wrong('net.setReceiveFilter of a station among groups', 'invalid-argument', ({ net }) =>
      net.setReceiveFilter([], [station]),
    ),
  ],
};
