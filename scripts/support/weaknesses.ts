// Where a widely used driver library goes wrong, in our words, and the test that it would fail.

import type { Claim } from './claim.ts';
import {
  bar,
  barTest,
  blkRequest,
  blkRequestTest,
  capability,
  capabilityTest,
  config,
  createTest,
  doorbell,
  hostileTest,
  initialize,
  initializeTest,
  notifyTest,
  packed,
  pciCommon,
  pciRegion,
  pciTest,
  placeQueue,
  queue,
  requirementsTest,
  reset,
  scan,
  scanTest,
  slots,
  split,
} from './places.ts';

/** One weakness, found by reading. */
export type Weakness = Claim & {
  readonly id: `W${number}`;
  /** What goes wrong there. */
  readonly wording: string;
};

export const WEAKNESSES: readonly Weakness[] = [
  {
    id: 'W1',
    wording: 'Whether to notify is decided by comparing two 16-bit counters as if they never wrapped',
    code: [split('isEventPassed'), packed('packedWantsKick')],
    tests: [
      notifyTest('at every distance around the wrap'),
      notifyTest('and so every kick that an honest device waits for is sent, packed: %s'),
    ],
  },
  {
    id: 'W2',
    wording:
      'No full fence lies between publishing and asking whether the other side wants to be woken, so both may sleep',
    code: [queue('kick'), queue('allowInterrupts')],
    tests: [
      requirementsTest(
        'a chain $where of a $name queue > is shown, and a fence behind it, before the device is asked whether it wants to know',
      ),
      requirementsTest('are asked for, and a fence behind the wish, before the last look at the ring (event index %s)'),
      notifyTest('sends a lost kick again, says so, and takes the word of the device no more'),
    ],
  },
  {
    id: 'W3',
    wording:
      'With EVENT_IDX, notifications by the device cannot be switched off: each buffer taken back asks for the next one',
    code: [split('suppressSplit'), packed('suppressPacked')],
    tests: [notifyTest('over more than 65536 chains, EVENT_IDX: %s')],
  },
  {
    id: 'W4',
    wording: 'A notification is three register accesses, and an offset that the device chose can end the program',
    code: [doorbell('ringDoorbell')],
    tests: [
      createTest('rings the doorbell with the number of the queue, 16 bits wide'),
      pciTest('with queue_notify_off %i beyond the region is refused, and not enabled'),
    ],
  },
  {
    id: 'W5',
    wording: 'Registers of 64 bits are written by one access of 64',
    code: [pciCommon('writeQueue')],
    tests: [pciTest('is enabled with 32-bit halves, and its notification address is checked once')],
  },
  {
    id: 'W6',
    wording: 'The end of a region is computed in 32 bits, wraps around, and passes the check',
    code: [pciRegion('findRegion')],
    tests: [pciTest('an offset near 2^32 does not wrap around into the BAR')],
  },
  {
    id: 'W7',
    wording: 'A reserved BAR number is used as an index',
    code: [pciRegion('readVirtioCapabilities')],
    tests: [pciTest('one with the reserved BAR number %i is as if it were not there')],
  },
  {
    id: 'W8',
    wording: 'The first capability for a structure is taken, usable or not',
    code: [pciRegion('findRegion')],
    tests: [
      pciTest('an unusable one is passed over when a usable one follows'),
      pciTest('a notification region in an I/O BAR is passed over, as QEMU lists it with modern-pio-notify'),
    ],
  },
  {
    id: 'W9',
    wording: 'Sizing a malformed BAR leaves it overwritten and the function without its memory',
    code: [bar('sizeBars')],
    tests: [
      barTest('is an error, after every BAR and the command register were restored'),
      barTest('with a reserved memory type is an error'),
    ],
  },
  {
    id: 'W10',
    wording: 'Sizing the BARs of a bridge overwrites its bus numbers and windows',
    code: [bar('sizeBars')],
    tests: [barTest('are two, and its bus numbers and windows are not written to')],
  },
  {
    id: 'W11',
    wording: 'A list of capabilities that loops is followed for ever',
    code: [capability('readCapabilities')],
    tests: [
      capabilityTest('ends when it loops: 0x40, 0x50, 0x40'),
      capabilityTest('ends when an element points to itself'),
    ],
  },
  {
    id: 'W12',
    wording: 'Functions of single-function devices are reported again and again, and nothing behind a bridge is found',
    code: [scan('enumerate')],
    tests: [
      scanTest('the ghosts of a single-function device are not reported'),
      scanTest('the numbers that firmware gave are followed, and not changed'),
    ],
  },
  {
    id: 'W13',
    wording:
      'A reset is not waited for, a refusal of the features not noticed, FAILED never set, VERSION_1 not required',
    code: [initialize('initialize'), reset('resetDevice')],
    tests: [
      initializeTest('resets what firmware left running before it may reach memory'),
      initializeTest('waits for a reset that takes a while'),
      initializeTest('looks whether the device kept FEATURES_OK'),
      initializeTest('requires VERSION_1 of every device'),
      initializeTest('sees a device that needs a reset at once'),
    ],
  },
  {
    id: 'W14',
    wording: 'Waits have no end: a device that is silent hangs the program',
    code: [reset('resetDevice'), config('readConsistent'), blkRequest('transfer')],
    tests: [
      initializeTest('gives up a device that never finishes its reset, and takes memory from it'),
      initializeTest('that never holds still is an error, not a hang'),
      blkRequestTest('ends at its deadline'),
    ],
  },
  {
    id: 'W15',
    wording:
      'A request returns while another one is done first, and its buffers, which are still with the device, are used again',
    code: [blkRequest('complete')],
    tests: [blkRequestTest('does not mind the order in which the device completes')],
  },
  {
    id: 'W16',
    wording:
      'Lengths and numbers from the device index arrays and end the program, in the drivers of net, console, input, sound and sockets',
    open: 'no such driver yet',
  },
  { id: 'W17', wording: 'Writing nothing to the console ends the program', open: 'no such driver yet' },
  { id: 'W18', wording: 'The input driver notifies the device before DRIVER_OK', open: 'no such driver yet' },
  {
    id: 'W19',
    wording: 'The counters of the socket driver do not wrap as they must, and its window is never opened again',
    open: 'no such driver yet',
  },
  {
    id: 'W20',
    wording:
      'The network driver reads fields of its configuration that the device does not have, and knows none of the larger features',
    open: 'no such driver yet',
  },
  {
    id: 'W21',
    wording: 'The display driver multiplies sizes in 32 bits, and makes the same resource twice',
    open: 'no such driver yet',
  },
  {
    id: 'W22',
    wording:
      'A request allocates memory, queues have a size fixed when the program is built, and each request is a notification',
    code: [placeQueue('queueSizeWithin'), blkRequest('transfer')],
    tests: [
      createTest('of a device with %i elements and a driver that wants %i is %i, a power of two'),
      blkRequestTest(
        'refills in groups: a notification for every quarter of 128 requests, not for each that comes back',
      ),
    ],
  },
  { id: 'W23', wording: 'Feature bits above 63 cannot be seen', open: 'bits 0 to 63 are read' },
  {
    id: 'W24',
    wording: 'The number of bytes that the device says it wrote is handed on, be it more than the buffer has',
    code: [slots('canReturn')],
    tests: [
      hostileTest('with more than it could write'),
      hostileTest('with a length for a chain that it could only read'),
    ],
  },
];
