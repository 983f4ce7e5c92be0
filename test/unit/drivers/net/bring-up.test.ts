import { describe, expect, it } from 'vitest';
import {
  beginNet,
  FAULT_MAC,
  FAULT_MTU,
  FAULT_PAIRS,
  Net,
  readConfiguration,
} from '../../../../drivers/net/bring-up.ts';
import { giveMemoryBack } from '../../../../drivers/virtio/memory.ts';
import { FAULT_CONFIG_LENGTH, FAULT_CONFIG_UNSTABLE } from '../../../../drivers/virtio/transport/fault.ts';
import { dmaFreeBytes } from '../../../../kernel/hal/dma-pool.ts';
import { NET } from '../../../sim/virtio/net.ts';
import { openedPci } from '../virtio/transport/harness.ts';
import { openedNet, startNet } from './machine-harness.ts';

const { mac, mtu, status, mergeable, version1, control, multiqueue, guestCsum, guestTso4 } = NET;

describe('a network device that comes up', () => {
  it('says what it is', () => {
    const { state, machine } = startNet({ features: [mac, mtu, status, version1], mtu: 9000, status: 0 });
    expect([0, 1, 2, 3, 4, 5].map((i) => state.macAddress[i])).toEqual([0x52, 0x54, 0, 0x12, 0x34, 0x56]);
    expect(state).toMatchObject({ mtuBytes: 9000, status: 0, pairCountMax: 1 });
    expect(machine.violations).toEqual([]);
  });

  it('is not asked for what it does not offer: the fields may hold anything (W20)', () => {
    const { state, isUp } = startNet({
      features: [version1],
      configLength: 0,
      mac: [1, 1, 1, 1, 1, 1],
      mtu: 0,
      pairs: 1,
    });
    expect(isUp).toBe(true);
    expect([0, 1, 2, 3, 4, 5].map((i) => state.macAddress[i])).toEqual([0, 0, 0, 0, 0, 0]);
    expect(state).toMatchObject({ mtuBytes: 1500, status: 1, pairCountMax: 1 });
  });

  it('is not notified before DRIVER_OK, and has every buffer behind it (W18)', () => {
    const { net, machine } = startNet();
    expect(machine.violations).toEqual([]);
    expect(net.device.rings[0]!.take()).toHaveLength(16);
  });

  it.each([
    ['2 KiB where frames may take several', [mac, mergeable, version1], 1500, 2048],
    ['a frame and its header', [mac, version1], 1500, 1536],
    ['1526 bytes at least', [mac, mtu, version1], 100, 1536],
    ['a jumbo frame and its header', [mac, mtu, version1], 9000, 9088],
    ['64 KiB where segments may come in one', [mac, guestCsum, guestTso4, version1], 1500, 65600],
  ])('has buffers for %s', (_, features, mtuBytes, length) => {
    const { receive, net } = startNet({ features, mtu: mtuBytes, wantsOffloads: true });
    expect(receive.bufferLength).toBe(length);
    expect(net.device.rings[0]!.takeOne()?.writable[0]?.length).toBe(length);
  });

  it('gives all its memory back', () => {
    const { pool, transport, device } = startNet();
    device.writeStatus(0);
    expect(giveMemoryBack(transport, pool)).toBe(true);
    expect(dmaFreeBytes(pool)).toBe(2 * 1024 * 1024);
  });
});

describe('a network device that does not come up', () => {
  const codeOf = (options: Parameters<typeof startNet>[0]): number | string => {
    const { isUp, transport } = startNet(options);
    return isUp ? 'up' : transport.fault.code;
  };

  it.each([[[0, 0, 0, 0, 0, 0]], [[1, 0, 0, 0, 0, 1]], [[0xff, 0xff, 0xff, 0xff, 0xff, 0xff]]])(
    'because of the MAC address %j',
    (address) => expect(codeOf({ mac: address })).toBe(FAULT_MAC),
  );

  it.each([0, 67])('because of an MTU of %i', (bytes) =>
    expect(codeOf({ features: [mtu, version1], mtu: bytes })).toBe(FAULT_MTU),
  );

  it.each([0, 0x8000, 0xffff])('because of %i pairs of queues', (pairsSaid) => {
    const features = [mac, control, multiqueue, version1];
    expect(codeOf({ features, pairsSaid, wantsPairs: true })).toBe(FAULT_PAIRS);
  });

  it('because its configuration is too short', () => {
    const all = openedNet({ features: [mac, mtu, version1] });
    all.device.pciFunction.config.setUint32(0x60 + 12, 10, true); // The length in the third capability, DEVICE_CFG.
    const transport = openedPci(all.pciFunction);
    const state = new Net();
    expect([beginNet(transport, state, false, false), readConfiguration(transport, state)]).toEqual([true, false]);
    expect(transport.fault.code).toBe(FAULT_CONFIG_LENGTH);
  });

  it('because its configuration changes and changes', () => {
    expect(codeOf({ faults: { generations: 99 } })).toBe(FAULT_CONFIG_UNSTABLE);
  });
});
