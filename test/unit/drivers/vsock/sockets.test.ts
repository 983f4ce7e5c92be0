import { afterEach, describe, expect, it } from 'vitest';
import type { VsockSocket } from '../../../../kernel/device/vsock.ts';
import { Random } from '../../../native/random.ts';
import { sameBytes } from '../../../sim/setup.ts';
import { OPERATIONS } from '../../../sim/virtio/vsock.ts';
import { TRANSPORTS } from '../virtio/transport/harness.ts';
import {
  bytes,
  ECHO_PORT,
  forgetVsocks,
  kindOf,
  MESSAGE_PORT,
  openSocket,
  openVsock,
  outcomeOf,
  pattern,
  run,
  runTurns,
  text,
  thrownBy,
} from './harness.ts';

afterEach(forgetVsocks);

/** Reads a stream to its end. */
const readAll = async (socket: VsockSocket): Promise<Uint8Array> => {
  const parts: Uint8Array[] = [];
  for (;;) {
    const part = await socket.read();
    if (part.length === 0) return Buffer.concat(parts);
    parts.push(part);
  }
};

describe('a socket device', () => {
  it('says what it is, and the context id of its machine', () => {
    const { vsock } = openVsock({ guestCid: 4711 });
    expect(vsock).toMatchObject({
      name: '0000:00:02.0 virtio-vsock',
      featureNames: ['STREAM', 'SEQPACKET', 'NO_IMPLIED_STREAM', 'VERSION_1'],
      cid: 4711,
    });
  });

  it.each(TRANSPORTS.filter((each) => each !== 'pci-legacy'))(
    'connects, and bytes go both ways, over %s',
    async (transport) => {
      const { socket, peer, machine } = await openSocket({ transport });
      await run(socket.write(bytes('hello')));
      await runTurns(2);
      peer.send(bytes('good day'));
      expect([text(await run(socket.read())), text(Buffer.concat(peer.received))]).toEqual(['good day', 'hello']);
      expect(machine.violations).toEqual([]);
    },
  );

  it.each([
    ['messages', { vectors: 4 }],
    ['a line', {}],
    ['nothing: it is polled', { isPolled: true }],
    ['the line of a slot', { transport: 'mmio' as const }],
  ])('wakes the program by %s', async (_, options) => {
    const { socket, peer, machine } = await openSocket(options);
    const reading = socket.read();
    await runTurns(30);
    machine.after(50_000_000, () => peer.send(bytes('late')));
    expect(text(await run(reading))).toBe('late');
    peer.setReading(false);
    const writing = socket.write(pattern(1001));
    await runTurns(30);
    machine.after(50_000_000, () => peer.setReading(true));
    await run(writing);
    expect(machine.violations).toEqual([]);
  });

  it.each([
    ['stream', [32], ['fulfilled', 'unsupported']],
    ['both', [1, 32], ['fulfilled', 'fulfilled']],
    ['seqpacket alone', [1, 2, 32], ['unsupported', 'fulfilled']],
    ['none', [2, 32], ['unsupported', 'unsupported']],
  ])('offers %s where the features say so', async (_, features, expected) => {
    const { vsock, sim } = openVsock({ features });
    const connects = [vsock.connect(2, ECHO_PORT), vsock.connect(2, MESSAGE_PORT, { type: 'seqpacket' })];
    expect(await run(Promise.all(connects.map(outcomeOf)))).toEqual(expected);
    expect(thrownBy(() => vsock.listen(1, { type: 'seqpacket' }))).toBe(
      expected[1] === 'fulfilled' ? 'nothing' : 'unsupported',
    );
    expect(sim.packets.every(({ type }) => features.includes(1) || type === 1)).toBe(true);
  });
});

describe('connecting', () => {
  it('is refused where nobody listens', async () => {
    const { vsock, machine } = openVsock();
    expect(await kindOf(vsock.connect(2, 99))).toBe('refused');
    expect(await kindOf(vsock.connect(2, MESSAGE_PORT))).toBe('refused');
    expect(machine.violations).toEqual([]);
  });

  it('ends in time when there is no answer, and what comes later is answered by RST', async () => {
    const { vsock, sim, machine } = openVsock();
    sim.isDeaf = true;
    const before = machine.now;
    expect(await kindOf(vsock.connect(2, ECHO_PORT, { timeoutMs: 70 }))).toBe('timeout');
    expect((machine.now - before) / 1e6).toBeGreaterThan(69);
    expect((machine.now - before) / 1e6).toBeLessThan(80);
    await runTurns(3);
    const [request] = sim.packets;
    sim.packets.splice(0);
    sim.say({ sourcePort: ECHO_PORT, targetPort: request!.sourcePort, operation: OPERATIONS.indexOf('RESPONSE') });
    await runTurns(3);
    expect(sim.packets.map(({ operation }) => OPERATIONS[operation])).toEqual(['RST']);
  });

  it('can be given up', async () => {
    const { vsock, sim } = openVsock();
    sim.isDeaf = true;
    const controller = new AbortController();
    const connecting = outcomeOf(vsock.connect(2, ECHO_PORT, { signal: controller.signal }));
    await runTurns(3);
    controller.abort(new Error('never mind'));
    expect(await run(connecting)).toBe('Error: never mind');
    expect(await kindOf(vsock.connect(2, ECHO_PORT, { signal: controller.signal }))).toBe('Error: never mind');
    await runTurns(3);
    expect(sim.packets.map(({ operation }) => OPERATIONS[operation])).toEqual(['REQUEST', 'RST']);
  });

  it('takes a local port for each, which nobody else has', async () => {
    const { vsock } = openVsock();
    vsock.listen(49_153);
    const sockets = await run(Promise.all([1, 2, 3].map(() => vsock.connect(2, ECHO_PORT))));
    expect(sockets.map(({ localPort }) => localPort)).toEqual([49_152, 49_154, 49_155]);
  });

  it('may be done a thousand times at once, and no more', async () => {
    const { vsock, sim, machine } = openVsock();
    const sockets = await run(Promise.all(Array.from({ length: 1024 }, () => vsock.connect(2, ECHO_PORT))));
    expect(await kindOf(vsock.connect(2, ECHO_PORT))).toBe('no-memory');
    for (const [i, socket] of sockets.entries()) void socket.write(bytes(`${i}`));
    for (const [i, peer] of sim.connections.entries()) peer.send(bytes(`${i}`));
    const read = await run(Promise.all(sockets.map((socket) => socket.read())));
    expect(read.map(text)).toEqual(sockets.map((_, i) => `${i}`));
    await runTurns(100);
    expect(sim.connections.map(({ received }) => text(Buffer.concat(received)))).toEqual(sockets.map((_, i) => `${i}`));
    await run(Promise.all(sockets.map((socket) => socket.close())));
    expect((await run(vsock.connect(2, ECHO_PORT))).peerPort).toBe(ECHO_PORT);
    expect(machine.violations).toEqual([]);
  });

  it.each([
    [0, 1, {}],
    [1, 1, {}],
    [0xffffffff, 1, {}],
    [2 ** 32, 1, {}],
    [2.5, 1, {}],
    [2, -1, {}],
    [2, 0xffffffff, {}],
    [2, 1, { timeoutMs: 0 }],
    [2, 1, { timeoutMs: Number.NaN }],
    [2, 1, { receiveBytes: 100 }],
    [2, 1, { receiveBytes: 2 ** 25 }],
  ])('to %d:%d with %j is not done', async (cid, port, options) => {
    const { vsock, sim } = openVsock();
    expect(await kindOf(vsock.connect(cid, port, options))).toBe('invalid-argument');
    expect(sim.packets).toEqual([]);
  });
});

describe('listening', () => {
  it('accepts whoever comes, the oldest first', async () => {
    const { vsock, sim, machine } = openVsock();
    const listener = vsock.listen(80);
    const accepted = listener.accept();
    await runTurns(3);
    const first = sim.connect(80);
    const socket = await run(accepted);
    expect([socket.localPort, socket.peerCid, socket.peerPort]).toEqual([80, 2, first.hostPort]);
    const others = [sim.connect(80), sim.connect(80)];
    await runTurns(3);
    others[0]!.send(bytes('early'));
    await runTurns(3);
    const next = await run(listener.accept());
    expect([next.peerPort, text(await run(next.read()))]).toEqual([others[0]!.hostPort, 'early']);
    expect((await run(listener.accept())).peerPort).toBe(others[1]!.hostPort);
    await run(socket.write(bytes('welcome')));
    await runTurns(2);
    expect([text(Buffer.concat(first.received)), machine.violations]).toEqual(['welcome', []]);
  });

  it('keeps as many as the backlog says, and refuses the others', async () => {
    const { vsock, sim, machine } = openVsock();
    const listener = vsock.listen(80, { backlog: 2 });
    const peers = [1, 2, 3, 4].map(() => sim.connect(80));
    await runTurns(5);
    expect(peers.map(({ isConnected, isOver }) => [isConnected, isOver])).toEqual([
      [true, false],
      [true, false],
      [false, true],
      [false, true],
    ]);
    await run(listener.accept());
    const fifth = sim.connect(80);
    await runTurns(5);
    expect([fifth.isConnected, machine.violations]).toEqual([true, []]);
  });

  it('who ended before he was accepted, and brought nothing, is not accepted', async () => {
    const { vsock, sim } = openVsock();
    const listener = vsock.listen(80, { backlog: 2 });
    const [first, second] = [sim.connect(80), sim.connect(80)];
    await runTurns(3);
    second.send(bytes('last words'));
    first.reset();
    second.reset();
    await runTurns(3);
    const socket = await run(listener.accept());
    expect([socket.peerPort, text(await run(socket.read())), await kindOf(socket.read())]).toEqual([
      second.hostPort,
      'last words',
      'connection-reset',
    ]);
  });

  it('refuses the other type', async () => {
    const { vsock, sim } = openVsock();
    vsock.listen(80);
    vsock.listen(81, { type: 'seqpacket' });
    const peers = [sim.connect(80, 2), sim.connect(81, 1), sim.connect(81, 2)];
    await runTurns(5);
    expect(peers.map(({ isConnected }) => isConnected)).toEqual([false, false, true]);
    expect(sim.packets.map(({ type, operation }) => [type, OPERATIONS[operation]])).toEqual(
      expect.arrayContaining([
        [2, 'RST'],
        [1, 'RST'],
        [2, 'RESPONSE'],
      ]),
    );
  });

  it('ends: who waits is told, who was not accepted is closed, who comes is refused', async () => {
    const { vsock, sim } = openVsock();
    const listener = vsock.listen(80);
    const peer = sim.connect(80);
    await runTurns(3);
    const other = vsock.listen(81);
    const waiting = outcomeOf(other.accept());
    listener.close();
    listener.close();
    other.close();
    expect([await run(waiting), await kindOf(listener.accept())]).toEqual(['closed', 'closed']);
    const late = sim.connect(80);
    await runTurns(3);
    expect([peer.guestFlags, late.isReset]).toEqual([3, true]);
    expect(thrownBy(() => vsock.listen(80))).toBe('nothing');
  });

  it('to accept can be given up', async () => {
    const { vsock, sim } = openVsock();
    const listener = vsock.listen(80);
    const controller = new AbortController();
    const waiting = outcomeOf(listener.accept({ signal: controller.signal }));
    await runTurns(3);
    controller.abort(new Error('never mind'));
    expect(await run(waiting)).toBe('Error: never mind');
    const peer = sim.connect(80);
    expect((await run(listener.accept())).peerPort).toBe(peer.hostPort);
  });

  it.each([
    [-1, {}],
    [0xffffffff, {}],
    [80, {}],
    [81, { backlog: 0 }],
    [81, { backlog: 1025 }],
    [81, { receiveBytes: 1 }],
  ])('at port %d with %j is not done', (port, options) => {
    const { vsock } = openVsock();
    vsock.listen(80);
    expect(thrownBy(() => vsock.listen(port, options))).toBe('invalid-argument');
  });
});

describe('a stream', () => {
  it('moves megabytes both ways at once, through small windows', async () => {
    const { socket, peer, machine } = await openSocket({ bufferLength: 5000, connect: { receiveBytes: 4096 } });
    const sent = pattern(300_000);
    const writing = socket.write(sent).then(() => socket.shutdown());
    peer.send(pattern(200_000, 9));
    peer.shutdown(0);
    let count = 0;
    const target = new Uint8Array(777);
    const parts: Uint8Array[] = [];
    while (count < 200_000) {
      const length = await run(socket.readInto(target));
      parts.push(target.slice(0, length));
      count += length;
    }
    await run(writing);
    await runTurns(5);
    expect(sameBytes(Buffer.concat(parts), pattern(200_000, 9))).toBe(true);
    expect(sameBytes(Buffer.concat(peer.received), sent)).toBe(true);
    expect([peer.guestFlags, machine.violations]).toEqual([2, []]);
  });

  it('holds the other end back while nobody reads, and goes on then', async () => {
    const { socket, peer, sim, machine } = await openSocket({ connect: { receiveBytes: 10_000 } });
    peer.send(pattern(25_000));
    await runTurns(20);
    expect([peer.backlog, sim.backlog]).toEqual([15_000, 0]);
    const parts: Uint8Array[] = [];
    while (Buffer.concat(parts).length < 25_000) parts.push(await run(socket.read()));
    expect([sameBytes(Buffer.concat(parts), pattern(25_000)), machine.violations]).toEqual([true, []]);
  });

  it('is held back while the other end does not read: it asks for credit once, and other connections go on', async () => {
    const { socket, peer, vsock, sim, machine } = await openSocket();
    peer.setReading(false);
    const writing = outcomeOf(socket.write(pattern(1500)));
    await runTurns(50);
    expect(Buffer.concat(peer.received).length).toBe(1000);
    expect(sim.packets.filter(({ operation }) => OPERATIONS[operation] === 'CREDIT_REQUEST')).toHaveLength(1);
    const other = await run(vsock.connect(2, ECHO_PORT));
    await run(other.write(bytes('passing')));
    await runTurns(2);
    expect(text(Buffer.concat(sim.connections[1]!.received))).toBe('passing');
    peer.setReading(true);
    expect(await run(writing)).toBe('fulfilled');
    expect([sameBytes(Buffer.concat(peer.received), pattern(1500)), machine.violations]).toEqual([true, []]);
  });

  it('of thousands of single bytes takes little more memory than these', async () => {
    const { socket, peer, machine } = await openSocket();
    for (let i = 0; i < 5000; i++) peer.send(Uint8Array.of(i % 251));
    await runTurns(200);
    const first = await run(socket.read());
    expect([first.length, sameBytes(first, pattern(2048, 0))]).toEqual([2048, true]);
    expect([(await run(socket.read())).length, machine.violations]).toEqual([2048, []]);
  });

  it('serves reads in their order, and one that is given up takes nothing', async () => {
    const { socket, peer } = await openSocket();
    const controller = new AbortController();
    const reads = [socket.read(), socket.read({ signal: controller.signal }), socket.read()];
    const outcomes = reads.map(outcomeOf);
    await runTurns(2);
    controller.abort(new Error('never mind'));
    peer.send(bytes('one'));
    await runTurns(2);
    peer.send(bytes('two'));
    expect(await run(Promise.all(outcomes))).toEqual(['fulfilled', 'Error: never mind', 'fulfilled']);
    expect([text(await reads[0]!), text(await reads[2]!)]).toEqual(['one', 'two']);
    expect(await kindOf(socket.readInto(new Uint8Array(0)))).toBe('invalid-argument');
  });

  it('sends writes in their order, nothing for an empty one, and no more of one that is given up', async () => {
    const { socket, peer, machine } = await openSocket();
    peer.setReading(false);
    const controller = new AbortController();
    const outcomes = [
      socket.write(pattern(900)),
      socket.write(new Uint8Array(0)),
      socket.write(pattern(500), { signal: controller.signal }),
      socket.write(bytes('end')),
    ].map(outcomeOf);
    await runTurns(5);
    controller.abort(new Error('never mind'));
    peer.setReading(true);
    expect(await run(Promise.all(outcomes))).toEqual(['fulfilled', 'fulfilled', 'Error: never mind', 'fulfilled']);
    await runTurns(3);
    expect(text(Buffer.concat(peer.received).subarray(1000))).toBe('end');
    expect(machine.violations).toEqual([]);
  });
});

describe('messages', () => {
  it('keep their boundaries both ways, be they longer than a packet', async () => {
    const { socket, peer, machine } = await openSocket({ bufferLength: 50_000, connect: { type: 'seqpacket' } });
    const lengths = [1, 5, 20_000, 3, 40_000, 16_384, 2];
    for (const length of lengths) void socket.write(pattern(length, length % 100));
    for (const length of lengths) peer.send(pattern(length, length % 90));
    for (const [i, length] of lengths.entries()) {
      const message =
        i % 2 === 0
          ? await run(socket.read())
          : await run(socket.readInto(new Uint8Array(50_000)).then((count) => pattern(count, length % 90)));
      expect(sameBytes(message, pattern(length, length % 90))).toBe(true);
    }
    await runTurns(10);
    expect(peer.messages.map(({ length }) => length)).toEqual(lengths);
    expect(peer.messages.every((message, i) => sameBytes(message, pattern(lengths[i]!, lengths[i]! % 100)))).toBe(true);
    expect(machine.violations).toEqual([]);
  });

  it('that are too long for who sends or reads them are typed errors, and stay where they are', async () => {
    const { socket, peer, sim } = await openSocket({ connect: { type: 'seqpacket' } });
    const sent = sim.packets.length;
    expect(await kindOf(socket.write(pattern(1001)))).toBe('out-of-range');
    expect(await kindOf(socket.write(new Uint8Array(0)))).toBe('invalid-argument');
    expect(sim.packets).toHaveLength(sent);
    peer.send(pattern(100));
    expect(await kindOf(socket.readInto(new Uint8Array(99)))).toBe('out-of-range');
    expect(await run(socket.readInto(new Uint8Array(100)))).toBe(100);
  });

  it('without bytes come as such, and are not the end', async () => {
    const { socket, peer } = await openSocket({ connect: { type: 'seqpacket' } });
    peer.send(new Uint8Array(0));
    peer.send(bytes('x'));
    expect([(await run(socket.read())).length, socket.isEnded, text(await run(socket.read()))]).toEqual([
      0,
      false,
      'x',
    ]);
    peer.shutdown(2);
    await runTurns(2);
    expect([(await run(socket.read())).length, socket.isEnded]).toEqual([0, true]);
  });

  it('of which a part is on its way are not taken back', async () => {
    const { socket, peer } = await openSocket({ connect: { type: 'seqpacket' } });
    peer.setReading(false);
    await run(socket.write(pattern(600)));
    const controller = new AbortController();
    const writing = outcomeOf(socket.write(pattern(900), { signal: controller.signal }));
    await runTurns(5);
    controller.abort(new Error('never mind'));
    await runTurns(2);
    peer.setReading(true);
    expect(await run(writing)).toBe('fulfilled');
    await runTurns(2);
    expect(peer.messages.map(({ length }) => length)).toEqual([600, 900]);
  });
});

describe('the end of a connection', () => {
  it('by shutdown: what was written goes out, the other end reads to the end, and its bytes still come', async () => {
    const { socket, peer, machine } = await openSocket();
    const outcomes = [socket.write(pattern(3000)), socket.shutdown()].map(outcomeOf);
    expect(await run(Promise.all(outcomes))).toEqual(['fulfilled', 'fulfilled']);
    await runTurns(3);
    expect([Buffer.concat(peer.received).length, peer.guestFlags]).toEqual([3000, 2]);
    expect([await kindOf(socket.write(bytes('x'))), await kindOf(socket.shutdown())]).toEqual(['closed', 'fulfilled']);
    peer.send(bytes('answer'));
    expect(text(await run(socket.read()))).toBe('answer');
    peer.shutdown(2);
    expect([(await run(socket.read())).length, socket.isEnded]).toEqual([0, true]);
    await run(socket.close());
    expect([peer.guestFlags, machine.violations]).toEqual([3, []]);
  });

  it('by the other end: what came is read, then the end; it is confirmed by RST, and writes are refused', async () => {
    const { socket, peer, machine } = await openSocket();
    peer.send(bytes('goodbye'));
    peer.shutdown(3);
    await runTurns(3);
    expect(peer.isReset).toBe(true);
    expect(text(await run(readAll(socket)))).toBe('goodbye');
    expect([await kindOf(socket.write(bytes('x'))), await kindOf(socket.close())]).toEqual(['closed', 'fulfilled']);
    expect([await kindOf(socket.read()), machine.violations]).toEqual(['closed', []]);
  });

  it('in two steps of the other end is one', async () => {
    const { socket, peer, machine } = await openSocket();
    peer.setReading(false);
    const writing = outcomeOf(socket.write(pattern(2000)));
    await runTurns(3);
    peer.shutdown(1);
    expect(await run(writing)).toBe('closed');
    expect(await kindOf(socket.write(bytes('x')))).toBe('closed');
    peer.send(bytes('still'));
    expect(text(await run(socket.read()))).toBe('still');
    const reading = socket.read();
    peer.shutdown(2);
    expect((await run(reading)).length).toBe(0);
    await runTurns(2);
    expect([peer.isReset, machine.violations]).toEqual([true, []]);
  });

  it('by RST: what came is read, everything else rejects', async () => {
    const { socket, peer, machine } = await openSocket();
    peer.setReading(false);
    peer.send(bytes('last'));
    const writing = outcomeOf(socket.write(pattern(2000)));
    await runTurns(3);
    peer.reset();
    expect(await run(writing)).toBe('connection-reset');
    expect([text(await run(socket.read())), await kindOf(socket.read())]).toEqual(['last', 'connection-reset']);
    expect([await kindOf(socket.write(bytes('x'))), await kindOf(socket.shutdown())]).toEqual([
      'connection-reset',
      'connection-reset',
    ]);
    expect([await kindOf(socket.close()), machine.violations]).toEqual(['fulfilled', []]);
  });

  it('by close: what waits rejects, and it is done when the other end confirms', async () => {
    const { socket, peer, machine } = await openSocket();
    peer.confirms = false;
    peer.setReading(false);
    const outcomes = [socket.read(), socket.write(pattern(2000))].map(outcomeOf);
    await runTurns(3);
    let isDone = false;
    const closing = socket.close().then(() => {
      isDone = true;
    });
    expect(await run(Promise.all(outcomes))).toEqual(['closed', 'closed']);
    peer.send(bytes('too late'));
    await runTurns(10);
    expect([isDone, peer.guestFlags]).toEqual([false, 3]);
    peer.reset();
    await run(closing);
    expect([
      await kindOf(socket.read()),
      await kindOf(socket.write(bytes('x'))),
      await kindOf(socket.shutdown()),
    ]).toEqual(['closed', 'closed', 'closed']);
    expect(machine.violations).toEqual([]);
  });

  it('of both ends at once is confirmed', async () => {
    const { socket, peer, sim, machine } = await openSocket();
    peer.confirms = false;
    const closing = socket.close();
    await runTurns(2);
    peer.shutdown(3);
    await run(closing);
    await runTurns(2);
    expect([peer.isReset, sim.connections, machine.violations]).toEqual([true, [], []]);
  });

  it('that is not confirmed comes at the deadline, with RST', async () => {
    const { socket, peer, machine, vsock } = await openSocket({ deadlineMs: 100 });
    peer.confirms = false;
    const before = machine.now;
    await run(socket.close());
    expect((machine.now - before) / 1e6).toBeGreaterThan(99);
    await runTurns(2);
    expect([peer.isReset, machine.violations]).toEqual([true, []]);
    expect((await run(vsock.connect(2, ECHO_PORT))).localPort).not.toBe(socket.localPort);
  });
});

describe('random conversations', () => {
  it.each([1, 2, 3, 4, 5, 6])('lose and mix nothing up, seed %d', async (seed) => {
    const random = new Random(seed);
    const { vsock, sim, machine } = openVsock({ bufferLength: 2000 });
    const sockets = await run(
      Promise.all(Array.from({ length: 8 }, () => vsock.connect(2, ECHO_PORT, { receiveBytes: 4096 }))),
    );
    const peers = [...sim.connections];
    const sent = sockets.map(() => Buffer.alloc(0));
    const said = sockets.map(() => Buffer.alloc(0));
    const read = sockets.map(() => Buffer.alloc(0));
    const writes: Promise<void>[] = [];
    for (let step = 0; step < 300; step++) {
      const i = random.below(8);
      const part = Buffer.from(pattern(1 + random.below(3000), random.below(251)));
      switch (random.below(5)) {
        case 0:
          sent[i] = Buffer.concat([sent[i]!, part]);
          writes.push(sockets[i]!.write(part));
          break;
        case 1:
          said[i] = Buffer.concat([said[i]!, part]);
          peers[i]!.send(part);
          break;
        case 2:
          peers[i]!.setReading(!peers[i]!.isReading);
          break;
        case 3:
          if (read[i]!.length < said[i]!.length) read[i] = Buffer.concat([read[i]!, await run(sockets[i]!.read())]);
          break;
        default:
          await runTurns(1);
      }
    }
    for (const peer of peers) peer.setReading(true);
    for (const [i, socket] of sockets.entries())
      while (read[i]!.length < said[i]!.length) read[i] = Buffer.concat([read[i]!, await run(socket.read())]);
    await run(Promise.all(writes));
    await runTurns(5);
    for (const i of sockets.keys()) {
      expect(sameBytes(Buffer.concat(peers[i]!.received), sent[i]!), `seed ${seed}`).toBe(true);
      expect(sameBytes(read[i]!, said[i]!), `seed ${seed}`).toBe(true);
    }
    expect(machine.violations).toEqual([]);
  });
});
