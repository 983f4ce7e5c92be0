import { describe, expect, it } from 'vitest';
import { CONFIG_READ_COUNT_MAX, readConsistent, requireConfig } from '../../../../drivers/virtio/config.ts';
import { featureNames, featureSet } from '../../../../drivers/virtio/features.ts';
import { type DriverContract, formatInitializeError, initialize } from '../../../../drivers/virtio/initialize.ts';
import { resetDevice } from '../../../../drivers/virtio/reset.ts';
import { openPciTransport } from '../../../../drivers/virtio/transport/pci.ts';
import { fail, ok } from '../../../../kernel/base/result.ts';
import { expectError, expectValue, machineWithDisk } from '../../../sim/setup.ts';
import type { SimBlkOptions } from '../../../sim/virtio/block.ts';

const CONTRACT: DriverContract<string> = {
  featuresRequired: [],
  featuresOptional: [5, 9],
  setUp: (_transport, features) => ok(featureNames(features, 2).join(' ')),
};

const opened = (options: SimBlkOptions = {}) => {
  const all = machineWithDisk(options);
  return { ...all, device: all.disk.device, transport: expectValue(openPciTransport(all.pciFunction)) };
};

describe('initialisation', () => {
  it('takes the eight steps in order, and agrees on what both sides know', () => {
    const { transport, device, machine } = opened({ features: [1, 9, 28, 32] });
    expect(expectValue(initialize(transport, CONTRACT))).toBe('FLUSH VERSION_1');
    expect(device.statusWrites).toEqual([0, 1, 3, 11, 15]);
    expect(device.driverFeatures.slice(0, 2)).toEqual(featureSet([9, 32]));
    expect(machine.violations).toEqual([]);
  });

  it('resets what firmware left running before it may reach memory', () => {
    const { transport, device } = opened();
    device.status = 15;
    device.rings[0]!.enabled = true;
    expectValue(initialize(transport, CONTRACT));
    expect(device.status).toBe(15);
    expect(device.rings[0]!.enabled).toBe(false);
    const writes = device.pciFunction.writes.filter((write) => write.startsWith('write16 0x4'));
    expect(writes.at(-1)).toBe('write16 0x4 = 0x6');
  });

  it('waits for a reset that takes a while', () => {
    const { transport, device } = opened({ faults: { resetReads: 50 } });
    device.status = 15;
    expectValue(initialize(transport, CONTRACT));
  });

  it('gives up a device that never finishes its reset, and takes memory from it', () => {
    const { transport, device, machine } = opened({ faults: { resetReads: Number.POSITIVE_INFINITY } });
    machine.clockStep = 1_000_000;
    device.status = 15;
    const error = expectError(initialize(transport, CONTRACT));
    expect(error).toMatchObject({ step: 1, stepName: 'reset', kind: 'reset-timeout' });
    expect(error.message).toContain('reads 15 after 1000 ms');
    expect(device.pciFunction.reachesMemory).toBe(false);
    expect(device.statusWrites.at(-1)).toBe(128);
  });

  it('requires VERSION_1 of every device', () => {
    const { transport, device } = opened({ features: [6, 9] });
    const error = expectError(initialize(transport, CONTRACT));
    expect(formatInitializeError(error)).toBe(
      'step 4 (negotiate features): the device does not offer VERSION_1, which the driver requires',
    );
    expect(device.status).toBe(128);
  });

  it('names every feature that a driver misses', () => {
    const { transport } = opened({ features: [32] });
    const error = expectError(initialize(transport, { ...CONTRACT, featuresRequired: [9, 6] }));
    expect(error.message).toContain('FLUSH, BLK_SIZE');
  });

  it('looks whether the device kept FEATURES_OK', () => {
    const { transport, device } = opened({ faults: { refuseFeatures: true } });
    expect(expectError(initialize(transport, CONTRACT))).toMatchObject({ step: 6, kind: 'features-refused' });
    expect(device.status).toBe(128);
    expect(device.statusWrites).not.toContain(15);
  });

  it('a driver that cannot set up leaves the device reset, FAILED and without memory', () => {
    const { transport, device } = opened();
    const setUp = () => fail({ kind: 'no-good', message: 'it is no good' });
    expect(expectError(initialize(transport, { ...CONTRACT, setUp }))).toMatchObject({ step: 7, kind: 'no-good' });
    expect(device.statusWrites.slice(-2)).toEqual([0, 128]);
    expect(device.pciFunction.reachesMemory).toBe(false);
  });

  it('sees a device that needs a reset at once', () => {
    const { transport } = opened({ faults: { needsReset: true } });
    expect(expectError(initialize(transport, CONTRACT))).toMatchObject({ step: 8, kind: 'needs-reset' });
  });
});

describe('reset', () => {
  it('is done when the status reads 0, not when it was written', () => {
    const { transport, device } = opened({ faults: { resetReads: 3 } });
    device.status = 7;
    expectValue(resetDevice(transport));
    expect(device.status).toBe(0);
  });
});

describe('the device configuration', () => {
  it('is read again until it holds still', () => {
    const { transport } = opened({ faults: { generations: 5 } });
    let reads = 0;
    expectValue(
      readConsistent(transport, () => {
        reads++;
      }),
    );
    expect(reads).toBeGreaterThan(1);
  });

  it('that never holds still is an error, not a hang', () => {
    const { transport } = opened({ faults: { generations: Number.POSITIVE_INFINITY } });
    const error = expectError(readConsistent(transport, () => 0));
    expect(error.kind).toBe('config-unstable');
    expect(error.message).toContain(`${CONFIG_READ_COUNT_MAX}`);
  });

  it('that is too short is an error with both lengths', () => {
    const { transport } = opened();
    expect(requireConfig(transport, 24).ok).toBe(true);
    expect(expectError(requireConfig(transport, 5000)).message).toContain('has 4096 bytes, expected at least 5000');
  });
});
