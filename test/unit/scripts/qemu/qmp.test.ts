import { Duplex } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { openQmp } from '../../../../scripts/qemu/qmp.ts';

/** QEMU's end of the conversation: what we wrote, and a way to answer in any pieces. */
const createPeer = () => {
  const written: string[] = [];
  const stream = new Duplex({
    read() {},
    write(chunk, _encoding, done) {
      written.push(String(chunk));
      done();
    },
  });
  return { stream, written, says: (piece: string) => void stream.push(piece) };
};

const GREETING = '{"QMP": {"version": {}, "capabilities": []}}\r\n{"return": {}, "id": 1}\r\n';

describe('QMP', () => {
  it('waits for the greeting, and leaves the negotiation mode before anything else', async () => {
    const peer = createPeer();
    const answer = openQmp(peer.stream).execute('query-status');
    expect(peer.written).toEqual([]);
    peer.says(`${GREETING}{"return": {}, "id": 2}\n`);
    await answer;
    expect(peer.written).toEqual(['{"execute":"qmp_capabilities","id":1}\n', '{"execute":"query-status","id":2}\n']);
  });

  it('gives each command its own answer, whatever the order', async () => {
    const peer = createPeer();
    const qmp = openQmp(peer.stream);
    const first = qmp.execute('query-pci');
    const second = qmp.execute('query-block', { a: 1 });
    peer.says(`${GREETING}{"return": "block", "id": 3}\n{"return": "pci", "id": 2}\n`);
    expect(await first).toBe('pci');
    expect(await second).toBe('block');
    expect(peer.written[2]).toBe('{"execute":"query-block","arguments":{"a":1},"id":3}\n');
  });

  it('reads answers that arrive in pieces', async () => {
    const peer = createPeer();
    const answer = openQmp(peer.stream).execute('query-status');
    for (const letter of `${GREETING}{"return": {"running": true}, "id": 2}\r\n`) peer.says(letter);
    expect(await answer).toEqual({ running: true });
  });

  it("rejects with QEMU's own words", async () => {
    const peer = createPeer();
    const answer = openQmp(peer.stream).execute('nonsense');
    peer.says(`${GREETING}{"error": {"class": "CommandNotFound", "desc": "no such command"}, "id": 2}\n`);
    await expect(answer).rejects.toThrow('QMP nonsense: no such command');
  });

  it('keeps events apart from answers', async () => {
    const peer = createPeer();
    const qmp = openQmp(peer.stream);
    const answer = qmp.execute('cont');
    peer.says(`${GREETING}{"event": "SHUTDOWN", "data": {"reason": "guest-reset"}}\n{"return": {}, "id": 2}\n`);
    await answer;
    expect(qmp.events).toEqual([{ event: 'SHUTDOWN', data: { reason: 'guest-reset' } }]);
  });

  it('rejects what is unanswered when QEMU ends, and what is asked after', async () => {
    const peer = createPeer();
    const qmp = openQmp(peer.stream);
    const answer = qmp.execute('query-pci');
    peer.stream.destroy();
    await expect(answer).rejects.toThrow('QEMU ended first');
    await expect(qmp.execute('query-pci')).rejects.toThrow('QEMU has ended');
  });
});
