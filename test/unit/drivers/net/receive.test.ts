import { describe, expect, it } from 'vitest';
import {
  FAULT_BUFFER_COUNT,
  FAULT_SHORT,
  RECEIVE_BROKEN,
  RECEIVE_EMPTY,
  returnFrame,
  takeFrame,
} from '../../../../drivers/net/receive.ts';
import { SEGMENT_TCP4, SEGMENT_TCP6, SEGMENT_UDP } from '../../../../kernel/device/frame.ts';
import type { SimTransport } from '../../../sim/virtio/device.ts';
import { NET } from '../../../sim/virtio/net.ts';
import { frameOf, startNet, takeAll } from './machine-harness.ts';

const PACKED = 34;
const WITHOUT_SEGMENTS = [NET.mac, NET.mergeable, NET.csum, NET.guestCsum, NET.version1];
const OFFLOADS = [...WITHOUT_SEGMENTS, NET.guestTso4];
const NEEDS_CSUM = 1;
const DATA_VALID = 2;
const GSO_TCPV4 = 1;

describe('a frame that comes in', () => {
  it.each<[SimTransport, readonly number[]]>([
    ['pci', [NET.mac, NET.mergeable, NET.version1]],
    ['pci', [NET.mac, NET.version1]],
    ['pci', [NET.mac, NET.mergeable, NET.version1, PACKED]],
    ['mmio', [NET.mac, NET.mergeable, NET.version1]],
    ['pci-legacy', [NET.mac]],
    ['pci-legacy', [NET.mac, NET.mergeable]],
    ['pci-legacy', [NET.mac, NET.anyLayout]],
    ['mmio-legacy', [NET.mac, NET.anyLayout]],
  ])('is taken as it was, over %s with features %j', (transport, features) => {
    const { net, pair, machine } = startNet({ transport, features });
    const frames = [14, 60, 1514, 1518].map((length) => frameOf(length, length));
    for (const frame of frames) expect(net.deliver(frame)).toBe(true);
    expect(takeAll(pair)).toEqual([...frames, RECEIVE_EMPTY]);
    expect(machine.violations).toEqual([]);
  });

  it('lies in several buffers when it is longer than one, in their order', () => {
    const { net, pair } = startNet();
    const frame = frameOf(9000);
    net.deliver(frame);
    net.deliver(frameOf(60));
    expect(takeAll(pair)).toEqual([frame, frameOf(60), RECEIVE_EMPTY]);
  });

  it('is not taken before all its buffers are back', () => {
    const { net, pair } = startNet();
    net.deliver(frameOf(5000), { buffersNow: 1 });
    expect(takeAll(pair)).toEqual([RECEIVE_EMPTY]);
    net.deliverRest();
    expect(takeAll(pair)).toEqual([frameOf(5000), RECEIVE_EMPTY]);
  });

  it('uses no memory but what was lent at first: buffers are lent again, thousands of times', () => {
    const { net, pair, receive } = startNet();
    const places = new Set<number>();
    for (let i = 0; i < 3000; i++) {
      expect(net.deliver(frameOf(64, i % 251))).toBe(true);
      if (i % 7 === 0) net.deliver(frameOf(3000, i % 251));
      for (const frame of takeAll(pair).slice(0, -1)) expect((frame as Uint8Array)[0]).toBe(i % 251);
      places.add(receive.frame.offsets[0]!);
    }
    expect(places.size).toBeLessThanOrEqual(receive.bufferCount);
    expect([receive.queue.inFlight, receive.bufferCount]).toEqual([16, 16]);
  });

  it('finds no buffer when none is returned, and finds one again when they are', () => {
    const { net, pair } = startNet();
    for (let i = 0; i < 16; i++) expect(net.deliver(frameOf(60, i))).toBe(true);
    expect(net.deliver(frameOf(60))).toBe(false);
    expect(takeAll(pair)).toHaveLength(17);
    expect(net.deliver(frameOf(60))).toBe(true);
  });

  it('shorter than two addresses and a type is counted, and not passed on', () => {
    const { net, pair, receive } = startNet();
    net.deliver(frameOf(13));
    net.deliver(frameOf(0));
    net.deliver(frameOf(14));
    expect(takeAll(pair)).toEqual([frameOf(14), RECEIVE_EMPTY]);
    expect([receive.malformedCount, receive.frameCount, receive.byteCount]).toEqual([2, 1, 14]);
  });
});

describe('an offload of a frame that comes in', () => {
  it('is told: a checksum that was checked, one that is not whole, a segment', () => {
    const { net, receive } = startNet({ features: OFFLOADS, wantsOffloads: true });
    net.deliver(frameOf(60), { flags: DATA_VALID });
    expect(takeFrame(receive)).toBe(0);
    expect(receive.frame).toMatchObject({ hasValidChecksum: true, needsChecksum: false, segmentType: 0 });
    returnFrame(receive);
    const segment = {
      flags: NEEDS_CSUM,
      checksumStart: 34,
      checksumOffset: 16,
      gsoType: GSO_TCPV4,
      segmentLength: 1448,
    };
    net.deliver(frameOf(4000), segment);
    expect(takeFrame(receive)).toBe(0);
    expect(receive.frame).toMatchObject({ needsChecksum: true, checksumStart: 34, checksumOffset: 16 });
    expect(receive.frame).toMatchObject({ segmentType: SEGMENT_TCP4, segmentLength: 1448, length: 4000 });
  });

  it.each([
    ['GUEST_TSO4', [7], 1, SEGMENT_TCP4],
    ['GUEST_TSO6', [8], 4, SEGMENT_TCP6],
    ['GUEST_ECN', [7, 9], 0x81, SEGMENT_TCP4],
    ['GUEST_UFO', [10], 3, SEGMENT_UDP],
  ])('segments are told where %s was agreed on, and cost the frame where not', (_, features, gsoType, segmentType) => {
    const delivery = { flags: NEEDS_CSUM, checksumStart: 34, checksumOffset: 6, gsoType, segmentLength: 1000 };
    const { net, receive } = startNet({ features: [...WITHOUT_SEGMENTS, ...features], wantsOffloads: true });
    net.deliver(frameOf(4000), delivery);
    expect(takeFrame(receive)).toBe(0);
    expect(receive.frame).toMatchObject({ segmentType, segmentLength: 1000, length: 4000 });
    for (const less of [[], features.slice(0, -1)]) {
      const other = startNet({ features: [...WITHOUT_SEGMENTS, ...less], wantsOffloads: true });
      other.net.deliver(frameOf(1000), delivery);
      expect([takeAll(other.pair), other.receive.malformedCount]).toEqual([[RECEIVE_EMPTY], 1]);
    }
  });

  it.each([
    ['a checksum behind the end', { flags: NEEDS_CSUM, checksumStart: 40, checksumOffset: 19 }],
    ['a checksum that wraps', { flags: NEEDS_CSUM, checksumStart: 0xffff, checksumOffset: 0xffff }],
    ['an unknown type of segment', { flags: NEEDS_CSUM, gsoType: 7, segmentLength: 100 }],
    ['segments of no length', { flags: NEEDS_CSUM, gsoType: GSO_TCPV4 }],
    ['segments without a checksum', { gsoType: GSO_TCPV4, segmentLength: 100 }],
  ])('that cannot be costs the frame: %s', (_, delivery) => {
    const { net, pair, receive } = startNet({ features: OFFLOADS, wantsOffloads: true });
    net.deliver(frameOf(60), delivery);
    expect([takeAll(pair), receive.malformedCount]).toEqual([[RECEIVE_EMPTY], 1]);
  });

  it('that nobody asked for costs the frame, too', () => {
    const { net, pair, receive } = startNet({ features: OFFLOADS });
    net.deliver(frameOf(60), { flags: NEEDS_CSUM, checksumStart: 34, checksumOffset: 16 });
    net.deliver(frameOf(60), { gsoType: GSO_TCPV4, segmentLength: 9 });
    expect([takeAll(pair), receive.malformedCount]).toEqual([[RECEIVE_EMPTY], 2]);
  });
});

describe('a device that lies about a frame', () => {
  it.each([0, 1, 11])('is not believed when it used %i bytes, fewer than the header has', (usedLength) => {
    const { net, pair, receive } = startNet();
    net.deliver(frameOf(60), { usedLength });
    expect(takeAll(pair)).toEqual([RECEIVE_BROKEN]);
    expect(receive).toMatchObject({ faultCode: FAULT_SHORT, faultFound: usedLength, faultExpected: 12 });
    expect(takeAll(pair)).toEqual([RECEIVE_BROKEN]);
  });

  it.each([0, 17, 34, 65535])('is not believed when it says that %i buffers are one frame', (buffersSaid) => {
    const { net, pair, receive } = startNet();
    net.deliver(frameOf(60), { buffersSaid });
    expect(takeAll(pair)).toEqual([RECEIVE_BROKEN]);
    expect(receive).toMatchObject({ faultCode: FAULT_BUFFER_COUNT, faultFound: buffersSaid, faultExpected: 16 });
  });

  it('is not believed when it used more than the buffer has (W24)', () => {
    const { net, pair, receive } = startNet();
    net.deliver(frameOf(60), { usedLength: 2049 });
    expect(takeAll(pair)).toEqual([RECEIVE_BROKEN]);
    expect(receive.queue.broken).toBe(true);
  });

  it.each([16, 999, 65536])('is not believed when it returns head %i (W16)', (usedHead) => {
    const { net, pair } = startNet();
    net.deliver(frameOf(60), { usedHead });
    expect(takeAll(pair)).toEqual([RECEIVE_BROKEN]);
  });

  it('that gives num_buffers a meaning that was not negotiated is not asked for it', () => {
    const { net, pair } = startNet({ features: [NET.mac, NET.version1] });
    net.deliver(frameOf(60), { buffersSaid: 999 });
    expect(takeAll(pair)).toEqual([frameOf(60), RECEIVE_EMPTY]);
  });
});
