// boot/calendar-test.zig: what the registers of a CMOS clock mean.

import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../../../scripts/build.ts';
import { runTool, zigPath } from '../../../scripts/toolchain.ts';

const LIMIT_MS = 120_000; // Zig compiles its own test runner first.

describe('the registers of the CMOS clock', () => {
  it(
    'are read as their test in Zig says',
    async () => {
      const output = await runTool(zigPath(), ['test', path.join(ROOT, 'boot/calendar-test.zig')], { cwd: ROOT });
      expect(output).toContain('tests passed');
    },
    LIMIT_MS,
  );
});
