import { afterEach, describe, expect, it } from 'vitest';
import { ADDRESS_COUNT_MAX } from '../../../../drivers/net/commands.ts';
import { NET } from '../../../sim/virtio/net.ts';
import { kindOf, run, runTurns } from '../virtio/live-harness.ts';
import { forgetDevices, openDevice } from './driver-harness.ts';
import { frameOf } from './machine-harness.ts';

const STATION = Uint8Array.from([2, 0, 0, 0, 0, 9]);
const GROUP = Uint8Array.from([1, 0, 0x5e, 0, 0, 251]);

afterEach(forgetDevices);

describe('the control queue', () => {
  it('tells a new device to filter', async () => {
    const { net, machine } = await openDevice();
    expect(net.commands).toEqual([
      { class: 0, command: 0, data: [0] },
      { class: 0, command: 1, data: [0] },
    ]);
    expect(machine.violations).toEqual([]);
  });

  it('has the commands of the specification', async () => {
    const { net, network } = await openDevice();
    net.commands.length = 0;
    await run(network.setPromiscuous(true));
    await run(network.setAllMulticast(true));
    await run(network.setReceiveFilter([STATION], [GROUP, GROUP]));
    await run(network.setMacAddress(STATION));
    await run(network.addVlan(4095));
    await run(network.removeVlan(4095));
    expect(net.commands).toEqual([
      { class: 0, command: 0, data: [1] },
      { class: 0, command: 1, data: [1] },
      { class: 1, command: 0, data: [1, 0, 0, 0, ...STATION, 2, 0, 0, 0, ...GROUP, ...GROUP] },
      { class: 1, command: 1, data: [...STATION] },
      { class: 2, command: 0, data: [255, 15] },
      { class: 2, command: 1, data: [255, 15] },
    ]);
    expect(network.macAddress).toEqual(STATION);
  });

  it('says so when the device refuses', async () => {
    const { net, network } = await openDevice();
    net.acknowledge = () => 1;
    expect(await kindOf(network.setPromiscuous(true))).toBe('io-error');
    expect(await kindOf(network.setMacAddress(STATION))).toBe('io-error');
    expect(network.macAddress).not.toEqual(STATION);
    net.acknowledge = () => 0xff;
    expect(await kindOf(network.addVlan(1))).toBe('io-error');
  });

  it('that is silent is as late as any: the device is reset', async () => {
    const { net, network } = await openDevice({ deadlineMs: 100 });
    net.acknowledge = () => undefined;
    const asked = network.setPromiscuous(true);
    expect(await kindOf(asked)).toBe('timeout');
    net.acknowledge = () => 0;
    await run(network.setPromiscuous(true));
    await run(network.send(frameOf(60)));
    await runTurns(2);
    expect(net.sent.length).toBe(1);
  });

  it.each([
    ['CTRL_RX', [NET.mac, NET.control, NET.version1]],
    ['CTRL_VQ', [NET.mac, NET.version1]],
    [
      'CTRL_VQ, though it offers what needs it',
      [NET.mac, NET.controlRx, NET.controlVlan, NET.controlMac, NET.version1],
    ],
  ])('is not asked for what the device does not offer: %s', async (_, features) => {
    const { net, network } = await openDevice({ features });
    expect(await kindOf(network.setPromiscuous(true))).toBe('unsupported');
    expect(await kindOf(network.setReceiveFilter([], []))).toBe('unsupported');
    expect(await kindOf(network.setMacAddress(STATION))).toBe('unsupported');
    expect(await kindOf(network.addVlan(1))).toBe('unsupported');
    expect(net.commands).toEqual([]);
  });

  it('is not asked for what cannot be', async () => {
    const { net, network } = await openDevice();
    net.commands.length = 0;
    expect(await kindOf(network.setReceiveFilter([GROUP], []))).toBe('invalid-argument');
    expect(await kindOf(network.setReceiveFilter([], [STATION]))).toBe('invalid-argument');
    expect(await kindOf(network.setReceiveFilter([new Uint8Array(5)], []))).toBe('invalid-argument');
    const many = Array.from({ length: ADDRESS_COUNT_MAX + 1 }, () => STATION);
    expect(await kindOf(network.setReceiveFilter(many, []))).toBe('invalid-argument');
    expect(await kindOf(network.setMacAddress(new Uint8Array(6)))).toBe('invalid-argument');
    for (const id of [-1, 4096, 1.5, Number.NaN]) expect(await kindOf(network.addVlan(id))).toBe('invalid-argument');
    expect(net.commands).toEqual([]);
    await run(network.setReceiveFilter(many.slice(1), []));
    expect(net.commands).toHaveLength(1);
  });
});
