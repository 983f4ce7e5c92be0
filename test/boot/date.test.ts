// The date, against what QEMU's CMOS clock was set to.

import { describe, expect, it } from 'vitest';
import { type BootOptions, bootToEnd, MACHINES } from './harness.ts';

const DATE = 'test/boot/images/date.ts';

const saidBy = async (options: BootOptions): Promise<string> => {
  const { exit, text } = await bootToEnd(DATE, options);
  expect(exit).toEqual({ status: 0, reason: 'success' });
  expect(text).toMatch(/^together true$/m);
  expect(text).toMatch(/^alike true$/m);
  return text;
};

/** QEMU's clock starts at `base` with the guest. */
const startingAt = (base: string): readonly string[] => ['-rtc', `base=${base},clock=vm`];

describe.each(MACHINES)('the date on %s', (machine) => {
  it('is that of the CMOS clock', async () => {
    const text = await saidBy({ machine, extra: startingAt('2031-02-03T04:05:06') });
    expect(text).toMatch(/^date 2031-02-03T04:05:(0[6-9]|1\d)\.\d{3}Z$/m);
    expect(text).toMatch(/^origin 2031-02-03T04:05:(0[5-9]|1\d)\.\d{3}Z$/m);
    expect(text).toMatch(/^before 0, later 1$/m);
    expect(text).toMatch(/^set 2044-02-29T12:00:00\.\d{3}Z true$/m);
  });

  it.each([
    ['binary numbers', 'mode binary'],
    ['BCD and twelve hours', 'mode twelve'],
    ['binary numbers and twelve hours', 'mode binary twelve'],
  ])('is the same in %s', async (_, commandLine) => {
    const text = await saidBy({ machine, commandLine, extra: startingAt('2032-02-29T16:05:06') });
    expect(text).toMatch(/^date 2032-02-29T16:05:(0[6-9]|1\d)\.\d{3}Z$/m);
  });
});

describe('the century', () => {
  it('is where the FADT says', async () =>
    expect(await saidBy({ machine: 'q35', extra: startingAt('2131-02-03T04:05:06') })).toMatch(
      /^date 2131-02-03T04:05:/m,
    ));

  it('is this one where nobody says, for a while', async () => {
    const extra = ['-machine', 'acpi=off', ...startingAt('2031-02-03T04:05:06')];
    expect(await saidBy({ machine: 'microvm', extra })).toMatch(/^date 2031-02-03T04:05:/m);
  });
});

describe('a machine without a CMOS clock', () => {
  it('begins in 1970, and says so once', async () => {
    const text = await saidBy({ machine: 'microvm', extra: ['-machine', 'rtc=off'] });
    expect(
      text.match(/^boot: this machine has no clock that knows the date; it begins with 1970-01-01$/gm),
    ).toHaveLength(1);
    expect(text).toMatch(/^date 1970-01-01T00:00:\d\d\.\d{3}Z$/m);
    expect(text).toMatch(/^origin 1970-01-01T00:00:00\.000Z$/m);
  });
});
