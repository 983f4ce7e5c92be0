'use machine';

// A station with one IPv4 address: answers ARP and ICMP echo requests, and asks both of others. RFC 826, RFC 791, RFC 792. Hot for each frame that comes.
//
//   ┌ Ethernet 14 ┐┌ ARP 28 ┐
//   ┌ Ethernet 14 ┐┌ IPv4 20 ┐┌ ICMP 8 ┐┌ data ····· ┐
//
// What comes is looked at where it lies, and answers are written where they go out: an echo is copied once. Whatever is not for us, is cut into fragments, has options, or does not
// fit its own lengths and checksums is passed over.

import { NO_BUFFER, sendBuffer, type TransmitQueue, takeBuffer } from '../../drivers/net/transmit.ts';
import {
  type bool,
  type DmaOffset,
  type FixedArray,
  fixedArray,
  type u8,
  type u16,
  type u32,
} from '../../kernel/base/machine.ts';
import type { Frame } from '../../kernel/device/frame.ts';
import { dmaRead8, dmaRead16, dmaWrite8, dmaWrite16 } from '../../kernel/hal/dma.ts';

// What `look` returns.
export const LOOK_NOTHING: u8 = 0;
/** A request was answered. */
export const LOOK_ANSWERED: u8 = 1;
/** `foundAddress` is at `foundMac`. */
export const LOOK_RESOLVED: u8 = 2;
/** The echo with `foundSequence` came back from `foundAddress`, with `foundLength` bytes of data. */
export const LOOK_ECHO: u8 = 3;

//    Ethernet                               offset   width
const DESTINATION: u32 = 0; //                        6 × 8
const SOURCE: u32 = 6; //                             6 × 8
const TYPE: u32 = 12; //                              16
const ETHERNET_LENGTH: u32 = 14;
const TYPE_IPV4: u16 = 0x0800;
const TYPE_ARP: u16 = 0x0806;
const MAC_LENGTH: u32 = 6;

//    ARP, behind Ethernet: RFC 826
const ARP_KINDS: u32 = 14; //                         16 + 16: Ethernet 1, IPv4 0x0800
const ARP_LENGTHS: u32 = 18; //                       8 + 8: 6 and 4
const ARP_OPERATION: u32 = 20; //                     16
const ARP_SENDER_MAC: u32 = 22; //                    6 × 8
const ARP_SENDER_ADDRESS: u32 = 28; //                32
const ARP_TARGET_MAC: u32 = 32; //                    6 × 8
const ARP_TARGET_ADDRESS: u32 = 38; //                32
const ARP_END: u32 = 42;
const ARP_REQUEST: u16 = 1;
const ARP_REPLY: u16 = 2;
const ARP_LENGTHS_VALUE: u16 = 0x0604;

//    IPv4: RFC 791 §3.1
const IP_VERSION: u32 = 14; //                        8: version 4, header of 5 words
const IP_LENGTH: u32 = 16; //                         16
const IP_IDENTIFICATION: u32 = 18; //                 16
const IP_FRAGMENT: u32 = 20; //                       16: flags 3, offset 13
const IP_TTL: u32 = 22; //                            8
const IP_PROTOCOL: u32 = 23; //                       8
const IP_CHECKSUM: u32 = 24; //                       16
const IP_SOURCE: u32 = 26; //                         32
const IP_DESTINATION: u32 = 30; //                    32
const IP_HEADER_LENGTH: u32 = 20;
const IP_VERSION_VALUE: u8 = 0x45;
/** More fragments, and the offset of this one. */
const IP_FRAGMENT_MASK: u32 = 0x3fff;
const IP_TTL_VALUE: u8 = 64;
const PROTOCOL_ICMP: u8 = 1;

//    ICMP echo: RFC 792
const ICMP_TYPE: u32 = 34; //                         8, and a code of 8 that is 0
const ICMP_CHECKSUM: u32 = 36; //                     16
const ICMP_IDENTIFIER: u32 = 38; //                   16
const ICMP_SEQUENCE: u32 = 40; //                     16
const ICMP_DATA: u32 = 42;
const ICMP_HEADER_LENGTH: u32 = 8;
const ECHO_REQUEST: u8 = 8;
const ECHO_REPLY: u8 = 0;

/** Shorter frames are filled up to this. IEEE 802.3 §4.2.3.3 */
const FRAME_LENGTH_MIN: u32 = 60;

/** Says that the echo requests are ours. */
const IDENTIFIER: u16 = 0x4865;

/** Who we are, and what was found last. Addresses are numbers: 10.0.2.15 is 0x0a00020f. */
export class Station {
  mac: FixedArray<u8, 6> = fixedArray(6, 0);
  address: u32 = 0;
  foundAddress: u32 = 0;
  foundMac: FixedArray<u8, 6> = fixedArray(6, 0);
  foundSequence: u16 = 0;
  foundLength: u32 = 0;
  /** Requests that were answered. */
  arpCount: u32 = 0;
  echoCount: u32 = 0;
}

/** Says who we are. */
export const setStation = (station: Station, mac: Uint8Array, address: u32): void => {
  for (let i: u32 = 0; i < MAC_LENGTH; i++) station.mac[i] = mac[i];
  station.address = address;
};

/** Looks at a frame that came, and answers it where it asks something of us. Returns LOOK_… */
export const look = (station: Station, transmit: TransmitQueue, frame: Frame): u8 => {
  if (frame.pieceCount !== 1) return LOOK_NOTHING; // Longer than anything that is answered here.
  const at: DmaOffset = frame.offsets[0] + 0;
  const type: u16 = read16(at + TYPE);
  if (type === TYPE_ARP) return lookAtArp(station, transmit, at, frame.length);
  return type === TYPE_IPV4 ? lookAtEcho(station, transmit, at, frame.length) : LOOK_NOTHING;
};

/** Asks everybody who has `address`. Returns whether there was room. RFC 826 */
export const askAddress = (station: Station, transmit: TransmitQueue, address: u32): bool => {
  const to: u32 = takeBuffer(transmit);
  if (to === NO_BUFFER) return false;
  for (let i: u32 = 0; i < MAC_LENGTH; i++) {
    dmaWrite8(to + DESTINATION + i, 0xff);
    dmaWrite8(to + ARP_TARGET_MAC + i, 0);
  }
  writeArp(station, to, ARP_REQUEST);
  write32(to + ARP_TARGET_ADDRESS, address);
  return sendFilled(transmit, to, ARP_END);
};

/** Sends an echo request with `length` bytes of data to the station that was found last. Returns whether there was room. RFC 792 */
export const askEcho = (station: Station, transmit: TransmitQueue, sequence: u16, length: u32): bool => {
  const to: u32 = takeBuffer(transmit);
  if (to === NO_BUFFER) return false;
  for (let i: u32 = 0; i < MAC_LENGTH; i++) dmaWrite8(to + DESTINATION + i, station.foundMac[i]);
  write16(to + ICMP_IDENTIFIER, IDENTIFIER);
  write16(to + ICMP_SEQUENCE, sequence);
  for (let i: u32 = 0; i < length; i++) dmaWrite8(to + ICMP_DATA + i, i & 0xff);
  return sendIcmp(station, transmit, to, ECHO_REQUEST, station.foundAddress, ICMP_HEADER_LENGTH + length);
};

const lookAtArp = (station: Station, transmit: TransmitQueue, at: DmaOffset, length: u32): u8 => {
  if (length < ARP_END || read16(at + ARP_LENGTHS) !== ARP_LENGTHS_VALUE) return LOOK_NOTHING;
  if (read32(at + ARP_KINDS) !== ARP_KINDS_VALUE || read32(at + ARP_TARGET_ADDRESS) !== station.address)
    return LOOK_NOTHING;
  const operation: u16 = read16(at + ARP_OPERATION);
  if (operation === ARP_REPLY) {
    station.foundAddress = read32(at + ARP_SENDER_ADDRESS);
    for (let i: u32 = 0; i < MAC_LENGTH; i++) station.foundMac[i] = dmaRead8(at + ARP_SENDER_MAC + i);
    return LOOK_RESOLVED;
  }
  if (operation !== ARP_REQUEST) return LOOK_NOTHING;
  const to: u32 = takeBuffer(transmit);
  if (to === NO_BUFFER) return LOOK_NOTHING; // Who asks will ask again.
  for (let i: u32 = 0; i < MAC_LENGTH; i++) {
    const byte: u8 = dmaRead8(at + ARP_SENDER_MAC + i);
    dmaWrite8(to + DESTINATION + i, byte);
    dmaWrite8(to + ARP_TARGET_MAC + i, byte);
  }
  writeArp(station, to, ARP_REPLY);
  write32(to + ARP_TARGET_ADDRESS, read32(at + ARP_SENDER_ADDRESS));
  if (!sendFilled(transmit, to, ARP_END)) return LOOK_NOTHING;
  station.arpCount++;
  return LOOK_ANSWERED;
};

/** Ethernet and IPv4, in that order: what ARP_KINDS reads. */
const ARP_KINDS_VALUE: u32 = 0x00010800;

/** All of a request or a reply but the target. */
const writeArp = (station: Station, to: DmaOffset, operation: u16): void => {
  for (let i: u32 = 0; i < MAC_LENGTH; i++) {
    dmaWrite8(to + SOURCE + i, station.mac[i]);
    dmaWrite8(to + ARP_SENDER_MAC + i, station.mac[i]);
  }
  write16(to + TYPE, TYPE_ARP);
  write32(to + ARP_KINDS, ARP_KINDS_VALUE);
  write16(to + ARP_LENGTHS, ARP_LENGTHS_VALUE);
  write16(to + ARP_OPERATION, operation);
  write32(to + ARP_SENDER_ADDRESS, station.address);
};

const lookAtEcho = (station: Station, transmit: TransmitQueue, at: DmaOffset, frameLength: u32): u8 => {
  if (frameLength < ICMP_DATA || dmaRead8(at + IP_VERSION) !== IP_VERSION_VALUE) return LOOK_NOTHING;
  if (dmaRead8(at + IP_PROTOCOL) !== PROTOCOL_ICMP || read32(at + IP_DESTINATION) !== station.address)
    return LOOK_NOTHING;
  const length: u32 = read16(at + IP_LENGTH);
  if (length < IP_HEADER_LENGTH + ICMP_HEADER_LENGTH || ETHERNET_LENGTH + length > frameLength) return LOOK_NOTHING;
  if ((read16(at + IP_FRAGMENT) & IP_FRAGMENT_MASK) !== 0) return LOOK_NOTHING;
  const icmpLength: u32 = length - IP_HEADER_LENGTH;
  if (checksumOf(at + IP_VERSION, IP_HEADER_LENGTH) !== 0 || checksumOf(at + ICMP_TYPE, icmpLength) !== 0) {
    return LOOK_NOTHING;
  }
  const type: u16 = read16(at + ICMP_TYPE); // With the code.
  if (type === ECHO_REPLY && read16(at + ICMP_IDENTIFIER) === IDENTIFIER) {
    station.foundAddress = read32(at + IP_SOURCE);
    station.foundSequence = read16(at + ICMP_SEQUENCE);
    station.foundLength = icmpLength - ICMP_HEADER_LENGTH;
    return LOOK_ECHO;
  }
  return type === ECHO_REQUEST << 8 ? answerEcho(station, transmit, at, icmpLength) : LOOK_NOTHING;
};

const answerEcho = (station: Station, transmit: TransmitQueue, at: DmaOffset, icmpLength: u32): u8 => {
  const to: u32 = takeBuffer(transmit);
  if (
    to === NO_BUFFER ||
    ETHERNET_LENGTH + IP_HEADER_LENGTH + icmpLength > transmit.bufferLength - transmit.headerLength
  ) {
    return LOOK_NOTHING;
  }
  for (let i: u32 = 0; i < MAC_LENGTH; i++) dmaWrite8(to + DESTINATION + i, dmaRead8(at + SOURCE + i));
  for (let i: u32 = ICMP_HEADER_LENGTH - 4; i < icmpLength; i++)
    dmaWrite8(to + ICMP_TYPE + i, dmaRead8(at + ICMP_TYPE + i));
  if (!sendIcmp(station, transmit, to, ECHO_REPLY, read32(at + IP_SOURCE), icmpLength)) return LOOK_NOTHING;
  station.echoCount++;
  return LOOK_ANSWERED;
};

/** Completes a message of ICMP, whose identifier, sequence number and data are written, and its frame, whose destination is. Sends it. */
const sendIcmp = (
  station: Station,
  transmit: TransmitQueue,
  to: DmaOffset,
  type: u8,
  address: u32,
  icmpLength: u32,
): bool => {
  for (let i: u32 = 0; i < MAC_LENGTH; i++) dmaWrite8(to + SOURCE + i, station.mac[i]);
  write16(to + TYPE, TYPE_IPV4);
  write16(to + IP_VERSION, IP_VERSION_VALUE << 8);
  write16(to + IP_LENGTH, (IP_HEADER_LENGTH + icmpLength) & 0xffff);
  write32(to + IP_IDENTIFICATION, 0); // Never cut into fragments, so it needs no number. RFC 6864 §4.1
  write16(to + IP_FRAGMENT, 0x4000);
  dmaWrite8(to + IP_TTL, IP_TTL_VALUE);
  dmaWrite8(to + IP_PROTOCOL, PROTOCOL_ICMP);
  write16(to + IP_CHECKSUM, 0);
  write32(to + IP_SOURCE, station.address);
  write32(to + IP_DESTINATION, address);
  write16(to + IP_CHECKSUM, checksumOf(to + IP_VERSION, IP_HEADER_LENGTH));
  write16(to + ICMP_TYPE, type << 8);
  write16(to + ICMP_CHECKSUM, 0);
  write16(to + ICMP_CHECKSUM, checksumOf(to + ICMP_TYPE, icmpLength));
  return sendFilled(transmit, to, ETHERNET_LENGTH + IP_HEADER_LENGTH + icmpLength);
};

/** Sends the frame of `length` bytes that was written at `to`, filled up to the shortest that a network carries. */
const sendFilled = (transmit: TransmitQueue, to: DmaOffset, length: u32): bool => {
  for (let i: u32 = length; i < FRAME_LENGTH_MIN; i++) dmaWrite8(to + i, 0);
  return sendBuffer(transmit, Math.max(length, FRAME_LENGTH_MIN)) >= 0;
};

/** Returns the Internet checksum of `length` bytes at an even offset; 0 when they hold their own. RFC 1071 */
const checksumOf = (at: DmaOffset, length: u32): u16 => {
  let sum: u32 = 0;
  for (let i: u32 = 0; i + 1 < length; i += 2) sum += read16(at + i);
  if ((length & 1) !== 0) sum += dmaRead8(at + length - 1) << 8;
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return sum ^ 0xffff;
};

// Numbers of the network: the highest byte first, at even offsets.

const read16 = (at: DmaOffset): u16 => swap(dmaRead16(at));
const write16 = (at: DmaOffset, value: u16): void => dmaWrite16(at, swap(value));

const read32 = (at: DmaOffset): u32 => ((read16(at) << 16) | read16(at + 2)) >>> 0;
const write32 = (at: DmaOffset, value: u32): void => {
  write16(at, value >>> 16);
  write16(at + 2, value & 0xffff);
};

const swap = (value: u16): u16 => ((value << 8) & 0xff00) | (value >>> 8);
