// Network devices on a real QEMU: frames exchanged with a peer on the host, compared with what QEMU's filter-dump has seen; what QMP says of the device's filters.

import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Qemu } from '../../scripts/qemu/start.ts';
import { boot, temporaryFolder } from './harness.ts';
import { checksumOf, dgramPeer, frameOf, framesOfPcap, icmpPacket, macOf, type Peer, streamPeer } from './net-peer.ts';
import { askDatagram, hasTap, pingFrom } from './net-tap.ts';

const IMAGE = 'test/boot/images/net.ts';
const PING = 'apps/ping/main.ts';
const OFFLOAD = 'test/boot/images/net-offload.ts';

const GUEST = macOf('52:54:00:12:34:56');
const HERE = macOf('02:00:00:00:00:01');
const GROUP = macOf('01:00:5e:00:00:fb');
const EVERYBODY = macOf('ff:ff:ff:ff:ff:ff');

const ECHO = 0x88b5;
const ORDER = 0x88b6;
const TYPE_ARP = 0x0806;
const TYPE_IPV4 = 0x0800;
const TYPE_VLAN = 0x8100;

const LIMIT_MS = 20_000;
const TIMEOUT_MS = 120_000;

/** Frames that the peer keeps under way: what QEMU's queue and a socket hold without loss. */
const WINDOW = 32;

const PCI = 'virtio-net-pci,id=nic,netdev=n0,disable-legacy=on,romfile=';

interface Guest {
  readonly qemu: Qemu;
  readonly peer: Peer;
  /** Has the guest do something, and returns when it says what came of it. */
  order(text: string, answer?: string): Promise<void>;
}

/** Boots the image with a device, whose other end is `peer`. */
const start = async (
  peer: Peer,
  device: string,
  options: Parameters<typeof boot>[1] = {},
  extra: readonly string[] = [],
): Promise<Guest> => {
  const qemu = await boot(IMAGE, {
    ...options,
    extra: ['-netdev', peer.netdev, ...extra, '-device', device, ...(options.extra ?? [])],
  });
  await qemu.serial.waitFor(/^listening/m, LIMIT_MS);
  const order = async (text: string, answer = 'done'): Promise<void> => {
    peer.send(frameOf(GUEST, HERE, ORDER, Buffer.from(`${text}\n`.padEnd(46, ' '))));
    await qemu.serial.waitFor(new RegExp(`^${text}: ${answer}`, 'm'), LIMIT_MS);
  };
  return { qemu, peer, order };
};

/** Returns data of `length` bytes of which no two are the same for long. */
const dataOf = (index: number, length: number): Buffer => {
  const data = Buffer.alloc(length);
  data.writeUInt32BE(index);
  for (let at = 4; at < length; at++) data[at] = (index * 7 + at) % 251;
  return data;
};

/** Sends `count` frames and expects each back, as it was but for its addresses. Returns what was sent. */
const exchange = async (peer: Peer, count: number, lengthMax = 1500): Promise<Buffer[]> => {
  const first = peer.frames.length;
  const sent: Buffer[] = [];
  for (let index = 0; index < count; index++) {
    const length = index % 5 === 0 ? 46 : 46 + ((index * 131) % (lengthMax - 45));
    sent.push(frameOf(GUEST, HERE, ECHO, dataOf(index, length)));
    peer.send(sent[index]!);
    const behind = index - WINDOW;
    if (behind >= 0) await peer.waitFor((frame) => frame.readUInt32BE(14) === behind, first + behind);
  }
  await peer.waitFor((frame) => frame.readUInt32BE(14) === count - 1, first);
  const expected = sent.map((frame) => frameOf(HERE, GUEST, ECHO, frame.subarray(14)));
  const found = peer.frames.slice(first);
  expect(found.length).toBe(count);
  expect(found.findIndex((frame, index) => !frame.equals(expected[index]!))).toBe(-1);
  return sent;
};

describe('frames', () => {
  it.each(['dgram', 'stream'])(
    'go and come through %s as they are, and as filter-dump has seen them',
    { timeout: TIMEOUT_MS },
    async (kind) => {
      const folder = temporaryFolder();
      const peer = kind === 'dgram' ? await dgramPeer() : await streamPeer(path.join(folder, 'wire'));
      const pcap = path.join(folder, 'dump.pcap');
      const { qemu, order } = await start(peer, PCI, {}, ['-object', `filter-dump,id=d0,netdev=n0,file=${pcap}`]);
      const sent = await exchange(peer, 2000);
      const before = peer.frames.length;
      await order('send 500');
      await peer.waitFor((frame) => frame.length === 60 + ((499 * 37) % 1455), before + 499);
      const own = peer.frames.slice(before);
      expect(own.map((frame) => frame.length)).toEqual(Array.from({ length: 500 }, (_, i) => 60 + ((i * 37) % 1455)));
      expect(own.every((frame, i) => frame.subarray(14).every((byte, at) => byte === (i + at + 14) % 251))).toBe(true);
      await order('counters');
      expect(qemu.serial.text()).toContain('sent 2500, received 2002, malformed 0, lost 0');
      await order('end');
      expect(qemu.serial.text()).toMatch(/^4096 bytes are missing/m); // Those of the image itself.
      expect((await qemu.exit).status).toBe(0);

      const dumped = framesOfPcap(pcap);
      const to = dumped.filter((frame) => frame.readUInt16BE(12) === ECHO && frame.subarray(0, 6).equals(GUEST));
      const from = dumped.filter((frame) => frame.subarray(6, 12).equals(GUEST));
      expect(Buffer.concat(to).equals(Buffer.concat(sent))).toBe(true);
      expect(Buffer.concat(from).equals(Buffer.concat(peer.frames))).toBe(true);
    },
  );

  it.each([
    ['a line', 'q35', `${PCI},vectors=0`, 'interrupts: line', {}],
    ['packed queues', 'q35', `${PCI},packed=on`, 'MSI-X, 4 vectors', {}],
    ['no merged buffers, no events', 'q35', `${PCI},mrg_rxbuf=off,event_idx=off`, 'MSI-X', {}],
    ['no control queue', 'q35', `${PCI},ctrl_vq=off`, 'MSI-X', {}],
    [
      'the legacy interface',
      'q35',
      'virtio-net-pci,id=nic,netdev=n0,disable-modern=on,disable-legacy=off,romfile=',
      'MSI-X',
      {},
    ],
    ['no interrupts', 'q35', PCI, 'interrupts: polled', { extra: ['-cpu', 'qemu64,-apic'] }],
    ['virtio-mmio', 'microvm', 'virtio-net-device,id=nic,netdev=n0', 'interrupts: line', {}],
  ] as const)('go and come with %s', { timeout: TIMEOUT_MS }, async (_, machine, device, interrupts, options) => {
    const { qemu, peer, order } = await start(await dgramPeer(), device, { machine, ...options });
    expect(qemu.serial.text()).toContain(interrupts);
    await exchange(peer, 300);
    await order('end');
    expect((await qemu.exit).status).toBe(0);
  });

  it.each(['on', 'off'])(
    'of 9000 bytes take several buffers, or one that is long enough: mrg_rxbuf=%s',
    { timeout: TIMEOUT_MS },
    async (merges) => {
      const peer = await streamPeer(path.join(temporaryFolder(), 'wire'));
      const { qemu } = await start(peer, `${PCI},host_mtu=9000,mrg_rxbuf=${merges}`);
      expect(qemu.serial.text()).toContain('mtu 9000');
      await exchange(peer, 200, 9000);
    },
  );
});

/** What QMP's query-rx-filter says. */
interface RxFilter {
  readonly promiscuous: boolean;
  readonly multicast: 'normal' | 'none' | 'all';
  readonly unicast: 'normal' | 'none' | 'all';
  readonly 'main-mac': string;
  readonly 'unicast-table': readonly string[];
  readonly 'multicast-table': readonly string[];
  readonly 'vlan-table': readonly number[];
}

const filterOf = async (qemu: Qemu): Promise<RxFilter> => {
  const [filter] = (await qemu.qmp.execute('query-rx-filter', { name: 'nic' })) as RxFilter[];
  return filter!;
};

describe('what the device is told', () => {
  it('is what QEMU says that it receives, and what it lets through', { timeout: TIMEOUT_MS }, async () => {
    const { qemu, peer, order } = await start(await dgramPeer(), PCI);
    expect(await filterOf(qemu)).toMatchObject({
      promiscuous: false,
      multicast: 'normal',
      'main-mac': '52:54:00:12:34:56',
      'vlan-table': [],
    });

    /** Sends one frame to `to`, and one to everybody behind it. Returns whether the first came back. */
    let number = 1000;
    const isLetThrough = async (to: Uint8Array, tag: readonly number[] = []): Promise<boolean> => {
      const first = peer.frames.length;
      number += 2;
      const odd = frameOf(to, HERE, ECHO, dataOf(number, 60));
      peer.send(Buffer.concat([odd.subarray(0, 12), Buffer.from(tag), odd.subarray(12)]));
      peer.send(frameOf(EVERYBODY, HERE, ECHO, dataOf(number + 1, 60)));
      await peer.waitFor((frame) => frame.readUInt32BE(14) === number + 1, first);
      return peer.frames.slice(first).some((frame) => frame.readUInt32BE(14 + tag.length) === number);
    };
    const other = macOf('02:00:00:00:00:99');
    expect([await isLetThrough(other), await isLetThrough(GROUP), await isLetThrough(EVERYBODY)]).toEqual([
      false,
      false,
      true,
    ]);

    await order('promiscuous 1');
    expect([(await filterOf(qemu)).promiscuous, await isLetThrough(other)]).toEqual([true, true]);
    await order('promiscuous 0');
    expect([(await filterOf(qemu)).promiscuous, await isLetThrough(other)]).toEqual([false, false]);

    await order('filter 02:00:00:00:00:99 01:00:5e:00:00:fb');
    expect(await filterOf(qemu)).toMatchObject({
      'unicast-table': ['02:00:00:00:00:99'],
      'multicast-table': ['01:00:5e:00:00:fb'],
    });
    expect([await isLetThrough(other), await isLetThrough(GROUP)]).toEqual([true, true]);
    await order('filter  01:00:5e:00:00:01');
    expect([await isLetThrough(other), await isLetThrough(GROUP)]).toEqual([false, false]);
    await order('all-multicast 1');
    expect([(await filterOf(qemu)).multicast, await isLetThrough(GROUP)]).toEqual(['all', true]);

    const tag = [TYPE_VLAN >> 8, TYPE_VLAN & 0xff, 0, 7];
    expect(await isLetThrough(GUEST, tag)).toBe(false);
    await order('vlan 7 1');
    await order('vlan 4095 1');
    expect((await filterOf(qemu))['vlan-table'].toSorted()).toEqual([4095, 7]);
    expect(await isLetThrough(GUEST, tag)).toBe(true);
    await order('vlan 7 0');
    expect([(await filterOf(qemu))['vlan-table'], await isLetThrough(GUEST, tag)]).toEqual([[4095], false]);

    await order('mac 02:00:00:00:00:42');
    expect((await filterOf(qemu))['main-mac']).toBe('02:00:00:00:00:42');
    expect([await isLetThrough(macOf('02:00:00:00:00:42'))]).toEqual([true]);
  });
});

describe('what the host says', () => {
  it('of the link is heard, and of a move', { timeout: TIMEOUT_MS }, async () => {
    const { qemu, peer } = await start(await dgramPeer(), PCI);
    await qemu.qmp.execute('set_link', { name: 'n0', up: false });
    await qemu.serial.waitFor(/^link down/m, LIMIT_MS);
    await qemu.qmp.execute('set_link', { name: 'n0', up: true });
    await qemu.serial.waitFor(/^link up/m, LIMIT_MS);
    await exchange(peer, 50);
    await qemu.qmp.execute('announce-self', { initial: 50, max: 50, rounds: 1, step: 0 });
    await qemu.serial.waitFor(/^announce/m, LIMIT_MS);
    await peer.waitFor((frame) => frame.readUInt16BE(12) === ECHO && frame.subarray(0, 6).equals(EVERYBODY));
  });

  it('of several queues is taken', { timeout: TIMEOUT_MS }, async () => {
    const { qemu, peer } = await start(await dgramPeer(), `${PCI},mq=on`, { commandLine: 'pairs=2' });
    expect(qemu.serial.text()).toContain('1 pairs');
    await exchange(peer, 50);
  });
});

describe('a station', () => {
  const station = Buffer.from([10, 0, 2, 15]);
  const here = Buffer.from([10, 0, 2, 77]);

  it('answers ARP and pings', { timeout: TIMEOUT_MS }, async () => {
    const peer = await dgramPeer();
    const qemu = await boot(PING, { extra: ['-netdev', peer.netdev, '-device', PCI] });
    await qemu.serial.waitFor(/10\.0\.2\.15 answers/, LIMIT_MS);
    const arp = (target: Buffer): Buffer =>
      Buffer.concat([Buffer.from([0, 1, 8, 0, 6, 4, 0, 1]), HERE, here, Buffer.alloc(6), target, Buffer.alloc(18)]);
    peer.send(frameOf(EVERYBODY, HERE, TYPE_ARP, arp(Buffer.from([10, 0, 2, 16])))); // Somebody else.
    peer.send(frameOf(EVERYBODY, HERE, TYPE_ARP, arp(station)));
    const reply = await peer.waitFor((frame) => frame.readUInt16BE(12) === TYPE_ARP);
    expect(reply.subarray(0, 42)).toEqual(
      frameOf(HERE, GUEST, TYPE_ARP, Buffer.from([0, 1, 8, 0, 6, 4, 0, 2, ...GUEST, ...station, ...HERE, ...here])),
    );
    for (const length of [0, 1, 56, 57, 1472]) {
      const body = Buffer.concat([Buffer.from([0x12, 0x34, 0, length & 0xff]), dataOf(length, length + 4).subarray(4)]);
      const first = peer.frames.length;
      const wrong = icmpPacket(here, station, 8, body);
      wrong.writeUInt16BE(0x1234, 22); // A wrong checksum is not answered.
      peer.send(frameOf(GUEST, HERE, TYPE_IPV4, wrong));
      peer.send(frameOf(GUEST, HERE, TYPE_IPV4, icmpPacket(here, station, 8, body)));
      const answer = await peer.waitFor((frame) => frame.readUInt16BE(12) === TYPE_IPV4, first);
      const packet = answer.subarray(14, 14 + answer.readUInt16BE(16));
      expect([answer.subarray(0, 6), answer.subarray(6, 12)]).toEqual([HERE, GUEST]);
      expect([packet.subarray(12, 16), packet.subarray(16, 20), packet[20]]).toEqual([station, here, 0]);
      expect(packet.subarray(24)).toEqual(body);
      expect([checksumOf(packet.subarray(0, 20)), checksumOf(packet.subarray(20))]).toEqual([0, 0]);
    }
    expect(peer.frames.filter((frame) => frame.readUInt16BE(12) === TYPE_IPV4)).toHaveLength(5);
  });

  it("pings the gateway of QEMU's user networking", { timeout: TIMEOUT_MS }, async () => {
    const netdev = ['-netdev', 'user,id=n0', '-device', PCI];
    const qemu = await boot(PING, { commandLine: 'ping=10.0.2.2 count=3 bytes=1000', extra: netdev });
    expect((await qemu.exit).status).toBe(0);
    const text = qemu.serial.text();
    expect(text).toMatch(/10\.0\.2\.2 is at 52:55:0a:00:02:02/);
    expect(text).toMatch(/1000 bytes from 10\.0\.2\.2: echo 3, /);
    expect(text).toContain('3 of 3 answered');
  });

  it.skipIf(!hasTap)(
    "answers the host's pings over a tap (needs root and /dev/net/tun)",
    { timeout: TIMEOUT_MS },
    async () => {
      const name = `hedyn${process.pid % 100_000}`;
      const netdev = `tap,id=n0,ifname=${name},script=no,downscript=no`;
      const extra = ['-netdev', netdev, '-device', PCI];
      const qemu = await boot(PING, { commandLine: 'address=198.18.77.2', extra });
      await qemu.serial.waitFor(/198\.18\.77\.2 answers/, LIMIT_MS);
      expect(await pingFrom(name, '198.18.77.1', '198.18.77.2', 20, 56)).toBe('20 of 20 answered');
      expect(await pingFrom(name, '198.18.77.1', '198.18.77.2', 5, 1400)).toBe('5 of 5 answered');
      expect(await pingFrom(name, '198.18.77.1', '198.18.77.3', 1, 56)).toBe('0 of 1 answered');
    },
  );
});

describe.skipIf(!hasTap)('over a tap (needs root and /dev/net/tun)', () => {
  it("checksums and fragments are the host's business", { timeout: TIMEOUT_MS }, async () => {
    const name = `hedyn${process.pid % 100_000}`;
    const netdev = `tap,id=n0,ifname=${name},script=no,downscript=no,vnet_hdr=on`;
    const qemu = await boot(OFFLOAD, { extra: ['-netdev', netdev, '-device', PCI] });
    await qemu.serial.waitFor(/^offloads: checksum tcp4 tcp6/m, LIMIT_MS);
    expect(await pingFrom(name, '198.18.77.1', '198.18.77.2', 1, 56)).toBe('1 of 1 answered');
    const hasFragments = /^offloads: .*udp/m.test(qemu.serial.text());
    for (const length of hasFragments ? [64, 1400, 5000, 20000] : [64, 1400]) {
      const answer = await askDatagram('198.18.77.2', length);
      expect(answer.equals(Buffer.from(Array.from({ length }, (_, i) => (i * 3) % 251)))).toBe(true);
    }
    expect(qemu.serial.text()).toContain('got 200 bytes: checksum open true valid false');
  });
});
