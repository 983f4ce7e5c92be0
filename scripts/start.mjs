#!/usr/bin/env node
// Starts the build tool: joins its TypeScript into one file when something in it changed, and runs that. Loading a hundred modules one by
// one, and TypeScript through Node's reader of CommonJS exports, would take longer than a build.

import { existsSync, readdirSync, renameSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const scripts = path.dirname(fileURLToPath(import.meta.url));
const root = path.dirname(scripts);
const tool = path.join(root, 'build/tool/hedyn.cjs');

const newest = Math.max(
  ...['scripts', 'kernel/hal', 'test/metal/constructs'].map((name) => path.join(root, name)).filter(existsSync).flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.m?[tj]s$/.test(name))
      .map((name) => statSync(path.join(folder, name)).mtimeMs),
  ),
  statSync(path.join(root, 'package.json')).mtimeMs,
);

if (!existsSync(tool) || statSync(tool).mtimeMs < newest) {
  const { build, stop } = await import('esbuild');
  const draft = `${tool}.${process.pid}`; // Another process may run what is there, or make it anew as well.
  await build({
    entryPoints: [path.join(scripts, 'hedyn.ts')],
    outfile: draft,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    packages: 'external',
    // Packed, the tool comes without the checks of its own sources.
    external: existsSync(path.join(scripts, 'check.ts')) ? [] : ['./check.ts'],
    logLevel: 'error',
    // The tool finds the package from where its sources are, which may be another place tomorrow.
    define: { 'import.meta.url': 'sourceUrl' },
    banner: { js: "const sourceUrl = require('node:url').pathToFileURL(`${__dirname}/../../scripts/hedyn.ts`).href;" },
  });
  renameSync(draft, tool);
  await stop(); // Its process would live as long as this one.
}

createRequire(import.meta.url)(tool);
