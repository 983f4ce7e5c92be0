'use machine';
// A frame of a network where a network device has put it: in pieces of DMA memory. Hot for every frame that is received.
//
// It begins with the destination address and ends before the frame check sequence: what IEEE 802.3 §3.2 calls MAC addresses, type and data.

import { type bool, type FixedArray, fixedArray, type u8, type u16, type u32 } from '../base/machine.ts';

/** Pieces of a frame at most: 65,562 bytes, which is the longest segment with its header, in pieces of 2048. */
export const PIECE_COUNT_MAX: u32 = 33;

// `segmentType`: of which protocol the frame holds several segments, that a network would carry one by one.
export const SEGMENT_NONE: u8 = 0;
export const SEGMENT_TCP4: u8 = 1;
export const SEGMENT_UDP: u8 = 2;
export const SEGMENT_TCP6: u8 = 3;

/** One frame. It is the device's memory: valid while the driver says so, and not to be written to. */
export class Frame {
  /** Bytes in all. */
  length: u32 = 0;
  /** The pieces, one behind the other: where they are, and their bytes. Nearly every frame has one. */
  pieceCount: u32 = 0;
  offsets: FixedArray<u32, 33> = fixedArray(33, 0);
  lengths: FixedArray<u32, 33> = fixedArray(33, 0);

  // What the device says of the checksum of TCP or UDP. Both are false unless offloads were asked for.
  /** It was checked. */
  hasValidChecksum: bool = false;
  /** It is not whole: it covers from `checksumStart` on, and lies `checksumOffset` bytes behind that. The frame never left this host. */
  needsChecksum: bool = false;
  checksumStart: u16 = 0;
  checksumOffset: u16 = 0;

  /** SEGMENT_…, and the bytes of payload a segment. */
  segmentType: u8 = 0;
  segmentLength: u16 = 0;
}
