import { describe, expect, it } from 'vitest';
import { readConfig32 } from '../../../../drivers/virtio/config.ts';
import { describeFault } from '../../../../drivers/virtio/describe.ts';
import { formatInterrupts, logInterrupts } from '../../../../drivers/virtio/describe-interrupts.ts';
import { begin, finish } from '../../../../drivers/virtio/initialize.ts';
import {
  beginInterrupts,
  endInterrupts,
  findMmioInterrupt,
  findPciInterrupts,
  Interrupts,
  interruptCause,
  restoreQueueVector,
} from '../../../../drivers/virtio/interrupts.ts';
import { createQueue } from '../../../../drivers/virtio/queue/create.ts';
import { add, detachNext, fill, kick, reserve, restart } from '../../../../drivers/virtio/queue/queue.ts';
import { Queue } from '../../../../drivers/virtio/queue/record.ts';
import { giveUp } from '../../../../drivers/virtio/reset.ts';
import {
  enableQueue,
  INTERRUPT_CONFIG,
  INTERRUPT_QUEUE,
  resetQueue,
} from '../../../../drivers/virtio/transport/transport.ts';
import { startLog, stopLog } from '../../../../kernel/base/log.ts';
import { interruptNext, interruptRearm, VECTOR_NONE } from '../../../../kernel/hal/interrupts.ts';
import { PciTree } from '../../../../kernel/pci/function.ts';
import { enumerate } from '../../../../kernel/pci/scan.ts';
import type { SimMachine } from '../../../sim/machine.ts';
import { functionAt } from '../../../sim/setup.ts';
import { SimBlkDevice, type SimBlkOptions } from '../../../sim/virtio/block.ts';
import type { SimVirtioDevice } from '../../../sim/virtio/device.ts';
import { begunDisk, openedPci, setOf, TRANSPORTS } from './transport/harness.ts';

const NO_VECTOR = 0xffff;
const COMMAND_PIN_DISABLED = 0x400;
const RING_RESET = 40;
const PCI = ['pci', 'pci-legacy'] as const;
const MMIO_LINE = 5;

/** Queue sizes of a device with `count` queues. */
const queues = (count: number): number[] => new Array<number>(count).fill(16);

/** A disk whose features are agreed on, and what it can interrupt by. */
const found = (options: SimBlkOptions = {}, wanted: readonly number[] = []) => {
  const all = begunDisk(options, wanted);
  const interrupts = new Interrupts();
  if (all.device.isMmio) findMmioInterrupt(options.line ?? MMIO_LINE, interrupts);
  else findPciInterrupts(new PciTree(), all.pciFunction, interrupts);
  return { ...all, interrupts };
};

type Found = ReturnType<typeof found>;

/** The same, with interrupts chosen; `prepare` may change the machine before. */
const chosen = (options: SimBlkOptions = {}, prepare: (all: Found) => void = () => {}) => {
  const all = found(options);
  prepare(all);
  const count = options.queueSizes?.length ?? 1;
  const isDriven = beginInterrupts(all.transport, all.interrupts, count);
  return { ...all, isDriven, chosen: formatInterrupts(all.interrupts), why: describeFault(all.transport).message };
};

/** The same, live: its queues enabled. */
const live = (options: SimBlkOptions = {}, prepare: (all: Found) => void = () => {}) => {
  const all = chosen(options, prepare);
  return { ...all, queues: makeQueues(all, options.queueSizes?.length ?? 1) };
};

const makeQueues = (all: Found, count: number): Queue[] => {
  const made = queues(count).map((size, index) => {
    const queue = new Queue();
    expect(createQueue(all.transport, all.pool, index, size, all.transport.accepted, queue)).toBe(true);
    return queue;
  });
  expect(finish(all.transport)).toBe(true);
  return made;
};

/** Does a request that the simulated disk answers at once. */
const request = (queue: Queue): void => {
  reserve(queue, 2);
  fill(queue, 0x100000, 16, 0);
  fill(queue, 0x100200, 513, 2);
  add(queue);
  kick(queue);
};

/** Returns the vectors that were noted, in order, and opens their lines again. */
const taken = (): number[] => {
  const vectors = [];
  for (let vector = interruptNext(); vector !== VECTOR_NONE; vector = interruptNext()) vectors.push(vector);
  for (const vector of vectors) interruptRearm(vector);
  return vectors;
};

const vectorsOf = (interrupts: Interrupts, count: number): number[] =>
  Array.from({ length: count }, (_, index) => interrupts.queueVectors[index]!);

const entriesOf = (device: SimVirtioDevice): number[] => [
  device.interrupts.configVector,
  ...device.interrupts.queueVectors,
];

const isPinOff = (device: SimVirtioDevice): boolean => (device.pciFunction.command & COMMAND_PIN_DISABLED) !== 0;

describe.each(PCI)('MSI-X over %s', (transport) => {
  it('has a vector for each queue and one for the configuration', () => {
    const { chosen, interrupts, device, machine } = live({ transport, vectors: 4, queueSizes: queues(3) });
    expect(chosen).toBe('MSI-X, 4 vectors');
    expect(entriesOf(device)).toEqual([0, 1, 2, 3]);
    const vectors = [interrupts.configVector, ...vectorsOf(interrupts, 3)];
    expect(new Set(vectors).size).toBe(4);
    expect(isPinOff(device)).toBe(true);
    expect(machine.violations).toEqual([]);
  });

  it('any size of table is fine: what is not needed stays masked', () => {
    const { chosen, device } = live({ transport, vectors: 128 });
    expect(chosen).toBe('MSI-X, 2 vectors');
    expect([0, 1, 2, 127].map((entry) => device.interrupts.msix!.isOpen(entry))).toEqual([true, true, false, false]);
  });

  it.each([
    [1, [0, 0, 0, 0, 0]],
    [2, [0, 1, 1, 1, 1]],
    [3, [0, 1, 2, 1, 2]],
    [4, [0, 1, 2, 3, 1]],
  ])('with a table of %i shares vectors, and none lies beyond the table', (vectors, entries) => {
    const { device, interrupts, machine } = live({ transport, vectors, queueSizes: queues(4) });
    expect(entriesOf(device)).toEqual(entries);
    expect(vectorsOf(interrupts, 4)).toEqual(entries.slice(1).map((entry) => interrupts.vectors[entry]));
    expect(machine.violations).toEqual([]);
  });

  it.each([
    [4, [0, 1, 1, 1, 1], 'MSI-X, 2 vectors'],
    [2, [0, 1, 1, 1, 1], 'MSI-X, 2 vectors'],
    [1, [0, 0, 0, 0, 0], 'MSI-X, 1 vector'],
  ])('reads vectors back, and tries fewer where the device takes only %i', (vectorsTaken, entries, kind) => {
    const { device, chosen, isDriven, why } = live({
      transport,
      vectors: 5,
      queueSizes: queues(4),
      faults: { vectorsTaken },
    });
    expect([isDriven, chosen, why]).toEqual([true, kind, 'unknown fault 0']);
    expect(entriesOf(device)).toEqual(entries);
  });

  it('is given up for the line where the device takes no vector at all', () => {
    const { chosen, isDriven, why, device, machine } = live({ transport, vectors: 2, faults: { vectorsTaken: 0 } });
    expect([isDriven, chosen]).toEqual([true, 'line 18']);
    expect(why).toBe('msix_config reads 65535 after 0 was written to it');
    expect([device.interrupts.isMsixEnabled, isPinOff(device)]).toEqual([false, false]);
    expect(machine.violations).toEqual([]);
  });

  it('is given up where a vector reads back as another', () => {
    const { chosen, why } = live({ transport, vectors: 2, faults: { vectorShown: 1 } });
    expect([chosen, why]).toEqual(['line 18', 'msix_config reads 1 after 0 was written to it']);
  });

  it.each([
    ['does not come on', { cannotEnable: true }],
    ['does not keep its table', { forgetsTable: true }],
  ])('that %s is given up for the line', (_, faults) => {
    const { chosen, why, device } = live({ transport, vectors: 2, faults });
    expect(chosen).toBe('line 18');
    expect(why).toBe('the function does not keep what is written to its MSI-X capability or table');
    expect([device.interrupts.isMsixEnabled, isPinOff(device)]).toEqual([false, false]);
  });

  it('takes fewer where the processor has few vectors left', () => {
    const { chosen, device } = live({ transport, vectors: 5, queueSizes: queues(4) }, ({ machine }) => {
      machine.interrupts.available = 3;
    });
    expect(chosen).toBe('MSI-X, 3 vectors');
    expect(entriesOf(device)).toEqual([0, 1, 2, 1, 2]);
  });

  it('says which event it was, and the ISR register is left alone', () => {
    const { transport: opened, interrupts, device, queues: made, machine } = live({ transport, vectors: 2 });
    expect(interruptCause(opened, interrupts)).toBe(0);
    request(made[0]!);
    expect(taken()).toEqual([interrupts.queueVectors[0]]);
    expect([interruptCause(opened, interrupts), interruptCause(opened, interrupts)]).toEqual([INTERRUPT_QUEUE, 0]);
    device.changeConfig(0, [99]);
    expect(taken()).toEqual([interrupts.configVector]);
    expect([interruptCause(opened, interrupts), interruptCause(opened, interrupts)]).toEqual([INTERRUPT_CONFIG, 0]);
    expect(machine.violations).toEqual([]);
  });

  it('with one vector means both, whichever it was', () => {
    const { transport: opened, interrupts, device, queues: made, machine } = live({ transport, vectors: 1 });
    request(made[0]!);
    expect(interruptCause(opened, interrupts)).toBe(INTERRUPT_QUEUE | INTERRUPT_CONFIG);
    device.changeConfig(0, [99]);
    expect(interruptCause(opened, interrupts)).toBe(INTERRUPT_QUEUE | INTERRUPT_CONFIG);
    expect(interruptCause(opened, interrupts)).toBe(0);
    expect(machine.violations).toEqual([]);
  });

  it('is told again behind a reset, with the vectors that it had', () => {
    const all = live({ transport, vectors: 2 });
    const { interrupts, device, machine } = all;
    const before = [interrupts.configVector, interrupts.queueVectors[0]];
    expect(begin(all.transport, setOf([]))).toBe(true);
    expect(entriesOf(device)).toEqual([NO_VECTOR, NO_VECTOR]);
    expect(beginInterrupts(all.transport, interrupts, 1)).toBe(true);
    expect([interrupts.configVector, interrupts.queueVectors[0]]).toEqual(before);
    expect(entriesOf(device)).toEqual([0, 1]);
    const [queue] = makeQueues(all, 1);
    request(queue!);
    expect(taken()).toEqual([interrupts.queueVectors[0]]);
    expect(machine.violations).toEqual([]);
  });

  it('sends nothing any more once it is ended', () => {
    const { transport: opened, interrupts, device } = live({ transport, vectors: 2 });
    expect(giveUp(opened)).toBe(true);
    endInterrupts(opened, interrupts);
    expect([interrupts.configVector, interrupts.queueVectors[0]]).toEqual([VECTOR_NONE, VECTOR_NONE]);
    expect([device.interrupts.isMsixEnabled, isPinOff(device)]).toEqual([false, true]);
    device.changeConfig(0, [1]);
    expect(taken()).toEqual([]);
  });
});

describe('MSI-X', () => {
  it('of a queue that was reset is told again', () => {
    const { transport, interrupts, device, queues: made } = live({ vectors: 2, features: [32, RING_RESET] });
    const [queue] = made as [Queue];
    expect(resetQueue(transport, queue)).toBe(true);
    expect(entriesOf(device)).toEqual([0, NO_VECTOR]);
    while (detachNext(queue) >= 0);
    restart(queue);
    expect(restoreQueueVector(transport, interrupts, 0) && enableQueue(transport, queue)).toBe(true);
    expect(entriesOf(device)).toEqual([0, 1]);
  });

  it('whose table is wrong is not touched: the line is used, and the log says why', () => {
    const lines: string[] = [];
    startLog((text) => lines.push(text), 'info');
    const all = begunDisk({ vectors: 2 });
    const { config } = all.device.pciFunction;
    const at = msixOffset(config);
    config.setUint32(at + 4, 0x1001, true); // Behind the end of BAR 1.
    const interrupts = new Interrupts();
    findPciInterrupts(new PciTree(), all.pciFunction, interrupts);
    expect(beginInterrupts(all.transport, interrupts, 1)).toBe(true);
    logInterrupts(all.transport, interrupts);
    stopLog();
    expect(all.device.interrupts.isMsixEnabled).toBe(false);
    expect(lines).toEqual([
      'warn 0000:00:02.0 virtio-blk: interrupts: line 18: MSI-X: the table is at 0x1000 + 0x20 bytes in BAR 1, expected a place in a memory BAR\n',
    ]);
  });

  it('of a legacy device moves its configuration while it is on, and reads follow', () => {
    const { transport, interrupts, machine } = live({ transport: 'pci-legacy', vectors: 2, sectors: 77 });
    expect(readConfig32(transport, 0)).toBe(77);
    expect(machine.accesses.at(-1)).toBe('in32 0xc018');
    endInterrupts(transport, interrupts);
    expect(readConfig32(transport, 0)).toBe(77);
    expect(machine.accesses.at(-1)).toBe('in32 0xc014');
  });

  it('cannot be reached where the MMIO window is full: the line is used', () => {
    const { chosen } = live({ vectors: 2 }, () => {});
    expect(chosen).toBe('MSI-X, 2 vectors');
    const all = begunDisk({ vectors: 2 });
    all.machine.mmioLength = 0;
    const interrupts = new Interrupts();
    findPciInterrupts(new PciTree(), all.pciFunction, interrupts);
    beginInterrupts(all.transport, interrupts, 1);
    expect(formatInterrupts(interrupts)).toBe('line 18');
  });
});

/** Returns where the MSI-X capability is. */
const msixOffset = (config: DataView): number => {
  let offset = config.getUint8(0x34);
  while (config.getUint8(offset) !== 0x11) offset = config.getUint8(offset + 1);
  return offset;
};

describe.each(TRANSPORTS)('the line over %s', (transport) => {
  const gsi = transport.startsWith('mmio') ? MMIO_LINE : 18;

  it('is for all queues and the configuration', () => {
    const { chosen, interrupts, isDriven, machine } = live({ transport, queueSizes: queues(3) });
    expect([isDriven, chosen]).toEqual([true, `line ${gsi}`]);
    expect(new Set([interrupts.configVector, ...vectorsOf(interrupts, 3)]).size).toBe(1);
    expect(machine.violations).toEqual([]);
  });

  it('is asked why, which takes the request back', () => {
    const { transport: opened, interrupts, device, queues: made, machine } = live({ transport });
    expect(interruptCause(opened, interrupts)).toBe(0);
    request(made[0]!);
    device.changeConfig(0, [99]);
    expect(machine.interrupts.isAsserted(gsi)).toBe(true);
    expect(interruptCause(opened, interrupts)).toBe(INTERRUPT_QUEUE | INTERRUPT_CONFIG);
    expect(machine.interrupts.isAsserted(gsi)).toBe(false);
    expect(taken()).toEqual([interrupts.configVector]);
    request(made[0]!);
    expect(taken()).toEqual([interrupts.configVector]);
    expect([interruptCause(opened, interrupts), interruptCause(opened, interrupts)]).toEqual([INTERRUPT_QUEUE, 0]);
    expect(machine.violations).toEqual([]);
  });

  it('comes for each of its queues', () => {
    const { transport: opened, interrupts, queues: made } = live({ transport, queueSizes: queues(2) });
    for (const queue of made) {
      request(queue);
      expect(taken()).toEqual([interrupts.queueVectors[1]]);
      expect(interruptCause(opened, interrupts)).toBe(INTERRUPT_QUEUE);
      taken();
    }
  });

  it('costs no access to the device when nothing came', () => {
    const { transport: opened, interrupts, machine } = live({ transport });
    machine.accesses.length = 0;
    interruptCause(opened, interrupts);
    expect(machine.accesses).toEqual([]);
  });

  it('is used again behind a reset', () => {
    const all = live({ transport });
    const before = all.interrupts.configVector;
    expect(begin(all.transport, setOf([])) && beginInterrupts(all.transport, all.interrupts, 1)).toBe(true);
    expect(all.interrupts.configVector).toBe(before);
    request(makeQueues(all, 1)[0]!);
    expect(taken()).toEqual([before]);
    expect(all.machine.violations).toEqual([]);
  });

  it('is quiet once it is ended', () => {
    const { transport: opened, interrupts, device, machine } = live({ transport });
    device.changeConfig(0, [1]);
    giveUp(opened);
    endInterrupts(opened, interrupts);
    expect(machine.interrupts.isAsserted(gsi)).toBe(false);
    expect(interrupts.configVector).toBe(VECTOR_NONE);
  });

  it.each<[string, (machine: SimMachine) => void, string]>([
    [
      'nothing tells where it leads',
      (machine) => {
        machine.interrupts.lineCount = 0;
      },
      `no interrupt controller has line ${gsi}, or the processor has no vector left`,
    ],
    [
      'the processor has no vectors',
      (machine) => {
        machine.interrupts.available = 0;
      },
      `no interrupt controller has line ${gsi}, or the processor has no vector left`,
    ],
  ])('gives way to polling where %s, and the log says so', (_, prepare, why) => {
    const lines: string[] = [];
    startLog((text) => lines.push(text), 'info');
    const all = live({ transport }, ({ machine }) => prepare(machine));
    expect([all.isDriven, all.chosen, all.why]).toEqual([false, 'polled', why]);
    beginInterrupts(all.transport, all.interrupts, 1);
    logInterrupts(all.transport, all.interrupts);
    stopLog();
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(new RegExp(`^warn .* virtio-blk.*: interrupts: polled: ${why}`));
    expect(interruptCause(all.transport, all.interrupts)).toBe(0);
    if (!all.device.isMmio) expect(isPinOff(all.device)).toBe(true);
  });
});

describe('a line', () => {
  it('is shared by the devices whose pins lead to it', () => {
    const first = live();
    const disk = new SimBlkDevice(first.machine, { address: 0xfe020000, pin: 1 });
    first.machine.pci!.add(6, 0, disk.device.pciFunction); // 6 devices apart is 4 pins apart: the same line.
    const pciFunction = functionAt(6 * 8);
    const transport = openedPci(pciFunction);
    expect(begin(transport, setOf([]))).toBe(true);
    const interrupts = new Interrupts();
    findPciInterrupts(new PciTree(), pciFunction, interrupts);
    expect(beginInterrupts(transport, interrupts, 1)).toBe(true);
    expect(interrupts.configVector).toBe(first.interrupts.configVector);
    expect(first.machine.violations).toEqual([]);

    first.device.changeConfig(0, [1]);
    disk.device.changeConfig(0, [1]);
    expect(interruptCause(transport, interrupts)).toBe(INTERRUPT_CONFIG);
    expect(first.machine.interrupts.isAsserted(18)).toBe(true);
    expect(interruptCause(first.transport, first.interrupts)).toBe(INTERRUPT_CONFIG);
    expect(first.machine.interrupts.isAsserted(18)).toBe(false);
  });

  it('is not held by a device that polls, or that has no driver', () => {
    const all = begunDisk();
    const idle = new SimBlkDevice(all.machine, { address: 0xfe020000, pin: 1 });
    all.machine.pci!.add(6, 0, idle.device.pciFunction);
    const tree = new PciTree();
    enumerate(tree);
    const interrupts = new Interrupts();
    findPciInterrupts(tree, all.pciFunction, interrupts);
    expect(beginInterrupts(all.transport, interrupts, 1)).toBe(true);
    idle.device.changeConfig(0, [1]);
    expect(taken()).toEqual([]);
    all.device.changeConfig(0, [1]);
    expect(taken()).toEqual([interrupts.configVector]);
  });

  it('that is not there is polled: a pin that leads nowhere, a slot without a line', () => {
    const pin = chosen({ pin: 0 });
    expect([pin.isDriven, pin.why]).toEqual([
      false,
      'the device has no MSI-X, and nothing tells where its interrupt line leads',
    ]);
    const slot = found({ transport: 'mmio' });
    findMmioInterrupt(0, slot.interrupts);
    expect(beginInterrupts(slot.transport, slot.interrupts, 1)).toBe(false);
  });
});
