import { memoryTotal } from 'hedyn/kernel/hal/memory.ts';
import { describe, expect, it } from 'hedyn/test';
import { inMebibytes } from '../src/units.ts';

describe('a size', () => {
  it('is shown in whole mebibytes', () => {
    expect(inMebibytes(3 * 1048576 + 1)).toBe('3 MiB');
  });

  it('is above zero for the memory of the machine', () => {
    expect(memoryTotal()).toBeGreaterThan(0);
  });
});
