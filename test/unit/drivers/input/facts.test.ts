// What an input device says of itself, over each transport, and what it may say wrongly.

import { describe, expect, it } from 'vitest';
import { describeInputFault } from '../../../../drivers/input/errors.ts';
import { Facts, hasAnswerBit, hasCode, readFacts } from '../../../../drivers/input/facts.ts';
import { axisOf, kindOf, textOf } from '../../../../drivers/input/identity.ts';
import {
  SIM_KEYBOARD,
  SIM_MOUSE,
  SIM_TABLET,
  SIM_TOUCH,
  SimInputDevice,
  type SimInputOptions,
} from '../../../sim/virtio/input.ts';
import { begun, openedDevice } from '../virtio/transport/harness.ts';

/** There never was a legacy device on PCI. */
const TRANSPORTS = ['pci', 'mmio', 'mmio-legacy'] as const;

const EV_KEY = 1;
const EV_REL = 2;
const EV_ABS = 3;
const EV_LED = 17;

/** Reads what a device says of itself. */
const read = (options: SimInputOptions = {}) => {
  const all = begun(
    openedDevice((machine) => new SimInputDevice(machine, options)),
    [],
  );
  const facts = new Facts();
  const isRead = readFacts(all.transport, facts);
  return { ...all, facts, isRead, message: describeInputFault(all.transport).message };
};

describe('what an input device says of itself', () => {
  it.each(TRANSPORTS)('is read over %s', (transport) => {
    const { facts, isRead, machine } = read({ transport, facts: { ...SIM_KEYBOARD, serialNumber: 'Q1' } });
    expect([isRead, textOf(facts.name), textOf(facts.serialNumber)]).toEqual([true, 'QEMU Virtio Keyboard', 'Q1']);
    expect([facts.bus, facts.vendor, facts.product, facts.version]).toEqual([6, 0x627, 1, 1]);
    expect([hasCode(facts, EV_KEY, 30), hasCode(facts, EV_KEY, 249), hasCode(facts, EV_REL, 0)]).toEqual([
      true,
      false,
      false,
    ]);
    expect([0, 1, 2, 3].map((led) => hasCode(facts, EV_LED, led))).toEqual([true, true, true, false]);
    expect([kindOf(facts), machine.violations]).toEqual(['keyboard', []]);
  });

  it.each([
    ['keyboard', SIM_KEYBOARD],
    ['mouse', SIM_MOUSE],
    ['tablet', SIM_TABLET],
    ['touch', SIM_TOUCH],
    ['other', { codes: { 1: [256], 5: [0] } }],
  ])('tells what it is: %s', (kind, facts) => {
    expect(kindOf(read({ facts }).facts)).toBe(kind);
  });

  it('has the values of its axes, with signs', () => {
    const axes = { 0: [-32768, 32767, 1, 2, 300], 1: [-5, -5, 0, 0, 0] } as const;
    const { facts } = read({ facts: { codes: { 3: [0, 1, 63] }, axes } });
    expect(axisOf(facts, 0)).toEqual({ minimum: -32768, maximum: 32767, fuzz: 1, flat: 2, resolution: 300 });
    expect(axisOf(facts, 1)?.maximum).toBe(-5);
    expect(axisOf(facts, 63)).toEqual({ minimum: 0, maximum: 0, fuzz: 0, flat: 0, resolution: 0 });
    expect(axisOf(facts, 2)).toBeUndefined();
  });

  it('has its properties', () => {
    const { facts } = read({ facts: SIM_TOUCH });
    expect([hasAnswerBit(facts.properties, 1), hasAnswerBit(facts.properties, 0)]).toEqual([true, false]);
  });

  it('is asked for with both registers each time, and an axis only when it is there', () => {
    const { made } = read({ facts: SIM_TABLET });
    const types = Array.from({ length: 31 }, (_, i) => [0x11, i + 1]);
    expect(made.questions).toEqual([[1, 0], [2, 0], [0x10, 0], [3, 0], ...types, [0x12, 0], [0x12, 1]]);
  });

  it('may be nothing at all', () => {
    const { facts, isRead } = read({ facts: {} });
    expect([isRead, textOf(facts.name), facts.bus, kindOf(facts)]).toEqual([true, '', 0, 'other']);
  });

  it('ends a name with a zero byte or with its size, and shows no letter that moves a cursor', () => {
    const nameOf = (name: string | Uint8Array) => textOf(read({ facts: { name } }).facts.name);
    expect(nameOf('no zero')).toBe('no zero');
    expect(nameOf('a zero\0 and more')).toBe('a zero');
    expect(nameOf('x'.repeat(128))).toBe('x'.repeat(128));
    expect(nameOf('Tastatür €')).toBe('Tastatür €');
    expect(nameOf(new Uint8Array([0x41, 0xff, 0xc3, 0x42]))).toBe('A\ufffd\ufffdB');
    expect(nameOf('\x1b[2Jgone\u009b')).toBe('.[2Jgone.');
  });

  it('has no events of a type or code beyond what there is', () => {
    const { facts } = read();
    expect([hasCode(facts, 31, 0), hasCode(facts, 32, 0), hasCode(facts, 0xffff, 1)]).toEqual([false, false, false]);
    expect([hasCode(facts, EV_KEY, 0xffff), hasCode(facts, 0, 0xffff)]).toEqual([false, true]);
    expect(hasCode(facts, EV_ABS, 0)).toBe(false);
  });
});

describe('a device is not taken that says', () => {
  const lie = (select: number, answer: { bytes?: Uint8Array; size?: number }, facts = SIM_TABLET) => {
    const { isRead, message } = read({ facts, lies: { answer: (asked) => (asked === select ? answer : undefined) } });
    return [isRead, message];
  };

  it.each([1, 2, 0x10, 0x11])('that an answer is longer than there is room for (W16): select %i', (select) => {
    const subsel = select === 0x11 ? 1 : 0;
    expect(lie(select, { size: 129 })).toEqual([
      false,
      `size reads 129 for select ${select}, subsel ${subsel}, expected at most 128`,
    ]);
    expect(lie(select, { size: 255 })[0]).toBe(false);
  });

  it('that an answer is longer than its configuration', () => {
    const readWith = (configLength: number): boolean => {
      const { transport } = begun(
        openedDevice((machine) => new SimInputDevice(machine, { facts: { name: 'of 14 letters.' } })),
        [],
      );
      transport.configLength = configLength;
      return readFacts(transport, new Facts());
    };
    expect([readWith(8 + 14), readWith(8 + 13), readWith(8), readWith(7)]).toEqual([true, false, false, false]);
  });

  it('that its ids or an axis are shorter than they are', () => {
    expect(lie(3, { bytes: new Uint8Array(7) })).toEqual([
      false,
      'size reads 7 for select 3, subsel 0, expected 0 or 8',
    ]);
    expect(lie(0x12, { bytes: new Uint8Array(19) })).toEqual([
      false,
      'size reads 19 for select 18, subsel 0, expected 0 or 20',
    ]);
  });

  it('that an axis ends before it begins', () => {
    const bytes = new Uint8Array(20);
    bytes[0] = 1;
    expect(lie(0x12, { bytes })).toEqual([false, 'min is above max for select 18, subsel 0']);
  });

  it('something else each time it is asked', () => {
    const { isRead, message } = read({ faults: { generations: 1000 } });
    expect([isRead, message]).toEqual([false, expect.stringContaining('configuration')]);
  });

  it('that it has no configuration', () => {
    const { isRead } = read({ transport: 'pci', config: new Uint8Array(0) });
    expect(isRead).toBe(false);
  });
});
