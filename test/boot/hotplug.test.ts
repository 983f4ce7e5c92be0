// Devices that are plugged in and taken out by QMP's device_add and device_del, while they are used as hard as the guest can.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Qemu } from '../../scripts/qemu/start.ts';
import { type BootOptions, boot, deviceProperties, temporaryFolder } from './harness.ts';
import { plugHosts } from './plug-hosts.ts';
import { startVsockHost } from './vsock-host.ts';

const IMAGE = 'test/boot/images/hotplug.ts';
const PORT_COUNT = 6;
const WAIT_MS = 30_000;
const MEMORY = '128M';

const BLOCK_SIZE = 4096;
const WORKERS = 8;
const WORKED_BLOCKS = 16 * WORKERS;

/** The same with building the image. */
const TIMEOUT_MS = 300_000;

/** QEMU's q35 plugs by ACPI unless it is told not to; microvm has no other way than the ports' own. */
const MACHINES = [
  { name: 'q35', rounds: 4, machine: 'q35', extra: ['-global', 'ICH9-LPC.acpi-pci-hotplug-with-bridge-support=off'] },
  { name: 'q35 by ACPI', rounds: 2, machine: 'q35', extra: [] },
  { name: 'microvm', rounds: 2, machine: 'microvm', extra: [] },
] as const satisfies readonly (Pick<BootOptions, 'machine' | 'extra'> & { name: string; rounds: number })[];

/** What is plugged in: the driver, and what it needs of the host. */
interface Plugged {
  readonly driver: string;
  readonly typeName: string;
  readonly properties: Readonly<Record<string, unknown>>;
  /** Makes what it needs that is there once for each device, and returns the properties by which it is known. */
  readonly before?: (qemu: Qemu, id: string) => Promise<Readonly<Record<string, unknown>>>;
  /** Puts in what belongs behind it. */
  readonly behind?: (qemu: Qemu, id: string) => Promise<void>;
}

/** QEMU connects to the host of a socket device when that is plugged in. */
const startHost = async (qemu: Qemu, id: string): Promise<Readonly<Record<string, unknown>>> => {
  const file = path.join(temporaryFolder(), 'vsock.sock');
  await startVsockHost(file);
  const backend = { type: 'socket', data: { addr: { type: 'unix', data: { path: file } }, server: false } };
  await qemu.qmp.execute('chardev-add', { id: `host-${id}`, backend });
  return { chardev: `host-${id}` };
};

const DISK: Plugged = { driver: 'virtio-blk-pci', typeName: 'virtio-blk', properties: { drive: 'disk' } };
const SCSI: Plugged = {
  driver: 'virtio-scsi-pci',
  typeName: 'virtio-scsi',
  properties: {},
  behind: async (qemu, id) => {
    await qemu.qmp.execute('device_add', { driver: 'scsi-hd', bus: `${id}.0`, drive: 'scsi-disk' });
  },
};
const CLASSES: readonly Plugged[] = [
  DISK,
  { driver: 'virtio-net-pci', typeName: 'virtio-net', properties: { netdev: 'net' } },
  { driver: 'virtio-rng-pci', typeName: 'virtio-rng', properties: { rng: 'entropy' } },
  { driver: 'virtio-keyboard-pci', typeName: 'virtio-input', properties: {} },
  { driver: 'virtio-serial-pci', typeName: 'virtio-console', properties: {} },
  { driver: 'virtio-9p-pci', typeName: 'virtio-9p', properties: { fsdev: 'folder', mount_tag: 'plugged' } },
  { driver: 'virtio-balloon-pci', typeName: 'virtio-balloon', properties: {} },
  { driver: 'virtio-crypto-pci', typeName: 'virtio-crypto', properties: { cryptodev: 'cipher' } },
  SCSI,
  { driver: 'vhost-user-vsock-pci', typeName: 'virtio-vsock', properties: {}, before: startHost },
];

/** What QEMU has, and gives back, since 8.2; it asks for a memory device back when nothing of it is plugged. */
const NEWER: readonly Plugged[] = [
  { driver: 'virtio-sound-pci', typeName: 'virtio-sound', properties: { audiodev: 'silence' } },
  { driver: 'virtio-mem-pci', typeName: 'virtio-mem', properties: { memdev: 'mem' } },
];

/** Returns what the QEMU at hand plugs into a machine and gives back. microvm has no place for memory. */
const classesOf = async (machine: string): Promise<readonly Plugged[]> => {
  const hasNewer = (await deviceProperties('virtio-sound-pci')).size > 0;
  if (!hasNewer) return CLASSES;
  return [...CLASSES, ...NEWER.filter(({ typeName }) => machine === 'q35' || typeName !== 'virtio-mem')];
};

/** A disk that is used all the time. */
const RESIDENT = ['-device', `virtio-blk-pci,id=resident,bus=port${PORT_COUNT},drive=resident`];

/** Boots the image with one port more that has a slot, and all that devices need. */
const start = async (
  options: Pick<BootOptions, 'machine' | 'extra'>,
  words: string,
  folder = temporaryFolder(),
): Promise<Qemu> => {
  const ports = Array.from({ length: PORT_COUNT + 1 }, (_, i) => [
    '-device',
    `pcie-root-port,id=port${i},chassis=${i + 1},slot=${i + 1}`,
  ]);
  const qemu = await boot(IMAGE, {
    ...options,
    memory: options.machine === 'q35' ? `${MEMORY},slots=4,maxmem=8G` : MEMORY,
    limitMs: WAIT_MS,
    commandLine: words,
    extra: [...plugHosts(MEMORY, folder), ...ports.flat(), ...(options.extra ?? [])],
  });
  await qemu.serial.waitFor(/^ready.*\n/m, WAIT_MS);
  return qemu;
};

let lastId = 0;

/** A device in a slot. */
interface InSlot {
  readonly id: string;
  readonly place: string;
}

/** Returns how often the guest has said a line. */
const countOf = (qemu: Qemu, pattern: string): number =>
  qemu.serial.text().match(new RegExp(`^${pattern}\\r?\\n`, 'gm'))?.length ?? 0;

/** Waits until the guest has said it once more than `before` times. */
const saysAgain = async (qemu: Qemu, pattern: string, before: number): Promise<RegExpMatchArray> => {
  const line = `^${pattern}\\r?\\n`; // With its end: a line comes in pieces.
  const often = new RegExp(`(?:${line}[^]*?){${before}}${line}`, 'm');
  return qemu.serial.waitFor(often, WAIT_MS);
};

/** Plugs a device into a port, and waits until the guest uses it. */
const plug = async (qemu: Qemu, { driver, typeName, properties, ...more }: Plugged, port: number): Promise<InSlot> => {
  const id = `plugged${++lastId}`;
  const busy = `busy ${typeName} (0000:\\S+)`;
  const before = countOf(qemu, busy);
  const own = (await more.before?.(qemu, id)) ?? {};
  await qemu.qmp.execute('device_add', { driver, id, bus: `port${port}`, ...properties, ...own });
  await more.behind?.(qemu, id);
  const match = await saysAgain(qemu, busy, before);
  return { id, place: match.at(-1)! };
};

/** Asks for a device back, and waits until QEMU has it and the guest's user was told. */
const unplug = async (qemu: Qemu, { id, place }: InSlot): Promise<void> => {
  const ended = `ended \\S+ ${place}: .*`;
  const before = countOf(qemu, ended);
  await qemu.qmp.execute('device_del', { id });
  await saysAgain(qemu, ended, before);
  await until(
    () => qemu.qmp.events.some(({ event, data }) => event === 'DEVICE_DELETED' && data?.device === id),
    `${id} at ${place} is not deleted`,
  );
};

const until = async (isSo: () => boolean, complaint: string): Promise<void> => {
  const deadline = Date.now() + WAIT_MS;
  while (!isSo()) {
    if (Date.now() > deadline) throw new Error(complaint);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};

/** Returns the free bytes of the pool that the guest has told whenever nothing was plugged in. */
const poolsOf = (qemu: Qemu): number[] =>
  [...qemu.serial.text().matchAll(/^idle \d+: pool (\d+)/gm)].map(([, bytes]) => Number(bytes));

/** Returns the blocks that hold something else than what the guest's workers write there, each into its own: its number and one, all over. */
const tornBlocks = (file: string): number[] => {
  const bytes = readFileSync(file);
  return Array.from({ length: WORKED_BLOCKS }, (_, block) => block).filter((block) => {
    const found = bytes.subarray(block * BLOCK_SIZE, (block + 1) * BLOCK_SIZE);
    return !found.every((byte) => byte === (found[0] === 0 ? 0 : (block % WORKERS) + 1));
  });
};

describe.each(MACHINES)('on $name', ({ rounds, machine, extra }) => {
  it(
    'every class is plugged in, used, and taken out again and again, in the same slots, and a disk works on meanwhile',
    async () => {
      const folder = temporaryFolder();
      const classes = await classesOf(machine);
      const qemu = await start({ machine, extra: [...extra, ...RESIDENT] }, 'cancel=0 resident', folder);
      const [, place] = await qemu.serial.waitFor(/^busy virtio-blk (\S+)\r?\n/m, WAIT_MS);
      let next = 0;
      for (let round = 0; round < rounds; round++) {
        // All classes in turn.
        const plugged = await Promise.all(
          Array.from({ length: PORT_COUNT }, (_, port) => plug(qemu, classes[next++ % classes.length]!, port)),
        );
        await Promise.all(plugged.map((each) => unplug(qemu, each)));
      }
      await unplug(qemu, { id: 'resident', place: place! });
      const text = qemu.serial.text();
      expect(
        [...text.matchAll(/^ended (\S+) \S+ (.*) after \d+/gm)].filter(([, , kind]) => kind !== 'removed'),
      ).toEqual([]);
      expect(new Set(poolsOf(qemu)).size).toBe(1); // The same from the first to the last.
      expect(text).not.toMatch(/^error/m);
      const told = (kind: string): string[] =>
        [...text.matchAll(new RegExp(`^${kind} (\\S+ \\S+)`, 'gm'))].map(([, who]) => who!);
      expect(told('removed').sort()).toEqual(told('leaving').sort());
      expect(told('removed')).toHaveLength(rounds * PORT_COUNT + 1);
      await qemu.stop();
      const [, count] = [...text.matchAll(/^ended virtio-blk \S+ removed after (\d+)/gm)].at(-1)!;
      expect(Number(count)).toBeGreaterThan(100);
      expect(tornBlocks(path.join(folder, 'resident'))).toEqual([]);
    },
    TIMEOUT_MS,
  );
});

it(
  'a device stays for five seconds, and the program ends when it does not watch any more',
  async () => {
    const qemu = await start(MACHINES[0], 'count=1');
    const disk = await plug(qemu, DISK, 0);
    const before = Date.now();
    await qemu.qmp.execute('device_del', { id: disk.id });
    await qemu.serial.waitFor(/^removed virtio-blk/m, WAIT_MS);
    expect(Date.now() - before).toBeGreaterThan(5000);
    expect(await qemu.exit).toEqual({ status: 0, reason: 'success' });
  },
  TIMEOUT_MS,
);
