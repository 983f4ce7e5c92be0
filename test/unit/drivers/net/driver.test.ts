import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startLog, stopLog } from '../../../../kernel/base/log.ts';
import { dmaReadBytes, dmaWriteBytes } from '../../../../kernel/hal/dma.ts';
import { dmaAllocate, dmaFreeBytes } from '../../../../kernel/hal/dma-pool.ts';
import { NET } from '../../../sim/virtio/net.ts';
import { kindOf, run } from '../virtio/live-harness.ts';
import { endOf, forgetDevices, openDevice, passTurns, QEMU_FEATURES } from './driver-harness.ts';
import { frameOf } from './machine-harness.ts';

const MS = 1_000_000;
const NEEDS_RESET = 64;

let lines: string[] = [];

beforeEach(() => {
  lines = [];
  startLog((line) => lines.push(line.trimEnd()), 'debug');
});

afterEach(() => {
  stopLog();
  forgetDevices();
});

describe('a network device that is awaited', () => {
  it('says what it is', async () => {
    const { network, machine } = await openDevice({ features: [...QEMU_FEATURES, NET.mtu], mtu: 1400 });
    expect(network).toMatchObject({
      name: '0000:00:02.0 virtio-net',
      macAddress: Uint8Array.from([0x52, 0x54, 0, 0x12, 0x34, 0x56]),
      mtuBytes: 1400,
      isLinkUp: true,
      offloads: [],
      headroomBytes: 12,
    });
    expect(network.featureNames).toContain('MRG_RXBUF');
    expect(machine.violations).toEqual([]);
  });

  it('has an address of its own where the device has none', async () => {
    const { network } = await openDevice({ features: [NET.version1] });
    expect(network.macAddress[0]).toBe(2);
    expect(network.macAddress.slice(1).some((byte) => byte !== 0)).toBe(true);
  });

  it('sends frames in the order of the calls, with one notification for a turn', async () => {
    const { network, net, device, machine } = await openDevice();
    const sent = [1, 2, 3, 4, 5].map((seed) => network.send(frameOf(60, seed)));
    expect(net.sent).toEqual([]);
    await run(Promise.all(sent));
    await passTurns(2);
    expect(net.sent.map(({ bytes }) => bytes[0])).toEqual([1, 2, 3, 4, 5]);
    expect([device.notifications, machine.violations]).toEqual([1, []]);
  });

  it('has frames wait in their order while the device has no room, copies and others', async () => {
    const { network, net, pool } = await openDevice();
    net.takesFrames = false;
    const memory = dmaAllocate(pool, 4096, 64);
    dmaWriteBytes(memory + 64, frameOf(100, 99));
    const sent: Promise<void>[] = [];
    for (let i = 0; i < 50; i++) {
      sent.push(i === 30 ? network.sendDma(memory + 64, 100) : network.send(frameOf(60, i)));
    }
    await passTurns(3);
    net.takesFrames = true;
    net.takeFrames();
    await run(Promise.all(sent));
    await passTurns(5);
    expect(net.sent.map(({ bytes }) => bytes[0])).toEqual(Array.from({ length: 50 }, (_, i) => (i === 30 ? 99 : i)));
  });

  it('sends no frame whose sender changes his mind while it waits, and every other', async () => {
    const { network, net, pool } = await openDevice();
    net.takesFrames = false;
    const memory = dmaAllocate(pool, 4096, 64);
    dmaWriteBytes(memory + 64, frameOf(100, 99));
    const controller = new AbortController();
    const { signal } = controller;
    const sent: Promise<string>[] = [];
    for (let i = 0; i < 50; i++) {
      const options = i % 2 === 1 ? { signal } : {};
      sent.push(endOf(i === 31 ? network.sendDma(memory + 64, 100, options) : network.send(frameOf(60, i), options)));
    }
    await passTurns(3);
    controller.abort(new Error('enough'));
    expect(await kindOf(network.send(frameOf(60), { signal }))).toBe('Error: enough');
    expect(await kindOf(network.sendDma(memory + 64, 100, { signal }))).toBe('Error: enough');
    net.takesFrames = true;
    net.takeFrames();
    const ends = await run(Promise.all(sent));
    await passTurns(5);
    const aborted = ends.flatMap((end, i) => (end === 'Error: enough' ? [i] : []));
    expect(aborted.length > 5 && aborted.includes(31) && aborted.every((i) => i % 2 === 1)).toBe(true);
    const expected = ends.flatMap((end, i) => (end === 'fulfilled' ? [i] : []));
    expect(net.sent.map(({ bytes }) => bytes[0])).toEqual(expected);
  });

  it("settles a frame in its sender's memory when it has gone out, and not before", async () => {
    const { network, net, machine, pool } = await openDevice();
    net.takesFrames = false;
    const memory = dmaAllocate(pool, 4096, 64);
    dmaWriteBytes(memory + 12, frameOf(60));
    let isSent = false;
    const sent = network.sendDma(memory + 12, 60).then(() => {
      isSent = true;
    });
    await passTurns(3);
    expect(isSent).toBe(false);
    machine.after(1 * MS, () => net.takeFrames());
    await run(sent);
    expect(net.sent.map(({ bytes }) => bytes)).toEqual([frameOf(60)]);
  });

  it('has frames for who waits, in bytes of their own', async () => {
    const { network, net } = await openDevice();
    const first = network.receive();
    const second = network.receive();
    await passTurns(1);
    for (const seed of [1, 2, 3]) net.deliver(frameOf(60, seed));
    expect([await run(first), await run(second)]).toEqual([frameOf(60, 1), frameOf(60, 2)]);
    expect(await run(network.receive())).toEqual(frameOf(60, 3)); // It has waited with the driver.
  });

  it('has frames for who listens, whose bytes are lent for the call', async () => {
    const { live, network, net, machine } = await openDevice();
    const heard: (number | undefined)[][] = [];
    const views = new Set<Uint8Array>();
    const end = network.onFrame((bytes, frame) => {
      heard.push([bytes[0], bytes.length, frame.length]);
      views.add(bytes);
    });
    for (const seed of [1, 2, 3]) net.deliver(frameOf(60, seed));
    net.deliver(frameOf(5000, 4));
    await passTurns(3);
    expect(heard).toEqual([
      [1, 60, 60],
      [2, 60, 60],
      [3, 60, 60],
      [4, 5000, 5000],
    ]);
    expect([views.size, live.driver?.pendingCount, machine.violations]).toEqual([2, 1, []]);
    end();
    net.deliver(frameOf(60));
    await passTurns(3);
    expect([heard.length, live.driver?.pendingCount]).toEqual([4, 0]);
  });

  it('shows frames where they lie, without a copy', async () => {
    const { network, net } = await openDevice();
    const found: Uint8Array[] = [];
    network.onFrameDma((frame) => {
      const bytes = new Uint8Array(frame.length);
      let at = 0;
      for (let i = 0; i < frame.pieceCount; i++) {
        dmaReadBytes(frame.offsets[i]!, bytes.subarray(at, at + frame.lengths[i]!));
        at += frame.lengths[i]!;
      }
      found.push(bytes);
    });
    net.deliver(frameOf(60));
    net.deliver(frameOf(3000));
    await passTurns(3);
    expect(found).toEqual([frameOf(60), frameOf(3000)]);
  });

  it('counts what passes', async () => {
    const { network, net } = await openDevice();
    network.onFrame(() => {});
    net.deliver(frameOf(100));
    net.deliver(frameOf(9));
    void network.send(frameOf(60));
    await passTurns(3);
    expect(network.counters).toEqual({
      framesSent: 1,
      bytesSent: 60,
      framesReceived: 1,
      bytesReceived: 100,
      framesMalformed: 1,
      overruns: 0,
      framesLost: 0,
    });
    for (let i = 0; i < 16; i++) net.deliver(frameOf(60));
    await passTurns(3);
    expect(network.counters).toMatchObject({ framesReceived: 17, overruns: 1 });
  });

  it.each<[string, object]>([
    ['MSI-X', {}],
    ['a line', { vectors: undefined }],
    ['nothing: it is polled', { isPolled: true }],
    ['virtio-mmio', { transport: 'mmio' }],
  ])('wakes a loop that sleeps, by %s', async (_, options) => {
    const { network, net, machine } = await openDevice(options);
    for (let i = 0; i < 20; i++) {
      const received = network.receive();
      machine.after(3 * MS, () => net.deliver(frameOf(60, i)));
      expect((await run(received))[0]).toBe(i);
    }
    expect(machine.violations).toEqual([]);
  });

  it('does not interrupt for each frame while the loop is busy', async () => {
    const { network, net, device } = await openDevice();
    network.onFrame(() => {});
    await passTurns(1);
    for (let i = 0; i < 10; i++) net.deliver(frameOf(60));
    expect(device.rings[0]!.interrupts).toBeLessThanOrEqual(1);
  });

  it('gives a waiter up whose signal is aborted', async () => {
    const { network, net } = await openDevice();
    const controller = new AbortController();
    const gone = network.receive({ signal: controller.signal });
    const stays = network.receive();
    controller.abort(new Error('enough'));
    expect(await kindOf(gone)).toBe('Error: enough');
    net.deliver(frameOf(60));
    expect(await run(stays)).toEqual(frameOf(60));
    expect(await kindOf(network.receive({ signal: controller.signal }))).toBe('Error: enough');
  });

  it('refuses what cannot be before the device sees it', async () => {
    const { network, net, device } = await openDevice();
    expect(await kindOf(network.send(frameOf(13)))).toBe('invalid-argument');
    expect(await kindOf(network.send(frameOf(1519)))).toBe('invalid-argument');
    expect(await kindOf(network.sendDma(4097, 60))).toBe('misaligned');
    expect(await kindOf(network.sendDma(10, 60))).toBe('invalid-argument');
    expect(await kindOf(network.sendDma(2 * 1024 * 1024 - 32, 60))).toBe('invalid-argument');
    expect(await kindOf(network.sendDma(4096, 1519))).toBe('invalid-argument'); // No network has such frames, unless the device cuts them.
    const offload = { checksumStart: 34, checksumOffset: 16 };
    expect(await kindOf(network.send(frameOf(60), { offload }))).toBe('unsupported');
    const other = await openDevice({ features: [...QEMU_FEATURES, NET.csum, NET.hostTso4], wantsOffloads: true });
    expect(other.network.offloads).toEqual(['checksum', 'tcp4']);
    expect(await kindOf(other.network.send(frameOf(60), { offload: { checksumStart: 50, checksumOffset: 9 } }))).toBe(
      'invalid-argument',
    );
    for (const wrong of [Number.NaN, 0.5, -1, 65_536]) {
      const odd = [
        { checksumStart: wrong },
        { checksumOffset: wrong },
        { segments: { type: 'tcp4', lengthBytes: wrong } },
      ];
      for (const each of odd) {
        const cut = each.segments === undefined ? {} : { segments: { headersLengthBytes: 54, ...each.segments } };
        const call = other.network.send(frameOf(60), { offload: { ...offload, ...each, ...cut } as typeof offload });
        expect(await kindOf(call)).toBe('invalid-argument');
      }
    }
    const segments = { type: 'udp', lengthBytes: 100, headersLengthBytes: 42 } as const;
    expect(await kindOf(other.network.send(frameOf(60), { offload: { ...offload, segments } }))).toBe('unsupported');
    const none = { type: 'tcp4', lengthBytes: 0, headersLengthBytes: 54 } as const;
    expect(await kindOf(other.network.send(frameOf(60), { offload: { ...offload, segments: none } }))).toBe(
      'invalid-argument',
    );
    expect([net.sent, device.notifications]).toEqual([[], 0]);
  });

  it('leaves a checksum and segments to a device that can', async () => {
    const { network, net } = await openDevice({
      features: [...QEMU_FEATURES, NET.csum, NET.hostTso4],
      wantsOffloads: true,
    });
    const segments = { type: 'tcp4', lengthBytes: 700, headersLengthBytes: 54 } as const;
    await run(network.send(frameOf(1400), { offload: { checksumStart: 34, checksumOffset: 16, segments } }));
    await run(network.send(frameOf(60)));
    await passTurns(2);
    expect(net.sent[0]).toMatchObject({
      flags: 1,
      gsoType: 1,
      segmentLength: 700,
      headersLength: 54,
      checksumStart: 34,
    });
    expect(net.sent[1]).toMatchObject({ flags: 0, gsoType: 0 });
  });

  it.each([
    ['HOST_TSO4', 11, 'tcp4', 1],
    ['HOST_TSO6', 12, 'tcp6', 4],
    ['HOST_UFO', 14, 'udp', 3],
  ] as const)('leaves segments to a device that can: %s', async (_, feature, type, gsoType) => {
    const features = [...QEMU_FEATURES, NET.csum];
    const offload = {
      checksumStart: 34,
      checksumOffset: 6,
      segments: { type, lengthBytes: 700, headersLengthBytes: 42 },
    };
    const { network, net } = await openDevice({ features: [...features, feature], wantsOffloads: true });
    await run(network.send(frameOf(1400), { offload }));
    await passTurns(2);
    expect(net.sent.map((frame) => [frame.gsoType, frame.segmentLength])).toEqual([[gsoType, 700]]);
    const other = await openDevice({ features, wantsOffloads: true });
    expect(await kindOf(other.network.send(frameOf(1400), { offload }))).toBe('unsupported');
  });
});

describe('several pairs of queues', () => {
  const features = [...QEMU_FEATURES, NET.multiqueue];

  it('are used as many as were asked for and as the device has, which is told', async () => {
    const { net, network } = await openDevice({ features, pairs: 3, queuePairs: 2, vectors: 8 });
    expect(net.commands).toContainEqual({ class: 4, command: 0, data: [2, 0] });
    expect(network.pairs.length).toBe(2);
    const other = await openDevice({ features, pairs: 2, queuePairs: 8, vectors: 8 });
    expect(other.network.pairs.length).toBe(2);
  });

  it('all receive, and the frames for one station go out of one', async () => {
    const { net, network, machine } = await openDevice({ features, pairs: 2, queuePairs: 2, vectors: 8 });
    const heard: (number | undefined)[] = [];
    network.onFrame((bytes) => heard.push(bytes[0]));
    for (let i = 0; i < 6; i++) net.deliver(frameOf(60, i), {}, i % 2);
    for (let i = 0; i < 6; i++) void network.send(frameOf(60, i));
    await passTurns(3);
    expect(heard.sort()).toEqual([0, 1, 2, 3, 4, 5]);
    expect(network.pairs.map(({ transmit }) => transmit.frameCount)).toEqual([3, 3]);
    expect([net.sent.length, machine.violations]).toEqual([6, []]);
  });
});

describe('what a device says changes', () => {
  it('its link: who listens hears of it', async () => {
    const { network, device, machine } = await openDevice();
    const heard: boolean[] = [];
    network.onLinkChange((isUp) => heard.push(isUp));
    network.onFrame(() => {});
    for (const status of [0, 0, 1]) {
      machine.after(MS, () => device.changeConfig(6, [status, 0]));
      await passTurns(5);
    }
    expect([heard, network.isLinkUp]).toEqual([[false, true], true]);
    expect(lines.filter((line) => line.includes('the link is'))).toHaveLength(2);
  });

  it('its place: who listens announces, and the device is told that it was done', async () => {
    const { network, net, device } = await openDevice();
    let count = 0;
    network.onAnnounce(() => {
      count += 1;
      void network.send(frameOf(60, 77));
    });
    network.onFrame(() => {});
    net.commands.length = 0;
    device.changeConfig(6, [3, 0]);
    await passTurns(5);
    expect([count, net.sent.length, net.commands]).toEqual([1, 1, [{ class: 3, command: 0, data: [] }]]);
  });
});

describe('a device in trouble', () => {
  it('that sends nothing any more is reset, comes up again, and receives what it was asked to', async () => {
    const { network, net, machine, pool } = await openDevice({ deadlineMs: 100 });
    await run(network.setPromiscuous(true));
    await run(network.addVlan(7));
    await run(network.setReceiveFilter([], [Uint8Array.from([1, 0, 0x5e, 0, 0, 1])]));
    const memory = dmaAllocate(pool, 4096, 64);
    net.takesFrames = false;
    net.commands.length = 0;
    const copied = network.send(frameOf(60, 1));
    const direct = network.sendDma(memory + 12, 60);
    expect(await kindOf(direct)).toBe('timeout');
    await run(copied);
    net.takesFrames = true;
    await run(network.send(frameOf(60, 2)));
    await passTurns(5);
    expect(net.sent.map(({ bytes }) => bytes[0])).toEqual([2]);
    expect(net.commands).toEqual([
      { class: 0, command: 0, data: [1] },
      { class: 0, command: 1, data: [0] },
      { class: 1, command: 0, data: [0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0x5e, 0, 0, 1] },
      { class: 2, command: 0, data: [7, 0] },
    ]);
    net.deliver(frameOf(60, 3));
    expect((await run(network.receive()))[0]).toBe(3);
    expect(network.counters.framesLost).toBe(2);
    expect(lines.some((line) => line.includes('no answer in 100 ms; it is reset'))).toBe(true);
    expect(machine.violations).toEqual([]);
  });

  it('that needs a reset is reset', async () => {
    const { network, net, device } = await openDevice();
    const received = network.receive();
    await passTurns(1);
    device.status |= NEEDS_RESET;
    device.changeConfig(6, [1, 0]);
    await passTurns(5);
    net.deliver(frameOf(60));
    expect(await run(received)).toEqual(frameOf(60));
    expect(lines.some((line) => line.includes('it was reset and works again'))).toBe(true);
  });

  it.each([
    ['fewer bytes than a header', { usedLength: 3 }, 'the device used 3 bytes for a frame, fewer than the 12'],
    ['no buffers for a frame', { buffersSaid: 0 }, 'num_buffers reads 0, expected 1 to 16'],
    ['a head that there is not', { usedHead: 999 }, 'the device returned head 999'],
  ])('that says what cannot be is given up: %s', async (_, delivery, said) => {
    const { live, network, net } = await openDevice();
    const received = network.receive();
    await passTurns(1);
    net.deliver(frameOf(60), delivery);
    expect(await kindOf(received)).toBe('device-failed');
    expect(await kindOf(network.send(frameOf(60)))).toBe('device-failed');
    expect(await kindOf(network.setPromiscuous(true))).toBe('device-failed');
    expect(lines.some((line) => line.includes(said))).toBe(true);
    expect(live.state).toBe('failed');
  });

  it('that lies about what it sent is given up, and what waits rejects', async () => {
    const { network, net, device } = await openDevice();
    net.takesFrames = false;
    const sent = Array.from({ length: 20 }, () => endOf(network.send(frameOf(60))));
    await passTurns(2);
    device.rings[1]!.take();
    device.rings[1]!.give(999, 0);
    await passTurns(2);
    expect([await sent[0], await sent.at(-1)]).toEqual(['fulfilled', 'device-failed']);
  });

  it('that keeps the rest of a frame to itself is reset', async () => {
    const { network, net } = await openDevice({ deadlineMs: 100 });
    const received = network.receive();
    await passTurns(1);
    net.deliver(frameOf(5000), { buffersNow: 1 });
    await passTurns(150);
    net.deliver(frameOf(60));
    expect(await run(received)).toEqual(frameOf(60));
    expect(lines.some((line) => line.includes('no answer in 100 ms; it is reset'))).toBe(true);
  });
});

describe('a device that is closed', () => {
  it('sends what it has, rejects what waits, and gives all memory back', async () => {
    const { network, net, pool, device } = await openDevice();
    const received = endOf(network.receive());
    net.takesFrames = false;
    void network.send(frameOf(60));
    const closed = network.close();
    await passTurns(2);
    expect(await kindOf(network.send(frameOf(60)))).toBe('closed');
    net.takesFrames = true;
    net.takeFrames();
    await run(closed);
    expect([net.sent.length, device.status & 4, dmaFreeBytes(pool)]).toEqual([1, 0, 2 * 1024 * 1024]);
    expect(await received).toBe('closed');
    expect(await kindOf(network.receive())).toBe('closed');
    expect(await kindOf(network.setAllMulticast(true))).toBe('closed');
    await run(network.close());
  });
});
