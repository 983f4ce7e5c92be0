// Where a widely used driver library goes wrong, in our words, and the test that it would fail.

import type { Claim } from './claim.ts';
import {
  awaitedBootTest,
  bar,
  barTest,
  blkAwaitedTest,
  blkBringUp,
  blkFlow,
  blkRequest,
  blkRequestTest,
  capability,
  capabilityTest,
  config,
  configTest,
  consoleHostileTest,
  consolePortsTest,
  consoleStreams,
  createTest,
  doorbell,
  everyDriverTest,
  features,
  featuresTest,
  gpuBacking,
  gpuSurfaces,
  gpuTest,
  hostileTest,
  initialize,
  initializeTest,
  inputFlow,
  inputFlowTest,
  misuseTest,
  netBringUp,
  netBringUpTest,
  netDriverTest,
  netReceiveTest,
  notifyTest,
  packed,
  pci,
  pciAccess,
  pciRegion,
  pciTest,
  placeQueue,
  queue,
  queuesTest,
  requirementsTest,
  reset,
  scan,
  scanTest,
  scheduleTest,
  slots,
  soundTroubleTest,
  split,
  transport,
  vsockConnections,
  vsockConnectionsTest,
  vsockHostileTest,
  vsockPackets,
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
      scheduleTest('nor an interrupt, where a fence is one'),
      scheduleTest('nor where it is none, as in an emulator, because it then notifies always'),
      scheduleTest('and should one be lost all the same, the watchdog brings it back and ends the trust'),
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
    code: [pci('programPciQueue'), doorbell('ringDoorbell')],
    tests: [
      pciTest('to an address that was computed and checked when the queue was enabled'),
      pciTest('queue_notify_off %i beyond the region is an error, and no panic later'),
    ],
  },
  {
    id: 'W5',
    wording: 'Registers of 64 bits are written by one access of 64',
    code: [pciAccess('regionWrite64')],
    tests: [pciTest('of 32 bits, low before high')],
  },
  {
    id: 'W6',
    wording: 'The end of a region is computed in 32 bits, wraps around, and passes the check',
    code: [pciRegion('findRegion')],
    tests: [pciTest('offset 0xfffff000 and length 0x2000 are out of range')],
  },
  {
    id: 'W7',
    wording: 'A reserved BAR number is used as an index',
    code: [pciRegion('findRegion')],
    tests: [pciTest('a capability with BAR %i is as if it were not there')],
  },
  {
    id: 'W8',
    wording: 'The first capability for a structure is taken, usable or not',
    code: [pciRegion('findRegion')],
    tests: [
      pciTest('one that is %s is passed over when a usable one follows'),
      pciTest('a notification region in an I/O BAR is passed over, as QEMU lists it with modern-pio-notify'),
    ],
  },
  {
    id: 'W9',
    wording: 'Sizing a malformed BAR leaves it overwritten and the function without its memory',
    code: [bar('sizeBars')],
    tests: [
      barTest(
        'W9: a 64-bit BAR in the last register > is an error, after every BAR and the command register were restored',
      ),
      barTest('with a reserved memory type is an error'),
    ],
  },
  {
    id: 'W10',
    wording: 'Sizing the BARs of a bridge overwrites its bus numbers and windows',
    code: [bar('sizeBars')],
    tests: [barTest('W10: the BARs of a bridge > are two, and its bus numbers and windows are not written to')],
  },
  {
    id: 'W11',
    wording: 'A list of capabilities that loops is followed for ever',
    code: [capability('readCapabilities')],
    tests: [
      capabilityTest('ends when it loops: 0x40, 0x50, 0x40'),
      capabilityTest('ends when an element points to itself'),
      capabilityTest('a first pointer of zero is an empty list, not one that starts at the vendor id'),
    ],
  },
  {
    id: 'W12',
    wording: 'Functions of single-function devices are reported again and again, and nothing behind a bridge is found',
    code: [scan('enumerate')],
    tests: [
      scanTest('the ghosts of a single-function device are not reported'),
      scanTest('the numbers that firmware gave are followed, and not changed'),
      scanTest('is done where firmware did not, depth first'),
    ],
  },
  {
    id: 'W13',
    wording:
      'A reset is not waited for, a refusal of the features not noticed, FAILED never set, VERSION_1 not required',
    code: [initialize('begin'), initialize('finish'), reset('giveUp')],
    tests: [
      initializeTest('%s: what firmware left running is reset before it may reach memory'),
      initializeTest('%s: the reset is waited for'),
      initializeTest('%s: VERSION_1 is required'),
      initializeTest('%s: FEATURES_OK is read back'),
      initializeTest('%s: FAILED is set when the driver gives up, and the fault stays'),
      initializeTest('%s: a device that needs a reset at once is seen, and given up'),
    ],
  },
  {
    id: 'W14',
    wording: 'Waits have no end: a device that is silent hangs the program',
    code: [
      reset('resetDevice'),
      transport('resetQueue'),
      config('failUnstable'),
      blkRequest('transfer'),
      blkFlow('take'),
    ],
    tests: [
      blkAwaitedTest('is reset, its requests reject, and those that wait are done'),
      awaitedBootTest('a disk whose host stops answering is reset, and works again when that answers'),
      initializeTest('%s: a device that never finishes its reset is given up'),
      queuesTest('W14: that never ends is an error, not a hang'),
      configTest('%s: one that never holds still is an error, not a hang'),
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
    code: [slots('takeBack'), vsockPackets('takePacket')],
    tests: [
      everyDriverTest('gives its device up when any of its queues returns a head that there is not (W16)'),
      netReceiveTest('is not believed when it returns head %i (W16)'),
      consoleHostileTest('%s: the device is given up, and everything rejects'),
      inputFlowTest('that says that it wrote more than an event (W24), or returns what it does not have (W16)'),
      soundTroubleTest('is given up for %s, and all who wait hear of it'),
      vsockHostileTest('%s is given up, and everything rejects'),
    ],
  },
  {
    id: 'W17',
    wording: 'Writing nothing to the console ends the program',
    code: [consoleStreams('write')],
    tests: [
      consolePortsTest('sends nothing for an empty write'),
      misuseTest('refuses each wrong call before anything reaches the device, which goes on'),
    ],
  },
  {
    id: 'W18',
    wording: 'A driver notifies its device before DRIVER_OK',
    code: [initialize('finish'), blkBringUp('bringUp'), inputFlow('startEvents')],
    tests: [
      initializeTest('%s: queues are filled and enabled before, and the first notification comes after'),
      inputFlowTest('are not asked for before DRIVER_OK (W18)'),
      everyDriverTest(
        'has no queue that is longer than the device says, and notifies none before DRIVER_OK (W18, W22)',
      ),
    ],
  },
  {
    id: 'W19',
    wording: 'The counters of the socket driver do not wrap as they must, and its window is never opened again',
    code: [vsockConnections('peerRoom'), vsockConnections('noteCredit'), vsockConnections('noteRead')],
    tests: [
      vsockConnectionsTest('keeps two ends in step when their counters go round'),
      vsockConnectionsTest('where the other end has handed on %s'),
      vsockConnectionsTest('is told when the other end sees less than half of it'),
      vsockHostileTest('that takes its room back is sent nothing more until it has some (W19)'),
    ],
  },
  {
    id: 'W20',
    wording:
      'The network driver reads fields of its configuration that the device does not have, and knows none of the larger features',
    code: [netBringUp('readConfiguration')],
    tests: [
      netBringUpTest('is not asked for what it does not offer: the fields may hold anything (W20)'),
      netReceiveTest('lies in several buffers when it is longer than one, in their order'),
      netDriverTest('leaves a checksum and segments to a device that can'),
      netDriverTest('are used as many as were asked for and as the device has, which is told'),
    ],
  },
  {
    id: 'W21',
    wording: 'The display driver multiplies sizes in 32 bits, and makes the same resource twice',
    code: [gpuSurfaces('createSurface'), gpuBacking('takeBacking')],
    tests: [
      gpuTest('as a surface of %d × %d is refused (W21)'),
      gpuTest('may be another one later, and the same one again (W21)'),
      gpuTest('is told what a part of a surface shows, and only that'),
    ],
  },
  {
    id: 'W22',
    wording:
      'A request allocates memory, queues have a size fixed when the program is built, and each request is a notification',
    code: [placeQueue('queueSizeWithin'), blkRequest('transfer'), blkFlow('send')],
    tests: [
      blkAwaitedTest('go out together, with one notification, in the order of the calls'),
      everyDriverTest('the driver of $name sends what is asked for in one turn with one notification (W22)'),
      everyDriverTest(
        'has no queue that is longer than the device says, and notifies none before DRIVER_OK (W18, W22)',
      ),
      createTest('of a device with %i elements and a driver that wants %i is %i, a power of two'),
      blkRequestTest(
        'refills in groups: a notification for every quarter of 128 requests, not for each that comes back',
      ),
    ],
  },
  {
    id: 'W23',
    wording: 'Feature bits above 63 cannot be seen',
    code: [initialize('begin'), features('Features')],
    tests: [
      featuresTest('over %s, when a driver wants one of them'),
      featuresTest('a word 2 that is word 1 again, as in QEMU, is not taken for features of its own'),
    ],
  },
  {
    id: 'W24',
    wording: 'The number of bytes that the device says it wrote is handed on, be it more than the buffer has',
    code: [slots('canReturn'), inputFlow('takeEvents')],
    tests: [
      everyDriverTest(
        'gives its device up when any of its queues returns a chain with more than it has room for (W24)',
      ),
      hostileTest('with more than it could write'),
      hostileTest('with a length for a chain that it could only read'),
      inputFlowTest('that returns an event of %i bytes (W24)'),
    ],
  },
];
