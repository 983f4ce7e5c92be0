import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT, runtimeFiles } from '../../../scripts/build.ts';
import { formatDiagnostic } from '../../../scripts/diagnostics.ts';
import { isOwnFile } from '../../../scripts/folders.ts';
import { compileProgram } from '../../../scripts/front-end.ts';

const entry = path.join(ROOT, 'apps/overlay/main.ts');

const compile = async (text: string) =>
  compileProgram({ root: ROOT, entry, runtimeFiles: await runtimeFiles(), overlay: new Map([[entry, text]]) }, true);

describe("the package's names", () => {
  it('lead to its own modules, of both planes, which are joined like any other', async () => {
    const { diagnostics, control } = await compile(
      "import { clockNow } from 'hedyn/kernel/hal/clock.ts';\nimport { hexBytes } from 'hedyn/kernel/base/hex.ts';\nconsole.log(hexBytes(new Uint8Array(16)), clockNow());\n",
    );
    expect(diagnostics.map(formatDiagnostic)).toEqual([]);
    expect(control).toContain('hexBytes = ');
  });

  it('are refused when there is no such module', async () => {
    const { diagnostics } = await compile("import { x } from 'hedyn/kernel/hal/clocks.ts';\nconsole.log(x);\n");
    expect(diagnostics.map(formatDiagnostic)).toEqual([
      expect.stringMatching(
        /^apps\/overlay\/main\.ts:1:19 error HED001: Cannot find module 'hedyn\/kernel\/hal\/clocks\.ts'/,
      ),
    ]);
  });
});

describe('a file of this package', () => {
  it('is known by its whole name or its folder, and no other file is', () => {
    expect(isOwnFile(path.join(ROOT, 'kernel/base/assert.ts'), 'kernel/base/assert.ts')).toBe(true);
    expect(isOwnFile(path.join(ROOT, 'kernel/runtime/globals.ts'), 'kernel/runtime/')).toBe(true);
    expect(isOwnFile(path.join(ROOT, '../kernel/base/assert.ts'), 'kernel/base/assert.ts')).toBe(false);
    expect(isOwnFile(path.join(ROOT, 'apps/kernel/runtime/own.ts'), 'kernel/runtime/')).toBe(false);
  });
});
