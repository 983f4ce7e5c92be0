// Sense data: why a logical unit did not do what it was asked for. SPC-5 §4.4.
//
// What is not sense data, or shorter than it should be, is no reason: undefined.

import { hex } from '../../kernel/base/hex.ts';
import { lookUp } from '../../kernel/base/table.ts';
import type { FailureKind } from '../../kernel/device/failure.ts';
import type { ScsiSense } from '../../kernel/device/scsi.ts';

// Sense keys. SPC-5 table 49
export const KEY_RECOVERED_ERROR = 1;
export const KEY_NOT_READY = 2;
export const KEY_MEDIUM_ERROR = 3;
export const KEY_HARDWARE_ERROR = 4;
export const KEY_ILLEGAL_REQUEST = 5;
export const KEY_UNIT_ATTENTION = 6;
export const KEY_DATA_PROTECT = 7;
export const KEY_ABORTED_COMMAND = 11;

// Additional sense codes that something is done about. SPC-5 table 51
const CODE_IN_PROGRESS = 0x04;
const CODE_INVALID_OPERATION = 0x20;
const CODE_OUT_OF_RANGE = 0x21;
const CODE_INVALID_FIELD = 0x24;
const CODE_NO_SUCH_UNIT = 0x25;
const CODE_INVALID_PARAMETER = 0x26;
const CODE_WRITE_PROTECTED = 0x27;
const CODE_MEDIUM_CHANGED = 0x28;
const CODE_NO_MEDIUM = 0x3a;
const CODE_UNITS_CHANGED = 0x3f;

const BECOMING_READY = 1;
const ALLOCATION_FAILED = 7;
const REPORTED_LUNS_CHANGED = 0x0e;

const KEYS = `
0 no sense
1 recovered error
2 not ready
3 medium error
4 hardware error
5 illegal request
6 unit attention
7 data protect
8 blank check
9 vendor specific
a copy aborted
b aborted command
d volume overflow
e miscompare
f completed
`;

/** Additional code and qualifier, as the text of SPC has them. */
const CODES = `
00/00 no additional sense information
00/06 I/O process terminated
02/00 no seek complete
03/00 peripheral device write fault
04/00 cause not reportable
04/01 becoming ready
04/02 initializing command required
04/03 manual intervention required
04/04 format in progress
04/07 operation in progress
08/00 logical unit communication failure
08/01 logical unit communication time-out
09/00 track following error
0c/00 write error
0c/02 write error, auto reallocation failed
10/00 id CRC or ECC error
10/01 logical block guard check failed
10/02 logical block application tag check failed
10/03 logical block reference tag check failed
11/00 unrecovered read error
11/04 unrecovered read error, auto reallocate failed
14/00 recorded entity not found
15/00 random positioning error
16/00 data synchronization mark error
17/00 recovered data
18/00 recovered data with error correction
1a/00 parameter list length error
1d/00 miscompare during verify operation
20/00 invalid command operation code
21/00 logical block address out of range
24/00 invalid field in CDB
25/00 logical unit not supported
26/00 invalid field in parameter list
27/00 write protected
27/07 space allocation failed write protect
28/00 not ready to ready change, medium may have changed
29/00 power on, reset, or bus device reset occurred
29/01 power on occurred
29/02 SCSI bus reset occurred
29/03 bus device reset function occurred
29/04 device internal reset
2a/01 mode parameters changed
2a/09 capacity data has changed
2c/00 command sequence error
2f/00 commands cleared by another initiator
30/00 incompatible medium installed
31/00 medium format corrupted
32/00 no defect spare location available
38/07 thin provisioning soft threshold reached
3a/00 medium not present
3a/01 medium not present, tray closed
3a/02 medium not present, tray open
3b/0c position past beginning of medium
3e/00 logical unit has not self-configured yet
3f/03 inquiry data has changed
3f/0e reported LUNs data has changed
44/00 internal target failure
47/00 parity error
49/00 invalid message error
4b/00 data phase error
4e/00 overlapped commands attempted
53/02 medium removal prevented
55/00 system resource failure
5d/00 failure prediction threshold exceeded
64/00 illegal mode for this track
`;

const FIXED_LENGTH_MIN = 14;
const DESCRIPTOR_LENGTH_MIN = 4;

/** Returns what `bytes` say, in fixed or in descriptor format; undefined when they are no sense data. SPC-5 §4.4.2, §4.4.3 */
export const decodeSense = (bytes: Uint8Array): ScsiSense | undefined => {
  if (bytes.length === 0) return undefined;
  switch (bytes[0]! & 0x7f) {
    case 0x70:
    case 0x71:
      if (bytes.length < 3) return undefined;
      // One that is cut off behind the key has no codes: they read as zero.
      return bytes.length < FIXED_LENGTH_MIN ? senseOf(bytes[2]!, 0, 0) : senseOf(bytes[2]!, bytes[12]!, bytes[13]!);
    case 0x72:
    case 0x73:
      return bytes.length < DESCRIPTOR_LENGTH_MIN ? undefined : senseOf(bytes[1]!, bytes[2]!, bytes[3]!);
    default:
      return undefined;
  }
};

const senseOf = (keyByte: number, code: number, qualifier: number): ScsiSense => {
  const key = keyByte & 0x0f;
  const keyName = lookUp(KEYS, hex(key, 1)) ?? `sense key ${key}`;
  const place = `${hex(code, 2)}/${hex(qualifier, 2)}`;
  const name = lookUp(CODES, place) ?? 'for a reason without a name';
  return { key, code, qualifier, text: `${keyName}: ${name} (${hex(key, 1)}/${place})` };
};

/** Returns what kind of failure it is. */
export const kindOfSense = ({ key, code, qualifier }: ScsiSense): FailureKind => {
  if (code === CODE_NO_MEDIUM || isMediumChange(key, code)) return 'no-medium';
  if (key === KEY_DATA_PROTECT) {
    return code === CODE_WRITE_PROTECTED && qualifier === ALLOCATION_FAILED ? 'io-error' : 'read-only';
  }
  if (key !== KEY_ILLEGAL_REQUEST) return 'io-error';
  switch (code) {
    case CODE_OUT_OF_RANGE:
      return 'out-of-range';
    case CODE_NO_SUCH_UNIT:
      return 'removed';
    case CODE_INVALID_OPERATION:
    case CODE_INVALID_FIELD:
    case CODE_INVALID_PARAMETER:
      return 'unsupported';
    default:
      return 'io-error';
  }
};

const isMediumChange = (key: number, code: number): boolean =>
  key === KEY_UNIT_ATTENTION && code === CODE_MEDIUM_CHANGED;

/** What a unit attention says, as far as something is done about it. */
export type Attention = 'medium' | 'units' | 'unit';

/** Returns that: the medium, the units of the target, or this unit have changed. */
export const attentionOf = ({ key, code, qualifier }: ScsiSense): Attention => {
  if (code === CODE_NO_MEDIUM || isMediumChange(key, code)) return 'medium';
  return code === CODE_UNITS_CHANGED && qualifier === REPORTED_LUNS_CHANGED ? 'units' : 'unit';
};

/** Returns whether the unit will be ready soon. */
export const isBecomingReady = ({ key, code, qualifier }: ScsiSense): boolean =>
  key === KEY_NOT_READY && code === CODE_IN_PROGRESS && qualifier === BECOMING_READY;

/** Returns whether there is no medium. */
export const isNoMedium = ({ code }: ScsiSense): boolean => code === CODE_NO_MEDIUM;
