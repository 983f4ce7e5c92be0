import { afterEach, describe, expect, it } from 'vitest';
import { newLive, removeLive } from '../../../../drivers/virtio/live.ts';
import { startVsock } from '../../../../drivers/vsock/driver.ts';
import { shutdown } from '../../../../kernel/event/shutdown.ts';
import { dmaFreeBytes } from '../../../../kernel/hal/dma-pool.ts';
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
  thrownBy,
} from './harness.ts';

const NEEDS_RESET = 0x40;

afterEach(forgetVsocks);

describe('a machine that is moved to another host', () => {
  it('has another context id and no connections; its listeners go on', async () => {
    const { socket, vsock, sim, machine } = await openSocket();
    const listener = vsock.listen(80);
    const accepting = listener.accept();
    sim.isDeaf = true;
    const outcomes = [socket.read(), socket.write(pattern(9000)), vsock.connect(2, ECHO_PORT)].map(outcomeOf);
    await runTurns(3);
    sim.isDeaf = false;
    sim.move(4711);
    expect(await run(Promise.all(outcomes))).toEqual(['device-reset', 'device-reset', 'device-reset']);
    expect([vsock.cid, await kindOf(socket.write(bytes('x'))), await kindOf(socket.close())]).toEqual([
      4711,
      'device-reset',
      'fulfilled',
    ]);
    const peer = sim.connect(80);
    peer.send(bytes('hello again'));
    const accepted = await run(accepting);
    expect([text(await run(accepted.read())), machine.violations]).toEqual(['hello again', []]);
    expect((await run(vsock.connect(2, ECHO_PORT))).peerCid).toBe(2);
  });

  it('several times has lost no event', async () => {
    const { vsock, sim, machine } = openVsock();
    for (let i = 0; i < 20; i++) {
      sim.move(100 + i);
      await runTurns(3);
      expect(vsock.cid).toBe(100 + i);
    }
    expect(machine.violations).toEqual([]);
  });

  it('has what came before the move, and can still be read', async () => {
    const { socket, peer, sim } = await openSocket();
    peer.send(bytes('before'));
    await runTurns(2);
    sim.move(5);
    await runTurns(2);
    expect([text(await run(socket.read())), await kindOf(socket.read())]).toEqual(['before', 'device-reset']);
  });

  it('and has no context id there, is given up', async () => {
    const { sim, live, vsock } = openVsock();
    sim.move(2);
    await runTurns(3);
    expect([live.state, thrownBy(() => vsock.listen(1))]).toEqual(['failed', 'device-failed']);
  });
});

describe('a socket device', () => {
  it('that needs a reset gets it: connections are lost, listeners go on', async () => {
    const { socket, vsock, sim, device, machine } = await openSocket();
    const listener = vsock.listen(80);
    const reading = outcomeOf(socket.read());
    await runTurns(2);
    sim.connections.splice(0);
    device.status |= NEEDS_RESET;
    device.interrupts.config();
    expect(await run(reading)).toBe('device-reset');
    const peer = sim.connect(80);
    const accepted = await run(listener.accept());
    await run(accepted.write(bytes('here we are')));
    await runTurns(2);
    expect([text(Buffer.concat(peer.received)), machine.violations]).toEqual(['here we are', []]);
    expect((await run(vsock.connect(2, ECHO_PORT))).peerCid).toBe(2);
  });

  it('that takes nothing out of its queue is reset at the deadline', async () => {
    const { socket, vsock, sim, machine } = await openSocket({ deadlineMs: 100 });
    sim.isStuck = true;
    const reading = outcomeOf(socket.read());
    await run(socket.write(bytes('x')));
    expect(await run(reading)).toBe('timeout');
    sim.isStuck = false;
    sim.connections.splice(0);
    const again = await run(vsock.connect(2, ECHO_PORT));
    await run(again.write(bytes('works')));
    await runTurns(2);
    expect([text(Buffer.concat(sim.connections[0]!.received)), machine.violations]).toEqual(['works', []]);
  });

  it.each(['pci', 'mmio'] as const)(
    'gives all memory back when it is closed, and may be opened again, over %s',
    async (transport) => {
      const { live: first, vsock: opened, sim, pool, free, machine, ...all } = openVsock({ transport });
      const interrupts = first.interrupts;
      let vsock = opened;
      for (let round = 0; round < 3; round++) {
        const socket = await run(vsock.connect(2, ECHO_PORT));
        const listener = vsock.listen(80);
        sim.connect(80);
        await runTurns(2);
        const outcomes = [
          socket.read(),
          socket.write(pattern(9000)),
          vsock.listen(81).accept(),
          vsock.connect(9, 9),
        ].map(outcomeOf);
        await runTurns(3);
        await run(vsock.close());
        expect(await run(Promise.all(outcomes))).toEqual(['closed', 'closed', 'closed', 'closed']);
        expect([
          await kindOf(socket.read()),
          await kindOf(socket.write(bytes('x'))),
          await kindOf(socket.close()),
          await kindOf(vsock.connect(2, 1)),
          await kindOf(listener.accept()),
          thrownBy(() => vsock.listen(1)),
        ]).toEqual(['closed', 'closed', 'fulfilled', 'closed', 'closed', 'closed']);
        expect([dmaFreeBytes(pool), all.device.status & 4]).toEqual([free, 0]);
        sim.connections.splice(0);
        vsock = startVsock(newLive(all.transport, interrupts, pool, 1000));
      }
      await run(vsock.close());
      expect(machine.violations).toEqual([]);
    },
  );

  it('that is removed rejects everything', async () => {
    const { socket, live, pool, free } = await openSocket();
    const reading = outcomeOf(socket.read());
    await runTurns(2);
    removeLive(live);
    expect([await run(reading), await kindOf(socket.write(bytes('x')))]).toEqual(['removed', 'removed']);
    expect(dmaFreeBytes(pool)).toBe(free);
  });

  it('keeps the program alive while something waits, and not else', async () => {
    const { socket, vsock, live } = await openSocket();
    vsock.listen(80);
    await runTurns(5);
    expect(live.driver!.pendingCount).toBe(0);
    void outcomeOf(socket.read());
    expect(live.driver!.pendingCount).toBe(1);
  });

  it('sends at the end of the program what was written', async () => {
    const { socket, peer, machine } = await openSocket();
    peer.setReading(false);
    const writing = outcomeOf(socket.write(pattern(1500)));
    await runTurns(5);
    machine.after(1_000_000, () => peer.setReading(true));
    expect(await run(outcomeOf(shutdown(0)))).toContain('Error');
    expect([await writing, Buffer.concat(peer.received).length]).toEqual(['fulfilled', 1500]);
  });
});
