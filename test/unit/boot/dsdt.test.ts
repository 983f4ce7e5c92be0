// boot/dsdt-test.zig: what is read out of a DSDT, and that no DSDT leads the reader astray.

import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../../../scripts/build.ts';
import { runTool, zigPath } from '../../../scripts/toolchain.ts';

const LIMIT_MS = 120_000; // Zig compiles its own test runner first.

describe('the DSDT', () => {
  it(
    'is read as its test in Zig says',
    async () => {
      const output = await runTool(zigPath(), ['test', path.join(ROOT, 'boot/dsdt-test.zig')], { cwd: ROOT });
      expect(output).toContain('tests passed');
    },
    LIMIT_MS,
  );
});
