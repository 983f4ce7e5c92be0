import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ROOT, runtimeFiles } from '../../../scripts/build.ts';
import { createReporter, formatDiagnostic } from '../../../scripts/diagnostics.ts';
import { isOwnFile } from '../../../scripts/folders.ts';
import { compileProgram } from '../../../scripts/front-end.ts';
import { openProject, typeErrors } from '../../../scripts/program.ts';

const entry = path.join(ROOT, 'apps/overlay/main.ts');

const folder = mkdtempSync(path.join(tmpdir(), 'hedyn-resolution-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe("the package's names", () => {
  it('lead to its own modules, which are joined like any other, and so do those of a package in TypeScript', async () => {
    const modules = path.join(folder, 'node_modules');
    mkdirSync(path.join(modules, 'far'), { recursive: true });
    symlinkSync(ROOT, path.join(modules, 'hedyn'));
    writeFileSync(path.join(modules, 'far/package.json'), '{ "name": "far", "exports": "./near.ts" }');
    writeFileSync(path.join(modules, 'far/near.ts'), 'export const distance = (): number => 1;\n');
    const text =
      "import { distance } from 'far';\nimport { hexBytes } from 'hedyn/kernel/base/hex.ts';\nconsole.log(hexBytes(new Uint8Array(16)), distance());\n";
    const main = path.join(folder, 'main.ts');
    const files = { root: folder, entry: main, runtimeFiles: await runtimeFiles(), overlay: new Map([[main, text]]) };
    const { diagnostics, control } = compileProgram(files, true);
    expect(diagnostics.map(formatDiagnostic)).toEqual([]);
    expect(control).toContain('hexBytes = ');
    expect(control).toContain('distance = ');
    expect(control).toContain('"node_modules/far/near.ts"');
  });

  it('are refused when there is no such module', () => {
    const overlay = new Map([[entry, "import { x } from 'hedyn/kernel/hal/clocks.ts';\nconsole.log(x);\n"]]);
    const project = openProject({ root: ROOT, entry, runtimeFiles: [], overlay }, createReporter(ROOT));
    expect(typeErrors(project).map(formatDiagnostic)).toContainEqual(
      expect.stringMatching(
        /^apps\/overlay\/main\.ts:1:19 error HED001: Cannot find module 'hedyn\/kernel\/hal\/clocks\.ts'/,
      ),
    );
  });
});

describe("a project's tsconfig.json", () => {
  const errorsOf = (options: object, text: string): string[] => {
    writeFileSync(path.join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: options }));
    const main = path.join(folder, 'main.ts');
    const files = { root: folder, entry: main, runtimeFiles: [], overlay: new Map([[main, text]]) };
    return typeErrors(openProject(files, createReporter(folder))).map(formatDiagnostic);
  };

  it('says where modules are, but not how strictly the build looks at them', () => {
    mkdirSync(path.join(folder, 'lib'));
    writeFileSync(path.join(folder, 'lib/far.ts'), 'export const far = 1;\n');
    const options = { strictNullChecks: false, noUnusedLocals: true, paths: { '@/*': ['./lib/*'] } };
    const text = "import { far } from '@/far.ts';\nconst a: string = null;\nexport const b: string = far;\n";
    expect(errorsOf(options, text)).toEqual([
      expect.stringContaining("main.ts:2:7 error HED001: Type 'null' is not assignable to type 'string'"),
      expect.stringContaining("main.ts:3:14 error HED001: Type 'number' is not assignable to type 'string'"),
    ]);
  });

  it('is told where it has no sense', () => {
    expect(errorsOf({ nonsense: true }, 'export {};\n')).toEqual([
      "tsconfig.json:1:21 error HED001: Unknown compiler option 'nonsense'. (TS5023)",
    ]);
  });

  it('is not to be mended where a program names what this machine does not have', () => {
    expect(errorsOf({}, "import fs from 'node:fs';\ndocument;\nprocess;\ndescribe('', () => {});\n")).toEqual([
      expect.stringContaining(
        "main.ts:1:16 error HED001: Cannot find name 'node:fs': this machine has no library of Node's",
      ),
      expect.stringContaining(
        "main.ts:2:1 error HED001: Cannot find name 'document': this machine has no library of Node's",
      ),
      expect.stringContaining(
        "main.ts:3:1 error HED001: Cannot find name 'process': this machine has no library of Node's",
      ),
      expect.stringContaining("main.ts:4:1 error HED001: Cannot find name 'describe': import it from 'hedyn/test'"),
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
