// Devices and other ends that say what cannot be. Of the other end of one connection only that connection dies, and the other end is told by RST; a device whose packets do not fit its buffers
// is given up. Nothing of it ends the program.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startLog, stopLog } from '../../../../kernel/base/log.ts';
import { dmaFreeBytes } from '../../../../kernel/hal/dma-pool.ts';
import { OPERATIONS, type SimVsockConnection, type SimVsockDevice } from '../../../sim/virtio/vsock.ts';
import {
  bytes,
  ECHO_PORT,
  forgetVsocks,
  kindOf,
  openSocket,
  openVsock,
  outcomeOf,
  pattern,
  run,
  runTurns,
  text,
} from './harness.ts';

let lines: string[] = [];

beforeEach(() => {
  lines = [];
  startLog((line) => lines.push(line.trimEnd()), 'warn');
});

afterEach(() => {
  forgetVsocks();
  stopLog();
});

const [REQUEST, RESPONSE, RST, SHUTDOWN, RW] = ['REQUEST', 'RESPONSE', 'RST', 'SHUTDOWN', 'RW'].map((name) =>
  OPERATIONS.indexOf(name as (typeof OPERATIONS)[number]),
) as [number, number, number, number, number];

const namesOf = (sim: SimVsockDevice): string[] =>
  sim.packets.map(({ operation }) => OPERATIONS[operation] ?? `${operation}`);

describe('the other end of a connection', () => {
  it.each<[string, string, (peer: SimVsockConnection) => void]>([
    [
      'hands on more than it was sent (W19)',
      'has handed on more than it was sent',
      (peer) => peer.say('CREDIT_UPDATE', { forwardedCount: 6 }),
    ],
    [
      'hands on half of all numbers more than it was sent (W19)',
      'has handed on more than it was sent',
      (peer) => peer.say('CREDIT_UPDATE', { forwardedCount: 0x7fffffff }),
    ],
    [
      'sends more than there is room for (W16)',
      'sent 4000 bytes, for which there was no room',
      (peer) => {
        for (let i = 0; i < 19; i++) peer.say('RW', { payload: pattern(4000) });
      },
    ],
    ['says op 0', 'a packet with op 0, which has no place here', (peer) => peer.say('INVALID')],
    ['says an op that there is not', 'a packet with op 9,', (peer) => peer.say('RW', { operation: 9 })],
    ['says op 65535', 'a packet with op 65535,', (peer) => peer.say('RW', { operation: 65535 })],
    ['asks for the connection that it has', 'a packet with op 1,', (peer) => peer.say('REQUEST')],
    ['accepts it again', 'a packet with op 2,', (peer) => peer.say('RESPONSE')],
    [
      'changes its type',
      'a packet of type 2, which is not that',
      (peer) => peer.say('RW', { type: 2, payload: bytes('x') }),
    ],
    ['has a type that there is not', 'a packet of type 77, which', (peer) => peer.say('CREDIT_UPDATE', { type: 77 })],
    [
      'sends bytes behind the end',
      'sent bytes behind the end',
      (peer) => {
        peer.shutdown(2);
        peer.send(bytes('x'));
      },
    ],
  ])('that %s is told so, and others go on', async (_, complaint, lie) => {
    const { socket, peer, vsock, sim, machine } = await openSocket();
    const other = await run(vsock.connect(2, ECHO_PORT));
    await run(socket.write(pattern(5)));
    await runTurns(2);
    lie(peer);
    await runTurns(5);
    expect(lines).toEqual([expect.stringContaining(complaint)]);
    expect([peer.isReset, namesOf(sim).filter((name) => name === 'RST')]).toEqual([true, ['RST']]);
    expect(await kindOf(socket.write(bytes('x')))).toBe('wrong-answer');
    await run(other.write(bytes('fine')));
    await runTurns(2);
    expect(text(Buffer.concat(sim.connections[0]!.received))).toBe('fine');
    expect(machine.violations).toEqual([]);
  });

  it('that hands on less than before is not believed: two packets have overtaken each other', async () => {
    const { socket, peer } = await openSocket();
    await run(socket.write(pattern(800)));
    await runTurns(2);
    peer.say('CREDIT_UPDATE', { forwardedCount: 800 });
    peer.say('CREDIT_UPDATE', { forwardedCount: 300 });
    await runTurns(2);
    await run(socket.write(pattern(1000)));
    await runTurns(2);
    expect(Buffer.concat(peer.received).length).toBe(1800);
  });

  it('that takes its room back is sent nothing more until it has some (W19)', async () => {
    const { socket, peer, machine } = await openSocket();
    peer.setReading(false);
    await run(socket.write(pattern(600)));
    await runTurns(2);
    peer.bufferLength = 100;
    peer.say('CREDIT_UPDATE');
    await runTurns(2);
    const writing = outcomeOf(socket.write(pattern(10)));
    await runTurns(20);
    expect(Buffer.concat(peer.received).length).toBe(600);
    peer.bufferLength = 0xffffffff;
    peer.say('CREDIT_UPDATE');
    expect([await run(writing), machine.violations]).toEqual(['fulfilled', []]);
  });

  it('that has no room at all is asked once, not for ever', async () => {
    const { socket, sim } = await openSocket({ bufferLength: 0 });
    const writing = outcomeOf(socket.write(bytes('x')));
    await runTurns(100);
    expect(namesOf(sim)).toEqual(['REQUEST', 'CREDIT_REQUEST']);
    await run(Promise.all([socket.close(), writing]));
    expect(await writing).toBe('closed');
  });

  it.each<[string, (peer: SimVsockConnection) => void]>([
    [
      'sends a message longer than its room',
      (peer) => {
        for (let i = 0; i < 2; i++) peer.say('RW', { payload: pattern(2048) });
      },
    ],
    [
      'sends messages without bytes for ever',
      (peer) => {
        for (let i = 0; i < 4200; i++) peer.say('RW', { flags: 1 });
      },
    ],
  ])('that %s is told so', async (_, lie) => {
    const { socket, peer } = await openSocket({ connect: { type: 'seqpacket', receiveBytes: 4096 } });
    lie(peer);
    await runTurns(300);
    expect([peer.isReset, await kindOf(socket.write(bytes('x')))]).toEqual([true, 'wrong-answer']);
  });

  it('answers a request by bytes: nobody is connected', async () => {
    const { vsock, sim } = openVsock();
    sim.isDeaf = true;
    const connecting = outcomeOf(vsock.connect(2, ECHO_PORT));
    await runTurns(3);
    sim.say({ sourcePort: ECHO_PORT, targetPort: sim.packets[0]!.sourcePort, operation: RW, payload: bytes('x') });
    expect(await run(connecting)).toBe('wrong-answer');
    await runTurns(2);
    expect(namesOf(sim)).toEqual(['REQUEST', 'RST']);
  });

  it('a flood of complaints is said a few times', async () => {
    const { vsock, sim } = openVsock();
    for (let i = 0; i < 12; i++) {
      await run(vsock.connect(2, ECHO_PORT));
      sim.connections.at(-1)!.say('INVALID');
      await runTurns(2);
    }
    expect(lines).toHaveLength(8);
    expect(lines.at(-1)).toContain('no more is said of such');
  });
});

describe('packets of no connection', () => {
  it.each<[string, { operation: number; flags?: number; payload?: Uint8Array; type?: number }]>([
    ['REQUEST to a port where nobody listens', { operation: REQUEST }],
    ['RESPONSE', { operation: RESPONSE }],
    ['SHUTDOWN', { operation: SHUTDOWN, flags: 3 }],
    ['bytes', { operation: RW, payload: pattern(10) }],
    ['an op that there is not', { operation: 99 }],
    ['a type that there is not', { operation: REQUEST, type: 5 }],
  ])('%s: the answer is RST, of the same type', async (_, packet) => {
    const { sim, machine } = openVsock();
    sim.say({ sourcePort: 11, targetPort: 22, ...packet });
    await runTurns(3);
    expect(sim.packets).toEqual([
      expect.objectContaining({
        operation: RST,
        sourceCid: 3,
        targetCid: 2,
        sourcePort: 22,
        targetPort: 11,
        type: packet.type ?? 1,
      }),
    ]);
    expect(machine.violations).toEqual([]);
  });

  it('RST is answered by nothing', async () => {
    const { sim } = openVsock();
    sim.say({ sourcePort: 11, targetPort: 22, operation: RST });
    await runTurns(3);
    expect(sim.packets).toEqual([]);
  });

  it.each([
    ['to another machine', { targetCid: 4 }],
    ['from nobody', { sourceCid: 0 }],
    ['from anybody', { sourceCid: 0xffffffff }],
    ['with a high half of the context id', { high: 1 }],
  ])('%s are not for us', async (_, packet) => {
    const { sim } = openVsock();
    sim.say({ operation: REQUEST, sourcePort: 11, targetPort: 22, ...packet });
    await runTurns(3);
    expect(sim.packets).toEqual([]);
  });

  it('are not taken while the answers find no room, and nothing is lost: the line is bounded', async () => {
    const { sim, vsock, machine } = openVsock();
    sim.isStuck = true;
    for (let i = 0; i < 500; i++) sim.say({ sourcePort: i, targetPort: 22, operation: REQUEST });
    await runTurns(100);
    expect(sim.backlog).toBeGreaterThan(500 - 16 - 64 - 64 - 1);
    sim.unstick();
    await runTurns(100);
    expect([sim.packets.map(({ targetPort }) => targetPort), sim.backlog]).toEqual([
      Array.from({ length: 500 }, (_, i) => i),
      0,
    ]);
    expect((await run(vsock.connect(2, ECHO_PORT))).peerPort).toBe(ECHO_PORT);
    expect(machine.violations).toEqual([]);
  });

  it('connections are served while the transmit queue is full (§5.10.6.1)', async () => {
    const { socket, peer, sim, machine } = await openSocket();
    sim.isStuck = true;
    void socket.write(pattern(900));
    for (let i = 0; i < 40; i++) peer.say('CREDIT_REQUEST');
    peer.send(bytes('through'));
    expect(text(await run(socket.read()))).toBe('through');
    sim.unstick();
    await runTurns(5);
    expect(machine.violations).toEqual([]);
  });
});

describe('a device', () => {
  it.each<[string, RegExp, (sim: SimVsockDevice) => void]>([
    [
      'whose packet is shorter than a header (W16)',
      /a packet of 43 bytes, expected 44 at least/,
      (sim) => sim.say({ usedLength: 43 }),
    ],
    ['that returns an empty buffer', /a packet of 0 bytes/, (sim) => sim.say({ usedLength: 0 })],
    [
      'whose packet says more bytes than came (W24)',
      /a packet has 11 bytes, which are more than its buffer holds/,
      (sim) => sim.say({ operation: RW, payload: pattern(10), length: 11 }),
    ],
    [
      'whose packet says four billion bytes (W24)',
      /a packet has 4294967295 bytes/,
      (sim) => sim.say({ operation: RW, payload: pattern(10), length: 0xffffffff }),
    ],
    [
      'that writes more than its buffer has (W24)',
      /9000 bytes written, expected at most 8236/,
      (sim) => sim.say({ usedLength: 9000 }),
    ],
    [
      'that returns a head which it does not have (W16)',
      /returned head 100/,
      (sim) => sim.device.rings[0]!.give(100, 44),
    ],
    ['that returns a packet of ours twice', /returned/, (sim) => sim.device.rings[1]!.give(0, 0)],
    ['whose event is short', /an event of 3 bytes, expected 4/, (sim) => sim.sayEvent(0, 3)],
    ['whose event is long', /5 bytes written, expected at most 4/, (sim) => sim.sayEvent(0, 5)],
  ])('%s is given up, and everything rejects', async (_, why, lie) => {
    const { socket, vsock, sim, live, pool, free, device } = await openSocket();
    const listener = vsock.listen(80);
    const outcomes = [socket.read(), socket.write(pattern(9000)), listener.accept()].map(outcomeOf);
    await runTurns(5);
    lie(sim);
    device.interrupts.queue(0);
    expect(await run(Promise.all(outcomes))).toEqual(['wrong-answer', 'wrong-answer', 'device-failed']);
    expect([await kindOf(vsock.connect(2, ECHO_PORT)), live.state, dmaFreeBytes(pool)]).toEqual([
      'device-failed',
      'failed',
      free,
    ]);
    expect(lines.at(-1)).toMatch(why);
    await run(socket.close());
  });

  it('with payload that is shorter than its buffer has room for is right', async () => {
    const { socket, peer } = await openSocket();
    peer.say('RW', { payload: bytes('short and more'), length: 5 });
    expect(text(await run(socket.read()))).toBe('short');
  });

  it('that says packets as fast as it gets buffers keeps nobody from anything', async () => {
    const { socket, peer, sim } = await openSocket();
    const reading = socket.read();
    for (let i = 0; i < 3000; i++) sim.say({ operation: RST, sourcePort: 11, targetPort: i });
    peer.send(bytes('here'));
    expect(text(await run(reading))).toBe('here');
  });

  it('events that there are not mean nothing', async () => {
    const { socket, peer, sim } = await openSocket();
    for (let i = 1; i < 10; i++) {
      sim.sayEvent(i);
      await runTurns(2);
    }
    peer.send(bytes('here'));
    expect(text(await run(socket.read()))).toBe('here');
  });

  it.each([
    ['is reserved', { guestCid: 1 }, /guest_cid reads 1, which is no guest's/],
    ['is the host', { guestCid: 2 }, /guest_cid reads 2/],
    ['stands for all', { guestCid: 0xffffffff }, /guest_cid reads 4294967295/],
    ['has more than 32 bits', { guestCidHigh: 1 }, /guest_cid reads 3 with 1 in its high half/],
    ['is not there', { config: new Uint8Array(0), transport: 'mmio' as const }, /guest_cid reads|config/],
    ['never holds still', { faults: { generations: 1000 } }, /changed/],
  ])('whose context id %s does not come up', (_, options, why) => {
    expect(() => openVsock(options)).toThrow(why);
  });
});
