// Consoles on a real QEMU. The host's ends of the ports are sockets, and what goes through them is compared byte by byte.

import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Qemu } from '../../scripts/qemu/start.ts';
import { type BootOptions, boot, temporaryFolder } from './harness.ts';
import { fillStream, Stream, startStream } from './images/console-machine.ts';

const IMAGE = 'test/boot/images/console.ts';
const MIB = 1024 * 1024;
const LIMIT_MS = 30_000;

/** The unit of processor times in /proc. */
const TICK_MS = 10;

/** The same with building the image. */
const TIMEOUT_MS = 300_000;

/** Returns QEMU's arguments for a socket that the host's end of a port is, and the port. */
const portArguments = (folder: string, id: string, device: string): string[] => [
  ...['-chardev', `socket,id=${id},path=${path.join(folder, id)},server=on,wait=off`],
  ...['-device', `${device},chardev=${id}`],
];

/** The host's end of a port. */
interface HostEnd {
  readonly socket: Socket;
  /** Is fulfilled with the next `count` bytes. */
  take(count: number): Promise<Buffer>;
}

/** Connects to a port. Nothing is read before `take`. */
const connectTo = async (folder: string, id: string): Promise<HostEnd> => {
  const socket = connect(path.join(folder, id));
  onTestFinished(() => void socket.destroy());
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  socket.on('error', () => {});
  const closed = once(socket, 'close');
  const take = async (count: number): Promise<Buffer> => {
    const pieces: Buffer[] = [];
    for (let taken = 0; taken < count; ) {
      const piece = socket.read(Math.min(count - taken, socket.readableLength || 1)) as Buffer | null;
      if (piece === null) {
        if (socket.closed) throw new Error(`the port is closed after ${taken} of ${count} bytes`);
        await Promise.race([once(socket, 'readable'), closed]);
      } else {
        pieces.push(piece);
        taken += piece.length;
      }
    }
    return Buffer.concat(pieces);
  };
  return { socket, take };
};

/** Returns the bytes of a stream. */
const streamOf = (seed: number, count: number): Buffer => {
  const stream = new Stream();
  startStream(stream, seed);
  const bytes = Buffer.alloc(count);
  fillStream(stream, bytes);
  return bytes;
};

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** A guest whose ports are in `folder`, and its port for commands. */
interface Guest {
  readonly qemu: Qemu;
  readonly folder: string;
  readonly commands: HostEnd;
  command(line: string): void;
  /** Waits for a line of the guest's. */
  says(pattern: RegExp): Promise<RegExpMatchArray>;
}

const bootConsole = async (
  bus: string,
  ports: readonly (readonly [string, string])[],
  options: BootOptions = {},
): Promise<Guest> => {
  const folder = temporaryFolder();
  const extra = ports.flatMap(([id, device]) => portArguments(folder, id, device));
  const qemu = await boot(IMAGE, {
    limitMs: LIMIT_MS,
    ...options,
    extra: [...(options.extra ?? []), '-device', bus, ...extra],
  });
  await qemu.serial.waitFor(/^ports: .*\n/m, LIMIT_MS);
  const commands = await connectTo(folder, 'commands');
  return {
    qemu,
    folder,
    commands,
    command: (line) => void commands.socket.write(`${line}\n`),
    says: (pattern) => qemu.serial.waitFor(pattern, LIMIT_MS),
  };
};

const COMMANDS = ['commands', 'virtserialport,name=commands'] as const;

/** Sends and receives at the same time, and compares. */
const exchange = async (guest: Guest, ends: readonly (readonly [string, HostEnd])[], count: number): Promise<void> => {
  for (const [index, [name, { socket }]] of ends.entries()) {
    guest.command(`send ${name} ${count} ${index}`);
    guest.command(`receive ${name} ${count} ${index + 10}`);
    socket.write(streamOf(index + 10, count));
  }
  const received = await Promise.all(ends.map(([, end]) => end.take(count)));
  expect(received.map(hashOf)).toEqual(ends.map((_, index) => hashOf(streamOf(index, count))));
  for (const [name] of ends) {
    const [, send] = await guest.says(new RegExp(`^send ${name}: ${count} bytes, (\\d+) µs`, 'm'));
    const [, receive] = await guest.says(new RegExp(`^receive ${name}: ${count} bytes, 0 wrong, (\\d+) µs`, 'm'));
    const speed = (microseconds: string | undefined): string => (count / MIB / (Number(microseconds) / 1e6)).toFixed(1);
    console.log(`${name}: ${speed(send)} MiB/s from the guest, ${speed(receive)} MiB/s to it, at once`);
  }
};

/** Returns the processor time that the guest's processor has used, in milliseconds. */
const processorTimeMs = async ({ qemu }: Guest): Promise<number> => {
  const [{ 'thread-id': thread }] = (await qemu.qmp.execute('query-cpus-fast')) as [{ 'thread-id': number }];
  const fields = readFileSync(`/proc/${thread}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
};

/** Waits until `value` is the same twice, a while apart, and returns it. */
const settled = async (value: () => number): Promise<number> => {
  for (let before = value(); ; before = value()) {
    await delay(200);
    if (value() === before) return before;
  }
};

describe('a console with ports', { timeout: TIMEOUT_MS }, () => {
  it('moves megabytes, is held back, and has ports come and go', async () => {
    const guest = await bootConsole('virtio-serial-pci,disable-legacy=on,id=serial', [
      ['con', 'virtconsole'],
      COMMANDS,
      ['a', 'virtserialport,name=a,id=port-a'],
      ['b', 'virtserialport,name=b'],
    ]);
    const { qemu, folder } = guest;
    const [con, a, b] = await Promise.all(['con', 'a', 'b'].map((id) => connectTo(folder, id)));
    await exchange(
      guest,
      [
        ['a', a!],
        ['b', b!],
      ],
      8 * MIB,
    );

    await heldBackByHost(guest, a!);
    await heldBackByGuest(guest, b!);

    guest.command('emergency help!');
    expect(String(await con!.take(5))).toBe('help!');

    guest.command('close a');
    await guest.says(/^close a: done/m);
    const changes = qemu.qmp.events.filter(({ event, data }) => event === 'VSERPORT_CHANGE' && data?.id === 'port-a');
    expect(changes.map(({ data }) => data?.open)).toEqual([true, false]);

    await hotPlug(guest);
    await closeInTheMiddle(guest, 'b', b!);
    expect(qemu.serial.text()).not.toContain('it is reset');
    guest.command('quit');
    expect(await qemu.exit).toEqual({ status: 0, reason: 'success' });
  });

  it('works over virtio-mmio', async () => {
    const guest = await bootConsole('virtio-serial-device', [COMMANDS, ['a', 'virtserialport,name=a']], {
      machine: 'microvm',
      extra: ['-machine', 'pcie=off', '-global', 'virtio-mmio.force-legacy=false'],
    });
    const a = await connectTo(guest.folder, 'a');
    await exchange(guest, [['a', a]], 2 * MIB);
    await closeInTheMiddle(guest, 'a', a);
    guest.command('quit');
    expect(await guest.qemu.exit).toEqual({ status: 0, reason: 'success' });
  });

  it('has one port without MULTIPORT', async () => {
    const guest = await bootConsole('virtio-serial-pci,disable-legacy=on,max_ports=1,vectors=0', [
      ['commands', 'virtconsole'],
    ]);
    expect(guest.qemu.serial.text()).toMatch(/^ports: 0 '' open/m);
    guest.command('send 0 1000 3');
    await guest.says(/^send 0: 1000 bytes/m);
    expect(hashOf(await guest.commands.take(1000))).toBe(hashOf(streamOf(3, 1000)));
    guest.command('quit');
    expect(await guest.qemu.exit).toEqual({ status: 0, reason: 'success' });
  });
});

/** The host does not read: the guest's write waits, without a processor, and nothing is lost. */
const heldBackByHost = async (guest: Guest, end: HostEnd): Promise<void> => {
  const count = 4 * MIB;
  guest.command(`send a ${count} 21`);
  guest.command('ports');
  await guest.says(/^ports : /m);
  await settled(() => end.socket.bytesRead);
  const before = await processorTimeMs(guest);
  await delay(1000);
  expect((await processorTimeMs(guest)) - before).toBeLessThan(200);
  expect(guest.qemu.serial.text()).not.toMatch(/^send a: 4194304/m);
  expect(hashOf(await end.take(count))).toBe(hashOf(streamOf(21, count)));
  await guest.says(/^send a: 4194304 bytes/m);
};

/** The guest does not read: the host's bytes stay with it. */
const heldBackByGuest = async (guest: Guest, { socket }: HostEnd): Promise<void> => {
  const count = 4 * MIB;
  guest.command('receive b 1 22');
  socket.write(streamOf(22, count));
  const [, first] = await guest.says(/^receive b: 8388608[\s\S]*^receive b: (\d+) bytes, 0 wrong/m);
  expect(await settled(() => socket.writableLength)).toBeGreaterThan(count / 2);
  guest.command(`receive b ${count - Number(first)}`);
  await guest.says(new RegExp(`^receive b: ${count - Number(first)} bytes, 0 wrong`, 'm'));
  expect(socket.writableLength).toBe(0);
};

/** A port is added and taken away while the guest runs, twice. */
const hotPlug = async ({ qemu, folder, command, says }: Guest): Promise<void> => {
  command('wait plugged');
  for (const round of [1, 2]) {
    const addr = { type: 'unix', data: { path: path.join(folder, 'plugged') } };
    await qemu.qmp.execute('chardev-add', {
      id: 'plugged',
      backend: { type: 'socket', data: { addr, server: true, wait: false } },
    });
    await qemu.qmp.execute('device_add', {
      driver: 'virtserialport',
      bus: 'serial.0',
      chardev: 'plugged',
      id: 'port-plugged',
      name: 'plugged',
    });
    await says(times(/^port 4 'plugged' closed is there/, round));
    const end = await connectTo(folder, 'plugged');
    await says(times(/^port plugged: open/, round));
    command(`send plugged 100000 ${round}`);
    expect(hashOf(await end.take(100_000))).toBe(hashOf(streamOf(round, 100_000)));
    command('receive plugged 1000 1');
    command('ports');
    await says(times(/^ports : .*plugged/, round)); // It reads.
    await qemu.qmp.execute('device_del', { id: 'port-plugged' });
    await says(times(/^receive plugged: removed/, round));
    await says(times(/^port 4 'plugged' closed is gone/, round));
    await removeBackend(qemu, 'plugged');
  }
  expect(qemu.serial.text()).toMatch(/^wait plugged: 4 'plugged' closed/m);
};

/** Removes the backend of a port that is being removed: QEMU says that it is busy until then. */
const removeBackend = async ({ qmp }: Qemu, id: string): Promise<void> => {
  for (let attempt = 1; ; attempt++) {
    try {
      await qmp.execute('chardev-remove', { id });
      return;
    } catch (error) {
      if (attempt === 100) throw error;
      await delay(20);
    }
  }
};

/**
 * The host goes away in the middle of what the guest writes, more often than the guest has buffers: each time QEMU keeps one. The next one to come gets whole writes.
 * QEMU 7.2 cannot reset the queues of virtio-mmio: there the device is reset meanwhile.
 */
const closeInTheMiddle = async (guest: Guest, name: string, first: HostEnd): Promise<void> => {
  first.socket.destroy();
  await guest.says(new RegExp(`^port ${name}: closed`, 'm'));
  for (let round = 1; round <= 20; round++) {
    const { socket, take } = await connectTo(guest.folder, name);
    guest.command(`flood ${name} ${MIB} 31`);
    await take(1);
    socket.destroy();
    await guest.says(times(new RegExp(`^flood ${name}: (closed|device-reset)`), round));
    await guest.says(times(new RegExp(`^port ${name}: closed`), round + 1));
  }
  const end = await connectTo(guest.folder, name);
  guest.command(`send ${name} ${MIB} 32`);
  expect(hashOf(await end.take(MIB))).toBe(hashOf(streamOf(32, MIB)));
};

/** Returns the pattern of a text in which lines begin with `line` so many times. */
const times = (line: RegExp, count: number): RegExp => new RegExp(`(${line.source}[\\s\\S]*?){${count}}`, 'm');
