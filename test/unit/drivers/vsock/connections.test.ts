import { beforeEach, describe, expect, it } from 'vitest';
import {
  addConnection,
  askToSend,
  CONNECTION_COUNT_MAX,
  Connection,
  Connections,
  dropConnection,
  findConnection,
  leaveLine,
  NO_CONNECTION,
  noteCredit,
  noteRead,
  noteReceived,
  peerRoom,
  removeConnection,
  SEND_CREDIT_UPDATE,
  startConnections,
} from '../../../../drivers/vsock/connections.ts';
import { Random } from '../../../native/random.ts';

let all: Connections;

beforeEach(() => {
  all = new Connections();
  startConnections(all);
});

describe('connections', () => {
  it('are found by their ends, as many as there can be, in whatever order they come and go', () => {
    const random = new Random(19);
    const known = new Map<string, number>();
    for (let step = 0; step < 20_000; step++) {
      const [local, cid, port] = [random.below(40), 2 + random.below(3), random.below(40)] as const;
      const key = `${local} ${cid} ${port}`;
      const found = findConnection(all, local, cid, port);
      expect(found).toBe(known.get(key) ?? NO_CONNECTION);
      if (found === NO_CONNECTION) {
        const index = addConnection(all, 1, local, cid, port, 4096);
        expect(index === NO_CONNECTION).toBe(known.size === CONNECTION_COUNT_MAX);
        if (index !== NO_CONNECTION) known.set(key, index);
      } else if (random.chance(0.9)) {
        removeConnection(all, found);
        known.delete(key);
      }
    }
    expect(all.count).toBe(known.size);
  });

  it('stand in the line once, and leave it wherever they are', () => {
    const indexes = [1, 2, 3, 4].map((port) => addConnection(all, 1, port, 2, port, 4096));
    for (const index of [...indexes, ...indexes]) askToSend(all, index, SEND_CREDIT_UPDATE);
    dropConnection(all, indexes[1]!);
    dropConnection(all, indexes[3]!);
    const line: number[] = [];
    for (; all.firstToSend !== NO_CONNECTION; leaveLine(all)) line.push(all.firstToSend);
    expect([line, all.lastToSend]).toEqual([[indexes[0], indexes[2]], NO_CONNECTION]);
    askToSend(all, indexes[2]!, SEND_CREDIT_UPDATE);
    expect([all.firstToSend, all.lastToSend]).toEqual([indexes[2], indexes[2]]);
  });
});

/** Returns a connection of which `sent` bytes were sent, and `forwarded` of them handed on by the other end, which has room for `room`. */
const sending = (sent: number, forwarded: number, room: number): Connection =>
  Object.assign(new Connection(), {
    sentCount: sent,
    peerForwardedCount: forwarded,
    peerBufferLength: room,
  });

describe('credit (W19)', () => {
  it.each([
    [0, 0, 100, 100],
    [60, 0, 100, 40],
    [100, 0, 100, 0],
    [60, 50, 100, 90],
    [10, 0xfffffff0, 100, 74],
    [0xffffffff, 0xffffffff, 100, 100],
    [0, 0xffffffff, 100, 99],
    [60, 0, 50, 0],
    [60, 0, 0, 0],
    [60, 0, 0xffffffff, 0xffffffff - 60],
  ])('with %d sent, %d handed on and room for %d is %d', (sent, forwarded, room, expected) => {
    expect(peerRoom(sending(sent, forwarded, room))).toBe(expected);
  });

  it.each([
    ['all of it', 0xfffffff0, 0x10, 0x10, true, 0x10],
    ['a part', 0xfffffff0, 0x10, 0xfffffff8, true, 0xfffffff8],
    ['nothing', 0xfffffff0, 0x10, 0xfffffff0, true, 0xfffffff0],
    ['one more', 0xfffffff0, 0x10, 0x11, false, 0xfffffff0],
    ['an older count', 0xfffffff0, 0x10, 0xffffff00, true, 0xfffffff0],
    ['one more behind the wrap', 5, 5, 6, false, 5],
  ])('where the other end has handed on %s', (_, before, sent, said, isTaken, after) => {
    const connection = sending(sent, before, 100);
    expect([noteCredit(connection, 100, said), connection.peerForwardedCount]).toEqual([isTaken, after]);
  });

  it('keeps two ends in step when their counters go round', () => {
    const random = new Random(32);
    const start = 2 ** 32 - 5000;
    const index = addConnection(all, 1, 1, 2, 2, 1000);
    const receiver = all.table[index]!;
    receiver.state = 2;
    Object.assign(receiver, { receivedCount: start, forwardedCount: start, toldCount: start });
    const sender = sending(start, start, 1000);
    let held = 0;
    for (let step = 0; step < 5000; step++) {
      const length = Math.min(peerRoom(sender), random.below(300));
      sender.sentCount = (sender.sentCount + length) >>> 0;
      expect(noteReceived(receiver, length)).toBe(true);
      held += length;
      expect(peerRoom(sender) + held <= 1000).toBe(true);
      const read = random.below(held + 1);
      held -= read;
      noteRead(all, index, read);
      if ((receiver.toSend & SEND_CREDIT_UPDATE) === 0 && random.chance(0.8)) continue;
      receiver.toSend = 0;
      receiver.toldCount = receiver.forwardedCount;
      expect(noteCredit(sender, receiver.bufferLength, receiver.forwardedCount)).toBe(true);
    }
    expect(sender.sentCount).toBeLessThan(start); // They have gone round.
    expect(noteReceived(receiver, 1000 - held + 1)).toBe(false);
  });

  it('is told when the other end sees less than half of it', () => {
    const index = addConnection(all, 1, 1, 2, 2, 1000);
    const connection = all.table[index]!;
    connection.state = 2;
    noteReceived(connection, 500);
    noteRead(all, index, 500);
    expect(connection.toSend).toBe(0);
    noteReceived(connection, 1);
    noteRead(all, index, 1);
    expect(connection.toSend).toBe(SEND_CREDIT_UPDATE);
  });
});
