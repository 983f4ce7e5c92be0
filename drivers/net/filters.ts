// What the device is told through its control queue: which frames it is to receive, its address, its pairs of queues. VIRTIO 1.2 §5.1.6.5.

import { log } from '../../kernel/base/log.ts';
import { DeviceFailure, failureOf } from '../../kernel/device/failure.ts';
import { call } from '../virtio/exchange.ts';
import { refuseEnded } from '../virtio/live.ts';
import {
  ADDRESS_COUNT_MAX,
  allMulticastCommand,
  announceAckCommand,
  macAddressCommand,
  macTableCommand,
  pairsCommand,
  promiscuousCommand,
  vlanCommand,
} from './commands.ts';
import { refusedError, unsupportedError } from './errors.ts';
import { ACK_OK, FEATURE_CTRL_MAC_ADDR, FEATURE_CTRL_RX, FEATURE_CTRL_VLAN, MAC_LENGTH } from './registers.ts';
import { has, type NetState, refuseArgument } from './state.ts';

/** What the answer holds before the device writes it: no device answers so. */
const UNANSWERED = 0xff;

const VLAN_ID_MAX = 4095;

/** Receives every frame, or not. */
export const setPromiscuous = async (state: NetState, isOn: boolean): Promise<void> => {
  requireFeature(state, FEATURE_CTRL_RX, 'promiscuous mode', 'CTRL_RX');
  await command(state, 'promiscuous mode', promiscuousCommand(isOn));
  state.filter.isPromiscuous = isOn;
};

/** Receives the frames of every group, or not. */
export const setAllMulticast = async (state: NetState, isOn: boolean): Promise<void> => {
  requireFeature(state, FEATURE_CTRL_RX, 'the frames of all groups', 'CTRL_RX');
  await command(state, 'the frames of all groups', allMulticastCommand(isOn));
  state.filter.hasAllMulticast = isOn;
};

/** Receives frames for these addresses, too. */
export const setReceiveFilter = async (
  state: NetState,
  unicast: readonly Uint8Array[],
  multicast: readonly Uint8Array[],
): Promise<void> => {
  requireFeature(state, FEATURE_CTRL_RX, 'a table of addresses', 'CTRL_RX');
  for (const address of unicast)
    if (!isStationAddress(address)) refuseArgument('unicast: not the address of a station');
  for (const address of multicast)
    if (!isGroupAddress(address)) refuseArgument('multicast: not the address of a group');
  const count = unicast.length + multicast.length;
  if (count > ADDRESS_COUNT_MAX) refuseArgument(`${count} addresses, expected ${ADDRESS_COUNT_MAX} at most`);
  await command(state, 'a table of addresses', macTableCommand(unicast, multicast));
  state.filter.unicast = unicast.map((address) => address.slice());
  state.filter.multicast = multicast.map((address) => address.slice());
};

/** Changes the device's own address. */
export const setMacAddress = async (state: NetState, address: Uint8Array): Promise<void> => {
  requireFeature(state, FEATURE_CTRL_MAC_ADDR, 'a MAC address', 'CTRL_MAC_ADDR');
  if (!isStationAddress(address)) refuseArgument('not the address of a station');
  const kept = address.slice();
  await command(state, 'a MAC address', macAddressCommand(kept));
  state.filter.macAddress = kept;
  state.device.macAddress = kept;
};

/** Receives the frames of a VLAN, or not. */
export const setVlan = async (state: NetState, id: number, isOn: boolean): Promise<void> => {
  requireFeature(state, FEATURE_CTRL_VLAN, 'a VLAN', 'CTRL_VLAN');
  if (!(id >= 0 && id <= VLAN_ID_MAX && Math.floor(id) === id))
    refuseArgument(`VLAN ${id}, expected 0 to ${VLAN_ID_MAX}`);
  await command(state, `VLAN ${id}`, vlanCommand(id, isOn));
  const others = state.filter.vlans.filter((each) => each !== id);
  state.filter.vlans = isOn ? [...others, id] : others;
};

/** Says that the network was told of this station. §5.1.6.5.4 */
export const acknowledgeAnnouncement = async (state: NetState): Promise<void> => {
  try {
    await command(state, 'the announcement', announceAckCommand());
  } catch (error) {
    log('warn', state.live.name, String(error));
  }
};

/** Tells the device its pairs and what it is to receive: it has forgotten that with its last reset. What it refuses is in the log. */
export const tellFilter = async (state: NetState): Promise<void> => {
  const { isPromiscuous, hasAllMulticast, unicast, multicast, vlans, macAddress } = state.filter;
  const commands: [what: string, bytes: Uint8Array][] = [];
  if (state.pairs.length > 1) commands.push(['pairs of queues', pairsCommand(state.pairs.length)]);
  if (macAddress !== undefined) commands.push(['a MAC address', macAddressCommand(macAddress)]);
  if (has(state, FEATURE_CTRL_RX)) {
    commands.push(['promiscuous mode', promiscuousCommand(isPromiscuous)]);
    commands.push(['the frames of all groups', allMulticastCommand(hasAllMulticast)]);
    if (unicast.length + multicast.length > 0)
      commands.push(['a table of addresses', macTableCommand(unicast, multicast)]);
  }
  for (const id of vlans) commands.push([`VLAN ${id}`, vlanCommand(id, true)]);
  try {
    await Promise.all(commands.map(([what, bytes]) => command(state, what, bytes)));
  } catch (error) {
    log('warn', state.live.name, String(error));
  }
};

/** Has the device do a command. */
const command = async (state: NetState, what: string, bytes: Uint8Array): Promise<void> => {
  const answer = Uint8Array.from([UNANSWERED]);
  const written = await call(state.exchange, bytes, answer);
  if (written === 0) throw new DeviceFailure('wrong-answer', `${what}: the device wrote no answer`);
  if (answer[0] !== ACK_OK) throw failureOf(refusedError(what, answer[0]));
};

const requireFeature = (state: NetState, feature: number, what: string, name: string): void => {
  refuseEnded(state.live);
  if (!has(state, feature)) throw failureOf(unsupportedError(what, name));
};

const isStationAddress = (address: Uint8Array): boolean =>
  address.length === MAC_LENGTH && address[0] % 2 === 0 && address.some((byte) => byte !== 0);

const isGroupAddress = (address: Uint8Array): boolean => address.length === MAC_LENGTH && address[0] % 2 === 1;
