import { describe, expect, it } from 'vitest';
import { describeFault, formatInitializeError, transportName } from '../../../../drivers/virtio/describe.ts';
import { addFeature, featureWord, hasFeature } from '../../../../drivers/virtio/features.ts';
import { begin, finish, needsReset } from '../../../../drivers/virtio/initialize.ts';
import { featureNames } from '../../../../drivers/virtio/names.ts';
import { createQueue } from '../../../../drivers/virtio/queue/create.ts';
import { add, fill, kick, reserve } from '../../../../drivers/virtio/queue/queue.ts';
import { Queue } from '../../../../drivers/virtio/queue/record.ts';
import { giveUp, resetDevice } from '../../../../drivers/virtio/reset.ts';
import type { Transport } from '../../../../drivers/virtio/transport/record.ts';
import { usualCapabilities, virtioCapability } from '../../../sim/virtio/registers-pci.ts';
import { begunDisk, MODERN, openedDisk, setOf, TRANSPORTS } from './transport/harness.ts';

const WANTED = setOf([5, 9]);

const errorOf = (transport: Transport): string => formatInitializeError(describeFault(transport));

describe('coming up', () => {
  it.each(MODERN)('over %s takes the eight steps in order, and agrees on what both sides know', (transport) => {
    const { transport: opened, device, machine } = openedDisk({ transport, features: [1, 9, 28, 32] });
    expect(begin(opened, WANTED)).toBe(true);
    expect(featureNames(opened.accepted, 2)).toEqual(['FLUSH', 'VERSION_1']);
    expect(finish(opened)).toBe(true);
    expect(device.statusWrites).toEqual([0, 1, 3, 11, 15]);
    expect(device.driverFeatures).toEqual([512, 1, 0, 0]);
    expect(machine.violations).toEqual([]);
  });

  it.each(['pci-legacy', 'mmio-legacy'] as const)(
    'over %s leaves out FEATURES_OK and VERSION_1, and says that it is legacy',
    (transport) => {
      const { transport: opened, device, machine } = openedDisk({ transport, features: [5, 9, 28] });
      expect(begin(opened, WANTED) && finish(opened)).toBe(true);
      expect(featureNames(opened.accepted, 2)).toEqual(['RO', 'FLUSH']);
      expect(device.statusWrites).toEqual([0, 1, 3, 7]);
      expect(transportName(opened)).toMatch(/virtio-blk \(legacy\)$/);
      expect(machine.violations).toEqual([]);
    },
  );

  it('accepts what the transport itself understands, where it has room for it', () => {
    const features = [32, 33, 36, 37, 38, 39, 40, 41, 43];
    const { transport } = begunDisk({ features });
    expect(featureNames(transport.accepted, 2)).toEqual([
      'VERSION_1',
      'ACCESS_PLATFORM',
      'ORDER_PLATFORM',
      'NOTIFICATION_DATA',
      'NOTIF_CONFIG_DATA',
      'RING_RESET',
    ]);
  });

  it.each([
    [0x38, [false, false]],
    [0x3a, [true, false]],
    [0x3c, [true, true]],
  ] as const)(
    'with a common configuration of 0x%s bytes takes only what has its register there',
    (length, expected) => {
      const capabilities = [virtioCapability(1, 4, 0, length), ...usualCapabilities().slice(1)];
      const { transport } = begunDisk({ features: [32, 39, 40], capabilities });
      expect([39, 40].map((bit) => hasFeature(transport.accepted, bit))).toEqual(expected);
    },
  );

  it('leaves NOTIFICATION_DATA where notifications of 32 bits have no place', () => {
    const { transport } = begunDisk({ features: [32, 38], notifyOffMultiplier: 2 });
    expect(hasFeature(transport.accepted, 38)).toBe(false);
  });

  it('does not accept the register of PCI alone over virtio-mmio', () => {
    const { transport } = begunDisk({ transport: 'mmio', features: [32, 38, 39, 40] });
    expect(featureNames(transport.accepted, 2)).toEqual(['VERSION_1', 'NOTIFICATION_DATA', 'RING_RESET']);
  });

  it('leaves a feature whose requirement the device does not offer', () => {
    const { transport } = openedDisk({ features: [32] });
    expect(featureWord(transport.accepted, 0)).toBe(0);
    const network = openedDisk({ transport: 'mmio', features: [5, 18, 32], deviceId: 0 });
    network.transport.deviceType = 1;
    expect(begin(network.transport, setOf([5, 17, 18]))).toBe(true);
    expect(featureNames(network.transport.accepted, 1)).toEqual(['MAC', 'VERSION_1']);
  });

  it('names every feature that a driver requires and the device does not offer', () => {
    const { transport, device } = openedDisk({ features: [32] });
    addFeature(transport.required, 9);
    addFeature(transport.required, 6);
    expect(begin(transport, WANTED)).toBe(false);
    expect(errorOf(transport)).toBe(
      'step 4 (negotiate features): the device does not offer BLK_SIZE, FLUSH, which the driver requires',
    );
    expect(device.status).toBe(128);
  });
});

describe('W13: a device is brought up as the specification says', () => {
  it.each(TRANSPORTS)('%s: what firmware left running is reset before it may reach memory', (transport) => {
    const { transport: opened, device } = openedDisk({ transport, features: [9, 32] });
    device.status = 15;
    device.rings[0]!.enabled = true;
    expect(begin(opened, WANTED)).toBe(true);
    expect(device.statusWrites[0]).toBe(0);
    expect(device.rings[0]!.enabled).toBe(false);
    const bringsMaster = device.pciFunction.writes.filter((write) => write.startsWith('write16 0x4'));
    if (!device.isMmio) expect(Number(bringsMaster.at(-1)?.split('= ')[1]) & 4).toBe(4);
  });

  it.each(TRANSPORTS)('%s: the reset is waited for', (transport) => {
    const { transport: opened, device } = openedDisk({ transport, features: [32], faults: { resetReads: 50 } });
    device.status = 15;
    expect(begin(opened, WANTED)).toBe(true);
  });

  it.each(MODERN)('%s: VERSION_1 is required', (transport) => {
    const { transport: opened, device } = openedDisk({ transport, features: [6, 9] });
    expect(begin(opened, WANTED)).toBe(false);
    expect(errorOf(opened)).toBe(
      'step 4 (negotiate features): the device does not offer VERSION_1, which the driver requires',
    );
    expect(device.status).toBe(128);
  });

  it.each(MODERN)('%s: FEATURES_OK is read back', (transport) => {
    const { transport: opened, device } = openedDisk({ transport, faults: { refuseFeatures: true } });
    expect(begin(opened, WANTED)).toBe(false);
    expect(describeFault(opened)).toMatchObject({ step: 6, kind: 'features-refused' });
    expect(device.status).toBe(128);
    expect(device.statusWrites).not.toContain(15);
  });

  it.each(TRANSPORTS)('%s: a device that needs a reset at once is seen, and given up', (transport) => {
    const { transport: opened, device } = begunDisk({ transport, features: [32], faults: { needsReset: true } });
    expect(finish(opened)).toBe(false);
    expect(describeFault(opened)).toMatchObject({ step: 8, kind: 'needs-reset' });
    expect(device.status).toBe(128);
  });

  it('a device that does not keep DRIVER_OK is not taken for one that works', () => {
    const { transport } = begunDisk({ faults: { forgetsDriverOk: true } });
    expect(finish(transport)).toBe(false);
    expect(describeFault(transport)).toMatchObject({ step: 8, kind: 'not-live' });
  });

  it('a device that needs a reset later is seen when a driver asks', () => {
    const { transport, device } = begunDisk();
    expect(finish(transport)).toBe(true);
    expect(needsReset(transport)).toBe(false);
    device.status |= 64;
    expect(needsReset(transport)).toBe(true);
    expect(describeFault(transport)).toMatchObject({ step: 9, kind: 'needs-reset' });
    device.status = 0;
    expect(needsReset(transport)).toBe(true);
  });

  it.each(TRANSPORTS)('%s: FAILED is set when the driver gives up, and the fault stays', (transport) => {
    const { transport: opened, device } = begunDisk({ transport, features: [9, 32] });
    opened.fault.code = 33;
    expect(giveUp(opened)).toBe(true);
    expect(device.statusWrites.slice(-2)).toEqual([0, 128]);
    expect(opened.fault.code).toBe(33);
    if (!device.isMmio) expect(device.pciFunction.reachesMemory).toBe(false);
  });
});

describe('W14: every wait has a limit', () => {
  it.each(TRANSPORTS)('%s: a device that never finishes its reset is given up', (transport) => {
    const {
      transport: opened,
      device,
      machine,
    } = openedDisk({
      transport,
      features: [32],
      faults: { resetReads: Number.POSITIVE_INFINITY },
    });
    machine.clockStep = 1_000_000;
    device.status = 7;
    expect(begin(opened, WANTED)).toBe(false);
    expect(describeFault(opened)).toMatchObject({ step: 1, stepName: 'reset', kind: 'reset-timeout' });
    expect(describeFault(opened).message).toBe(
      'device_status reads 0x07 (ACKNOWLEDGE DRIVER DRIVER_OK) after 1000 ms, expected 0x00',
    );
    if (!device.isMmio) expect(device.pciFunction.reachesMemory).toBe(false);
    expect(device.statusWrites.at(-1)).toBe(128 | 7); // Nothing that it still shows is cleared.
    expect(machine.violations).toEqual([]);
    expect(giveUp(opened)).toBe(false);
  });

  it('a reset is done when the status reads 0, not when it was written', () => {
    const { transport, device } = openedDisk({ faults: { resetReads: 3 } });
    device.status = 7;
    expect(resetDevice(transport)).toBe(true);
    expect(device.status).toBe(0);
  });
});

describe('W18: nothing is sent to a device before DRIVER_OK', () => {
  it.each(TRANSPORTS)(
    '%s: queues are filled and enabled before, and the first notification comes after',
    (transport) => {
      const { transport: opened, device, machine, pool } = begunDisk({ transport, features: [9, 32] });
      const queue = new Queue();
      expect(createQueue(opened, pool, 0, 16, opened.accepted, queue)).toBe(true);
      reserve(queue, 1);
      fill(queue, 0x100000, 16, 0);
      add(queue);
      expect(device.notifications).toBe(0);
      expect(finish(opened)).toBe(true);
      expect(device.notifications).toBe(0);
      device.rings[0]!.enabled = false; // What the buffer means to the disk is not the matter here.
      kick(queue);
      expect(device.notifications).toBe(1);
      expect(machine.violations).toEqual([]);
    },
  );

  it('one that comes earlier is seen by the simulated device, so the tests above could fail', () => {
    const { transport, pool, machine } = begunDisk();
    const queue = new Queue();
    expect(createQueue(transport, pool, 0, 16, transport.accepted, queue)).toBe(true);
    reserve(queue, 1);
    fill(queue, 0x100000, 16, 0);
    add(queue);
    kick(queue);
    expect(machine.violations).toEqual(['notification before DRIVER_OK']);
  });
});
