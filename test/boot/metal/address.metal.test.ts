import { hex } from 'hedyn/kernel/base/hex.ts';
import { uptime } from 'hedyn/kernel/event/time.ts';
import { describe, expect, it } from 'hedyn/test';

describe('an address', () => {
  it('is shown in hexadecimal', () => {
    expect(hex(0xb0000000, 8)).toBe('b0000000');
  });

  it.each([
    [4, '0010'],
    [2, '10'],
  ])('has %i digits', (digits, text) => {
    expect(hex(16, digits)).toBe(text);
  });
});

it('waits on the machine', async () => {
  const before = uptime();
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(uptime() - before).toBeGreaterThanOrEqual(0.005);
});
