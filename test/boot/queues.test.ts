// Queues of both layouts on a real QEMU, full, with everything that it can negotiate, compared with its own view at the end.

import { describe, expect, it } from 'vitest';
import { boot, deviceProperties, MACHINES, temporaryDisk } from './harness.ts';

const IMAGE = 'test/boot/images/queues.ts';

/** Requests of a boot, modulo 2^16: 6 rounds of 256 writes and 256 reads, and the one in pieces. */
const REQUESTS = 6 * 512 + 1;

/** The driver's own limit. */
const SIZE_MAX = 256;

/** A thread of QEMU for a disk that names it: then the device looks at its queue while the guest fills it. */
const IO_THREAD = ['-object', 'iothread,id=io0'];

/** What `x-query-virtio-queue-status` says, as far as it is looked at. */
interface QueueStatus {
  readonly 'vring-num': number;
  readonly 'vring-num-default': number;
  readonly inuse: number;
  readonly 'last-avail-idx'?: number;
  readonly 'used-idx': number;
}

type Case = readonly [properties: string, queue: string];

const CASES: readonly Case[] = [
  ['', 'split, tables of 8, event index'],
  ['event_idx=off', 'split, tables of 8, no event index'],
  ['indirect_desc=off', 'split, no tables, event index'],
  ['event_idx=off,indirect_desc=off,queue-size=128', 'split, no tables, no event index'],
  ['packed=on', 'packed, tables of 8, event index'],
  ['packed=on,event_idx=off', 'packed, tables of 8, no event index'],
  ['packed=on,indirect_desc=off', 'packed, no tables, event index'],
  ['iothread=io0', 'split, tables of 8, event index'],
  ['packed=on,iothread=io0', 'packed, tables of 8, event index'],
  ['packed=on,event_idx=off,indirect_desc=off,queue-size=128', 'packed, no tables, no event index'],
];

/** What QEMU has since 10.0. */
const IN_ORDER_CASES: readonly Case[] = [
  ['in_order=on', 'split, tables of 8, event index, in order'],
  ['packed=on,in_order=on', 'packed, tables of 8, event index, in order'],
];

const HAS_IN_ORDER = (await deviceProperties('virtio-blk-pci')).has('in_order');

describe.each(MACHINES)('a queue on %s', (machine) => {
  it.each([...CASES, ...(HAS_IN_ORDER ? IN_ORDER_CASES : [])])(
    'with "%s" is %s, and loses nothing',
    async (properties, queue) => {
      const disk = {
        file: await temporaryDisk(),
        properties: ['disable-legacy=on', properties].filter(Boolean).join(),
      };
      const qemu = await boot(IMAGE, { machine, disks: [disk], exitDevice: false, extra: IO_THREAD });
      await qemu.serial.waitFor(/^halted: status/m, 20_000);
      const lines = qemu.serial.text().replaceAll('\r', '').split('\n');
      const [device] = (await qemu.qmp.execute('x-query-virtio')) as { path: string }[];
      const status = (await qemu.qmp.execute('x-query-virtio-queue-status', {
        path: device?.path,
        queue: 0,
      })) as QueueStatus;
      const size = Math.min(status['vring-num-default'], SIZE_MAX); // QEMU 10.0 offers 1024, whatever queue-size= says.
      const [layout, ...rest] = queue.split(', ');
      expect(lines[0]).toBe(`queue ${layout}, ${size} elements, ${rest.join(', ')}`);
      const rounds = lines.filter((line) => line.startsWith('round'));
      expect(rounds.filter((line) => line.endsWith('524288 of 524288 bytes'))).toHaveLength(6);
      expect(lines).toContain('pieces: ok');
      expect(lines).toContain(
        `at the end: published ${REQUESTS}, popped ${REQUESTS}, free ${layout === 'packed' && rest.includes('in order') ? size - 1 : size}`,
      );
      expect(status).toMatchObject({ 'vring-num': size, inuse: 0 });
      if (!queue.startsWith('packed')) {
        expect(status).toMatchObject({ 'last-avail-idx': REQUESTS, 'used-idx': REQUESTS });
      }
    },
  );
});
