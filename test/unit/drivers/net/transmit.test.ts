import { describe, expect, it } from 'vitest';
import {
  clearOffload,
  kickTransmit,
  NO_BUFFER,
  sendBuffer,
  sendDirect,
  setOffload,
  TRANSMIT_BROKEN,
  TRANSMIT_EMPTY,
  TRANSMIT_FULL,
  type TransmitQueue,
  takeBuffer,
  takeSent,
} from '../../../../drivers/net/transmit.ts';
import { SEGMENT_NONE, SEGMENT_TCP4, SEGMENT_UDP } from '../../../../kernel/device/frame.ts';
import { dmaWriteBytes } from '../../../../kernel/hal/dma.ts';
import { dmaAllocate } from '../../../../kernel/hal/dma-pool.ts';
import type { SimTransport } from '../../../sim/virtio/device.ts';
import { NET } from '../../../sim/virtio/net.ts';
import { frameOf, startNet } from './machine-harness.ts';

const PACKED = 34;

/** Sends a copy of a frame. */
const send = (transmit: TransmitQueue, frame: Uint8Array): number => {
  const buffer = takeBuffer(transmit);
  if (buffer === NO_BUFFER) return TRANSMIT_FULL;
  dmaWriteBytes(buffer, frame);
  return sendBuffer(transmit, frame.length);
};

describe('a frame that goes out', () => {
  it.each<[SimTransport, readonly number[]]>([
    ['pci', [NET.mac, NET.version1]],
    ['pci', [NET.mac, NET.version1, PACKED]],
    ['mmio', [NET.mac, NET.version1]],
    ['pci-legacy', [NET.mac]],
    ['pci-legacy', [NET.mac, NET.anyLayout]],
    ['mmio-legacy', [NET.mac, NET.mergeable]],
  ])('is what was sent, behind an empty header, over %s with features %j', (transport, features) => {
    const { net, transmit, machine } = startNet({ transport, features });
    const frames = [14, 60, 1514, 1518].map((length) => frameOf(length, length));
    for (const frame of frames) expect(send(transmit, frame)).toBeGreaterThanOrEqual(0);
    expect(net.sent).toEqual([]);
    kickTransmit(transmit);
    expect(net.sent.map(({ bytes }) => bytes)).toEqual(frames);
    for (const { flags, gsoType, headersLength, segmentLength } of net.sent)
      expect([flags, gsoType, headersLength, segmentLength]).toEqual([0, 0, 0, 0]);
    expect([net.device.notifications, machine.violations]).toEqual([1, []]);
  });

  it('may lie in the memory of its sender', () => {
    const { net, transmit, pool } = startNet();
    const memory = dmaAllocate(pool, 4096, 64);
    dmaWriteBytes(memory + 12, frameOf(1000));
    dmaWriteBytes(memory + 2060, frameOf(60));
    const heads = [sendDirect(transmit, memory + 12, 1000), sendDirect(transmit, memory + 2060, 60)];
    kickTransmit(transmit);
    expect(net.sent.map(({ bytes }) => bytes)).toEqual([frameOf(1000), frameOf(60)]);
    expect([takeSent(transmit), takeSent(transmit), takeSent(transmit)]).toEqual([...heads, TRANSMIT_EMPTY]);
    expect(transmit).toMatchObject({ frameCount: 2, byteCount: 1060, freeCount: 16 });
  });

  it('waits when every buffer is with the device, and none is lost in thousands', () => {
    const { net, transmit } = startNet();
    net.takesFrames = false;
    for (let i = 0; i < 16; i++) expect(send(transmit, frameOf(60, i))).toBeGreaterThanOrEqual(0);
    expect(send(transmit, frameOf(60))).toBe(TRANSMIT_FULL);
    expect(sendDirect(transmit, 512, 60)).toBe(TRANSMIT_FULL);
    kickTransmit(transmit);
    net.takesFrames = true;
    net.takeFrames();
    for (let i = 16; i < 3000; i++) {
      while (send(transmit, frameOf(60, i % 250)) === TRANSMIT_FULL) {
        kickTransmit(transmit);
        while (takeSent(transmit) >= 0);
      }
    }
    kickTransmit(transmit);
    expect(net.sent.map(({ bytes }) => bytes[0])).toEqual(Array.from({ length: 3000 }, (_, i) => i % 250));
  });

  it('says what the device is to do for it, and the next one does not', () => {
    const { net, transmit } = startNet();
    setOffload(transmit, 34, 6, SEGMENT_NONE, 0, 0);
    send(transmit, frameOf(100));
    setOffload(transmit, 34, 16, SEGMENT_TCP4, 1448, 54);
    send(transmit, frameOf(1500));
    setOffload(transmit, 34, 6, SEGMENT_UDP, 1400, 42);
    send(transmit, frameOf(1500));
    clearOffload(transmit);
    send(transmit, frameOf(100));
    kickTransmit(transmit);
    expect(
      net.sent.map(({ flags, gsoType, segmentLength, headersLength }) => [
        flags,
        gsoType,
        segmentLength,
        headersLength,
      ]),
    ).toEqual([
      [1, 0, 0, 0],
      [1, 1, 1448, 54],
      [1, 3, 1400, 42],
      [0, 0, 0, 0],
    ]);
    expect(net.sent.map(({ checksumStart, checksumOffset }) => [checksumStart, checksumOffset])).toEqual([
      [34, 6],
      [34, 16],
      [34, 6],
      [0, 0],
    ]);
  });
});

describe('a device that lies about what it sent', () => {
  it.each([3, 999])('is not believed when it returns head %i', (head) => {
    const { net, transmit } = startNet();
    net.takesFrames = false;
    send(transmit, frameOf(60));
    kickTransmit(transmit);
    net.device.rings[1]!.take();
    net.device.rings[1]!.give(head, 0);
    expect([takeSent(transmit), takeSent(transmit)]).toEqual([TRANSMIT_BROKEN, TRANSMIT_BROKEN]);
    expect(sendDirect(transmit, 512, 60)).toBe(TRANSMIT_BROKEN);
  });

  it('is not believed when it wrote into a frame', () => {
    const { net, transmit } = startNet();
    net.takesFrames = false;
    const head = send(transmit, frameOf(60));
    kickTransmit(transmit);
    net.device.rings[1]!.take();
    net.device.rings[1]!.give(head, 1);
    expect(takeSent(transmit)).toBe(TRANSMIT_BROKEN);
  });
});
