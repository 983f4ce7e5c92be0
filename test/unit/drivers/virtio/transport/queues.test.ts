import { describe, expect, it } from 'vitest';
import { describeFault } from '../../../../../drivers/virtio/describe.ts';
import { finish } from '../../../../../drivers/virtio/initialize.ts';
import { createQueue } from '../../../../../drivers/virtio/queue/create.ts';
import { add, detachNext, fill, kick, reserve } from '../../../../../drivers/virtio/queue/queue.ts';
import { QUEUE_EMPTY, Queue } from '../../../../../drivers/virtio/queue/record.ts';
import type { Transport } from '../../../../../drivers/virtio/transport/record.ts';
import {
  disableQueue,
  enableQueue,
  isQueueEnabled,
  queueSizeMax,
  resetQueue,
} from '../../../../../drivers/virtio/transport/transport.ts';
import type { DmaPool } from '../../../../../kernel/hal/dma-pool.ts';
import type { SimBlkOptions } from '../../../../sim/virtio/block.ts';
import { begunDisk, MODERN, TRANSPORTS } from './harness.ts';

const made = (transport: Transport, pool: DmaPool, index = 0, sizeMax = 16): Queue => {
  const queue = new Queue();
  if (!createQueue(transport, pool, index, sizeMax, transport.accepted, queue)) {
    throw new Error(`unexpected failure: ${describeFault(transport).message}`);
  }
  return queue;
};

const errorOf = (transport: Transport): string => describeFault(transport).kind;

const RESETTABLE: SimBlkOptions = { features: [9, 32, 40], queueSizes: [64] };

describe.each(TRANSPORTS)('a queue over %s', (transport) => {
  const options: SimBlkOptions = { transport, features: [9, 32] };

  it('is enabled where the driver put it', () => {
    const { transport: opened, pool, device, machine } = begunDisk(options);
    expect(isQueueEnabled(opened, 0)).toBe(false);
    const queue = made(opened, pool);
    expect(isQueueEnabled(opened, 0)).toBe(true);
    const ring = device.rings[0]!;
    expect([ring.size, ring.descriptors, ring.driver, ring.device]).toEqual([
      16,
      machine.dmaBase + queue.descriptors,
      machine.dmaBase + queue.driver,
      machine.dmaBase + queue.device,
    ]);
    expect(machine.violations).toEqual([]);
  });

  it('that is enabled already is refused', () => {
    const { transport: opened, pool } = begunDisk(options);
    const queue = made(opened, pool);
    expect(enableQueue(opened, queue)).toBe(false);
    expect(describeFault(opened)).toMatchObject({
      step: 7,
      kind: 'queue-in-use',
      message: 'queue 0 is enabled already',
    });
  });

  it('that the device does not have, or has with size 0, is refused', () => {
    const { transport: opened, pool } = begunDisk({ ...options, queueSizes: [0, 16] });
    expect([0, 1, 2, 65535].map((index) => queueSizeMax(opened, index))).toEqual([0, 16, 0, 0]);
    for (const index of [0, 2, 65535]) {
      const queue = new Queue();
      queue.index = index;
      expect(createQueue(opened, pool, index, 16, opened.accepted, queue)).toBe(false);
      expect(errorOf(opened)).toBe('queue-missing');
    }
  });

  it('longer than the device allows is refused', () => {
    const { transport: opened, pool } = begunDisk({ ...options, queueSizes: [16, 8] });
    const queue = made(opened, pool);
    queue.index = 1;
    expect(enableQueue(opened, queue)).toBe(false);
    expect(errorOf(opened)).toBe('queue-size');
  });

  it('cannot be reset without RING_RESET', () => {
    const { transport: opened, pool } = begunDisk(options);
    expect(resetQueue(opened, made(opened, pool))).toBe(false);
    expect(errorOf(opened)).toBe('no-queue-reset');
  });
});

describe('a queue that the device does not enable', () => {
  it('is an error', () => {
    const { transport, pool } = begunDisk({ faults: { enablesNothing: true } });
    expect(createQueue(transport, pool, 0, 16, transport.accepted, new Queue())).toBe(false);
    expect(describeFault(transport)).toMatchObject({
      kind: 'queue-not-enabled',
      message: 'queue 0: queue_enable reads 0, expected 1',
    });
  });
});

describe('num_queues', () => {
  it('is the limit, also where the registers behind it would answer', () => {
    const { transport } = begunDisk({ queueSizes: [16, 16], faults: { queueCount: 1 } });
    expect([queueSizeMax(transport, 0), queueSizeMax(transport, 1)]).toEqual([16, 0]);
  });

  it('that promises more than there is, is found out at the queue', () => {
    const { transport, pool } = begunDisk({ faults: { queueCount: 65535 } });
    expect(createQueue(transport, pool, 9, 16, transport.accepted, new Queue())).toBe(false);
    expect(errorOf(transport)).toBe('queue-missing');
  });
});

describe.each(MODERN)('the reset of a queue over %s', (transport) => {
  it('takes everything back, and the queue can be enabled again with another size', () => {
    const { transport: opened, pool, device, machine, disk } = begunDisk({ ...RESETTABLE, transport });
    const queue = made(opened, pool, 0, 64);
    disk.answer = () => ({ delay: Number.POSITIVE_INFINITY });
    expect(finish(opened)).toBe(true);
    reserve(queue, 2);
    fill(queue, 0x100000, 16, 0);
    fill(queue, 0x100100, 1, 2);
    add(queue);
    kick(queue);
    expect(resetQueue(opened, queue)).toBe(true);
    expect([detachNext(queue), detachNext(queue)]).toEqual([0, QUEUE_EMPTY]);
    expect(device.rings[0]!.enabled).toBe(false);
    const smaller = made(opened, pool, 0, 8);
    expect([smaller.size, device.rings[0]!.size, device.rings[0]!.enabled]).toEqual([8, 8, true]);
    expect(machine.violations).toEqual([]);
  });

  it('is waited for', () => {
    const { transport: opened, pool } = begunDisk({ ...RESETTABLE, transport, faults: { queueResetReads: 20 } });
    const queue = made(opened, pool);
    expect(resetQueue(opened, queue)).toBe(true);
    expect(isQueueEnabled(opened, 0)).toBe(false);
  });

  it('W14: that never ends is an error, not a hang', () => {
    const faults = { queueResetReads: Number.POSITIVE_INFINITY };
    const { transport: opened, pool, machine } = begunDisk({ ...RESETTABLE, transport, faults });
    const queue = made(opened, pool);
    machine.clockStep = 1_000_000;
    expect(resetQueue(opened, queue)).toBe(false);
    expect(describeFault(opened)).toMatchObject({
      kind: 'queue-reset-timeout',
      message: 'queue 0: queue_reset reads 1 after 1000 ms, expected 0',
    });
  });

  it('of a device that only says so is an error: QEMU offers it over virtio-mmio and has no such register', () => {
    const { transport: opened, pool } = begunDisk({ ...RESETTABLE, transport, faults: { ignoresQueueReset: true } });
    const queue = made(opened, pool);
    expect(resetQueue(opened, queue)).toBe(false);
    expect(errorOf(opened)).toBe('queue-not-enabled');
  });
});

describe('stopping a queue', () => {
  it.each(['pci-legacy', 'mmio', 'mmio-legacy'] as const)('over %s needs no feature', (transport) => {
    const { transport: opened, pool, machine } = begunDisk({ transport, features: [9, 32] });
    const queue = made(opened, pool);
    expect(disableQueue(opened, queue)).toBe(true);
    expect(isQueueEnabled(opened, 0)).toBe(false);
    expect(enableQueue(opened, queue)).toBe(true);
    expect(machine.violations).toEqual([]);
  });

  it('over pci is its reset, since 0 must not be written to queue_enable', () => {
    const without = begunDisk();
    expect(disableQueue(without.transport, made(without.transport, without.pool))).toBe(false);
    const { transport, pool, machine } = begunDisk(RESETTABLE);
    expect(disableQueue(transport, made(transport, pool))).toBe(true);
    expect(machine.violations).toEqual([]);
  });
});

describe('what a notification says', () => {
  const sent = (options: SimBlkOptions): number => {
    const { transport, pool, device, machine, disk } = begunDisk({ queueSizes: [16, 16], ...options });
    disk.answer = () => ({ delay: Number.POSITIVE_INFINITY });
    const queue = made(transport, pool, 1);
    finish(transport);
    device.rings[1]!.enabled = false; // Nobody serves it.
    for (let i = 0; i < 3; i++) {
      reserve(queue, 1);
      fill(queue, 0x100000, 16, 0);
      add(queue);
    }
    kick(queue);
    expect(machine.violations).toEqual([]);
    return device.lastNotification;
  };

  it.each<[string, SimBlkOptions, number]>([
    ['over pci, the queue', { features: [32] }, 1],
    ['over mmio, the queue', { transport: 'mmio', features: [32] }, 1],
    ['over legacy pci, the queue', { transport: 'pci-legacy', features: [] }, 1],
    ['with NOTIFICATION_DATA, its position too', { features: [32, 38] }, 0x30001],
    ['with NOTIFICATION_DATA over mmio, its position too', { transport: 'mmio', features: [32, 38] }, 0x30001],
    ['with NOTIF_CONFIG_DATA, what the device asked for', { features: [32, 39] }, 0x501],
    ['with both, both', { features: [32, 38, 39] }, 0x30501],
  ])('%s', (_, options, value) => expect(sent(options)).toBe(value));
});
