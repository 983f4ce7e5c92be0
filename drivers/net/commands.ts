// The commands of the control queue, as the bytes that the device reads. VIRTIO 1.2 §5.1.6.5.
//
//   ┌ class 8 ┐┌ command 8 ┐┌ data ······ ┐ ┌ ack 8 ┐
//    device reads                             device writes

import {
  ANNOUNCE_ACK,
  CLASS_ANNOUNCE,
  CLASS_MAC,
  CLASS_MQ,
  CLASS_RX,
  CLASS_VLAN,
  COMMAND_HEADER_LENGTH,
  MAC_ADDR_SET,
  MAC_LENGTH,
  MAC_TABLE_SET,
  MQ_VQ_PAIRS_SET,
  RX_ALLMULTI,
  RX_PROMISC,
  VLAN_ADD,
  VLAN_DEL,
} from './registers.ts';

/** Bytes of the longest command: the table of addresses. */
export const COMMAND_LENGTH_MAX = 1024;

/** Bytes of the two counts in the table of addresses. */
const COUNTS_LENGTH = 8;

/** The most addresses that the table can have, of stations and of groups together. */
export const ADDRESS_COUNT_MAX = Math.floor((COMMAND_LENGTH_MAX - COMMAND_HEADER_LENGTH - COUNTS_LENGTH) / MAC_LENGTH);

/** Receives all frames, or no more. */
export const promiscuousCommand = (isOn: boolean): Uint8Array => command(CLASS_RX, RX_PROMISC, [isOn ? 1 : 0]);

/** Receives the frames of all groups, or no more. */
export const allMulticastCommand = (isOn: boolean): Uint8Array => command(CLASS_RX, RX_ALLMULTI, [isOn ? 1 : 0]);

/** Receives frames for these addresses besides its own. */
export const macTableCommand = (unicast: readonly Uint8Array[], multicast: readonly Uint8Array[]): Uint8Array =>
  command(CLASS_MAC, MAC_TABLE_SET, [...tableOf(unicast), ...tableOf(multicast)]);

/** Changes the device's own address. */
export const macAddressCommand = (address: Uint8Array): Uint8Array => command(CLASS_MAC, MAC_ADDR_SET, [...address]);

/** Receives the frames of a VLAN, or no more. */
export const vlanCommand = (id: number, isOn: boolean): Uint8Array =>
  command(CLASS_VLAN, isOn ? VLAN_ADD : VLAN_DEL, lowBytes(id, 2));

/** Says that the network has heard of this station. */
export const announceAckCommand = (): Uint8Array => command(CLASS_ANNOUNCE, ANNOUNCE_ACK, []);

/** Uses so many pairs of queues. */
export const pairsCommand = (count: number): Uint8Array => command(CLASS_MQ, MQ_VQ_PAIRS_SET, lowBytes(count, 2));

const command = (commandClass: number, code: number, data: readonly number[]): Uint8Array =>
  Uint8Array.from([commandClass, code, ...data]);

/** Returns a count and so many addresses. */
const tableOf = (addresses: readonly Uint8Array[]): number[] => {
  const bytes = lowBytes(addresses.length, 4);
  for (const address of addresses) bytes.push(...address);
  return bytes;
};

/** Returns the lowest `count` bytes of a number, the lowest first. */
const lowBytes = (value: number, count: number): number[] => {
  const bytes: number[] = [];
  for (let i = 0, rest = value; i < count; i++, rest = Math.floor(rest / 256)) bytes.push(rest % 256);
  return bytes;
};
